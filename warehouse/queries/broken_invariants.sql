-- Keys of which more than one value is believed at one moment, or that stand more than once.
WITH believed AS (
    SELECT
        source_id,
        'plan ' || plan AS fact,
        valid_to IS NULL AS stands,
        coalesce(valid_to, 'infinity'::TIMESTAMPTZ) > lead(valid_from) OVER plan_in_time AS is_overlap,
        count(*) FILTER (WHERE valid_to IS NULL) OVER whole_plan AS standing
    FROM plan
    WHERE superseded_at IS NULL
    WINDOW
        plan_in_time AS (PARTITION BY source_id, plan ORDER BY valid_from, valid_to),
        whole_plan AS (PARTITION BY source_id, plan)
    UNION ALL
    SELECT
        source_id,
        'term ' || concat_ws(' ', coalesce(plan, 'all plans'), term, metric, billing_period) AS fact,
        valid_to IS NULL AS stands,
        coalesce(valid_to, 'infinity'::TIMESTAMPTZ) > lead(valid_from) OVER term_in_time AS is_overlap,
        count(*) FILTER (WHERE valid_to IS NULL) OVER whole_term AS standing
    FROM term
    WHERE superseded_at IS NULL
    WINDOW
        term_in_time AS (PARTITION BY source_id, plan, country, term, metric, billing_period, commitment, currency, tier_from, price_kind = 'list' ORDER BY valid_from, valid_to),
        whole_term AS (PARTITION BY source_id, plan, country, term, metric, billing_period, commitment, currency, tier_from, price_kind = 'list')
    UNION ALL
    SELECT
        source_id,
        'rating ' || coalesce(publisher, 'its own rating') AS fact,
        valid_to IS NULL AS stands,
        coalesce(valid_to, 'infinity'::TIMESTAMPTZ) > lead(valid_from) OVER rating_in_time AS is_overlap,
        count(*) FILTER (WHERE valid_to IS NULL) OVER whole_rating AS standing
    FROM rating
    WHERE superseded_at IS NULL
    WINDOW
        rating_in_time AS (PARTITION BY source_id, publisher ORDER BY valid_from, valid_to),
        whole_rating AS (PARTITION BY source_id, publisher)
    UNION ALL
    SELECT
        source_id,
        'cost ' || concat_ws(' ', plan, 'at', workload) AS fact,
        valid_to IS NULL AS stands,
        coalesce(valid_to, 'infinity'::TIMESTAMPTZ) > lead(valid_from) OVER cost_in_time AS is_overlap,
        count(*) FILTER (WHERE valid_to IS NULL) OVER whole_cost AS standing
    FROM cost
    WHERE superseded_at IS NULL
    WINDOW
        cost_in_time AS (PARTITION BY source_id, plan, workload ORDER BY valid_from, valid_to),
        whole_cost AS (PARTITION BY source_id, plan, workload)
),
broken AS (
    SELECT source_id, fact, count(*) FILTER (WHERE is_overlap) AS overlaps_found, max(standing) AS standing
    FROM believed
    GROUP BY source_id, fact
)
SELECT source_id, fact, overlaps_found, 'overlapping intervals' AS what
FROM broken
WHERE overlaps_found > 0
UNION ALL
SELECT source_id, fact, standing, 'rows that stand' AS what
FROM broken
WHERE standing > 1
ORDER BY source_id, fact, what
