-- One row per staged observation: what it holds, and how much of that is out of shape.
WITH staged AS (
    SELECT observation.observation_id, observation.source_id, observation.outcome, observation.ordinal, observation.missing_evidence
    FROM observation
    WHERE observation.state IS NULL
),
plans AS (
    SELECT
        observation_id,
        count(*) AS plan_count,
        count(*) - count(DISTINCT lower(name)) AS duplicate_plans,
        count(*) FILTER (WHERE trim(quote) = '') AS without_evidence
    FROM observed_plan
    WHERE observation_id IN (SELECT observation_id FROM staged)
    GROUP BY observation_id
),
terms AS (
    SELECT
        observation_id,
        count(*) AS term_count,
        count(*) FILTER (
            WHERE amount IS NOT NULL AND (currency IS NULL OR currency NOT IN (SELECT unnest($currencies::VARCHAR[])))
        ) AS unknown_currency,
        count(*) FILTER (
            WHERE term = 'recurring_fee' AND amount IS NOT NULL
                AND (
                    billing_period IS NULL
                    OR (
                        billing_period NOT IN (SELECT unnest($periods::VARCHAR[]))
                        AND NOT regexp_full_match(billing_period, '[1-9][0-9]{0,2}_(day|week|month|year)s')
                    )
                )
        ) AS unknown_period,
        count(*) FILTER (
            WHERE amount < 0 OR amount > 10000000 OR amount_max < amount OR quantity < 0 OR per_quantity <= 0
        ) AS out_of_range,
        count(*) FILTER (WHERE trim(quote) = '') AS without_evidence,
        count(*) FILTER (WHERE confidence < $low_confidence::DECIMAL(20, 10)) AS low_confidence
    FROM observed_term
    WHERE observation_id IN (SELECT observation_id FROM staged)
    GROUP BY observation_id
),
ratings AS (
    SELECT
        observation_id,
        count(*) AS rating_count,
        count(*) FILTER (WHERE trim(quote) = '') AS without_evidence,
        count(*) FILTER (WHERE rating < 0 OR rating > scale) AS rating_out_of_scale
    FROM observed_rating
    WHERE observation_id IN (SELECT observation_id FROM staged)
    GROUP BY observation_id
),
-- A page of news that announces nothing says just that.
news AS (
    SELECT observation_id, 1 AS said
    FROM staged
    JOIN source ON source.source_id = staged.source_id
    WHERE source.kind = 'announcement'
),
-- Pages without the words that they should hold, and with few of the plans that stand.
strange AS (
    SELECT observation_id, count(*) AS hardly_known
    FROM diagnostic
    WHERE code = 'hardly_known' AND observation_id IN (SELECT observation_id FROM staged)
    GROUP BY observation_id
),
conflicting AS (
    SELECT observation_id, count(*) AS conflicts
    FROM observed_conflict
    WHERE observation_id IN (SELECT observation_id FROM staged)
    GROUP BY observation_id
)
SELECT
    staged.observation_id,
    staged.source_id,
    source.vendor,
    source.kind,
    staged.outcome,
    coalesce(plans.plan_count, 0) AS plan_count,
    coalesce(plans.duplicate_plans, 0) AS duplicate_plans,
    coalesce(terms.term_count, 0) AS term_count,
    coalesce(ratings.rating_count, 0) AS rating_count,
    coalesce(plans.plan_count, 0) + coalesce(terms.term_count, 0) + coalesce(ratings.rating_count, 0)
        + coalesce(news.said, 0) AS fact_count,
    coalesce(terms.unknown_currency, 0) AS unknown_currency,
    coalesce(terms.unknown_period, 0) AS unknown_period,
    coalesce(terms.out_of_range, 0) AS out_of_range,
    staged.missing_evidence + coalesce(plans.without_evidence, 0) + coalesce(terms.without_evidence, 0)
        + coalesce(ratings.without_evidence, 0) AS without_evidence,
    coalesce(conflicting.conflicts, 0) AS conflicts,
    coalesce(terms.low_confidence, 0) AS low_confidence,
    coalesce(ratings.rating_out_of_scale, 0) AS rating_out_of_scale,
    coalesce(strange.hardly_known, 0) AS hardly_known
FROM staged
JOIN source ON source.source_id = staged.source_id
LEFT JOIN plans ON plans.observation_id = staged.observation_id
LEFT JOIN terms ON terms.observation_id = staged.observation_id
LEFT JOIN ratings ON ratings.observation_id = staged.observation_id
LEFT JOIN news ON news.observation_id = staged.observation_id
LEFT JOIN strange ON strange.observation_id = staged.observation_id
LEFT JOIN conflicting ON conflicting.observation_id = staged.observation_id
ORDER BY staged.ordinal
