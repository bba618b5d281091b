-- Every believed interval of what a plan cost at the named workloads, by product, workload, plan and time.
SELECT
    vendor,
    product,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    reason,
    valid_from,
    valid_to
FROM cost
WHERE superseded_at IS NULL
    AND state <> 'not_applicable'
    AND workload IN (SELECT unnest($workloads::VARCHAR[]))
    AND source_id IN (SELECT unnest($sources::VARCHAR[]))
ORDER BY vendor, product, workload, plan, valid_from, position
