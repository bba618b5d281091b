-- What did a plan's terms say, and from when to when?
-- product: a product's slug; plan: a plan's slug
SELECT
    product,
    plan,
    term,
    metric,
    state,
    amount,
    currency,
    quantity,
    billing_period,
    commitment,
    valid_from,
    valid_to,
    recorded_at,
    quote
FROM term_history
WHERE superseded_at IS NULL
    AND ($product IS NULL OR product = $product)
    AND ($plan IS NULL OR plan = $plan)
ORDER BY product, plan NULLS FIRST, term, metric, billing_period, commitment, valid_from
