-- What is not known of each plan: on request, not stated, or a cost that cannot be reckoned, and why?
-- product: a product's slug
SELECT
    product,
    plan,
    kind AS what,
    metric,
    state,
    NULL AS reason,
    quote,
    source_url
FROM figures
WHERE state IN ('contact_sales', 'not_stated', 'no_ratings_yet')
    AND ($product IS NULL OR product = $product)
UNION ALL
SELECT
    product,
    plan,
    'cost' AS what,
    workload_name AS metric,
    state,
    reason,
    NULL AS quote,
    NULL AS source_url
FROM costs
WHERE state = 'unknown'
    AND is_named_workload
    AND ($product IS NULL OR product = $product)
ORDER BY product, plan NULLS FIRST, what, metric
