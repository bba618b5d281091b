-- Decisions not carried out that no unread capture of a registered source stands before.
SELECT position, action, observation_id, made_by, why, made_at
FROM decision
WHERE NOT is_done
    AND position < coalesce(
        (
            SELECT min(pending.position)
            FROM pending
            JOIN source ON source.source_id = pending.source_id AND source.is_registered
        ),
        9223372036854775807
    )
ORDER BY position
