-- What does every plan cost a month at a workload, cheapest first, and where is it unknown and why?
-- workload: a workload's slug; product: a product's slug
SELECT
    workload_name AS workload,
    product_name AS product,
    coalesce(plan_name, plan) AS plan,
    state,
    low AS monthly_from,
    high AS monthly_to,
    currency,
    rank,
    is_hosted,
    reason
FROM costs
WHERE ($workload IS NULL OR workload = $workload)
    AND ($product IS NULL OR product = $product)
    AND (is_named_workload OR $workload IS NOT NULL)
ORDER BY workload_name, currency NULLS LAST, high NULLS LAST, product_name, plan
