-- Observations of one state that history has not taken in, with whose they are.
SELECT
    observation.observation_id,
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
FROM observation
JOIN source ON source.source_id = observation.source_id
WHERE observation.state = ? AND NOT observation.is_applied AND observation.same_as IS NULL AND observation.outcome = 'fetched'
-- where in the log each was settled, so that it does not matter how many captures are worked through at once
ORDER BY place, observation.ordinal
