-- Every believed interval of every term, by product, plan, term and time.
SELECT
    vendor,
    product,
    valid_from,
    valid_to,
    recorded_at,
    plan,
    country,
    term,
    metric,
    state,
    amount,
    amount_max,
    currency,
    quantity,
    per_quantity,
    billing_period,
    commitment,
    tier_from,
    tier_to,
    price_kind,
    tier_mode,
    unit_as_printed,
    confidence,
    effective_from,
    quote,
    locator,
    surface
FROM term
WHERE superseded_at IS NULL
ORDER BY vendor, product, plan, term, metric, billing_period, commitment, currency, tier_from, valid_from, position
