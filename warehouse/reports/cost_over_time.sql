-- What did each plan cost a month at a workload, and from when to when?
-- workload: a workload's slug; product: a product's slug; plan: a plan's slug
SELECT
    coalesce(workloads.name, cost_history.workload) AS workload,
    cost_history.product,
    cost_history.plan,
    cost_history.valid_from,
    cost_history.valid_to,
    cost_history.state,
    cost_history.low AS monthly_from,
    cost_history.high AS monthly_to,
    cost_history.currency,
    cost_history.rank
FROM cost_history
LEFT JOIN workloads ON workloads.workload = cost_history.workload
WHERE cost_history.superseded_at IS NULL
    AND ($workload IS NULL OR cost_history.workload = $workload)
    AND ($workload IS NOT NULL OR workloads.workload IS NOT NULL)
    AND ($product IS NULL OR cost_history.product = $product)
    AND ($plan IS NULL OR cost_history.plan = $plan)
ORDER BY workloads.position NULLS LAST, cost_history.workload, cost_history.product, cost_history.plan, cost_history.valid_from
