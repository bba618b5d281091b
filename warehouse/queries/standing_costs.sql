-- What every plan costs now at each workload, in the order of vendors, products, workloads and pages.
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
WHERE valid_from <= $at::TIMESTAMPTZ
    AND valid_to > $at::TIMESTAMPTZ
    AND source_id IN (SELECT unnest($sources::VARCHAR[]))
ORDER BY vendor, product, position, row_id
