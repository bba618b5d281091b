-- When a source has something to say next after a moment: its next accepted or confirming capture. Where none of them is later,
-- the next page that was read and not believed: what stood before goes on from there, for nothing else is published meanwhile.
SELECT coalesce(min(captured_at) FILTER (is_believed), min(captured_at))
FROM (
    SELECT captured_at, state = 'accepted' AS is_believed
    FROM observation
    WHERE source_id = $source
        AND captured_at > $at
        AND (state IN ('held', 'rejected') OR (state = 'accepted' AND (is_applied OR same_as IS NOT NULL)))
    UNION ALL
    SELECT confirmation.captured_at, observation.state = 'accepted' AS is_believed
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id = $source AND confirmation.captured_at > $at
)
