-- When the source's history has something to say next after a moment: its next accepted or confirming capture.
SELECT min(captured_at)
FROM (
    SELECT captured_at
    FROM observation
    WHERE source_id = $source AND state = 'accepted' AND captured_at > $at AND (is_applied OR same_as IS NOT NULL)
    UNION ALL
    SELECT confirmation.captured_at
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id = $source AND observation.state = 'accepted' AND confirmation.captured_at > $at
)
