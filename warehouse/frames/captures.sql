-- One row per registered source: how its last attempt ended, and how long ago its facts were verified.
SELECT
    source.source_id,
    source.vendor,
    source.kind,
    -- whether a server sends a page again or says that it is the same is no question here
    CASE WHEN source_state.outcome = 'not_modified' THEN 'fetched' ELSE source_state.outcome END AS outcome,
    date_diff('second', source_state.verified_at, $now::TIMESTAMPTZ) / 3600.0::DOUBLE AS age_hours,
    source.every_hours,
    coalesce(
        source_state.checked_at IS NOT NULL
        -- a page that waits to be read may confirm its facts in a moment
        AND source.source_id NOT IN (SELECT pending.source_id FROM pending)
        AND (
            source_state.verified_at IS NULL
            -- as much again, so that a source that is due daily and was just late is no alarm
            OR date_diff('second', source_state.verified_at, $now::TIMESTAMPTZ) > 2 * 3600 * source.every_hours
        ),
        false
    ) AS overdue,
    coalesce(source_state.failures, 0) AS failures,
    source_state.checked_at IS NULL AS never_fetched,
    coalesce(source_state.outcome = 'blocked', false) AS blocked,
    coalesce(source_state.verified_at > $now::TIMESTAMPTZ, false) AS in_future
FROM source
LEFT JOIN source_state ON source_state.source_id = source.source_id
WHERE source.is_registered
ORDER BY source.position
