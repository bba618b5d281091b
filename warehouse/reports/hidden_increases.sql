-- Where did the monthly cost rise although no headline price moved, and by how much at which workload?
-- since: a date; vendor: a vendor's slug
WITH moved AS (
    SELECT
        vendor,
        product,
        plan,
        observed_at
    FROM changes
    WHERE lever = 'headline' AND cause = 'vendor' AND state = 'accepted'
)
SELECT
    changes.observed_at,
    changes.effective_at,
    changes.vendor,
    changes.product,
    coalesce(change_costs.plan, changes.plan) AS plan,
    changes.lever,
    changes.kind,
    changes.metric,
    change_costs.workload_name AS workload,
    change_costs.before_high AS monthly_before,
    change_costs.after_high AS monthly_after,
    (change_costs.after_high / nullif(change_costs.before_high, 0))::DECIMAL(20, 2) AS times_as_much,
    change_costs.after_currency AS currency,
    changes.verdict
FROM changes
JOIN change_costs ON change_costs.change_id = changes.change_id
ANTI JOIN moved
    ON moved.vendor = changes.vendor
    AND moved.product = changes.product
    AND moved.observed_at = changes.observed_at
    AND (moved.plan IS NULL OR changes.plan IS NULL OR moved.plan = changes.plan)
WHERE changes.lever IN ('allowance', 'unit_price', 'unit', 'meter')
    AND changes.cause = 'vendor'
    AND changes.state = 'accepted'
    AND change_costs.after_high > change_costs.before_high
    AND change_costs.after_currency IS NOT DISTINCT FROM change_costs.before_currency
    AND ($since IS NULL OR changes.observed_at >= $since::TIMESTAMPTZ)
    AND ($vendor IS NULL OR changes.vendor = $vendor)
ORDER BY changes.observed_at DESC, monthly_after - monthly_before DESC, changes.vendor, changes.product, plan, workload
