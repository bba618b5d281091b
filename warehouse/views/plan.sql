-- Every plan that was ever believed; valid_to and superseded_at are NULL while they last.
CREATE OR REPLACE VIEW plan AS
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM plan_standing UNION ALL BY NAME FROM plan_past);

-- What held at `valid`, as it was known at `known`: at most one row per key.
CREATE OR REPLACE MACRO plans_as_of(valid, known) AS TABLE
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM plan_standing UNION ALL BY NAME FROM plan_past)
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known;
