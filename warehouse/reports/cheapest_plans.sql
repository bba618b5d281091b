-- Which plan is the cheapest at each workload, of its product and of all products?
-- workload: a workload's slug; product: a product's slug
SELECT
    workload_name AS workload,
    product_name AS product,
    coalesce(plan_name, plan) AS plan,
    low AS monthly_from,
    high AS monthly_to,
    currency,
    rank() OVER (PARTITION BY workload, currency ORDER BY high) AS rank_of_all
FROM costs
WHERE rank = 1
    AND is_named_workload
    AND ($workload IS NULL OR workload = $workload)
    AND ($product IS NULL OR product = $product)
ORDER BY workload_name, currency, rank_of_all, product_name
