-- What would each plan's included allowance cost at the plan's own rate, beside what the plan itself costs?
-- product: a product's slug
WITH allowances AS (
    SELECT *
    FROM current_terms
    WHERE term = 'allowance' AND surface <> 'inactive_pane'
),
rates AS (
    SELECT
        source_id,
        plan,
        metric,
        currency,
        min(amount / coalesce(per_quantity, 1))::DECIMAL(20, 10) AS unit_price
    FROM current_terms
    WHERE term = 'usage_rate' AND amount IS NOT NULL AND surface <> 'inactive_pane'
    GROUP BY source_id, plan, metric, currency
),
fees AS (
    SELECT source_id, plan, currency, min(amount) AS monthly_fee
    FROM current_terms
    WHERE term = 'recurring_fee' AND billing_period = 'month' AND amount IS NOT NULL AND price_kind <> 'list'
        -- what must be bought beside a plan is not the plan's own fee
        AND (
            metric IS NULL
            OR metric = 'seat'
            OR (source_id, plan, metric) NOT IN (
                SELECT (source_id, plan, metric) FROM current_terms
                WHERE term = 'minimum_spend' AND plan IS NOT NULL AND metric IS NOT NULL
            )
        )
    GROUP BY source_id, plan, currency
)
SELECT
    allowances.product,
    allowances.plan,
    allowances.metric,
    allowances.state,
    allowances.quantity AS included,
    coalesce(own.unit_price, shared.unit_price) AS unit_price,
    (allowances.quantity * coalesce(own.unit_price, shared.unit_price))::DECIMAL(20, 4) AS worth,
    fees.monthly_fee,
    fees.currency
FROM allowances
LEFT JOIN rates AS own
    ON own.source_id = allowances.source_id AND own.plan = allowances.plan AND own.metric = allowances.metric
LEFT JOIN rates AS shared
    ON shared.source_id = allowances.source_id AND shared.plan IS NULL AND shared.metric = allowances.metric
LEFT JOIN fees ON fees.source_id = allowances.source_id AND fees.plan = allowances.plan
WHERE $product IS NULL OR allowances.product = $product
ORDER BY allowances.product, allowances.plan, allowances.metric
