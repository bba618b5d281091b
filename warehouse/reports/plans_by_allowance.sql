-- Which plans include or allow at least so much of a metric, the least fee first?
-- metric: credit, seat, gb …; at_least: how many
WITH fees AS (
    SELECT
        source_id,
        plan,
        currency,
        min(monthly) AS monthly_fee
    FROM monthly_fees
    WHERE metric IS NULL AND billing_period = 'month'
    GROUP BY source_id, plan, currency
)
SELECT
    allowances.product_name AS product,
    allowances.plan_name AS plan,
    allowances.term,
    allowances.metric,
    allowances.state,
    allowances.quantity,
    allowances.billing_period,
    fees.monthly_fee,
    fees.currency,
    allowances.quote,
    allowances.source_url
FROM allowances
LEFT JOIN fees ON fees.source_id = allowances.source_id AND fees.plan = allowances.plan
WHERE ($metric IS NULL OR allowances.metric = $metric)
    AND (
        $at_least IS NULL
        OR allowances.state = 'unlimited'
        OR allowances.quantity >= $at_least::DECIMAL(20, 10)
    )
ORDER BY allowances.metric, fees.currency NULLS LAST, fees.monthly_fee NULLS LAST, product, plan, allowances.term
