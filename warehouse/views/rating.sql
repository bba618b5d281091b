-- Every rating that was ever believed; valid_to and superseded_at are NULL while they last.
CREATE OR REPLACE VIEW rating AS
SELECT
    source_id,
    vendor,
    product,
    position,
    publisher,
    state,
    rating,
    scale,
    rating_count,
    review_count,
    rating_window,
    quote,
    locator,
    surface,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM rating_standing
UNION ALL
SELECT
    source_id,
    vendor,
    product,
    position,
    publisher,
    state,
    rating,
    scale,
    rating_count,
    review_count,
    rating_window,
    quote,
    locator,
    surface,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM rating_past;

-- What held at `valid`, as it was known at `known`: at most one row per key.
CREATE OR REPLACE MACRO ratings_as_of(valid, known) AS TABLE
SELECT
    source_id,
    vendor,
    product,
    position,
    publisher,
    state,
    rating,
    scale,
    rating_count,
    review_count,
    rating_window,
    quote,
    locator,
    surface,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM rating_standing
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known
UNION ALL
SELECT
    source_id,
    vendor,
    product,
    position,
    publisher,
    state,
    rating,
    scale,
    rating_count,
    review_count,
    rating_window,
    quote,
    locator,
    surface,
    capture_id,
    observation_id,
    extractor_version,
    valid_from,
    NULLIF(valid_to, 'infinity') AS valid_to,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM rating_past
WHERE valid_from <= valid AND valid_to > valid AND recorded_at <= known AND superseded_at > known;
