-- One row per product: its standing terms, and what must not be among them. Overlaps are sought among believed rows that end
-- after $since (all of them where it is NULL).
WITH believed AS (
    SELECT
        source_id, vendor, product, plan, country, term, metric, billing_period, commitment, currency, tier_from,
        price_kind = 'list' AS is_list, valid_from, valid_to
    FROM term_standing
    UNION ALL
    SELECT
        source_id, vendor, product, plan, country, term, metric, billing_period, commitment, currency, tier_from,
        price_kind = 'list' AS is_list, valid_from, valid_to
    FROM term_past
    WHERE superseded_at = 'infinity' AND valid_to > coalesce($since::TIMESTAMPTZ, '-infinity'::TIMESTAMPTZ)
),
neighbours AS (
    SELECT
        vendor,
        product,
        valid_to > lead(valid_from) OVER (
            PARTITION BY
                source_id, plan, country, term, metric, billing_period, commitment, currency, tier_from, is_list
            ORDER BY valid_from, valid_to
        ) AS is_overlap
    FROM believed
),
overlapping AS (
    SELECT vendor, product, count(*) FILTER (WHERE is_overlap) AS overlap_count
    FROM neighbours
    GROUP BY vendor, product
),
standing AS (
    SELECT
        term_standing.vendor,
        term_standing.product,
        trim(term_standing.quote) = '' OR term_standing.capture_id = '' AS is_bare,
        term_standing.plan IS NOT NULL AND plan_standing.plan IS NULL AS is_orphan,
        row_number() OVER (
            PARTITION BY
                term_standing.source_id, term_standing.plan, country, term, metric, billing_period, commitment, currency,
                tier_from, price_kind = 'list'
        ) > 1 AS is_second
    FROM term_standing
    LEFT JOIN (
        SELECT DISTINCT source_id, plan
        FROM plan_standing
        WHERE valid_to = 'infinity'
    ) AS plan_standing
        ON plan_standing.source_id = term_standing.source_id
        AND plan_standing.plan = term_standing.plan
    WHERE term_standing.valid_to = 'infinity'
),
counted AS (
    SELECT
        vendor,
        product,
        count(*) AS current_terms,
        count(*) FILTER (WHERE is_second) AS duplicate_current,
        count(*) FILTER (WHERE is_bare) AS without_evidence,
        count(*) FILTER (WHERE is_orphan) AS orphan_terms
    FROM standing
    GROUP BY vendor, product
)
SELECT
    overlapping.vendor,
    overlapping.product,
    coalesce(counted.current_terms, 0) AS current_terms,
    overlapping.overlap_count AS "overlaps",
    coalesce(counted.duplicate_current, 0) AS duplicate_current,
    coalesce(counted.without_evidence, 0) AS without_evidence,
    coalesce(counted.orphan_terms, 0) AS orphan_terms
FROM overlapping
LEFT JOIN counted ON counted.vendor = overlapping.vendor AND counted.product = overlapping.product
ORDER BY overlapping.vendor, overlapping.product
