"""What holds of every past, in whatever order pages, versions and archives came."""

from __future__ import annotations

import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pricing_pipeline.facts import Cause, Lever, Origin
from tests.warehouse.house import APRIL, DAY, House, fee, page, plan
from warehouse.changes import list_changes
from warehouse.dump import canonical_dump, differences
from warehouse.verify import invariant_problems

# What Solo costs, whether a newer extractor reads from now on, and whether the page comes out of an archive, from when.
PAGES = st.lists(
    st.tuples(st.sampled_from(["10", "12", "15"]), st.booleans(), st.none() | st.integers(-3, 6)),
    min_size=3,
    max_size=6,
)
FEW = settings(
    max_examples=4,  # each makes two warehouses
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(pages=PAGES)
def test_whatever_comes_only_a_vendor_who_moved_is_told_of(
    tmp_path: Path, pages: list[tuple[str, bool, int | None]]
) -> None:
    """A change is the vendor's only between two live captures of other bytes under one version; nothing that is believed
    overlaps; and the log alone gives the same warehouse."""
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    (tmp_path / "home").mkdir()
    house = House(tmp_path / "home")
    with house.open() as con:
        for day, (amount, is_newer, archived) in enumerate(pages):
            house.version = str(int(house.version) + is_newer)
            at = APRIL + day * DAY if archived is None else APRIL + archived * DAY - DAY / 2
            origin = Origin.LIVE if archived is None else Origin.ARCHIVE
            said = page(plan("solo"), fee("solo", amount))
            house.captured(said, at, origin=origin, recorded_at=APRIL + day * DAY, bytes_=f"{amount} {day}")
            house.refresh(con)
        told = [one for one in list_changes(con) if one.cause is Cause.VENDOR and one.lever is Lever.HEADLINE]
        read = {
            id_: (sha256, origin, version, previous)
            for id_, sha256, origin, version, previous in con.execute(
                "SELECT observation_id, sha256, origin, extractor_version, previous_version FROM observation"
            ).fetchall()
        }
        problems, lived = invariant_problems(con), canonical_dump(con)

    live = {APRIL + day * DAY: amount for day, (amount, _, archived) in enumerate(pages) if archived is None}
    for change in told:
        _, origin, version, previous = read[change.observation_id or ""]
        assert ("live", version) == (origin, previous)
        before = [amount for at, amount in live.items() if at < change.observed_at]
        assert (before[-1], live[change.observed_at]) == (change.before, change.after)
    assert [] == problems
    if not any(is_newer for _, is_newer, _ in pages):
        with house.open(tmp_path / "home/anew.duckdb") as con:
            house.refresh(con)

            assert [] == differences(lived, canonical_dump(con))
