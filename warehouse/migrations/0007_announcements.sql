-- What pages state for a day of their own: as each observation read it, as it stands by source, and what became of it.

-- The terms of an observation's announcements (its n-th is `announcement`); `is_former` for what is said to hold until then.
CREATE TABLE observed_statement (
    observation_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    announcement INTEGER NOT NULL,
    is_former BOOLEAN NOT NULL,
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

-- What the last page of each source states for a day, in the words of the page that said so first. Which term of the
-- product it is follows from what stands there.
CREATE TABLE statement (
    source_id VARCHAR NOT NULL,
    vendor VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    capture_id VARCHAR NOT NULL,
    observation_id VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    former DECIMAL(20, 10),
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

-- What became of each change that was told before its day. `source_id` is the pricing page that it is about.
CREATE TABLE promise (
    change_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    effective_at DATE NOT NULL,
    promise VARCHAR NOT NULL,
    settled_at TIMESTAMPTZ
);
