"""The one door to Great Expectations: frames go in, outcomes come out, and none of its types leaves.

Importing it takes 6 to 10 seconds: that happens when the first frame with rows is judged, and one door serves a run.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.context import (
    memory_of,
    open_context,
    open_context_anew,
    publish_data_docs,
    third_party_warnings_ignored,
)
from checks.declarations import Check, ColumnKind, Suite
from checks.frame import Frame
from checks.memory import Memory, Verdict, Verdicts
from checks.outcomes import Rows, outcomes
from checks.results import SuiteResult
from checks.suites import SUITES

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import Checkpoint, ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.data_context.data_context.abstract_data_context import AbstractDataContext
    from great_expectations.expectations.expectation import Expectation

# The frame's own numbering: it leads from an unexpected row of Great Expectations back to the row that was handed in.
_ROW = "row"
_DATA_SOURCE = "warehouse"
_BATCH = "staged"


class Door:
    """Judges frames by their suites.

    With a `folder` (Great Expectations' file context, kept from run to run) the results also become Data Docs;
    without one everything is forgotten with the door. A door that `remembers` judges no frame twice: the same as the
    last time has the same verdict, and Data Docs show it as of then.
    """

    def __init__(self, folder: Path | None = None, *, remembers: bool = False) -> None:
        self._folder = folder
        self._memory = Memory(memory_of(folder) if folder is not None and remembers else None)
        self._context: AbstractDataContext | None = None
        self._checkpoints: dict[str, Checkpoint] = {}
        self._judged: list[Any] = []  # identifiers, of Great Expectations' own types, of what Data Docs do not show yet

    def run(self, suite: str, frame: Frame, *, at: datetime | None = None) -> SuiteResult:
        """How every check of the suite ended on this frame; `at` (else now) is the moment that Data Docs show."""
        moment = at or datetime.now(UTC)

        def answer(declared: Suite, rows: Rows, faults: Mapping[str, str]) -> Verdicts:
            known = None if faults else self._memory.recall(declared, rows)
            return known if known is not None else self._judge(declared, rows, faults, moment)

        return outcomes(SUITES[suite], frame, answer)

    def publish_docs(self) -> Path | None:
        """Data Docs of all that was judged since the last call: their front page. None where nothing is kept or new."""
        if self._folder is None or self._context is None or not self._judged:
            return None
        with third_party_warnings_ignored():
            index = publish_data_docs(self._context, self._folder, self._judged)
        self._judged.clear()
        return index

    def _judge(self, suite: Suite, rows: Rows, faults: Mapping[str, str], at: datetime) -> Verdicts:
        """Great Expectations' verdicts by check name, kept for the next time."""
        with third_party_warnings_ignored():
            results = self._validate(suite, rows, faults, at)
        verdicts = {check.name: _verdict(check, results[check.name], rows) for check in suite.checks}
        if not faults:
            self._memory.keep(suite, rows, verdicts)
        return verdicts

    def _validate(
        self, suite: Suite, rows: Rows, faults: Mapping[str, str], at: datetime
    ) -> dict[str, ExpectationValidationResult]:
        """Great Expectations' results by check name."""
        from great_expectations.core.run_identifier import RunIdentifier

        if at.utcoffset() is None:
            raise ValueError(f"the moment of a run is UTC and aware, not {at}")
        moment = at.astimezone(UTC)
        run = self._checkpoint(suite).run(
            batch_parameters={"dataframe": _escaped(suite, rows, faults)},
            run_id=RunIdentifier(run_name=f"{moment:%Y%m%dT%H%M%S.%fZ}", run_time=moment),
        )
        self._judged.extend(_identifiers(suite, run.run_results))
        (validation,) = run.run_results.values()
        return {_check_name(result): result for result in validation.results}

    def _checkpoint(self, suite: Suite) -> Checkpoint:
        """The suite's checkpoint. A folder that a killed run left half-written is thrown away and made anew."""
        if suite.name not in self._checkpoints:
            try:
                self._context = self._context or open_context(self._folder)
                checkpoint = _declare_checkpoint(self._context, suite)
            except Exception:
                if self._folder is None:
                    raise
                # Torn YAML or JSON raises whatever its parser likes; what was no tear is raised again here.
                self._checkpoints.clear()
                self._judged.clear()
                self._context = open_context_anew(self._folder)
                checkpoint = _declare_checkpoint(self._context, suite)
            self._checkpoints[suite.name] = checkpoint
        return self._checkpoints[suite.name]


def _declare_checkpoint(context: AbstractDataContext, suite: Suite) -> Checkpoint:
    """Data source, asset, batch definition, suite, validation definition and checkpoint, in that order."""
    import great_expectations as gx

    validation = gx.ValidationDefinition(
        name=suite.name,
        data=_batch_definition(context, suite.name),
        suite=context.suites.add_or_update(_expectation_suite(suite)),
    )
    checkpoint = gx.Checkpoint(
        name=suite.name,
        validation_definitions=[context.validation_definitions.add_or_update(validation)],
        actions=[],
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_ROW, *suite.identity]},
    )
    return context.checkpoints.add_or_update(checkpoint)


