-- Accepted and held changes, oldest first.
SELECT
    change_id,
    observation_id,
    vendor,
    product,
    plan,
    lever,
    kind,
    metric,
    before,
    after,
    currency,
    observed_at,
    announced_at,
    effective_at,
    cause,
    severity,
    state,
    verdict,
    before_term,
    after_term,
    before_rating,
    after_rating
FROM change
WHERE ($since IS NULL OR observed_at >= $since::TIMESTAMPTZ)
    AND ($vendor IS NULL OR vendor = $vendor)
    AND severity IN (SELECT unnest($severities::VARCHAR[]))
ORDER BY observed_at, vendor, product, coalesce(plan, ''), ordinal
