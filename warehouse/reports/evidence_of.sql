-- Which words was each figure read from, on which page and when, and since when does it hold?
-- product: a product's slug; plan: a plan's slug; kind: recurring_fee, allowance, rating …; metric: credit, seat …
SELECT
    vendor,
    product,
    plan,
    kind,
    metric,
    state,
    figure,
    figure_to,
    currency,
    quote,
    source_url,
    captured_at,
    valid_from AS holds_since,
    verified_at,
    imported_from,
    vouched_by,
    capture_id
FROM figures
WHERE ($product IS NULL OR product = $product)
    AND ($plan IS NULL OR plan = $plan)
    AND ($kind IS NULL OR kind = $kind)
    AND ($metric IS NULL OR metric = $metric)
ORDER BY vendor, product, plan NULLS FIRST, kind, metric, figure
