-- What pages promise some customers only: as each observation read it, and its history on two clocks.

CREATE TABLE observed_cohort (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    plan VARCHAR,
    joined_before DATE,
    until DATE,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL
);

CREATE TABLE cohort_standing (
    row_id BIGINT NOT NULL,
    source_id VARCHAR NOT NULL,
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    plan VARCHAR,
    joined_before DATE,
    until DATE,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    observation_id VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    superseded_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE cohort_past (
    row_id BIGINT NOT NULL,
    source_id VARCHAR NOT NULL,
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    plan VARCHAR,
    joined_before DATE,
    until DATE,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    observation_id VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    superseded_at TIMESTAMPTZ NOT NULL
);
