-- Every promise to some customers that was ever believed; valid_to and superseded_at are NULL while they last.
CREATE OR REPLACE VIEW cohort AS
SELECT * EXCLUDE (row_id) REPLACE (
    NULLIF(valid_to, 'infinity') AS valid_to, NULLIF(superseded_at, 'infinity') AS superseded_at
)
FROM (FROM cohort_standing UNION ALL BY NAME FROM cohort_past);
