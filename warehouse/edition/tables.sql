-- The tables of the published file, out of the warehouse: what holds now, what held before, what changed, what it costs.

CREATE TABLE edition.sources AS
SELECT
    source.source_id,
    source.vendor,
    source.product,
    product.name AS product_name,
    source.kind,
    source.publisher,
    source.url,
    source.every_hours,
    source_state.outcome,
    source_state.checked_at,
    source_state.verified_at,
    source_state.since,
    coalesce(source_state.failures, 0) AS failures,
    coalesce(source_state.is_held, false) AS has_change_pending
FROM source
LEFT JOIN source_state ON source_state.source_id = source.source_id
LEFT JOIN product ON product.vendor = source.vendor AND product.product = source.product
WHERE source.is_registered
ORDER BY source.position;

CREATE TABLE edition.current_plans AS
SELECT
    fact.vendor,
    fact.product,
    product.name AS product_name,
    fact.plan,
    fact.name AS plan_name,
    fact.state,
    coalesce(hosted_plan.is_hosted, true) AS is_hosted,
    fact.position,
    capture.url AS source_url,
    capture.captured_at,
    coalesce(source_state.verified_at, capture.captured_at) AS verified_at,
    fact.valid_from,
    fact.recorded_at,
    fact.quote,
    fact.source_id,
    fact.capture_id
FROM plan_standing AS fact
JOIN capture ON capture.capture_id = fact.capture_id
LEFT JOIN source_state ON source_state.source_id = fact.source_id
LEFT JOIN product ON product.vendor = fact.vendor AND product.product = fact.product
LEFT JOIN hosted_plan
    ON hosted_plan.vendor = fact.vendor AND hosted_plan.product = fact.product AND hosted_plan.plan = fact.plan
WHERE fact.valid_from <= getvariable('edition_clock')::TIMESTAMPTZ AND fact.valid_to > getvariable('edition_clock')::TIMESTAMPTZ
-- a plan that a page offers and that imported facts are about is one plan
QUALIFY row_number() OVER (PARTITION BY fact.vendor, fact.product, fact.plan ORDER BY capture.origin = 'import', fact.row_id) = 1
ORDER BY fact.vendor, fact.product, fact.position, fact.plan;

CREATE TABLE edition.current_terms AS
SELECT
    fact.vendor,
    fact.product,
    product.name AS product_name,
    fact.plan,
    current_plans.plan_name,
    fact.country,
    fact.term,
    fact.metric,
    fact.state,
    fact.amount,
    fact.amount_max,
    fact.currency,
    fact.quantity,
    fact.per_quantity,
    fact.billing_period,
    fact.commitment,
    fact.tier_from,
    fact.tier_to,
    fact.price_kind,
    fact.tier_mode,
    fact.unit_as_printed,
    fact.confidence,
    fact.quote,
    fact.locator,
    fact.surface,
    capture.url AS source_url,
    capture.sha256,
    capture.captured_at,
    coalesce(source_state.verified_at, capture.captured_at) AS verified_at,
    fact.valid_from,
    fact.recorded_at,
    fact.source_id,
    fact.capture_id,
    fact.extractor_version,
    imported_fact.file AS imported_from,
    imported_fact.who AS vouched_by,
    CASE WHEN fact.valid_to = 'infinity' THEN NULL ELSE fact.valid_to END AS holds_until
FROM term_standing AS fact
LEFT JOIN imported_fact ON imported_fact.capture_id = fact.capture_id
JOIN capture ON capture.capture_id = fact.capture_id
LEFT JOIN source_state ON source_state.source_id = fact.source_id
LEFT JOIN product ON product.vendor = fact.vendor AND product.product = fact.product
LEFT JOIN edition.current_plans AS current_plans
    ON current_plans.vendor = fact.vendor AND current_plans.product = fact.product AND current_plans.plan = fact.plan
WHERE fact.valid_from <= getvariable('edition_clock')::TIMESTAMPTZ AND fact.valid_to > getvariable('edition_clock')::TIMESTAMPTZ
ORDER BY fact.vendor, fact.product, capture.origin = 'import', fact.position, fact.row_id;

CREATE TABLE edition.term_history AS
SELECT *
FROM term
ORDER BY
    vendor, product, plan, term, metric, country, billing_period, commitment, currency, tier_from, price_kind, source_id,
    recorded_at, valid_from;

CREATE TABLE edition.plan_history AS
SELECT *
FROM plan
ORDER BY vendor, product, plan, recorded_at, valid_from;

