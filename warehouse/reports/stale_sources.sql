-- Which pages are overdue, cannot be read or have a change pending, and for how long?
-- vendor: a vendor's slug
SELECT
    sources.vendor,
    sources.product,
    sources.kind,
    sources.publisher,
    CASE
        WHEN sources.checked_at IS NULL THEN 'never fetched'
        WHEN sources.outcome NOT IN ('fetched', 'not_modified') THEN sources.outcome
        WHEN sources.has_change_pending THEN 'change pending'
        ELSE 'overdue'
    END AS trouble,
    sources.since AS present_outcome_since,
    sources.verified_at,
    date_diff('hour', sources.verified_at, edition.as_of) AS hours_unverified,
    sources.every_hours AS due_every_hours,
    sources.failures,
    sources.url
FROM sources
CROSS JOIN edition
WHERE ($vendor IS NULL OR sources.vendor = $vendor)
    AND (
        sources.checked_at IS NULL
        OR sources.outcome NOT IN ('fetched', 'not_modified')
        OR sources.has_change_pending
        OR date_diff('hour', sources.verified_at, edition.as_of) > 2 * sources.every_hours
    )
ORDER BY sources.verified_at NULLS FIRST, sources.vendor, sources.product, sources.kind, sources.publisher
