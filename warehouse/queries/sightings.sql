-- What the pages of the sources $sources said when they were captured live, in order: one row for captures in a row that
-- said the same, with the first and the last of them, and whether that was accepted.
WITH seen AS (
    SELECT source_id, digest, captured_at, position, state = 'accepted' AS is_accepted
    FROM observation
    WHERE source_id IN (SELECT unnest($sources::VARCHAR[]))
        AND state IS NOT NULL
        AND origin = 'live'
        AND outcome = 'fetched'
        AND NOT is_late
    UNION ALL
    SELECT
        confirmation.source_id,
        observation.digest,
        confirmation.captured_at,
        confirmation.position,
        observation.state = 'accepted' AS is_accepted
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id IN (SELECT unnest($sources::VARCHAR[]))
        AND confirmation.origin = 'live'
        AND observation.outcome = 'fetched'
),
turned AS (
    SELECT
        *,
        coalesce(
            (digest, is_accepted) <> lag((digest, is_accepted)) OVER (PARTITION BY source_id ORDER BY captured_at, position),
            true
        ) AS is_new
    FROM seen
),
numbered AS (
    SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY source_id ORDER BY captured_at, position) AS run
    FROM turned
)
SELECT
    source_id,
    any_value(digest) AS digest,
    min(captured_at) AS first_at,
    max(captured_at) AS last_at,
    any_value(is_accepted) AS is_accepted
FROM numbered
GROUP BY source_id, run
ORDER BY source_id, run
