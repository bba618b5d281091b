-- How many different live captures say what each held observation says, over which time, and whether that is anything.
-- Where a page is held for what the checks found, one before it that was held for the same agrees with it, whatever else
-- moved on the page meanwhile: or a page on which something moves each day would wait for ever.
WITH root AS (
    SELECT observation_id, source_id, captured_at, alternates_since IS NOT NULL AS alternates
    FROM observation
    WHERE state = 'held' AND same_as IS NULL
),
doubted AS (
    SELECT
        finding.observation_id,
        list_sort(list(DISTINCT concat_ws(
            ' ', finding.check_name, finding.suspicion, regexp_replace(finding.message, '[0-9]+([.,][0-9]+)*', '', 'g')
        ))) AS doubts
    FROM finding
    JOIN observation ON observation.observation_id = finding.observation_id
    WHERE observation.source_id IN (SELECT source_id FROM root)
    GROUP BY finding.observation_id
),
before AS (
    SELECT
        root.observation_id AS root_id,
        observation.observation_id,
        observation.captured_at,
        observation.state = 'rejected'
            AND observation.decided_by = 'gate'
            AND coalesce(doubted.doubts = mine.doubts, false) AS is_alike
    FROM root
    JOIN doubted AS mine ON mine.observation_id = root.observation_id
    JOIN observation
        ON observation.source_id = root.source_id
        AND observation.captured_at < root.captured_at
        AND observation.outcome = 'fetched'
        AND NOT observation.is_late
    LEFT JOIN doubted ON doubted.observation_id = coalesce(observation.same_as, observation.observation_id)
),
unlike AS (
    SELECT root_id, max(captured_at) AS last_at
    FROM before
    WHERE NOT is_alike
    GROUP BY root_id
),
alike AS (
    SELECT observation_id AS root_id, observation_id
    FROM root
    UNION ALL
    SELECT before.root_id, before.observation_id
    FROM before
    LEFT JOIN unlike ON unlike.root_id = before.root_id
    WHERE before.is_alike AND (unlike.last_at IS NULL OR before.captured_at > unlike.last_at)
),
agreeing AS (
    SELECT DISTINCT alike.root_id, observation.observation_id
    FROM alike
    JOIN observation ON observation.observation_id = alike.observation_id OR observation.same_as = alike.observation_id
),
agreed AS (
    SELECT
        agreeing.root_id, observation.capture_id, observation.captured_at, observation.recorded_at, observation.origin,
        observation.position
    FROM agreeing
    JOIN observation ON observation.observation_id = agreeing.observation_id
    UNION
    SELECT
        agreeing.root_id, confirmation.capture_id, confirmation.captured_at, confirmation.recorded_at,
        confirmation.origin, confirmation.position
    FROM agreeing
    JOIN confirmation ON confirmation.observation_id = agreeing.observation_id
)
SELECT
    root_id,
    count(DISTINCT capture_id) AS captures,
    min(agreed.captured_at) AS first_at,
    max(agreed.captured_at) AS last_at,
    max(recorded_at) AS recorded_at,
    max(position) AS position,
    (
        root_id IN (SELECT observation_id FROM observed_plan)
        OR root_id IN (SELECT observation_id FROM observed_term)
        OR root_id IN (SELECT observation_id FROM observed_rating)
    )
    AND root_id NOT IN (SELECT observation_id FROM finding WHERE check_name IN (SELECT unnest($for_people::VARCHAR[])))
        AS confirms_itself,
    any_value(root.alternates) AS alternates
FROM agreed
JOIN root ON root.observation_id = agreed.root_id
WHERE origin = 'live'
GROUP BY root_id
ORDER BY root_id
