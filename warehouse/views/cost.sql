-- Every cost that was ever believed; valid_to and superseded_at are NULL while they last.
CREATE OR REPLACE VIEW cost AS
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM cost_standing UNION ALL BY NAME FROM cost_past);

-- What held at `valid`, as it was known at `known`: at most one row per key.
CREATE OR REPLACE MACRO costs_as_of(valid, known) AS TABLE
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM cost_standing UNION ALL BY NAME FROM cost_past)
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known;
