-- What pages have announced for later than $at, with where that was read first, in the order of days.
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
    NULL AS file,
    NULL AS who,
    fact.valid_to,
    /* columns */
FROM term_standing AS fact
JOIN capture ON capture.capture_id = fact.capture_id
JOIN source ON source.source_id = fact.source_id
LEFT JOIN source_state ON source_state.source_id = capture.source_id
WHERE fact.valid_from > $at::TIMESTAMPTZ
    AND fact.effective_from IS NOT NULL
    AND fact.source_id IN (SELECT unnest($sources::VARCHAR[]))
ORDER BY fact.vendor, fact.product, fact.valid_from, source.position, fact.position, fact.row_id
