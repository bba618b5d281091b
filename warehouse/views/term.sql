-- Every term that was ever believed; valid_to and superseded_at are NULL while they last.
CREATE OR REPLACE VIEW term AS
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM term_standing UNION ALL BY NAME FROM term_past);

-- What held at `valid`, as it was known at `known`: at most one row per key.
CREATE OR REPLACE MACRO as_of(valid, known) AS TABLE
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM term_standing UNION ALL BY NAME FROM term_past)
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known;
