-- The cheapest plans of each product at the listed workloads, as they stood when its facts last moved: what is imported with
-- a last day has its end in the future.
WITH reached AS (
    SELECT source.vendor, source.product, max(source_reading.applied_at) AS moment
    FROM source_reading
    JOIN source ON source.source_id = source_reading.source_id
    WHERE source.kind IN ('pricing', 'import')
    GROUP BY source.vendor, source.product
)
SELECT
    cost_standing.vendor,
    cost_standing.product,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    steps,
    reason,
    rank
FROM cost_standing
JOIN reached ON reached.vendor = cost_standing.vendor AND reached.product = cost_standing.product
WHERE rank = 1
    AND valid_from <= reached.moment
    AND valid_to > reached.moment
    AND workload IN (SELECT unnest(?::VARCHAR[]))
ORDER BY cost_standing.vendor, cost_standing.product, workload, position
