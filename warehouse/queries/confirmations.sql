-- How many different live captures say what each held observation says, over which time, and whether that is anything.
WITH root AS (
    SELECT observation_id, alternates_since IS NOT NULL AS alternates
    FROM observation
    WHERE state = 'held' AND same_as IS NULL
),
agreeing AS (
    SELECT root.observation_id AS root_id, observation.observation_id
    FROM root
    JOIN observation ON observation.observation_id = root.observation_id OR observation.same_as = root.observation_id
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
    min(captured_at) AS first_at,
    max(captured_at) AS last_at,
    max(recorded_at) AS recorded_at,
    max(position) AS position,
    root_id IN (SELECT observation_id FROM observed_plan)
        OR root_id IN (SELECT observation_id FROM observed_term)
        OR root_id IN (SELECT observation_id FROM observed_rating) AS has_facts,
    any_value(root.alternates) AS alternates
FROM agreed
JOIN root ON root.observation_id = agreed.root_id
WHERE origin = 'live'
GROUP BY root_id
ORDER BY root_id
