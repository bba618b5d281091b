-- What was read out of captures, and what the gate made of it.

CREATE SEQUENCE observation_ordinal;

CREATE TABLE observation (
    ordinal BIGINT NOT NULL,
    observation_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,
    sha256 VARCHAR,
    extractor_version VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    same_as VARCHAR,
    state VARCHAR,
    reason VARCHAR,
    decided_by VARCHAR,
    decided_at TIMESTAMPTZ,
    settled_position BIGINT,
    previous_at TIMESTAMPTZ,
    previous_version VARCHAR,
    is_late BOOLEAN NOT NULL,
    is_applied BOOLEAN NOT NULL,
    missing_evidence INTEGER NOT NULL
);

-- One row per source: what was read of it last, what was accepted last, what is held, and what history has taken in.
CREATE TABLE source_reading (
    source_id VARCHAR NOT NULL,
    read_observation_id VARCHAR,
    read_capture_id VARCHAR,
    read_sha256 VARCHAR,
    read_version VARCHAR,
    read_at TIMESTAMPTZ,
    accepted_observation_id VARCHAR,
    accepted_capture_id VARCHAR,
    accepted_rows_id VARCHAR,
    accepted_digest VARCHAR,
    accepted_version VARCHAR,
    verified_at TIMESTAMPTZ,
    held_observation_id VARCHAR,
    held_digest VARCHAR,
    refused_digest VARCHAR,
    applied_at TIMESTAMPTZ,
    applied_recorded_at TIMESTAMPTZ
);

CREATE TABLE confirmation (
    capture_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    observation_id VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL
);

CREATE TABLE observed_plan (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    plan VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL
);

CREATE TABLE observed_term (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    plan VARCHAR,
    country VARCHAR,
    term VARCHAR NOT NULL,
    metric VARCHAR,
    state VARCHAR NOT NULL,
    amount DECIMAL(20, 10),
    amount_max DECIMAL(20, 10),
    currency VARCHAR,
    quantity DECIMAL(20, 10),
    per_quantity DECIMAL(20, 10),
    billing_period VARCHAR,
    commitment VARCHAR,
    tier_from DECIMAL(20, 10),
    tier_to DECIMAL(20, 10),
    price_kind VARCHAR NOT NULL,
    tier_mode VARCHAR,
    unit_as_printed VARCHAR,
    confidence DECIMAL(20, 10) NOT NULL,
    effective_from DATE,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL
);

CREATE TABLE observed_rating (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    publisher VARCHAR,
    state VARCHAR NOT NULL,
    rating DECIMAL(20, 10),
    scale DECIMAL(20, 10),
    rating_count BIGINT,
    review_count BIGINT,
    rating_window VARCHAR,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL
);

CREATE TABLE observed_announcement (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    effective_from DATE NOT NULL,
    plans VARCHAR NOT NULL,
    quote VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    surface VARCHAR NOT NULL
);

CREATE TABLE observed_conflict (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    plan VARCHAR,
    term VARCHAR NOT NULL,
    metric VARCHAR,
    readings VARCHAR NOT NULL
);

CREATE TABLE diagnostic (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    message VARCHAR NOT NULL
);

CREATE TABLE finding (
    observation_id VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    suspicion VARCHAR,
    message VARCHAR NOT NULL
);
