-- Every cost that was ever believed; valid_to and superseded_at are NULL while they last.
CREATE OR REPLACE VIEW cost AS
SELECT
    source_id,
    vendor,
    product,
    position,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    steps,
    reason,
    rank,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM cost_standing
UNION ALL
SELECT
    source_id,
    vendor,
    product,
    position,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    steps,
    reason,
    rank,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM cost_past;

-- What held at `valid`, as it was known at `known`: at most one row per key.
CREATE OR REPLACE MACRO costs_as_of(valid, known) AS TABLE
SELECT
    source_id,
    vendor,
    product,
    position,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    steps,
    reason,
    rank,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM cost_standing
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known
UNION ALL
SELECT
    source_id,
    vendor,
    product,
    position,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    steps,
    reason,
    rank,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM cost_past
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known;
