-- Views of the published file: the joins that most questions begin with.

-- What a plan charges to be had at all, by the month: a year's price is a twelfth of it each month.
CREATE VIEW monthly_fees AS
SELECT
    vendor,
    product,
    coalesce(product_name, product) AS product_name,
    plan,
    coalesce(plan_name, plan) AS plan_name,
    metric,
    state,
    (amount / month_count)::DECIMAL(20, 10) AS monthly,
    (coalesce(amount_max, amount) / month_count)::DECIMAL(20, 10) AS monthly_to,
    currency,
    billing_period,
    commitment,
    price_kind,
    quote,
    source_url,
    captured_at,
    source_id,
    capture_id
FROM (
    SELECT
        *,
        CASE billing_period WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 END AS month_count
    FROM current_terms
    WHERE term = 'recurring_fee' AND price_kind <> 'list'
);

-- What one unit costs: a rate's amount over its step.
CREATE VIEW unit_prices AS
SELECT
    vendor,
    product,
    coalesce(product_name, product) AS product_name,
    plan,
    coalesce(plan_name, plan, 'every plan') AS plan_name,
    metric,
    (amount / coalesce(per_quantity, 1))::DECIMAL(20, 10) AS unit_price,
    (coalesce(amount_max, amount) / coalesce(per_quantity, 1))::DECIMAL(20, 10) AS unit_price_to,
    currency,
    billing_period,
    tier_from,
    tier_to,
    quote,
    source_url,
    captured_at,
    source_id,
    capture_id
FROM current_terms
WHERE term = 'usage_rate' AND amount IS NOT NULL AND surface <> 'inactive_pane';

-- What plans hold of a metric: included, or at most. Unlimited and not included are states, and never numbers.
CREATE VIEW allowances AS
SELECT
    vendor,
    product,
    coalesce(product_name, product) AS product_name,
    plan,
    coalesce(plan_name, plan, 'every plan') AS plan_name,
    term,
    metric,
    state,
    quantity,
    billing_period,
    quote,
    source_url,
    captured_at,
    source_id,
    capture_id
FROM current_terms
WHERE term IN ('allowance', 'limit') AND surface <> 'inactive_pane';

-- Every figure that stands, of whatever kind, with the words it was read from.
CREATE VIEW figures AS
SELECT
    vendor,
    product,
    plan,
    term AS kind,
    metric,
    state,
    coalesce(amount, quantity) AS figure,
    amount_max AS figure_to,
    currency,
    quote,
    source_url,
    captured_at,
    valid_from,
    verified_at,
    imported_from,
    vouched_by,
    source_id,
    capture_id
FROM current_terms
UNION ALL
SELECT
    vendor, product, NULL, 'rating', publisher, state, rating, NULL, NULL, quote, source_url, captured_at, valid_from,
    verified_at, imported_from, vouched_by, source_id, capture_id
FROM ratings
UNION ALL
SELECT
    vendor, product, plan, 'plan', NULL, state, NULL, NULL, NULL, quote, source_url, captured_at, valid_from,
    verified_at, NULL, NULL, source_id, capture_id
FROM current_plans;

COMMENT ON VIEW monthly_fees IS 'What each plan charges a month, per metric where it is per seat or the like; NULL where no number is stated: see state';
COMMENT ON VIEW unit_prices IS 'What one unit of a metric costs at each plan; unit_price_to is the other end of a range';
COMMENT ON VIEW allowances IS 'What each plan includes or allows at most of a metric';
COMMENT ON VIEW figures IS 'Every figure that stands, of terms, ratings and plans, with its quote, page and times';
