-- Which plans are free, and what do they include and limit?
-- product: a product's slug; metric: what they are to include or limit
SELECT
    current_plans.product_name AS product,
    current_plans.plan_name AS plan,
    current_plans.is_hosted,
    allowances.term,
    allowances.metric,
    coalesce(allowances.state, 'not_stated') AS state,
    allowances.quantity,
    allowances.billing_period,
    coalesce(allowances.quote, current_plans.quote) AS quote,
    current_plans.source_url
FROM current_plans
LEFT JOIN allowances
    ON allowances.vendor = current_plans.vendor
    AND allowances.product = current_plans.product
    AND allowances.plan = current_plans.plan
WHERE current_plans.state = 'free'
    AND ($product IS NULL OR current_plans.product = $product)
    AND ($metric IS NULL OR allowances.metric = $metric)
ORDER BY current_plans.product_name, current_plans.position, allowances.term, allowances.metric
