-- Accepted and held changes, oldest first; of some ids where they are given.
SELECT
    change.change_id,
    change.observation_id,
    change.vendor,
    change.product,
    change.plan,
    change.lever,
    change.kind,
    change.metric,
    change.before,
    change.after,
    change.currency,
    change.observed_at,
    change.announced_at,
    change.effective_at,
    change.cause,
    change.severity,
    change.state,
    change.verdict,
    change.before_term,
    change.after_term,
    change.before_rating,
    change.after_rating,
    promise.promise,
    promise.settled_at
FROM change
LEFT JOIN promise ON promise.change_id = change.change_id AND change.state = 'accepted'
WHERE ($since IS NULL OR observed_at >= $since::TIMESTAMPTZ)
    AND ($vendor IS NULL OR vendor = $vendor)
    AND ($ids IS NULL OR list_contains($ids::VARCHAR[], change.change_id))
    AND severity IN (SELECT unnest($severities::VARCHAR[]))
ORDER BY observed_at, vendor, product, coalesce(plan, ''), ordinal
