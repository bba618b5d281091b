"""Real servers on loopback for tests: pages that a test writes and changes, and every way to misbehave."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PAGE = b"<!doctype html><html><head><title>Acme pricing</title></head><body><h1>Solo</h1><p>$10</p></body></html>"


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. Header names are lower-case."""

    path: str
    headers: Mapping[str, str]
    at: float


class Line:
    """The connection to one client, for answers that send their bytes themselves."""

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        self._sock = sock
        self._stopping = stopping

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def drip(self, data: Iterable[bytes], *, every: float = 0.05) -> None:
        """Send piece after piece with a pause between, until the client leaves or the server stops."""
        for piece in data:
            self._sock.sendall(piece)
            if self._stopping.wait(every):
                return

    def hold(self) -> None:
        """Say nothing until the server stops."""
        self._stopping.wait()

    def reset(self) -> None:
        """End the connection the rude way (RST)."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self._sock.close()


Answer = bytes | Callable[[Seen, Line], bytes | None]


def answer(
    body: bytes = PAGE, *, status: str = "200 OK", headers: Iterable[tuple[str, str]] = (), length: int | None = None
) -> bytes:
    """The bytes of a whole answer; HTML unless `headers` name another Content-Type, its true length unless given."""
    stated = list(headers)
    if not any(name.lower() == "content-type" for name, _ in stated):
        stated.append(("Content-Type", "text/html; charset=utf-8"))
    stated.append(("Content-Length", str(len(body) if length is None else length)))
    head = "".join(f"{name}: {value}\r\n" for name, value in stated)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def redirect(location: str, *, status: str = "302 Found", headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The bytes of a redirect."""
    return answer(b"", status=status, headers=[("Location", location), *headers])


class LoopbackServer:
    """Serves `answers` by path, else 404; counts what arrives in `seen`. Use as a context manager.

    An answer is bytes (sent as they are), or a function of the request and the line that returns such bytes, or sends
    what it likes and returns None, after which the connection is closed.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[Seen] = []
        self.host = host
        self._tls = tls
        self._stopping = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for sock in [self._listener, *self._open]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://{self.netloc}{path}"

    def paths(self) -> list[str]:
        """The paths asked for so far, robots.txt apart."""
        return [seen.path for seen in self.seen if seen.path != "/robots.txt"]

    def last(self, path: str) -> Seen:
        return [seen for seen in self.seen if seen.path == path][-1]

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        self._open.add(sock)
        with suppress(OSError, ValueError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.add(sock)
            with sock.makefile("rb") as lines:
                while self._answer_one(sock, lines):
                    pass
        sock.close()
        self._open.discard(sock)

    def _answer_one(self, sock: socket.socket, lines: Iterable[bytes]) -> bool:
        first = next(iter(lines), b"").split()
        if len(first) < 2:
            return False
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.decode("latin-1").strip().partition(":")
            if not name:
                break
            headers[name.lower()] = value.strip()
        seen = Seen(path=first[1].decode("latin-1"), headers=headers, at=time.monotonic())
        self.seen.append(seen)
        reply = self.answers.get(seen.path, answer(b"", status="404 Not Found"))
        if callable(reply):
            made = reply(seen, Line(sock, self._stopping))
            if made is None:
                return False
            reply = made
        sock.sendall(reply)
        return b"connection: close" not in reply[:2000].lower()


@dataclass(frozen=True)
class Certificates:
    """A certificate authority of the test's own, and server contexts with certificates of it or of nobody."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    def server(
        self, host: str, *, name: str | None = None, signed: bool = True, expired: bool = False
    ) -> ssl.SSLContext:
        """A context for a server at `host` whose certificate is for `name` (else for the host)."""
        from cryptography.hazmat.primitives import serialization

        key = _key()
        authority_key, authority = self._authority()
        issuer_key, issuer = (authority_key, authority.subject) if signed else (key, _name(name or host))
        certificate = _certificate(key, name or host, issuer_key=issuer_key, issuer=issuer, expired=expired)
        path = self.folder / f"server-{name or host}-{signed}-{expired}.pem"
        pem = serialization.Encoding.PEM
        plain = serialization.NoEncryption()
        secret = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
        path.write_bytes(secret + certificate.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _authority(self):
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization

        key_file = self.folder / "authority.key"
        pem = serialization.Encoding.PEM
        if not key_file.exists():
            key = _key()
            plain = serialization.NoEncryption()
            key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain))
            made = _certificate(
                key, "Test Authority", issuer_key=key, issuer=_name("Test Authority"), is_authority=True
            )
            self.authority.write_bytes(made.public_bytes(pem))
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        return key, x509.load_pem_x509_certificate(self.authority.read_bytes())


def _key():
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str):
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(key, name: str, *, issuer_key, issuer, expired: bool = False, is_authority: bool = False):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    try:
        subject: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        subject = x509.DNSName(name.replace(" ", "-"))
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 30 * day)
        .not_valid_after(now - day if expired else now + day)
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())
