-- What an edition says of which plan is the cheapest from how much use on, on its way into the published file.
CREATE OR REPLACE TEMP TABLE cheapest_range (
    verdict VARCHAR,
    position INTEGER,
    compared VARCHAR,
    metric VARCHAR,
    besides VARCHAR,
    above DECIMAL(20, 10),
    up_to DECIMAL(20, 10),
    vendor VARCHAR,
    product VARCHAR,
    plan VARCHAR,
    unknown VARCHAR
);
