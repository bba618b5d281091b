-- Sources of which the page that was read last was rejected, and why.
SELECT
    observation.source_id,
    observation.captured_at,
    coalesce(observation.reason, '') AS reason,
    coalesce(observation.decided_by, '') AS decided_by
FROM source_reading
JOIN observation ON observation.observation_id = source_reading.read_observation_id
WHERE observation.state = 'rejected'
ORDER BY observation.source_id
