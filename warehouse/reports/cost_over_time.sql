-- What did each plan cost a month at a workload, and from when to when?
-- workload: a workload's slug; product: a product's slug; plan: a plan's slug
WITH believed AS (
    SELECT
        coalesce(workloads.name, cost_history.workload) AS workload,
        coalesce(workloads.position, 1000000) AS place,
        cost_history.workload AS slug,
        cost_history.source_id,
        cost_history.product,
        cost_history.plan,
        cost_history.valid_from,
        cost_history.valid_to,
        cost_history.state,
        cost_history.low,
        cost_history.high,
        cost_history.currency,
        cost_history.rank
    FROM cost_history
    LEFT JOIN workloads ON workloads.workload = cost_history.workload
    WHERE cost_history.superseded_at IS NULL
        AND ($workload IS NULL OR cost_history.workload = $workload)
        AND ($workload IS NOT NULL OR workloads.workload IS NOT NULL)
        AND ($product IS NULL OR cost_history.product = $product)
        AND ($plan IS NULL OR cost_history.plan = $plan)
),
-- a bill that is put together otherwise and comes to the same goes on
marked AS (
    SELECT
        *,
        lag((valid_to, state, low, high, currency, rank)) OVER one_bill
            IS DISTINCT FROM (valid_from, state, low, high, currency, rank) AS begins
    FROM believed
    WINDOW one_bill AS (PARTITION BY source_id, plan, slug ORDER BY valid_from)
),
runs AS (
    SELECT
        *,
        count(*) FILTER (WHERE begins) OVER (PARTITION BY source_id, plan, slug ORDER BY valid_from) AS run
    FROM marked
)
SELECT
    workload,
    product,
    plan,
    min(valid_from) AS valid_from,
    CASE WHEN bool_and(valid_to IS NOT NULL) THEN max(valid_to) END AS valid_to,
    state,
    low AS monthly_from,
    high AS monthly_to,
    currency,
    rank
FROM runs
GROUP BY place, slug, workload, source_id, product, plan, run, state, low, high, currency, rank
ORDER BY place, slug, product, plan, valid_from
