-- What changed, what it costs, which checks were run, and the workloads at which plans are priced.

CREATE SEQUENCE change_ordinal;

CREATE TABLE change (
    ordinal BIGINT DEFAULT nextval('change_ordinal') NOT NULL,
    change_id VARCHAR NOT NULL,
    observation_id VARCHAR NOT NULL,
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    plan VARCHAR,
    lever VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    metric VARCHAR,
    before VARCHAR,
    after VARCHAR,
    currency VARCHAR,
    observed_at TIMESTAMPTZ NOT NULL,
    announced_at TIMESTAMPTZ,
    effective_at DATE,
    cause VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    before_term VARCHAR,
    after_term VARCHAR,
    before_rating VARCHAR,
    after_rating VARCHAR
);

CREATE TABLE change_cost (
    change_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    workload VARCHAR NOT NULL,
    workload_name VARCHAR NOT NULL,
    plan VARCHAR,
    before_state VARCHAR NOT NULL,
    before_low DECIMAL(20, 10),
    before_high DECIMAL(20, 10),
    before_currency VARCHAR,
    before_steps VARCHAR NOT NULL,
    before_reason VARCHAR NOT NULL,
    after_state VARCHAR NOT NULL,
    after_low DECIMAL(20, 10),
    after_high DECIMAL(20, 10),
    after_currency VARCHAR,
    after_steps VARCHAR NOT NULL,
    after_reason VARCHAR NOT NULL
);

CREATE TABLE check_result (
    suite VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    checked BIGINT NOT NULL,
    unexpected BIGINT NOT NULL,
    message VARCHAR NOT NULL,
    judged_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE workload (
    slug VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    usage VARCHAR NOT NULL,
    products VARCHAR NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE product (
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    self_hosted VARCHAR NOT NULL,
    position INTEGER NOT NULL
);

-- Every metric that a product has ever mentioned.
CREATE TABLE product_metric (
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    metric VARCHAR NOT NULL
);