def _batch_definition(context: AbstractDataContext, name: str) -> BatchDefinition[Any]:
    """The whole of the frame that is handed in, as an asset of that name; what an earlier run kept serves again."""
    kept = context.data_sources.all()
    source: Any = kept[_DATA_SOURCE] if _DATA_SOURCE in kept else context.data_sources.add_pandas(_DATA_SOURCE)
    asset = source.get_asset(name) if name in source.get_asset_names() else source.add_dataframe_asset(name)
    definitions: dict[str, BatchDefinition[Any]] = {kept.name: kept for kept in asset.batch_definitions}
    return definitions.get(_BATCH) or asset.add_batch_definition_whole_dataframe(_BATCH)


def _expectation_suite(suite: Suite) -> ExpectationSuite:
    import great_expectations as gx

    return gx.ExpectationSuite(
        name=suite.name,
        expectations=[_expectation(check) for check in suite.checks],
        notes=f"Asked of {suite.asks_of}.",
    )


def _expectation(check: Check) -> Expectation:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.row_conditions import Column

    kwargs = {name: _as_plain(value) for name, value in check.kwargs.items()}
    if check.where is not None:
        column, values = check.where
        kwargs["row_condition"] = Column(column).is_in(_as_plain(values))
    return ExpectationConfiguration(
        type=check.expectation,
        kwargs=kwargs,
        meta={"check": check.name, "blocking": check.blocking},
        description=f"{check.name}: {check.description}",
        severity=FailureSeverity(check.severity.value),
    ).to_domain_obj()


def _as_plain(value: object) -> Any:
    """The value as Great Expectations can write it into its files and compare it: row conditions refuse booleans."""
    if isinstance(value, list | tuple):
        return [_as_plain(one) for one in value]
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value


def _escaped(suite: Suite, rows: Rows, faults: Mapping[str, str]) -> pd.DataFrame:
    """The declared columns that can be judged, with text escaped, since Data Docs print values as they are."""
    import pandas as pd

    data = {_ROW: pd.Series(range(len(rows)), dtype="int64")}
    for name, kind in suite.columns.items():
        if name not in faults:
            data[name] = _series([row[name] for row in rows], kind)
    return pd.DataFrame(data)


def _series(values: Sequence[object], kind: ColumnKind) -> pd.Series[Any]:
    import pandas as pd

    if kind is ColumnKind.WORD:
        return pd.Series([None if value is None else html.escape(str(value)) for value in values], dtype="object")
    return pd.Series(values, dtype="float64" if kind is ColumnKind.NUMBER else "int64")


def _identifiers(suite: Suite, validations: Mapping[Any, object]) -> Iterator[Any]:
    from great_expectations.data_context.types.resource_identifiers import ExpectationSuiteIdentifier

    yield ExpectationSuiteIdentifier(name=suite.name)
    yield from validations


def _check_name(result: ExpectationValidationResult) -> str:
    assert result.expectation_config is not None, "every result carries the expectation it answers"
    return str((result.expectation_config.meta or {})["check"])


def _verdict(check: Check, result: ExpectationValidationResult, rows: Rows) -> Verdict:
    """What Great Expectations says of a check, in words of our own."""
    raised = _exception_message(result)
    if raised is not None:
        return Verdict(raised=raised)
    places = () if result.success else _unexpected_places(check, result, rows)
    return Verdict(success=bool(result.success), checked=_checked(check, result, len(rows)), places=tuple(places))


def _exception_message(result: ExpectationValidationResult) -> str | None:
    """What an expectation raised. Great Expectations tells it either flat, or once for every metric that failed."""
    told = result.exception_info or {}
    infos = [told] if "raised_exception" in told else list(told.values())
    raised = [str(info["exception_message"]) for info in infos if info["raised_exception"]]
    return " ".join(raised[0].split()) if raised else None


def _checked(check: Check, result: ExpectationValidationResult, rows: int) -> int:
    """The rows that had a value to judge (all of them where an empty cell is an answer too)."""
    found = result.result
    judged = int(found.get("element_count", rows))
    if check.empty_passes or check.expectation == "expect_column_values_to_not_be_null":
        return judged
    return judged - int(found.get("missing_count") or 0)


def _unexpected_places(check: Check, result: ExpectationValidationResult, rows: Rows) -> list[int]:
    if check.culprit is not None:
        return [place for place, row in enumerate(rows) if row[check.culprit]]
    return sorted({int(index[_ROW]) for index in result.result["unexpected_index_list"]})
