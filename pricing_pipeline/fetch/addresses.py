"""Which addresses may be asked: public ones over http and https, and the hosts that the operator allows by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import OutcomeError, printable

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_CHARACTERS = 4096

# The IANA special-purpose registries, and multicast. `is_global` of Python 3.11 calls several of these global.
_SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_UNICAST_V6 = IPv6Network("2000::/3")
# 2001::/23 holds Teredo, benchmarking and ORCHID; 2002::/16 is 6to4, whose tail is any IPv4 address.
_SPECIAL_V6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")
_SECRET_NAME = re.compile(
    r"token|secret|passw|api_?key|^key$|^sig$|signature|^auth|session|^sid$|credential", re.IGNORECASE
)


class UnsafeUrlError(OutcomeError):
    """An address that is not asked, because of what it is or where it leads."""

    def __init__(self, message: str) -> None:
        super().__init__(Outcome.UNSAFE_URL, message)


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether an IP address (text, as `getpeername` gives it) is a public one, whatever it is wrapped in."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _unwrapped(parsed)
    if isinstance(inner, IPv4Address):
        return inner.is_global and not any(inner in network for network in _SPECIAL_V4)
    return inner in _UNICAST_V6 and not any(inner in network for network in _SPECIAL_V6)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for (mapped, compatible, NAT64), else the address itself."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in _NAT64 or address in _COMPATIBLE):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts at which private addresses and other ports are permitted (None: every port), and `ports` for all."""

    names: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[tuple[IPv4Network | IPv6Network, int | None], ...] = ()
    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())

    @classmethod
    def of(cls, entries: Iterable[str], *, ports: Iterable[int] = DEFAULT_PORTS.values()) -> AllowedHosts:
        """Read from `name`, `address`, `network/bits`, each with an optional `:port`."""
        names: set[tuple[str, int | None]] = set()
        networks: list[tuple[IPv4Network | IPv6Network, int | None]] = []
        for entry in entries:
            host, port = _host_and_port(entry.strip().lower())
            try:
                networks.append((ip_network(host, strict=False), port))
            except ValueError:
                names.add((host, port))
        return cls(frozenset(names), tuple(networks), frozenset(ports))

    def permits(self, host: str, port: int) -> bool:
        """Whether this host, as it stands in an address, is allowed at this port. Names are not looked up."""
        if (host, None) in self.names or (host, port) in self.names:
            return True
        if not self.networks:
            return False
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            return False
        return any(address in network for network, allowed in self.networks if allowed in (None, port))

    def exempts(self, url: str) -> bool:
        """Whether this normal address may be asked because its host is allowed here, whatever it leads to."""
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return self.permits(host, parts.port or DEFAULT_PORTS[parts.scheme])


NOBODY = AllowedHosts()


def _host_and_port(entry: str) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"\[([^]]+)\](?::([0-9]+))?", entry)
    plain = re.fullmatch(r"([^:]+):([0-9]+)", entry)
    found = bracketed or plain
    if found is None:
        return entry, None
    return found[1], int(found[2]) if found[2] else None


def check_url(url: str, *, allowed: AllowedHosts = NOBODY) -> str:
    """The address in its one normal form, if it may be asked; else raises UnsafeUrlError. Looks nothing up.

    The host is lower-case ASCII (IDN as punycode), a default port and a fragment are dropped, an empty path is `/`.
    """
    parts = _split(url)
    host = _host(parts)
    port = _port(parts)
    if not allowed.permits(host, port):
        if port not in allowed.ports:
            message = f"{printable(host)}:{port}: not a port that is asked; allow this host to make an exception"
            raise UnsafeUrlError(message)
        _require_public(host, url)
    shown = host if port == DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((parts.scheme, shown, path, query, ""))


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_CHARACTERS:
        raise UnsafeUrlError(
            f"{printable(url, 80)}: an address of {len(url)} characters; {MAX_URL_CHARACTERS} are the most"
        )
    if _FORBIDDEN.search(url):
        raise UnsafeUrlError(
            f"{printable(url)}: blanks, control characters and backslashes do not belong in an address"
        )
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UnsafeUrlError(f"{printable(url)}: not an address ({error})") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise UnsafeUrlError(f"{printable(url)}: only http and https addresses are asked")
    if "@" in parts.netloc:
        raise UnsafeUrlError(
            f"{parts.scheme}://{printable(parts.netloc.rpartition('@')[2])}: no user name or password in an address"
        )
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if not host.isascii():
        host = _ascii_host(host)
    if ":" in host:
        return f"[{_literal_v6(host)}]"
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise UnsafeUrlError(f"{printable(parts.netloc)}: not the name of a host")
    return host


def _ascii_host(host: str) -> str:
    import idna  # for the rare name that needs it

    try:
        return idna.encode(host, uts46=True).decode("ascii").removesuffix(".")
    except (idna.IDNAError, UnicodeError) as error:
        raise UnsafeUrlError(f"{printable(host)}: not the name of a host") from error


def _literal_v6(host: str) -> str:
    try:
        return str(IPv6Address(host))
    except ValueError as error:
        raise UnsafeUrlError(f"[{printable(host)}]: not an IPv6 address") from error


def _port(parts: SplitResult) -> int:
    try:
        stated = parts.port
    except ValueError as error:
        raise UnsafeUrlError(f"{printable(parts.netloc)}: not a port") from error
    return DEFAULT_PORTS[parts.scheme] if stated is None else stated


def _require_public(host: str, url: str) -> None:
    is_address = host.startswith("[") or _NUMERIC_END.search(host) is not None
    if not is_address and ("." not in host or host.endswith(".localhost")):
        raise UnsafeUrlError(f"{printable(host)}: not the name of a public host")
    # The C library would read 2130706433, 0x7f.1 and 0177.0.0.1 as addresses, too; nobody writes them in good faith.
    if is_address and not is_public(host.strip("[]")):
        raise UnsafeUrlError(f"{printable(url)}: {printable(host)} is not a public address")


def authority(url: str) -> str:
    """`host` or `host:port` of a normal address: whose turn it is, and whose robots.txt counts."""
    return urlsplit(url).netloc


def origin(url: str) -> str:
    """`https://host` or `https://host:port` of a normal address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def presentable(url: str) -> str:
    """An address of another program's making as it may be kept and published: no user name, fragment or secret."""
    parts = urlsplit(url)
    return without_secrets(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")))


def without_secrets(url: str) -> str:
    """The address with the values of query fields masked that are named like a token, key, session or signature."""
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    if not any(_SECRET_NAME.search(name) for name, _ in fields):
        return url
    masked = [(name, "REDACTED" if _SECRET_NAME.search(name) else value) for name, value in fields]
    return urlunsplit(parts._replace(query=urlencode(masked)))
