-- What held on one day, as it was known on another? Left out, both are the day of the edition.
-- held: the day it held; known: the day it was known; product: a product's slug
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
CROSS JOIN edition
WHERE term_history.valid_from <= coalesce($held::TIMESTAMPTZ, edition.as_of)
    AND (term_history.valid_to IS NULL OR term_history.valid_to > coalesce($held::TIMESTAMPTZ, edition.as_of))
    AND term_history.recorded_at <= coalesce($known::TIMESTAMPTZ, edition.as_of)
    AND (
        term_history.superseded_at IS NULL
        OR term_history.superseded_at > coalesce($known::TIMESTAMPTZ, edition.as_of)
    )
    AND ($product IS NULL OR term_history.product = $product)
ORDER BY term_history.vendor, term_history.product, term_history.plan NULLS FIRST, term_history.term, term_history.metric
