-- Decisions on their way to the observations they are about.
CREATE OR REPLACE TEMP TABLE concluded (
    observation_id VARCHAR,
    state VARCHAR,
    reason VARCHAR,
    decided_by VARCHAR,
    decided_at TIMESTAMPTZ,
    settled_position BIGINT,
    alternates_since TIMESTAMPTZ,
    alternations INTEGER
)
