"""Asked of the changes of one refresh: which of them hurt somebody who pays?

They report the vendor's doing, so none of them blocks. `no_silent_cost_rise` is the one for May 2026, when Dagster+
took away its included credits and raised its rates while no headline price moved.
"""

from __future__ import annotations

from checks.declarations import Check, Suite, columns, flag_is


def _never(flag: str, *, name: str, description: str, says: str) -> Check:
    return flag_is(flag, name=name, suite="changes", description=description, says="{vendor}/{product}/{plan}: " + says)


CHANGES = Suite(
    name="changes",
    asks_of="every accepted change of the refresh that is the vendor's doing",
    identity=("change_id",),
    columns=columns(
        words="change_id vendor product plan lever kind severity",
        flags=(
            "headline_moved silent_cost_rise allowance_removed rate_raised unit_or_meter_changed free_tier_gone "
            "price_hidden rating_or_reviews_dropped"
        ),
        numbers="cost_ratio",
    ),
    checks=(
        _never(
            "allowance_removed",
            name="no_allowance_removed",
            description="No plan lost an included allowance.",
            says="lost an included allowance ({kind})",
        ),
        _never(
            "rate_raised",
            name="no_rate_raised",
            description="No unit price was raised.",
            says="raised a unit price ({kind})",
        ),
        _never(
            "unit_or_meter_changed",
            name="no_unit_or_meter_changed",
            description="No plan changed what a unit is, or what is metered at all.",
            says="changed a unit or a meter ({kind})",
        ),
        _never(
            "silent_cost_rise",
            name="no_silent_cost_rise",
            description="No cost rose at a workload while the headline price stood still.",
            says="costs {cost_ratio} times as much at a workload, and the headline price did not move ({kind})",
        ),
        _never(
            "free_tier_gone",
            name="no_free_tier_gone",
            description="No free tier was withdrawn.",
            says="withdrew a free tier ({kind})",
        ),
        _never(
            "price_hidden",
            name="no_price_hidden",
            description="No published price went behind a sales contact.",
            says="hid a price that was published before ({kind})",
        ),
        _never(
            "rating_or_reviews_dropped",
            name="no_rating_or_reviews_dropped",
            description="No rating and no number of reviews dropped.",
            says="a rating or a number of reviews dropped ({kind})",
        ),
    ),
)
