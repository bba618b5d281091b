-- Where the sources of the list $sources stand, out of their live captures and what was read in them. An archive gives no credit.
WITH touched AS (
    SELECT unnest($sources::VARCHAR[]) AS source_id
),
read_in AS (
    SELECT capture_id, ordinal, observation_id, outcome, state
    FROM observation
    WHERE source_id IN (SELECT source_id FROM touched)
    UNION ALL
    SELECT
        confirmation.capture_id,
        observation.ordinal,
        observation.observation_id,
        observation.outcome,
        observation.state
    FROM confirmation
    JOIN observation ON observation.observation_id = confirmation.observation_id
    WHERE confirmation.source_id IN (SELECT source_id FROM touched)
),
reading_of AS (
    SELECT
        capture_id,
        arg_max(outcome, ordinal) AS outcome,
        arg_max(observation_id, ordinal) AS observation_id,
        bool_or(state = 'accepted') AS is_accepted
    FROM read_in
    GROUP BY capture_id
),
attempt AS (
    SELECT
        capture.source_id,
        capture.captured_at,
        capture.position,
        capture.not_before,
        capture.sha256,
        capture.etag,
        capture.last_modified,
        capture.message,
        capture.outcome = 'fetched' AND capture.sha256 IS NOT NULL AS is_page,
        reading_of.is_accepted,
        reading_of.observation_id,
        CASE
            WHEN coalesce(reading_of.outcome, 'fetched') = 'fetched' THEN capture.outcome
            ELSE reading_of.outcome
        END AS outcome
    FROM capture
    LEFT JOIN reading_of ON reading_of.capture_id = capture.capture_id
    WHERE capture.origin = 'live' AND capture.source_id IN (SELECT source_id FROM touched)
),
classed AS (
    SELECT
        *,
        CASE WHEN outcome IN ('fetched', 'not_modified') THEN 'served' ELSE outcome END AS class,
        {'at': captured_at, 'position': position} AS moment
    FROM attempt
),
last_attempt AS (
    SELECT
        source_id,
        arg_max(class, moment) AS class,
        max(moment) FILTER (WHERE class = 'served') AS served_moment,
        max(captured_at) FILTER (WHERE is_accepted) AS verified_at,
        arg_max(sha256, moment) FILTER (WHERE is_page) AS sha256,
        -- arg_max passes over a NULL, so the validators of the last page travel together in a struct.
        arg_max({'etag': etag, 'last_modified': last_modified}, moment) FILTER (WHERE is_page) AS validators,
        arg_max(
            {
                'outcome': outcome,
                'class': class,
                'not_before': not_before,
                'message': message,
                'observation_id': observation_id,
                'at': captured_at
            },
            moment
        ) AS latest
    FROM classed
    GROUP BY source_id
),
turned AS (
    SELECT
        classed.source_id,
        max(classed.moment) FILTER (WHERE classed.class <> last_attempt.class) AS moment
    FROM classed
    JOIN last_attempt ON last_attempt.source_id = classed.source_id
    GROUP BY classed.source_id
),
counted AS (
    SELECT
        classed.source_id,
        min(classed.captured_at) FILTER (WHERE turned.moment IS NULL OR classed.moment > turned.moment) AS since,
        count(*) FILTER (
            WHERE classed.class <> 'served'
                AND (last_attempt.served_moment IS NULL OR classed.moment > last_attempt.served_moment)
        ) AS failures
    FROM classed
    JOIN last_attempt ON last_attempt.source_id = classed.source_id
    JOIN turned ON turned.source_id = classed.source_id
    GROUP BY classed.source_id
),
-- Why a page that was served is not the page, in the words of whoever read it.
said AS (
    SELECT last_attempt.source_id, arg_min(diagnostic.message, diagnostic.position) AS message
    FROM last_attempt
    JOIN diagnostic ON diagnostic.observation_id = last_attempt.latest.observation_id
    WHERE last_attempt.latest.class <> 'served'
    GROUP BY last_attempt.source_id
),
held AS (
    SELECT DISTINCT source_id
    FROM observation
    WHERE state = 'held' AND same_as IS NULL
)
SELECT
    touched.source_id,
    last_attempt.latest.outcome AS outcome,
    last_attempt.latest.at AS checked_at,
    last_attempt.verified_at,
    counted.since,
    last_attempt.latest.not_before AS not_before,
    coalesce(counted.failures, 0) AS failures,
    last_attempt.sha256,
    last_attempt.validators.etag AS etag,
    last_attempt.validators.last_modified AS last_modified,
    held.source_id IS NOT NULL AS is_held,
    coalesce(said.message, last_attempt.latest.message) AS message
FROM touched
LEFT JOIN last_attempt ON last_attempt.source_id = touched.source_id
LEFT JOIN counted ON counted.source_id = touched.source_id
LEFT JOIN said ON said.source_id = touched.source_id
LEFT JOIN held ON held.source_id = touched.source_id
