-- Which plan is the cheapest from how much use on, of one product or of all that are compared?
-- product: a product's slug, for what it is weighed in; metric: what is used, such as credit
SELECT
    compared,
    metric,
    besides,
    above,
    up_to,
    coalesce(product_name, product) AS product,
    coalesce(plan_name, plan) AS plan,
    CASE
        WHEN plan IS NULL AND unknown <> '[]' THEN 'cannot be told'
        WHEN plan IS NULL THEN 'no plan with a stated price'
        WHEN unknown <> '[]' THEN 'cheapest of those known'
        ELSE 'cheapest'
    END AS verdict
FROM cheapest_by_use
WHERE ($metric IS NULL OR metric = $metric)
    AND ($product IS NULL OR contains(compared || ', ', '/' || $product || ', '))
ORDER BY rowid
