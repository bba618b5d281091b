-- Observations that wait for a person or for confirmation, oldest first.
SELECT
    observation.observation_id,
    observation.source_id,
    source.vendor,
    source.product,
    observation.captured_at,
    coalesce(observation.reason, '') AS reason,
    source.url,
    observation.alternates_since,
    observation.alternations
FROM observation
JOIN source ON source.source_id = observation.source_id
WHERE observation.state = 'held' AND observation.same_as IS NULL
ORDER BY observation.captured_at, observation.observation_id
