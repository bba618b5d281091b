"""Texts audited in processes of their own."""

from __future__ import annotations

import pytest

from pricing_pipeline import costs
from pricing_pipeline.claims.placeholders import Filler
from pricing_pipeline.publish import audits
from pricing_pipeline.publish.audits import Audits, audited
from pricing_pipeline.publish.prose import Editorial
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.statements import knowledge_of, text_of
from tests.pricing_pipeline.publish.example import CATALOG, REGISTRY, comparison

SHELF = Shelf(CATALOG, REGISTRY)
KNOWLEDGE = knowledge_of(SHELF, costs.price)


def texts():
    """Three texts, of which the second and the third say what is not so."""
    fill = Filler(CATALOG, costs.price).fill
    files = [
        comparison("true"),
        comparison("dear", short_answer="Dagster+ Solo costs $12 a month."),
        comparison("free", short_answer="Dagster+ Solo costs $11 a month."),
    ]
    return [text_of(SHELF, file, Editorial(file, SHELF, fill)) for file in files]


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_every_text_gets_its_own_problems_however_many_processes_audit(processes):
    with Audits(KNOWLEDGE, texts(), processes=processes) as running:
        found = running.problems()

    assert ["", "$12", "$11"] == ["$12" if "$12" in str(one) else "$11" if "$11" in str(one) else "" for one in found]
    assert audited(KNOWLEDGE, texts()) == found


def test_the_share_of_a_process_that_is_killed_is_audited_here():
    with Audits(KNOWLEDGE, texts(), processes=2) as running:
        running._running[0]._popen.kill()

        assert audited(KNOWLEDGE, texts()) == running.problems()


def test_few_texts_are_not_worth_a_process(monkeypatch):
    monkeypatch.setattr(audits.os, "cpu_count", lambda: 4)

    assert [0, 0, 1, 4] == [audits.processes_for(count) for count in (1, 39, 40, 4000)]
