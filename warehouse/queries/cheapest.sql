-- The cheapest plans of each product at the listed workloads, as they stand.
SELECT
    vendor,
    product,
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
WHERE rank = 1 AND valid_to = 'infinity' AND workload IN (SELECT unnest(?::VARCHAR[]))
ORDER BY vendor, product, workload, position
