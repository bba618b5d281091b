-- Every believed promise to some customers of the sources $sources, by product, plan and time.
SELECT
    cohort.vendor,
    cohort.product,
    cohort.valid_from,
    cohort.valid_to,
    coalesce(source.url, '') AS url,
    cohort.plan,
    cohort.joined_before,
    cohort.until,
    cohort.quote,
    cohort.locator,
    cohort.surface
FROM cohort
LEFT JOIN source ON source.source_id = cohort.source_id
WHERE cohort.superseded_at IS NULL AND cohort.source_id IN (SELECT unnest($sources::VARCHAR[]))
ORDER BY cohort.vendor, cohort.product, cohort.plan, cohort.valid_from, cohort.position, cohort.quote
