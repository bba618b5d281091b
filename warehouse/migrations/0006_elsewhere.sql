-- Facts that no page was read for, products and plans under former names, and corrections that add or take away.

-- A file of facts, once for each time that it was imported.
CREATE TABLE import (
    position BIGINT NOT NULL,  -- of the decision in the log
    file VARCHAR NOT NULL,
    facts VARCHAR NOT NULL,
    made_by VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    is_applied BOOLEAN NOT NULL
);

-- Where an imported fact comes from; its capture_id is what history points at.
CREATE TABLE imported_fact (
    capture_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    observed DATE NOT NULL,
    until DATE NOT NULL
);

-- What a product was called before, by the vendor files.
CREATE TABLE former_name (
    former_vendor VARCHAR NOT NULL,
    former_product VARCHAR NOT NULL,
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL
);

-- What people said of plans that seem to go under another name.
CREATE TABLE plan_name (
    position BIGINT NOT NULL,  -- of the decision in the log
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    former VARCHAR NOT NULL,
    plan VARCHAR NOT NULL,
    is_same BOOLEAN NOT NULL,
    made_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    is_applied BOOLEAN NOT NULL
);

-- A correction that adds a fact has nothing misread, one that takes a fact away has nothing in its place.
ALTER TABLE correction ALTER COLUMN misread DROP NOT NULL;
ALTER TABLE correction ALTER COLUMN corrected DROP NOT NULL;
ALTER TABLE correction ADD COLUMN plan_name VARCHAR;

-- Whether the passage that an added fact is quoted from stands in a page that was read later.
CREATE TABLE passage (
    capture_id VARCHAR NOT NULL,
    position BIGINT NOT NULL,  -- of the correction
    is_there BOOLEAN NOT NULL
);

ALTER TABLE product ADD COLUMN retired DATE;
