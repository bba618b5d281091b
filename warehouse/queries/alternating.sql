-- Sources whose page went back and forth in the last $days days before it was checked last, and shows what is published now.
WITH turned AS (
    SELECT
        source_id,
        max(captured_at) AS last_at,
        arg_max(digest, captured_at) AS digest,
        arg_max(alternates_since, captured_at) AS since,
        arg_max(alternations, captured_at) AS times
    FROM observation
    WHERE alternates_since IS NOT NULL
    GROUP BY source_id
)
SELECT turned.source_id, turned.since, turned.times
FROM turned
JOIN source_reading ON source_reading.source_id = turned.source_id
JOIN source_state ON source_state.source_id = turned.source_id
WHERE source_reading.held_observation_id IS NULL
    AND source_reading.accepted_digest <> turned.digest
    AND source_state.checked_at - turned.last_at <= to_days($days::INTEGER)
ORDER BY turned.source_id
