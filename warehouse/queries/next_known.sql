-- When a source has something to say next after a moment: its next accepted or confirming capture. Where none of them is later,
-- the next page that was read and not believed: what stood before goes on from there, for nothing else is published meanwhile.
-- With a place in the log, by what stands and was settled before it: pages that are taken in together do not know of those to come.
SELECT coalesce(min(captured_at) FILTER (is_believed), min(captured_at))
FROM (
    SELECT
        captured_at,
        state = 'accepted' AND ($place IS NULL OR coalesce(settled_position, position) < $place) AS is_believed
    FROM observation
    WHERE source_id = $source
        AND captured_at > $at
        AND ($place IS NULL OR position < $place)
        AND (state IN ('held', 'rejected') OR (state = 'accepted' AND ($place IS NOT NULL OR is_applied OR same_as IS NOT NULL)))
    UNION ALL
    SELECT
        confirmation.captured_at,
        observation.state = 'accepted'
        AND ($place IS NULL OR coalesce(observation.settled_position, observation.position) < $place) AS is_believed
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id = $source
        AND confirmation.captured_at > $at
        AND ($place IS NULL OR confirmation.position < $place)
)
