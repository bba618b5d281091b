-- Captures that something rests on: a fact of history, a cost, a change, a decision or correction of a person, what a source
-- was last accepted, read or held with, or what is still to be read, judged or taken in.
WITH wanted AS (
    SELECT observation_id FROM change
    UNION
    SELECT observation_id FROM decision WHERE observation_id IS NOT NULL
    UNION
    SELECT observation_id FROM observation WHERE state IS NULL OR (state = 'held' AND same_as IS NULL)
    UNION
    SELECT observation_id
    FROM observation
    WHERE state = 'accepted' AND NOT is_applied AND same_as IS NULL AND outcome = 'fetched'
    UNION
    -- an announcement holds beyond the page that made it
    SELECT observation_id
    FROM observed_announcement
    WHERE observation_id IN (SELECT observation_id FROM observation WHERE state = 'accepted')
    UNION
    SELECT unnest([read_observation_id, accepted_observation_id, accepted_rows_id, held_observation_id])
    FROM source_reading
),
-- An observation that says the same as another keeps no facts of its own: those of the other are meant.
meant AS (
    SELECT observation_id FROM wanted
    UNION
    SELECT same_as FROM observation WHERE observation_id IN (SELECT observation_id FROM wanted)
)
SELECT capture_id FROM observation WHERE observation_id IN (SELECT observation_id FROM meant)
UNION
SELECT capture_id FROM plan_standing
UNION
SELECT capture_id FROM plan_past
UNION
SELECT capture_id FROM term_standing
UNION
SELECT capture_id FROM term_past
UNION
SELECT capture_id FROM rating_standing
UNION
SELECT capture_id FROM rating_past
UNION
SELECT capture_id FROM cohort_standing
UNION
SELECT capture_id FROM cohort_past
UNION
SELECT capture_id FROM cost_standing
UNION
SELECT capture_id FROM cost_past
UNION
SELECT capture_id FROM statement
UNION
SELECT capture_id FROM correction
UNION
-- whether a passage stands there is asked of the page itself, not of what was read in it
SELECT capture_id FROM passage
UNION
SELECT capture_id FROM statement
UNION
SELECT capture_id FROM imported_fact
UNION
SELECT capture_id FROM passage
UNION
SELECT capture_id FROM pending
UNION
SELECT unnest([read_capture_id, accepted_capture_id]) FROM source_reading
