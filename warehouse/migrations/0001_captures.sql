-- What was fetched and decided: the log beside the captures as tables, and where each source stands.

CREATE TABLE migration (
    number INTEGER NOT NULL,
    name VARCHAR NOT NULL
);

CREATE TABLE log_position (
    position BIGINT NOT NULL
);

INSERT INTO log_position VALUES (0);

CREATE TABLE source (
    source_id VARCHAR NOT NULL,
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    publisher VARCHAR,
    url VARCHAR NOT NULL,
    every_hours INTEGER NOT NULL,
    locale VARCHAR NOT NULL,
    currency VARCHAR,
    country VARCHAR,
    position INTEGER NOT NULL,
    is_registered BOOLEAN NOT NULL
);

CREATE TABLE capture (
    position BIGINT NOT NULL,
    capture_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,
    final_url VARCHAR,
    status INTEGER,
    content_type VARCHAR,
    sha256 VARCHAR,
    size BIGINT,
    etag VARCHAR,
    last_modified VARCHAR,
    not_before TIMESTAMPTZ,
    message VARCHAR
);

-- Captures that are neither read nor confirmed yet.
CREATE TABLE pending (
    position BIGINT NOT NULL,
    capture_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL
);

CREATE TABLE decision (
    position BIGINT NOT NULL,
    action VARCHAR NOT NULL,
    observation_id VARCHAR,
    made_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    fields VARCHAR NOT NULL,
    is_done BOOLEAN NOT NULL
);

CREATE TABLE reading (
    position BIGINT NOT NULL,
    extractor_version VARCHAR NOT NULL,
    began_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE source_state (
    source_id VARCHAR NOT NULL,
    outcome VARCHAR,
    checked_at TIMESTAMPTZ,
    verified_at TIMESTAMPTZ,
    since TIMESTAMPTZ,
    not_before TIMESTAMPTZ,
    failures INTEGER NOT NULL,
    sha256 VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    is_held BOOLEAN NOT NULL,
    message VARCHAR
);
