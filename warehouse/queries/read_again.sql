-- What was accepted last and what was read last of each registered source, where another extractor version read it.
WITH present AS (
    SELECT unnest($ids::VARCHAR[]) AS source_id, unnest($versions::VARCHAR[]) AS version
),
candidate AS (
    SELECT source_id, accepted_capture_id AS capture_id
    FROM source_reading
    WHERE accepted_capture_id IS NOT NULL
    UNION
    SELECT source_id, read_capture_id AS capture_id
    FROM source_reading
    WHERE read_capture_id IS NOT NULL
),
unread AS (
    SELECT candidate.source_id, candidate.capture_id
    FROM candidate
    JOIN source ON source.source_id = candidate.source_id AND source.is_registered
    LEFT JOIN present ON present.source_id = candidate.source_id
    WHERE NOT EXISTS (
        SELECT 1
        FROM observation
        WHERE observation.capture_id = candidate.capture_id
            AND observation.extractor_version = coalesce(present.version, $version)
    )
)
SELECT
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
FROM unread
JOIN capture ON capture.capture_id = unread.capture_id
ORDER BY capture.position
LIMIT $limit
