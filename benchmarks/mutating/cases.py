"""One changed page, and what is to be reported of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page that was changed on purpose.

    One of `kinds` is to be reported of `plan` (of any where it is None), with the values `before` and `after` where they
    are given; `also` may be reported beside it, and nothing else. No kinds: nothing at all may be reported. `is_held` says
    that the gate is to hold the page back.
    """

    page: str
    what: str
    subject: str
    body: bytes = field(repr=False)
    kinds: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    plan: str | None = None
    before: str | None = None
    after: str | None = None
    is_held: bool = False

    @property
    def is_real(self) -> bool:
        """Whether something changed at all."""
        return bool(self.kinds) or self.is_held
