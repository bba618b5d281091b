-- One row per accepted change of the listed ones that is the vendor's doing: which levers it moved, and what that costs.
WITH listed AS (
    SELECT *
    FROM change
    WHERE change_id IN (SELECT unnest($ids::VARCHAR[])) AND cause = 'vendor' AND state = 'accepted'
),
moved AS (
    SELECT DISTINCT vendor, product, plan, observed_at
    FROM change
    WHERE lever = 'headline' AND cause = 'vendor' AND state = 'accepted'
),
costed AS (
    SELECT
        change_id,
        max((after_high / nullif(before_high, 0))::DOUBLE) AS cost_ratio,
        bool_or(
            after_high > before_high * $threshold::DECIMAL(20, 10) OR (before_high = 0 AND after_high > 0)
        ) AS is_dearer
    FROM change_cost
    WHERE state = 'accepted'
    GROUP BY change_id
),
joined AS (
    SELECT
        listed.*,
        moved.observed_at IS NOT NULL AS headline_moved,
        costed.cost_ratio,
        coalesce(costed.is_dearer, false) AS is_dearer
    FROM listed
    LEFT JOIN moved
        ON moved.vendor = listed.vendor
        AND moved.product = listed.product
        AND moved.plan IS NOT DISTINCT FROM listed.plan
        AND moved.observed_at = listed.observed_at
    LEFT JOIN costed ON costed.change_id = listed.change_id
)
SELECT
    change_id,
    vendor,
    product,
    coalesce(plan, 'every-plan') AS plan,
    lever,
    kind,
    severity,
    headline_moved,
    cost_ratio,
    is_dearer AND NOT headline_moved AND kind <> 'cheapest_plan_changed' AS silent_cost_rise,
    kind = 'allowance_removed' AS allowance_removed,
    kind = 'rate_increased' AS rate_raised,
    kind IN ('unit_changed', 'meter_added', 'meter_removed') AS unit_or_meter_changed,
    kind = 'free_tier_removed' AS free_tier_gone,
    kind = 'price_withdrawn' AS price_hidden,
    kind = 'review_count_dropped'
        OR (kind = 'rating_changed' AND coalesce(TRY_CAST(after AS DOUBLE) < TRY_CAST(before AS DOUBLE), false)) AS rating_or_reviews_dropped
FROM joined
ORDER BY observed_at, ordinal