CREATE TABLE edition.rating_history AS
SELECT *
FROM rating
ORDER BY vendor, product, publisher, recorded_at, valid_from;

CREATE TABLE edition.cohort_history AS
SELECT *
FROM cohort
ORDER BY vendor, product, plan, recorded_at, valid_from, position;

CREATE TABLE edition.ratings AS
SELECT
    fact.vendor,
    fact.product,
    product.name AS product_name,
    coalesce(fact.publisher, source.publisher) AS publisher,
    fact.state,
    fact.rating,
    fact.scale,
    fact.rating_count,
    fact.review_count,
    fact.rating_window,
    fact.quote,
    capture.url AS source_url,
    capture.captured_at,
    coalesce(source_state.verified_at, capture.captured_at) AS verified_at,
    fact.valid_from,
    fact.source_id,
    fact.capture_id,
    imported_fact.file AS imported_from,
    imported_fact.who AS vouched_by,
    CASE WHEN fact.valid_to = 'infinity' THEN NULL ELSE fact.valid_to END AS holds_until
FROM rating_standing AS fact
LEFT JOIN imported_fact ON imported_fact.capture_id = fact.capture_id
JOIN capture ON capture.capture_id = fact.capture_id
JOIN source ON source.source_id = fact.source_id
LEFT JOIN source_state ON source_state.source_id = fact.source_id
LEFT JOIN product ON product.vendor = fact.vendor AND product.product = fact.product
WHERE fact.valid_from <= getvariable('edition_clock')::TIMESTAMPTZ AND fact.valid_to > getvariable('edition_clock')::TIMESTAMPTZ
-- where a page leaves open what somebody vouches for, the imported rating stands
QUALIFY fact.state <> 'not_stated' OR count(*) FILTER (WHERE fact.state <> 'not_stated') OVER (
    PARTITION BY fact.vendor, fact.product, coalesce(fact.publisher, source.publisher)
) = 0
ORDER BY fact.vendor, fact.product, source.position, fact.position;

-- The names that plans had before, as people confirmed them.
CREATE TABLE edition.former_plans AS
SELECT DISTINCT
    vendor,
    product,
    plan,
    former
FROM plan_name AS said
WHERE is_same
    AND position = (
        SELECT max(later.position)
        FROM plan_name AS later
        WHERE later.vendor = said.vendor
            AND later.product = said.product
            AND later.former = said.former
            AND later.plan = said.plan
    )
ORDER BY vendor, product, plan, former;

-- What products were called before, and which are sold no longer.
CREATE TABLE edition.former_products AS
SELECT
    former_vendor,
    former_product,
    vendor,
    product
FROM former_name
ORDER BY vendor, product, former_vendor, former_product;

CREATE TABLE edition.retired_products AS
SELECT
    vendor,
    product,
    name,
    retired,
    merged_into
FROM product
WHERE retired IS NOT NULL
ORDER BY vendor, product;

CREATE TABLE edition.workloads AS
SELECT
    slug AS workload,
    name,
    usage,
    products,
    position
FROM workload
ORDER BY position;

CREATE TABLE edition.costs AS
SELECT
    fact.vendor,
    fact.product,
    product.name AS product_name,
    fact.plan,
    current_plans.plan_name,
    coalesce(current_plans.is_hosted, true) AS is_hosted,
    fact.workload,
    coalesce(workload.name, fact.workload) AS workload_name,
    workload.slug IS NOT NULL AS is_named_workload,
    fact.state,
    fact.low,
    fact.high,
    fact.currency,
    fact.rank,
    fact.reason,
    fact.steps,
    fact.valid_from,
    fact.recorded_at
FROM cost_standing AS fact
LEFT JOIN workload ON workload.slug = fact.workload
LEFT JOIN product ON product.vendor = fact.vendor AND product.product = fact.product
LEFT JOIN edition.current_plans AS current_plans
    ON current_plans.vendor = fact.vendor AND current_plans.product = fact.product AND current_plans.plan = fact.plan
WHERE fact.valid_from <= getvariable('edition_clock')::TIMESTAMPTZ AND fact.valid_to > getvariable('edition_clock')::TIMESTAMPTZ
ORDER BY fact.vendor, fact.product, fact.position, fact.row_id;

CREATE TABLE edition.cheapest_by_use AS
SELECT
    told.verdict,
    told.position,
    told.compared,
    told.metric,
    told.besides,
    told.above,
    told.up_to,
    told.vendor,
    told.product,
    product.name AS product_name,
    told.plan,
    current_plans.plan_name,
    told.unknown
