-- What changed, how gravely, and what does it cost at the worst workload?
-- since: a date; vendor: a vendor's slug; severity: info, notice or critical
WITH worst AS (
    SELECT
        change_id,
        arg_max({'workload': workload_name, 'before': before_high, 'after': after_high}, (after_high - before_high)::DOUBLE) AS effect
    FROM change_costs
    WHERE before_high IS NOT NULL AND after_high IS NOT NULL
    GROUP BY change_id
)
SELECT
    changes.observed_at,
    changes.vendor,
    changes.product,
    changes.plan,
    changes.severity,
    changes.kind,
    changes.verdict,
    worst.effect.workload AS worst_workload,
    worst.effect.before AS monthly_before,
    worst.effect.after AS monthly_after,
    changes.effective_at,
    changes.cause,
    changes.state
FROM changes
LEFT JOIN worst ON worst.change_id = changes.change_id
WHERE ($since IS NULL OR changes.observed_at >= $since::TIMESTAMPTZ)
    AND ($vendor IS NULL OR changes.vendor = $vendor)
    AND ($severity IS NULL OR changes.severity = $severity)
ORDER BY changes.observed_at, changes.vendor, changes.product, changes.plan, changes.kind
