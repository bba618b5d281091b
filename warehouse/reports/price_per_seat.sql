-- What does one seat cost a month at each plan, least first, and how does one commit to that?
-- product: a product's slug
SELECT
    product_name AS product,
    plan_name AS plan,
    monthly AS per_seat_a_month,
    monthly_to AS per_seat_up_to,
    currency,
    billing_period,
    commitment,
    price_kind,
    quote,
    source_url
FROM monthly_fees
WHERE metric IN ('seat', 'user')
    AND monthly IS NOT NULL
    AND ($product IS NULL OR product = $product)
ORDER BY currency, monthly, product_name, plan_name, billing_period, commitment
