"""Settings: bounds of fetching, a contact, and secrets that stay in the environment."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.registry.settings import FetchEntry, Settings, read_settings


def read(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    path = folder / "settings.yaml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, environ=environ or {})


def test_what_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    settings = read(tmp_path, "fetch:\n  spacing_seconds: 0.5\n  max_retry_after: 12h\n")

    assert 0.5 == settings.fetch.spacing_seconds
    assert timedelta(hours=12) == settings.fetch.max_retry_after
    assert 16 == settings.fetch.concurrency
    assert settings.contact is None


def test_the_bounds_and_their_defaults_are_those_of_the_fetch_settings() -> None:
    """Two lists of the same names drift apart unless something compares them."""
    bounds = FetchEntry().model_dump()
    given = FetchSettings(**bounds)

    assert (
        bounds.items() <= {field.name: getattr(FetchSettings(), field.name) for field in fields(FetchSettings)}.items()
    )
    assert FetchSettings() == given


def test_the_contact_may_come_from_the_environment(tmp_path: Path) -> None:
    text = "contact: ${ACME_CONTACT}\n"

    assert "ops@acme.example" == read(tmp_path, text, {"ACME_CONTACT": "ops@acme.example"}).contact
    assert read(tmp_path, text).contact is None
    with pytest.raises(SettingsError, match="the contact in the environment is no way to reach you"):
        read(tmp_path, text, {"ACME_CONTACT": "x\r\nEvil: header"})


def test_secrets_stay_in_the_environment(tmp_path: Path) -> None:
    """A token is read at the moment of use, and shows in nothing that is printed or logged."""
    settings = read(tmp_path, "notify:\n  targets: ['${ONE}', '${TWO}']\n", {"ONE": "https://hook.example/s3cret"})

    first, second = settings.notify.targets
    assert "https://hook.example/s3cret" == settings.target_url(first, {"ONE": "https://hook.example/s3cret"})
    assert settings.target_url(second, {"ONE": "https://hook.example/s3cret"}) is None
    assert ("TWO",) == settings.unset_targets({"ONE": "https://hook.example/s3cret"})
    assert "s3cret" not in repr(settings)


def test_a_proxy_is_used_only_where_one_is_asked_for_and_never_shown(tmp_path: Path) -> None:
    """Whatever HTTPS_PROXY may say."""
    environ = {"HTTPS_PROXY": "http://other.example", "ACME_PROXY": "http://me:s3cret@proxy.example:3128"}
    asked = read(tmp_path, "proxy: ${ACME_PROXY}\n", environ)

    assert "http://me:s3cret@proxy.example:3128" == asked.proxy_url(environ)
    assert "s3cret" not in repr(asked)
    assert read(tmp_path, "contact: a@acme.example\n", environ).proxy_url(environ) is None
    with pytest.raises(SettingsError, match="set ACME_PROXY or remove `proxy`"):
        asked.proxy_url({})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("notify:\n  targets: [https://hook.example/s3cret]\n", ":2: `notify.targets[0]`: "),
        ("contact: me\n", "is no way to reach you; write a web address"),
        ("fetch:\n  total_seconds: 0\n", ":2: `fetch.total_seconds`: `0"),
        ("fetch:\n  total_seconds: '30'\n", "is not a number of seconds"),
        ("fetch:\n  total_seconds: true\n", "is not a number of seconds"),
        ("fetch:\n  max_bytes: 1.5\n", ":2: `fetch.max_bytes`: "),
        ("fetch:\n  max_retry_after: 7\n", "is not a time; write hours, days or weeks"),
        ("fetch:\n  allow_hosts: ['http://x/']\n", "is not a host"),
        ("proxy: http://me:s3cret@proxy.example\n", ":1: `proxy`: "),
        ("fetch:\n  ports: [0]\n", ":2: `fetch.ports[0]`: "),
        ("fetch:\n  spacing: 1\n", "did you mean `spacing_seconds`?"),
        ("fetch: fast\n", "must be a mapping"),
        ("- fetch\n", "where a mapping belongs"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, text)

    assert said in str(raised.value)
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_ends_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"settings\.yaml:1: cannot be read \(No such file"):
        read_settings(tmp_path / "settings.yaml", environ={})


@pytest.mark.parametrize("host", ["10.1.2.3", "127.0.0.0/8", "[::1]:8080", "wiki.intranet:8080", "fd00::/8"])
def test_hosts_may_be_names_addresses_or_networks_with_ports(tmp_path: Path, host: str) -> None:
    assert (host,) == read(tmp_path, f"fetch:\n  allow_hosts: ['{host}']\n").fetch.allow_hosts
