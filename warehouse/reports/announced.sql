-- What is announced for which day, what holds until then, and what was announced before and came of it?
-- vendor: a vendor's slug; product: a product's slug
WITH ahead AS (
    SELECT
        vendor,
        product,
        plan,
        term,
        metric,
        effective_from AS holds_from,
        announced_at,
        'standing' AS promise,
        coalesce(regexp_replace(coalesce(present_amount, present_quantity)::VARCHAR, '\.?0+$', ''), present_state) AS until_then,
        coalesce(regexp_replace(coalesce(amount, quantity)::VARCHAR, '\.?0+$', ''), state) AS from_then_on,
        currency,
        quote AS said,
        source_url
    FROM announced_terms
),
settled AS (
    SELECT
        vendor,
        product,
        plan,
        kind AS term,
        metric,
        effective_at AS holds_from,
        announced_at,
        promise,
        before AS until_then,
        after AS from_then_on,
        currency,
        verdict AS said,
        NULL AS source_url
    FROM changes
    WHERE promise IS NOT NULL AND promise <> 'standing' AND lever <> 'cost'
)
SELECT *
FROM ahead
WHERE ($vendor IS NULL OR vendor = $vendor) AND ($product IS NULL OR product = $product)
UNION ALL
SELECT *
FROM settled
WHERE ($vendor IS NULL OR vendor = $vendor) AND ($product IS NULL OR product = $product)
ORDER BY holds_from DESC, vendor, product, plan NULLS FIRST, term, metric