FROM cheapest_range AS told
LEFT JOIN product ON product.vendor = told.vendor AND product.product = told.product
LEFT JOIN edition.current_plans AS current_plans
    ON current_plans.vendor = told.vendor AND current_plans.product = told.product AND current_plans.plan = told.plan
ORDER BY told.rowid;

CREATE TABLE edition.cost_history AS
SELECT
    source_id,
    vendor,
    product,
    plan,
    workload,
    state,
    low,
    high,
    currency,
    rank,
    reason,
    valid_from,
    valid_to,
    recorded_at,
    superseded_at
FROM cost
ORDER BY vendor, product, workload, position, plan, recorded_at, valid_from;

CREATE TABLE edition.changes AS
SELECT
    change.change_id,
    change.observed_at,
    change.vendor,
    change.product,
    change.plan,
    change.lever,
    change.kind,
    change.metric,
    change.before,
    change.after,
    change.currency,
    change.announced_at,
    change.effective_at,
    change.cause,
    change.severity,
    change.state,
    change.verdict,
    change.observation_id,
    promise.promise,
    promise.settled_at
FROM change
LEFT JOIN promise ON promise.change_id = change.change_id AND change.state = 'accepted'
ORDER BY change.observed_at, change.ordinal;

-- What is announced for days to come, beside what holds until then.
CREATE TABLE edition.announced_terms AS
SELECT
    fact.vendor,
    fact.product,
    product.name AS product_name,
    fact.plan,
    current_plans.plan_name,
    fact.term,
    fact.metric,
    fact.effective_from,
    capture.captured_at AS announced_at,
    fact.state,
    fact.amount,
    fact.amount_max,
    fact.currency,
    fact.quantity,
    fact.per_quantity,
    fact.billing_period,
    fact.commitment,
    present.state AS present_state,
    present.amount AS present_amount,
    present.quantity AS present_quantity,
    fact.quote,
    coalesce(capture.final_url, capture.url) AS source_url,
    fact.source_id,
    fact.capture_id
FROM term_standing AS fact
JOIN capture ON capture.capture_id = fact.capture_id
LEFT JOIN product ON product.vendor = fact.vendor AND product.product = fact.product
LEFT JOIN edition.current_plans AS current_plans
    ON current_plans.vendor = fact.vendor AND current_plans.product = fact.product AND current_plans.plan = fact.plan
LEFT JOIN edition.current_terms AS present
    ON present.source_id = fact.source_id
    AND present.plan IS NOT DISTINCT FROM fact.plan
    AND present.country IS NOT DISTINCT FROM fact.country
    AND present.term = fact.term
    AND present.metric IS NOT DISTINCT FROM fact.metric
    AND present.billing_period IS NOT DISTINCT FROM fact.billing_period
    AND present.commitment IS NOT DISTINCT FROM fact.commitment
    AND present.currency IS NOT DISTINCT FROM fact.currency
    AND present.tier_from IS NOT DISTINCT FROM fact.tier_from
    AND present.price_kind <> 'list'
WHERE fact.effective_from IS NOT NULL AND fact.valid_from > getvariable('edition_clock')::TIMESTAMPTZ
ORDER BY fact.vendor, fact.product, fact.effective_from, fact.position, fact.row_id;

CREATE TABLE edition.change_costs AS
SELECT
    change_cost.change_id,
    change_cost.workload,
    change_cost.workload_name,
    change_cost.plan,
    change_cost.before_state,
    change_cost.before_low,
    change_cost.before_high,
    change_cost.before_currency,
    change_cost.after_state,
    change_cost.after_low,
    change_cost.after_high,
    change_cost.after_currency
FROM change_cost
JOIN change ON change.change_id = change_cost.change_id AND change.state = change_cost.state
ORDER BY change.observed_at, change.ordinal, change_cost.position;

CREATE TABLE edition.checks AS
SELECT
    suite,
    check_name,
    status,
    severity,
    checked,
    unexpected,
    message,
    judged_at
FROM check_result
QUALIFY row_number() OVER (PARTITION BY suite, check_name ORDER BY judged_at DESC, rowid DESC) = 1
ORDER BY suite, check_name;

CREATE TABLE edition.edition AS
SELECT
    getvariable('edition_clock')::TIMESTAMPTZ AS as_of,
    getvariable('edition_schema')::INTEGER AS schema_version,
    getvariable('edition_layout')::VARCHAR AS layout;

