-- Captures to read next, in the order of the log up to the first decision not carried out; the first column says whether
-- the capture only confirms what was read last of its source.
WITH present AS (
    SELECT unnest($ids::VARCHAR[]) AS source_id, unnest($versions::VARCHAR[]) AS version
),
boundary AS (
    SELECT min(position) AS position
    FROM decision
    WHERE NOT is_done
)
SELECT
    coalesce(
        (capture.outcome = 'not_modified' AND capture.sha256 IS NULL)
        OR (
            capture.origin = 'live'
            AND capture.captured_at >= source_reading.read_at
            AND source_reading.read_sha256 = capture.sha256
            AND source_reading.read_version = coalesce(present.version, $version)
        ),
        false
    ) AS confirms,
    capture.capture_id,
    capture.source_id,
    capture.url,
    capture.outcome,
    capture.captured_at,
    capture.recorded_at,
    capture.origin,
    capture.final_url,
    capture.status,
    capture.content_type,
    capture.sha256,
    capture.size,
    capture.etag,
    capture.last_modified,
    capture.not_before,
    capture.message
FROM pending
JOIN capture ON capture.position = pending.position AND capture.capture_id = pending.capture_id
JOIN source ON source.source_id = pending.source_id AND source.is_registered
LEFT JOIN source_reading ON source_reading.source_id = pending.source_id
LEFT JOIN present ON present.source_id = pending.source_id
WHERE pending.position < coalesce((SELECT position FROM boundary), 9223372036854775807)
ORDER BY pending.position
LIMIT $limit
