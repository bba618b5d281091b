-- What does one more unit cost beyond what is included, dearest first, and how does that rank within its metric?
-- metric: credit, gb …; product: a product's slug
SELECT
    metric,
    product_name AS product,
    plan_name AS plan,
    unit_price,
    unit_price_to,
    currency,
    tier_from,
    tier_to,
    rank() OVER (PARTITION BY metric, currency ORDER BY unit_price DESC) AS dearest,
    quote,
    source_url
FROM unit_prices
WHERE ($metric IS NULL OR metric = $metric)
    AND ($product IS NULL OR product = $product)
ORDER BY metric NULLS LAST, currency, unit_price DESC, product, plan, tier_from NULLS FIRST
