-- Every fact of one kind that the published file believes, with the time for which it held and where it was read.
WITH captured AS (
    SELECT
        capture_id,
        any_value(source_url) AS url,
        min(captured_at) AS captured_at
    FROM (
        SELECT capture_id, source_url, captured_at FROM current_plans
        UNION ALL
        SELECT capture_id, source_url, captured_at FROM current_terms
        UNION ALL
        SELECT capture_id, source_url, captured_at FROM ratings
    )
    GROUP BY capture_id
)

SELECT
    fact.vendor,
    fact.product,
    fact.valid_from,
    fact.valid_to,
    coalesce(captured.url, sources.url, '') AS url,
    coalesce(captured.captured_at, fact.recorded_at) AS captured_at,
    sources.publisher,
    /* columns */
FROM /* kind */_history AS fact
LEFT JOIN captured ON captured.capture_id = fact.capture_id
LEFT JOIN sources ON sources.source_id = fact.source_id
WHERE fact.superseded_at IS NULL
ORDER BY fact.vendor, fact.product, fact.valid_from, fact.position, fact.rowid
