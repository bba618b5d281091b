-- Captures at which pages said what was accepted of them before, later than what history has taken in: where in the log they
-- stand, whose facts they repeat, and when. Those after $since in the log, or made at $moments or later.
WITH watched AS (
    SELECT unnest($sources::VARCHAR[]) AS source_id, unnest($moments::TIMESTAMPTZ[]) AS moment
),
seen AS (
    SELECT
        confirmation.position,
        confirmation.source_id,
        coalesce(observation.same_as, observation.observation_id) AS observation_id,
        confirmation.captured_at,
        confirmation.recorded_at
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id IN (SELECT source_id FROM watched)
        AND confirmation.origin = 'live'
        AND observation.state = 'accepted'
    UNION ALL
    SELECT position, source_id, same_as AS observation_id, captured_at, recorded_at
    FROM observation
    WHERE source_id IN (SELECT source_id FROM watched)
        AND same_as IS NOT NULL
        AND state = 'accepted'
        AND NOT is_late
)
SELECT seen.position, seen.source_id, seen.observation_id, seen.captured_at, seen.recorded_at
FROM seen
JOIN watched ON watched.source_id = seen.source_id
JOIN source_reading ON source_reading.source_id = seen.source_id
WHERE seen.captured_at > source_reading.applied_at
    AND (seen.position >= $since OR seen.captured_at >= watched.moment)
ORDER BY seen.position