COMMENT ON TABLE edition.sources IS 'Every watched page: when it was checked, when its facts were last verified, and how the last attempt ended';
COMMENT ON TABLE edition.current_plans IS 'The plans that are offered now; is_hosted is false for editions that one runs oneself';
COMMENT ON TABLE edition.current_terms IS 'Every fee, rate, allowance, limit and unit definition that holds now, with quote, source and times. Unknown is NULL and never zero: see state';
COMMENT ON TABLE edition.term_history IS 'Every term ever believed, on two clocks: valid_from/valid_to at the vendor, recorded_at/superseded_at in our knowledge; NULL means still';
COMMENT ON TABLE edition.plan_history IS 'Every plan ever believed to be offered, on the same two clocks';
COMMENT ON TABLE edition.rating_history IS 'Every rating ever believed, on the same two clocks';
COMMENT ON TABLE edition.cohort_history IS 'What pages promise some customers only (those who came before a day, mostly), word for word, on the same two clocks; no part of the offer to everybody';
COMMENT ON TABLE edition.ratings IS 'Ratings that hold now, one row per publisher; never averaged over publishers';
COMMENT ON TABLE edition.workloads IS 'The named amounts of use at which plans are priced';
COMMENT ON TABLE edition.costs IS 'What every plan costs a month at each workload now; rank 1 is the cheapest hosted self-service plan of its product there';
COMMENT ON TABLE edition.cheapest_by_use IS 'Which plan is the cheapest above how much use (NULL: from nothing on) and up to how much (NULL: however much), of one product or of several compared: a row for each range and plan that is; plan is NULL where none is known to be';
COMMENT ON COLUMN edition.cheapest_by_use.compared IS 'The products (vendor/product) whose plans were weighed';
COMMENT ON COLUMN edition.cheapest_by_use.besides IS 'What is used a month beside the metric, as JSON';
COMMENT ON COLUMN edition.cheapest_by_use.unknown IS 'Plans whose bill has no figure in the range and might be less, as JSON';
COMMENT ON TABLE edition.cost_history IS 'Every cost ever believed at each workload, on the same two clocks';
COMMENT ON TABLE edition.changes IS 'What changed, oldest first; state held waits for a decision, cause vendor alone is the vendor''s doing';
COMMENT ON TABLE edition.announced_terms IS 'What is announced for a day to come (effective_from), when it was read first, and what holds until then';
COMMENT ON COLUMN edition.changes.promise IS 'What became of a change that was announced before its day: standing, confirmed, withdrawn, replaced or not_kept; NULL for all others';
COMMENT ON COLUMN edition.changes.settled_at IS 'When the page confirmed or belied what was announced';
COMMENT ON TABLE edition.change_costs IS 'What each change does to the monthly cost at each workload';
COMMENT ON TABLE edition.former_plans IS 'The slugs that plans had before, as people confirmed: their history goes on under the new one';
COMMENT ON TABLE edition.former_products IS 'What products were called before, by the vendor files';
COMMENT ON TABLE edition.retired_products IS 'Products that are sold no longer, since which day, and into which other (vendor/product) they were merged; they are not ranked';
COMMENT ON TABLE edition.checks IS 'What every check found when it was judged last';
COMMENT ON TABLE edition.edition IS 'When the newest fact or verification of this edition was recorded, and which shape this file has';
COMMENT ON COLUMN edition.current_terms.amount IS 'In units of currency for per_quantity of metric (1 where NULL), charged each billing_period';
COMMENT ON COLUMN edition.current_terms.state IS 'stated, free, unlimited, contact_sales, not_included or not_stated: different values that never collapse';
COMMENT ON COLUMN edition.current_terms.valid_from IS 'Since when it holds at the vendor: the stated effective date if there is one, else when it was first seen';
COMMENT ON COLUMN edition.current_terms.verified_at IS 'When a page that we read last confirmed it';
COMMENT ON COLUMN edition.current_terms.quote IS 'The verbatim words of the page that the fact was read from';
COMMENT ON COLUMN edition.current_terms.imported_from IS 'The file of an imported fact, which no page was read for; NULL for what a page says';
COMMENT ON COLUMN edition.current_terms.holds_until IS 'When it ceases to hold by what is known: the end of an imported fact, or an announced change; NULL where no end is known';
COMMENT ON COLUMN edition.costs.low IS 'A month, in units of currency; low and high differ where the page states a range';
COMMENT ON COLUMN edition.costs.steps IS 'Each line of the sum, as JSON';
