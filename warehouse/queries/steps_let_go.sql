-- Observations that say what was accepted before of pages from which the passage of a missed fact is gone.
SELECT DISTINCT
    coalesce(observation.same_as, observation.observation_id) AS observation_id,
    observation.capture_id,
    observation.source_id,
    source.vendor,
    source.product,
    source.kind,
    observation.captured_at,
    coalesce(observation.decided_at, observation.recorded_at) AS recorded_at,
    observation.previous_at,
    observation.previous_version,
    observation.extractor_version,
    observation.origin,
    observation.is_late,
    coalesce(observation.settled_position, observation.position) AS place,
    observation.previous_origin
FROM correction
JOIN passage ON passage.position = correction.position AND NOT passage.is_there
JOIN observation ON observation.capture_id = passage.capture_id AND observation.source_id = correction.source_id
JOIN source ON source.source_id = observation.source_id
WHERE correction.ended_at IS NULL
    AND observation.state = 'accepted'
    AND observation.same_as IS NOT NULL
    AND NOT observation.is_late
ORDER BY place
