-- What held at `valid`, as it was known at `known`: at most one row per term.
CREATE MACRO as_of(valid, known) AS TABLE
SELECT *
FROM term_history
WHERE valid_from <= valid
    AND (valid_to IS NULL OR valid_to > valid)
    AND recorded_at <= known
    AND (superseded_at IS NULL OR superseded_at > known);
