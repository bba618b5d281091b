"""`settings.yaml`: who we say we are, the bounds of fetching, whom to notify. Secrets come from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.registry.documents import read_document
from pricing_pipeline.registry.faults import misplaced, read_model
from pricing_pipeline.registry.fields import Entry, Name, Slug, Span, Text, Url

_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+|[0-9a-fA-F:.]+)(/[0-9]{1,3})?(:[0-9]{1,5})?")


def _reference(text: str) -> str:
    if not _REFERENCE.fullmatch(text):
        # Not a ValueError: its message would repeat the secret.
        raise misplaced(
            (), "would keep a secret in the file; write the name of an environment variable, as ${NOTIFY_URL}"
        )
    return text


def _contact(text: str) -> str:
    if _REFERENCE.fullmatch(text):
        return text
    is_address = re.fullmatch(r"https?://[\x21-\x7e]+|[\x21-\x7e]+@[\x21-\x7e]+", text)
    if not is_address:
        raise ValueError("is no way to reach you; write a web address, a mail address or ${PRICING_PIPELINE_CONTACT}")
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError(
            "is not a host; write a name, an address or a network, each with a port if need be, as 10.1.2.3:8080"
        )
    return text


def _seconds(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("is not a number of seconds; write digits without quotes or units, for example 30")
    return float(value)


Reference = Annotated[str, AfterValidator(_reference)]
Contact = Annotated[str, StringConstraints(max_length=200), AfterValidator(_contact)]
Host = Annotated[str, StringConstraints(max_length=255), AfterValidator(_host)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Managed = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=3600)]


class FetchEntry(Entry):
    """The bounds of fetching. Its names and units are those of the fetch settings."""

    total_seconds: Seconds = Field(default=30.0, description="What one request may take in all, redirects included.")
    connect_seconds: Seconds = Field(default=10.0, description="What opening a connection may take.")
    max_bytes: int = Field(default=10_000_000, strict=True, gt=0, description="What a page may hold once decoded.")
    max_redirects: int = Field(default=5, strict=True, ge=0, le=20, description="How many redirects are followed.")
    spacing_seconds: Annotated[float, BeforeValidator(_seconds)] = Field(
        default=1.0, ge=0, le=3600, description="The least time between two requests to one host."
    )
    max_crawl_delay_seconds: Seconds = Field(
        default=60.0,
        description="The longest Crawl-delay of a robots.txt that is kept to.",
    )
    concurrency: int = Field(default=16, strict=True, gt=0, le=256, description="How many hosts are asked at once.")
    retries: int = Field(
        default=1, strict=True, ge=0, le=5, description="How often a failure of a moment is tried again."
    )
    retry_seconds: Seconds = Field(default=2.0, description="How long to wait before that.")
    max_retry_after: Span = Field(
        default=timedelta(days=7),
        description="The longest Retry-After that is kept to.",
        json_schema_extra={"default": "7d"},
    )
    allow_hosts: tuple[Host, ...] = Field(
        default=(), description="Hosts at which private addresses and other ports are allowed."
    )
    ports: tuple[Port, ...] = Field(
        default=(80, 443), min_length=1, description="The ports at which all others are asked."
    )
    ca_bundle: Path | None = Field(
        default=None, description="Certificate authorities to trust instead of the public ones (PEM)."
    )


class ArchiveEntry(Entry):
    """The web archive that `backfill` asks, and how much of it."""

    url: Url = Field(
        default="https://web.archive.org",
        description="A Wayback-style archive; one on a private address is asked only where it is named here.",
    )
    spacing_seconds: Annotated[float, BeforeValidator(_seconds)] = Field(
        default=5.0, ge=0, le=3600, description="The least time between two requests to it."
    )
    max_mementos: int = Field(default=500, strict=True, gt=0, description="How many archived pages one run asks for.")
    max_bytes: int = Field(default=500_000_000, strict=True, gt=0, description="What they may hold together, decoded.")
    max_minutes: int = Field(default=60, strict=True, gt=0, description="After how long one run asks for no more.")


Grade = Literal["info", "notice", "critical"]
Subject = Literal["changes", "held", "sources", "runs"]


class TargetEntry(Entry):
    """Somebody to tell, with what concerns them; what is left out is as for everybody."""

    url: Reference = Field(description="The environment variable that holds the Apprise URL.")
    vendors: tuple[Slug, ...] = Field(default=(), description="Only these vendors; all where none is named.")
    about: tuple[Subject, ...] = Field(
        default=("changes", "held", "sources", "runs"), min_length=1, description="Only these kinds of news."
    )
    min_severity: Grade | None = Field(default=None, description="The least that is worth a message to them.")


def _long_form(value: object) -> object:
    """A target that is but the name of a variable, as the mapping that it stands for."""
    return {"url": value} if isinstance(value, str) else value


TargetField = Annotated[TargetEntry, BeforeValidator(_long_form, json_schema_input_type=Reference | TargetEntry)]


class NotifyEntry(Entry):
    """Whom to tell, and of what."""

    targets: tuple[TargetField, ...] = Field(
        default=(),
        description="Each the name of an environment variable that holds an Apprise URL, alone or with what concerns it.",
    )
    min_severity: Grade = Field(default="notice", description="The least that is worth a message.")
    spacing: Span = Field(
        default=timedelta(hours=1),
        description="The least time between two messages to one target; what happens meanwhile is told in the next.",
        json_schema_extra={"default": "1h"},
    )


class SiteEntry(Entry):
    """The published site."""

    title: Name = Field(default="Pricing, kept current", description="The name of the site.")
    url: Url | None = Field(default=None, description="Where the site is served; feeds need it to link back.")
    captured: Literal["excerpts", "pages", "none"] = Field(
        default="excerpts",
        description="What is published of captured pages: the words around each quote, all of their text, or nothing.",
    )
    excerpt_characters: int = Field(
        default=300, strict=True, ge=0, le=5000, description="So many before and after a quote are its excerpt."
    )


class EditionsEntry(Entry):
    """Which older editions are kept; the one that stands always is."""

    keep: int = Field(default=10, strict=True, ge=0, le=10_000, description="So many of the newest older ones.")
    keep_for: Span | None = Field(
        default=None,
        description="And every one that stood within this time, however many: 90d.",
        json_schema_extra={"default": None},
    )


class SettingsEntry(Entry):
    """The file of settings; what is left out keeps its default."""

    contact: Contact | None = Field(default=None, description="How the operators of a fetched site reach you.")
    proxy: Reference | None = Field(
        default=None, description="The environment variable that holds a proxy's URL; proxies are not used unasked."
    )
    fetch: FetchEntry = Field(default_factory=FetchEntry, description="The bounds of fetching.")
    archive: ArchiveEntry = Field(default_factory=ArchiveEntry, description="The web archive that `backfill` asks.")
    notify: NotifyEntry = Field(default_factory=NotifyEntry, description="Whom to tell, and of what.")
    site: SiteEntry = Field(default_factory=SiteEntry, description="The published site.")
    editions: EditionsEntry = Field(default_factory=EditionsEntry, description="Which older editions are kept.")
    managed: tuple[Managed, ...] = Field(
        default=(), description="Files of your own with managed blocks: paths and globs, seen from this file's folder."
    )
    notes: Text | None = Field(default=None, description="For whoever keeps this file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `settings.yaml` says. `contact` is None where neither the file nor the environment names one.

    Proxy and targets stay references here, so that no secret is kept or shown; methods read them at the moment of use.
    """

    contact: str | None
    proxy: str | None
    fetch: FetchEntry
    notify: NotifyEntry
    site: SiteEntry
    archive: ArchiveEntry = field(default_factory=ArchiveEntry)
    editions: EditionsEntry = field(default_factory=EditionsEntry)
    managed: tuple[str, ...] = ()

    def target_url(self, target: TargetEntry, environ: Mapping[str, str]) -> str | None:
        """The URL of a target, if the environment holds it. It is a secret: for sending, never for showing."""
        return _fill(target.url, environ)

    def proxy_url(self, environ: Mapping[str, str]) -> str | None:
        """The proxy's URL; None where none is asked for, SettingsError where the environment does not hold it."""
        if self.proxy is None:
            return None
        url = _fill(self.proxy, environ)
        if url is None:
            raise SettingsError(
                f"no proxy stands in {self.proxy}; set {self.proxy[2:-1]} or remove `proxy` from settings.yaml"
            )
        return url

    def unset_targets(self, environ: Mapping[str, str]) -> tuple[str, ...]:
        """The names of targets that the environment does not hold."""
        return tuple(one.url[2:-1] for one in self.notify.targets if not _fill(one.url, environ))


def read_settings(path: Path, *, environ: Mapping[str, str]) -> Settings:
    """The settings of a file; SettingsError with every fault, a line for each."""
    document = read_document(path)
    entry = read_model(SettingsEntry, document)
    if entry is None or document.problems:
        raise SettingsError("\n".join(document.problems))
    contact = _fill(entry.contact, environ) if entry.contact else None
    if contact:
        contact = _checked(contact)
    return Settings(
        contact=contact,
        proxy=entry.proxy,
        fetch=entry.fetch,
        notify=entry.notify,
        site=entry.site,
        archive=entry.archive,
        editions=entry.editions,
        managed=entry.managed,
    )


def _fill(text: str, environ: Mapping[str, str]) -> str | None:
    """The environment's value where the text is a reference, else the text."""
    match = _REFERENCE.fullmatch(text)
    return (environ.get(match[1]) or None) if match else text


def _checked(contact: str) -> str:
    try:
        return _contact(contact)
    except ValueError as error:
        raise SettingsError(f"the contact in the environment {error}") from error
