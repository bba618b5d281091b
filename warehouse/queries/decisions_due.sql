-- Decisions not carried out that no unread capture of a registered source stands before.
SELECT
    decision.position,
    decision.action,
    decision.observation_id,
    observation.source_id,
    decision.made_by,
    decision.why,
    decision.made_at,
    decision.fields
FROM decision
LEFT JOIN observation ON observation.observation_id = decision.observation_id
WHERE NOT decision.is_done
    AND decision.position < coalesce(
        (
            SELECT min(pending.position)
            FROM pending
            JOIN source ON source.source_id = pending.source_id AND source.is_registered
        ),
        9223372036854775807
    )
ORDER BY decision.position
