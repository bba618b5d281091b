"""Asked of every registered source after fetching: could it be read, and how long ago?"""

from __future__ import annotations

from checks.declarations import Check, CheckSeverity, Suite, columns, flag_is, in_words
from pricing_pipeline.facts import Outcome

# More than this share of the sources behind bot walls means that the watch itself is failing, not a vendor.
_MOST_BLOCKED = 0.25
# A third miss in a row is a broken source; two may be a bad night.
_MOST_FAILURES = 2

CAPTURES = Suite(
    name="captures",
    asks_of="every registered source, after fetching",
    identity=("source_id",),
    columns=columns(
        words="source_id vendor kind outcome",
        counts="failures",
        flags="overdue never_fetched blocked in_future",
        numbers="age_hours every_hours",
    ),
    checks=(
        in_words(
            "outcome",
            tuple(Outcome),
            name="outcome_known",
            suite="captures",
            description="Every attempt ended in one of the named outcomes.",
            says="{source_id}: outcome {outcome} is none of the named ones",
        ),
        Check(
            name="outcome_recorded",
            suite="captures",
            expectation="expect_column_values_to_not_be_null",
            kwargs={"column": "outcome"},
            severity=CheckSeverity.CRITICAL,
            description="A source that was tried has an outcome.",
            says="{source_id}: was tried, and no outcome was recorded",
            where=("never_fetched", (False,)),
        ),
        flag_is(
            "never_fetched",
            name="ever_fetched",
            suite="captures",
            severity=CheckSeverity.INFO,
            description="Every registered source was tried at least once.",
            says="{source_id}: registered, and never tried yet",
        ),
        flag_is(
            "overdue",
            name="verified_within_cadence",
            suite="captures",
            description="The facts of every source were confirmed by a page within its cadence.",
            says="{source_id}: last confirmed {age_hours} hours ago, due every {every_hours}",
            where=("never_fetched", (False,)),
        ),
        Check(
            name="age_not_negative",
            suite="captures",
            expectation="expect_column_values_to_be_in_set",
            kwargs={"column": "in_future", "value_set": [False]},
            severity=CheckSeverity.CRITICAL,
            description="No source was confirmed in the future: the clocks agree.",
            says="{source_id}: confirmed {age_hours} hours ago, which lies in the future; check this machine's clock",
        ),
        Check(
            name="content_is_html",
            suite="captures",
            expectation="expect_column_values_to_not_be_in_set",
            kwargs={"column": "outcome", "value_set": [str(Outcome.NOT_HTML)]},
            severity=CheckSeverity.WARNING,
            description="Every source answered with a page, not with another type of content.",
            says="{source_id}: answered with something that is not a page",
        ),
        Check(
            name="few_blocked",
            suite="captures",
            expectation="expect_column_mean_to_be_between",
            kwargs={"column": "blocked", "max_value": _MOST_BLOCKED},
            severity=CheckSeverity.WARNING,
            description=f"At most {_MOST_BLOCKED:.0%} of the sources are blocked by walls.",
            says="{source_id}: blocked",
            culprit="blocked",
        ),
        Check(
            name="not_failing_for_long",
            suite="captures",
            expectation="expect_column_values_to_be_between",
            kwargs={"column": "failures", "max_value": _MOST_FAILURES},
            severity=CheckSeverity.WARNING,
            description=f"No source has failed more than {_MOST_FAILURES} times in a row.",
            says="{source_id}: failed {failures} times in a row, last with {outcome}",
        ),
    ),
)
