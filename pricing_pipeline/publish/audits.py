"""The texts of many comparisons audited in processes beside this one, while it renders what they stand on.

Reading the claims of texts takes as long as everything else of a publish together, and needs little of the catalog.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pricing_pipeline.claims.audit import Auditor
from pricing_pipeline.claims.knowledge import Knowledge
from pricing_pipeline.claims.phrases import problem_lines
from pricing_pipeline.publish.statements import Text

# Starting a process, and giving it what is known of 200 vendors, takes as long as auditing some 20 texts.
TEXTS_PER_PROCESS = 40
_FOLDER = Path(__file__).resolve().parents[2]

Problems = tuple[str, ...]
"""A line for each statement of a text that the facts, or the text itself, contradict."""


def processes_for(count: int) -> int:
    """How many processes auditing so many texts is worth; 0 where they are better audited here."""
    return min(os.cpu_count() or 1, count // TEXTS_PER_PROCESS)


class Audits:
    """Audits under way, from the moment that they are entered; leaving them ends what is not done."""

    def __init__(self, knowledge: Knowledge, texts: Sequence[Text], *, processes: int | None = None) -> None:
        """Say what is audited against what; `processes` are as many as are worth it, unless they are given."""
        self._knowledge = knowledge
        self._texts = texts
        self._count = processes_for(len(texts)) if processes is None else processes
        self._running: list[_Process] = []
        self._left = ExitStack()

    def __enter__(self) -> Self:
        """Start the processes, each with every so manyth text."""
        with ExitStack() as started:
            for place in range(self._count):
                process = started.enter_context(_Process(self._knowledge, self._texts[place :: self._count]))
                self._running.append(process)
            self._left = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        self._left.close()

    def problems(self) -> list[Problems]:
        """What is wrong with each text, in the order of the texts. A share whose process failed is audited here."""
        if not self._running:
            return audited(self._knowledge, self._texts)
        found: list[Problems] = [()] * len(self._texts)
        for place, process in enumerate(self._running):
            share = process.take()
            if share is None:
                share = audited(self._knowledge, self._texts[place :: self._count])
            found[place :: self._count] = share
        return found


def audited(knowledge: Knowledge, texts: Iterable[Text]) -> list[Problems]:
    """What is wrong with each text."""
    auditor = Auditor(knowledge)
    return [problem_lines(auditor.audit_passages(text.passages, text.file, about=text.about)) for text in texts]


class _Process(contextlib.AbstractContextManager["_Process"]):
    """One process with its share of the texts. It is given them, and answers, in files: neither side can keep the other
    waiting."""

    def __init__(self, knowledge: Knowledge, texts: Sequence[Text]) -> None:
        self._answer: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # `__exit__` closes it
        # No `-m` and no current folder on the path: a file lying about must not be taken for one of our modules.
        command = [sys.executable, "-P", "-c", "from pricing_pipeline.publish.audits import serve; serve()"]
        path = os.pathsep.join(filter(None, [str(_FOLDER), os.environ.get("PYTHONPATH")]))
        with tempfile.TemporaryFile() as asked:
            pickle.dump((knowledge, texts), asked, protocol=pickle.HIGHEST_PROTOCOL)
            asked.seek(0)
            self._popen = subprocess.Popen(  # noqa: S603  # our own interpreter and our own words
                command, stdin=asked, stdout=self._answer, env={**os.environ, "PYTHONPATH": path}
            )

    def __exit__(self, *left: object) -> None:
        self._popen.kill()
        self._popen.wait()
        self._answer.close()

    def take(self) -> list[Problems] | None:
        """Its answer, waited for; None where it ended without one."""
        if self._popen.wait() != 0:
            return None
        self._answer.seek(0)
        answer: list[Problems] = pickle.load(self._answer)  # noqa: S301  # what our own process wrote into our own file
        return answer


def serve() -> None:
    """Audit the texts on standard input, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl-C is the parent's to act on
    with _answering() as answer:
        knowledge, texts = pickle.load(sys.stdin.buffer)  # noqa: S301  # what our own parent process wrote
        pickle.dump(audited(knowledge, texts), answer)


@contextlib.contextmanager
def _answering() -> Iterator[IO[bytes]]:
    """Standard output as it was; whatever a library prints must not run into the answer."""
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        yield answer
