-- Since when each source has said the same, and the days for which pages of its product have announced something.
WITH quiet AS (
    SELECT
        source_id,
        max(captured_at) FILTER (WHERE state = 'accepted' AND same_as IS NULL) AS quiet_since
    FROM observation
    WHERE origin = 'live'
    GROUP BY source_id
),
dated AS (
    SELECT observation_id, effective_from
    FROM observed_announcement
    UNION
    SELECT observation_id, effective_from
    FROM observed_term
    WHERE effective_from IS NOT NULL
),
announced AS (
    SELECT source.vendor, source.product, list(DISTINCT dated.effective_from ORDER BY dated.effective_from) AS days
    FROM dated
    JOIN observation ON observation.observation_id = dated.observation_id
    JOIN source ON source.source_id = observation.source_id
    WHERE observation.state = 'accepted'
    GROUP BY source.vendor, source.product
)
SELECT source.source_id, quiet.quiet_since, coalesce(announced.days, []) AS days
FROM source
LEFT JOIN quiet ON quiet.source_id = source.source_id
LEFT JOIN announced ON announced.vendor = source.vendor AND announced.product = source.product
ORDER BY source.source_id
