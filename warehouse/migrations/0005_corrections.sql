-- Misread facts that people put right. Each holds for as long as its page goes on being read in the same wrong way.

CREATE TABLE correction (
    position BIGINT NOT NULL,  -- of the decision in the log
    source_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,  -- whose page the right reading is quoted from
    misread VARCHAR NOT NULL,
    corrected VARCHAR NOT NULL,
    until DATE,
    made_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    is_applied BOOLEAN NOT NULL,
    ended_at TIMESTAMPTZ,  -- when the page moved on, NULL while it lasts
    ended_why VARCHAR
);
