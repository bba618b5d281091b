"""A page that a person asks for by hand is fetched as a refresh would: by the same way, within the same bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_pipeline.cli.live import fetch_once
from pricing_pipeline.facts import Outcome
from tests.servers import PAGE, LoopbackServer, answer


def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "vendors").mkdir()
    (tmp_path / "settings.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PRICING_PIPELINE_VENDORS", str(tmp_path / "vendors"))


def test_it_goes_through_the_configured_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer() as proxy:
        proxy.answers["http://vendor.example/pricing"] = answer()
        monkeypatch.setenv("OUR_PROXY", f"http://{proxy.netloc}")
        settings(tmp_path, monkeypatch, "proxy: ${OUR_PROXY}\n")

        assert PAGE == fetch_once("http://vendor.example/pricing").body


def test_it_keeps_to_the_bounds_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer() as server:
        server.answers["/pricing"] = answer(b"<html>" + b"x" * 2000)
        settings(tmp_path, monkeypatch, f"fetch:\n  allow_hosts: ['{server.netloc}']\n  max_bytes: 1000\n")

        assert Outcome.TOO_LARGE is fetch_once(server.url("/pricing")).outcome
