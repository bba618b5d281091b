-- What held on one day, as it was known on another? Left out, both are the day of the edition.
-- held: the day it held; known: the day it was known (each to its end, or a moment of it); product: a product's slug
WITH asked AS (
    SELECT
        coalesce($held::TIMESTAMPTZ + CASE WHEN length($held) = 10 THEN INTERVAL 1 DAY - INTERVAL 1 MICROSECOND ELSE INTERVAL 0 DAY END, as_of) AS held,
        coalesce($known::TIMESTAMPTZ + CASE WHEN length($known) = 10 THEN INTERVAL 1 DAY - INTERVAL 1 MICROSECOND ELSE INTERVAL 0 DAY END, as_of) AS known
    FROM edition
)
SELECT
    term_history.vendor,
    term_history.product,
    term_history.plan,
    term_history.term,
    term_history.metric,
    term_history.state,
    term_history.amount,
    term_history.currency,
    term_history.quantity,
    term_history.billing_period,
    term_history.commitment,
    term_history.valid_from,
    term_history.valid_to,
    term_history.recorded_at,
    term_history.quote
FROM term_history
CROSS JOIN asked
WHERE term_history.valid_from <= asked.held
    AND (term_history.valid_to IS NULL OR term_history.valid_to > asked.held)
    AND term_history.recorded_at <= asked.known
    AND (
        term_history.superseded_at IS NULL
        OR term_history.superseded_at > asked.known
    )
    AND ($product IS NULL OR term_history.product = $product)
ORDER BY term_history.vendor, term_history.product, term_history.plan NULLS FIRST, term_history.term, term_history.metric
