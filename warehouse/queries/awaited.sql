-- The pricing pages of which something is stated for later than history has taken them in, or of which an announced change
-- is not settled, with the first such moment.
WITH stated AS (
    SELECT concat(vendor, '/', product, '/pricing') AS source_id, effective_from::TIMESTAMP AT TIME ZONE 'UTC' AS moment
    FROM statement
),
ahead AS (
    SELECT stated.source_id, stated.moment
    FROM stated
    JOIN source_reading ON source_reading.source_id = stated.source_id
    WHERE stated.moment > source_reading.applied_at
    UNION ALL
    SELECT source_id, effective_at::TIMESTAMP AT TIME ZONE 'UTC' AS moment
    FROM promise
    WHERE promise = 'standing'
)
SELECT source_id, min(moment) AS moment
FROM ahead
GROUP BY source_id
