-- Staged observations that nobody has decided about yet, each with the checks that failed on what was accepted before it.
SELECT
    observation.observation_id,
    observation.source_id,
    observation.capture_id,
    observation.sha256,
    observation.captured_at,
    observation.recorded_at,
    observation.outcome,
    observation.digest,
    observation.origin,
    observation.is_late,
    source_reading.accepted_observation_id IS NULL AS is_first,
    coalesce(
        (
            SELECT list(DISTINCT finding.check_name ORDER BY finding.check_name)
            FROM finding
            WHERE finding.observation_id = source_reading.accepted_rows_id
        ),
        []
    ) AS standing
FROM observation
LEFT JOIN source_reading ON source_reading.source_id = observation.source_id
WHERE observation.state IS NULL
ORDER BY observation.ordinal
