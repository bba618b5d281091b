-- When the newest fact or verification was recorded.
SELECT max(moment)
FROM (
    SELECT max(decided_at) AS moment
    FROM observation
    WHERE state IN ('accepted', 'held')
    UNION ALL
    SELECT max(recorded_at) AS moment
    FROM confirmation
    UNION ALL
    SELECT max(made_at) AS moment
    FROM import
    UNION ALL
    SELECT max(verified_at) AS moment
    FROM source_state
)
