"""A process that reads pages for another: jobs come in on standard input, what they say goes out on standard output."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import struct
from dataclasses import dataclass
from typing import IO

from pricing_pipeline import collection
from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION, read_page
from pricing_pipeline.facts import Observation, Recipe, SourceKind

# The largest page that is fetched takes a quarter of this; a page made to take more is given up.
MAX_MEMORY_BYTES = 2 << 30
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page to read, and what its source says about how."""

    body: bytes
    url: str
    kind: SourceKind
    locale: str = ""
    currency: str | None = None
    content_type: str | None = None
    expect: tuple[str, ...] = ()
    recipe: Recipe | None = None
    publisher: str | None = None

    def read(self) -> Observation:
        """What the page says. Raises ExtractError, also where it takes more memory than a page is given."""
        try:
            return read_page(
                self.body,
                url=self.url,
                kind=self.kind,
                locale=self.locale,
                currency=self.currency,
                content_type=self.content_type,
                expect=self.expect,
                recipe=self.recipe,
                publisher=self.publisher,
            )
        except (MemoryError, RecursionError) as error:
            raise ExtractError(f"{self.url}: the page takes more memory than one is given to be read") from error


def send(stream: IO[bytes], value: object) -> None:
    """Write one value, with its length before it."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read one value. Raises EOFError where the other side has ended."""
    start = stream.read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        raise EOFError
    data = stream.read(size := _LENGTH.unpack(start)[0])
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301  # what our own parent process wrote into our own pipe


def serve() -> None:
    """Read pages until there are no more; what cannot be read is answered with its ExtractError."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl-C is the parent's to act on
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    jobs, said = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not run into the answers
    said.write(f"{EXTRACTOR_VERSION}\n".encode())
    said.flush()
    gc.freeze()  # what was imported stays: it need not be looked through again
    with collection.seldom():
        _answer(jobs, said)


def _answer(jobs: IO[bytes], said: IO[bytes]) -> None:
    while True:
        try:
            job = receive(jobs)
        except EOFError:
            return
        assert isinstance(job, Job)
        try:
            send(said, job.read())
        except ExtractError as error:
            send(said, error)
