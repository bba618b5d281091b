-- The facts of one kind that hold at $at, with where each comes from. The kind and its columns are filled in by the program.
SELECT
    fact.vendor,
    fact.product,
    fact.position,
    fact.source_id,
    coalesce(capture.final_url, capture.url),
    fact.capture_id,
    capture.sha256,
    capture.captured_at,
    source_state.verified_at,
    fact.valid_from,
    fact.recorded_at,
    imported_fact.file,
    imported_fact.who,
    fact.valid_to,
    /* columns */
FROM /* kind */_standing AS fact
JOIN capture ON capture.capture_id = fact.capture_id
JOIN source ON source.source_id = fact.source_id
LEFT JOIN source_state ON source_state.source_id = fact.source_id
LEFT JOIN imported_fact ON imported_fact.capture_id = fact.capture_id
WHERE fact.valid_from <= $at::TIMESTAMPTZ
    AND fact.valid_to > $at::TIMESTAMPTZ
    AND fact.source_id IN (SELECT unnest($sources::VARCHAR[]))
ORDER BY fact.vendor, fact.product, source.position, fact.position, fact.row_id
