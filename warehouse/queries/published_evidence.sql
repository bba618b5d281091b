-- Every fact that stands, with its quote and the bytes that the quote must be in.
WITH facts AS (
    SELECT source_id, capture_id, 'plan ' || plan AS fact, quote, locator, surface
    FROM plan_standing
    UNION ALL
    SELECT source_id, capture_id, concat_ws(' ', 'term', coalesce(plan, 'all plans'), term, metric) AS fact, quote, locator, surface
    FROM term_standing
    UNION ALL
    SELECT source_id, capture_id, concat_ws(' ', 'rating', publisher) AS fact, quote, locator, surface
    FROM rating_standing
    UNION ALL
    SELECT source_id, capture_id, concat_ws(' ', 'for some customers', plan) AS fact, quote, locator, surface
    FROM cohort_standing
)
SELECT
    coalesce(capture.sha256, '') AS sha256,
    facts.source_id,
    facts.fact,
    facts.quote,
    facts.locator,
    facts.surface
FROM facts
LEFT JOIN capture ON capture.capture_id = facts.capture_id
-- An imported fact is quoted from a document that was never captured.
WHERE capture.origin IS DISTINCT FROM 'import'
ORDER BY sha256, facts.source_id, facts.fact, facts.quote
