"""Files with managed blocks on disk: read as bytes, written whole or not at all, everything around the blocks as it was."""

from __future__ import annotations

import codecs
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pricing_pipeline.errors import PublishError
from pricing_pipeline.publish.blocks import Block, refreshed
from pricing_pipeline.publish.blocks_shown import Shown

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".txt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
# UTF-32 begins like UTF-16, so it is looked for first.
_REFUSED = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Gives every byte back as it was, whatever it stands for.
_ONE_BYTE = "latin-1"
_MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What became of one file: `blocks` is how many it has, `moved` the names of those that were out of date, `problems`
    a line for each fault. Nothing was written where only asked whether it is up to date."""

    path: Path
    blocks: int = 0
    moved: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def refresh_file(path: Path, shown: Shown, *, check: bool = False, force: bool = False) -> FileOutcome:
    """Bring the blocks of one file up to date, or only say which are not (`check`).

    Raises nothing for what is wrong with a file: that is told in `problems`, and such a file or block stays as it is.
    """
    try:
        before = _read(path)
        text, encoding, bom = _decoded(path, before)
        is_html = _is_html(path)

        def show(block: Block, where: str) -> str:
            content = shown.show(block, where, as_html=is_html)
            # Which of the old one-byte encodings it is need not be known: what we add to such a file is ASCII.
            return content if encoding != _ONE_BYTE else content.encode("ascii", "xmlcharrefreplace").decode("ascii")

        made = refreshed(text, str(path), show, markdown=not is_html, force=force)
        after = bom + made.text.encode(encoding)
        if after != before and not check:
            _replace(path, before, after)
    except OSError as error:
        return FileOutcome(path=path, problems=(f"{path}: {error.strerror or error}; check its name and its rights",))
    except PublishError as error:
        return FileOutcome(path=path, problems=tuple(str(error).splitlines()))
    return FileOutcome(path=path, blocks=len(made.blocks), moved=made.moved, problems=made.problems)


def problems_of(outcomes: Sequence[FileOutcome]) -> list[str]:
    """Every problem of some files, in their order."""
    return [problem for one in outcomes for problem in one.problems]


def _read(path: Path) -> bytes:
    if path.stat().st_size > _MAX_BYTES:
        raise PublishError(f"{path}: is larger than {_MAX_BYTES // 1_000_000} MB: name a text of your own")
    return path.read_bytes()


def _is_html(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix not in MARKDOWN | HTML:
        raise PublishError(f"{path}: is neither Markdown nor HTML by its name: use .md or .html")
    return suffix in HTML


def _decoded(path: Path, data: bytes) -> tuple[str, str, bytes]:
    """A file's text, how it was encoded, and its byte order mark. Every byte can be written back as it was."""
    if data.startswith(_REFUSED):
        raise PublishError(f"{path}: is UTF-32: save it as UTF-8")
    bom, encoding = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    if not bom and b"\0" in data:
        raise PublishError(f"{path}: is not a text: it holds zero bytes")
    body = data[len(bom) :]
    try:
        return body.decode(encoding or "utf-8"), encoding or "utf-8", bom
    except UnicodeDecodeError as error:
        if bom:
            raise PublishError(f"{path}: is not whole {encoding} (byte {error.start}): save it anew") from error
        return body.decode(_ONE_BYTE), _ONE_BYTE, bom


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put new bytes in a file's place at one stroke. A link stays a link, and the file keeps its rights and owner."""
    target = path.resolve(strict=True)
    if not os.access(target, os.W_OK):
        raise PublishError(f"{path}: may not be written: give yourself the right, or take it out of `managed`")
    status = target.stat()
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.draft")
    try:
        with draft.open("xb") as file:
            file.write(after)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            if (status.st_uid, status.st_gid) != (os.geteuid(), os.fstat(file.fileno()).st_gid):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.flush()
            os.fsync(file.fileno())
        if target.read_bytes() != before:
            raise PublishError(f"{path}: was changed by somebody meanwhile and was left alone: run it again")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
