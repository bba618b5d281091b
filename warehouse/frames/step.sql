-- What moved between the last accepted observation of a source and each staged one, and which shapes of it look like a
-- misreading. Whether a figure's own step looks like one is the gate's to say, from `kind` and the quotes on its page.
-- Every staged observation has a row of measure "none", so that one without a step is seen to have been looked at.
WITH staged AS (
    SELECT
        observation.observation_id,
        observation.source_id,
        source.vendor,
        observation.ordinal,
        -- a late page has no step: what was accepted last came after it
        CASE WHEN observation.is_late OR observation.outcome <> 'fetched' THEN NULL ELSE source_reading.accepted_rows_id END AS before_id
    FROM observation
    JOIN source ON source.source_id = observation.source_id
    LEFT JOIN source_reading ON source_reading.source_id = observation.source_id
    WHERE observation.state IS NULL
),
concerned AS (
    SELECT observation_id, observation_id AS staged_id, 'after' AS side
    FROM staged
    WHERE before_id IS NOT NULL
    UNION ALL
    SELECT before_id AS observation_id, observation_id AS staged_id, 'before' AS side
    FROM staged
    WHERE before_id IS NOT NULL
),
shown AS (
    SELECT
        concerned.staged_id,
        concerned.side,
        observed_term.plan,
        observed_term.country,
        observed_term.term,
        observed_term.metric,
        observed_term.billing_period,
        observed_term.commitment,
        observed_term.currency,
        observed_term.tier_from,
        concat_ws('/', coalesce(plan, 'all'), term, metric, billing_period) AS subject,
        (amount / coalesce(per_quantity, 1))::DOUBLE AS amount,
        quantity::DOUBLE AS quantity,
        quote
    FROM concerned
    JOIN observed_term ON observed_term.observation_id = concerned.observation_id
    WHERE observed_term.surface <> 'inactive_pane' AND observed_term.price_kind <> 'list'
),
moved AS (
    SELECT
        earlier.staged_id,
        earlier.subject,
        CASE WHEN later.amount IS NULL THEN 'quantity' ELSE 'amount' END AS measure,
        coalesce(earlier.amount, earlier.quantity) AS before,
        coalesce(later.amount, later.quantity) AS after,
        earlier.term AS kind,
        later.quote
    FROM shown AS earlier
    JOIN shown AS later
        ON later.staged_id = earlier.staged_id
        AND later.plan IS NOT DISTINCT FROM earlier.plan
        AND later.country IS NOT DISTINCT FROM earlier.country
        AND later.term = earlier.term
        AND later.metric IS NOT DISTINCT FROM earlier.metric
        AND later.billing_period IS NOT DISTINCT FROM earlier.billing_period
        AND later.commitment IS NOT DISTINCT FROM earlier.commitment
        AND later.currency IS NOT DISTINCT FROM earlier.currency
        AND later.tier_from IS NOT DISTINCT FROM earlier.tier_from
    WHERE earlier.side = 'before' AND later.side = 'after'
        AND coalesce(earlier.amount, earlier.quantity) <> coalesce(later.amount, later.quantity)
        AND (earlier.amount IS NULL) = (later.amount IS NULL)
),
plan_counts AS (
    SELECT
        concerned.staged_id,
        (count(observed_plan.plan) FILTER (WHERE concerned.side = 'before'))::DOUBLE AS before,
        (count(observed_plan.plan) FILTER (WHERE concerned.side = 'after'))::DOUBLE AS after
    FROM concerned
    LEFT JOIN observed_plan ON observed_plan.observation_id = concerned.observation_id
    GROUP BY concerned.staged_id
),
staying AS (
    SELECT concerned.staged_id, observed_plan.plan
    FROM concerned
    JOIN observed_plan ON observed_plan.observation_id = concerned.observation_id
    GROUP BY concerned.staged_id, observed_plan.plan
    HAVING count(DISTINCT concerned.side) = 2
),
-- what plans include that came or went says nothing of how the others are read
counts AS (
    SELECT
        shown.staged_id,
        (count(*) FILTER (WHERE shown.side = 'before'))::DOUBLE AS before,
        (count(*) FILTER (WHERE shown.side = 'after'))::DOUBLE AS after
    FROM shown
    JOIN staying ON staying.staged_id = shown.staged_id AND staying.plan = shown.plan
    WHERE shown.term IN ('allowance', 'limit')
    GROUP BY shown.staged_id
),
views AS (
    SELECT
        staged_id,
        list(DISTINCT concat_ws('/', currency, country)) FILTER (WHERE side = 'before') AS before,
        list(DISTINCT concat_ws('/', currency, country)) FILTER (WHERE side = 'after') AS after
    FROM shown
    WHERE amount > 0 AND currency IS NOT NULL
    GROUP BY staged_id
),
ratings AS (
    SELECT
        earlier.staged_id,
        coalesce(was.publisher, 'page') AS subject,
        was.rating::DOUBLE AS rating_before,
        now_is.rating::DOUBLE AS rating_after,
        now_is.scale::DOUBLE AS scale,
        coalesce(was.review_count, was.rating_count)::DOUBLE AS count_before,
        CASE WHEN was.review_count IS NULL THEN now_is.rating_count ELSE now_is.review_count END::DOUBLE AS count_after
    FROM concerned AS earlier
    JOIN observed_rating AS was ON was.observation_id = earlier.observation_id
    JOIN concerned AS later ON later.staged_id = earlier.staged_id AND later.side = 'after'
    JOIN observed_rating AS now_is
        ON now_is.observation_id = later.observation_id
        AND now_is.publisher IS NOT DISTINCT FROM was.publisher
    WHERE earlier.side = 'before'
),
fees_before AS (
    SELECT staged_id, plan, min(amount) AS amount
    FROM shown
    WHERE side = 'before' AND term = 'recurring_fee' AND amount IS NOT NULL AND plan IS NOT NULL
    GROUP BY staged_id, plan
),
vanished AS (
    SELECT fees_before.staged_id, fees_before.plan, fees_before.amount
    FROM fees_before
    JOIN observed_plan
        ON observed_plan.observation_id = fees_before.staged_id
        AND observed_plan.plan = fees_before.plan
        AND observed_plan.state = 'stated'
    WHERE NOT EXISTS (
        SELECT 1
        FROM observed_term
        WHERE observed_term.observation_id = fees_before.staged_id
            AND observed_term.plan = fees_before.plan
            AND (observed_term.amount IS NOT NULL OR observed_term.state IN ('free', 'contact_sales'))
            -- rates that stood beside the price already do not stand in its place
            AND (observed_term.term <> 'usage_rate' OR NOT EXISTS (
                SELECT 1
                FROM shown
                WHERE shown.staged_id = fees_before.staged_id
                    AND shown.side = 'before'
                    AND shown.plan = observed_term.plan
                    AND shown.term = 'usage_rate'
                    AND shown.metric IS NOT DISTINCT FROM observed_term.metric
            ))
    )
),
steps AS (
    SELECT observation_id AS staged_id, 'page' AS subject, 'none' AS measure, NULL::DOUBLE AS before, NULL::DOUBLE AS after, NULL AS suspicion, NULL AS kind, NULL AS quote
    FROM staged
    UNION ALL
    SELECT DISTINCT staged_id, subject, measure, before, after, NULL, kind, quote
    FROM moved
    UNION ALL
    SELECT
        staged_id,
        'plans',
        'plan_count',
        before,
        after,
        CASE WHEN after = 0 OR (before >= 2 AND after <= before * $collapse::DOUBLE) THEN 'plans_collapsed' END,
        NULL,
        NULL
    FROM plan_counts
    WHERE before <> after
    UNION ALL
    SELECT
        staged_id,
        'included',
        'counts',
        before,
        after,
        'counts_collapsed',
        NULL,
        NULL
    FROM counts
    WHERE before >= 4 AND after <= before * $collapse::DOUBLE
    UNION ALL
    SELECT
        staged_id,
        concat(array_to_string(list_sort(before), '+'), ' to ', array_to_string(list_sort(after), '+')),
        'currency_view',
        len(before)::DOUBLE,
        len(after)::DOUBLE,
        'currency_view',
        NULL,
        NULL
    FROM views
    WHERE before IS NOT NULL AND after IS NOT NULL AND NOT list_has_any(before, after)
    UNION ALL
    SELECT
        staged_id,
        subject,
        'review_count',
        count_before,
        count_after,
        CASE WHEN count_after < count_before * $review_fall::DOUBLE THEN 'review_count_fell' END,
        NULL,
        NULL
    FROM ratings
    WHERE count_before <> count_after
    UNION ALL
    SELECT
        staged_id,
        subject,
        'rating',
        rating_before,
        rating_after,
        CASE WHEN rating_after > scale THEN 'rating_out_of_scale' END,
        NULL,
        NULL
    FROM ratings
    WHERE rating_before <> rating_after
    UNION ALL
    SELECT staged_id, plan || '/recurring_fee', 'amount', amount, NULL, 'price_vanished', NULL, NULL
    FROM vanished
)
SELECT
    staged.observation_id,
    staged.source_id,
    staged.vendor,
    steps.subject,
    steps.measure,
    steps.before,
    steps.after,
    CASE WHEN steps.before > 0 THEN steps.after / steps.before END AS ratio,
    steps.suspicion,
    steps.kind,
    steps.quote
FROM steps
JOIN staged ON staged.observation_id = steps.staged_id
ORDER BY staged.ordinal, steps.subject, steps.measure, steps.before, steps.after, steps.quote
