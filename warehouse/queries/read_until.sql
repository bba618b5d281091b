-- When a page was last seen to say what is accepted of it, by what stands before a place in the log.
SELECT max(captured_at)
FROM (
    SELECT confirmation.captured_at
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id = $source
        AND confirmation.position < $place
        AND confirmation.origin = 'live'
        AND observation.state = 'accepted'
    UNION ALL
    SELECT captured_at
    FROM observation
    WHERE source_id = $source AND position < $place AND same_as IS NOT NULL AND state = 'accepted' AND NOT is_late
)
