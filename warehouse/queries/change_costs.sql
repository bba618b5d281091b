-- The cost effects of the listed changes, in their order.
SELECT
    change_id,
    state,
    workload,
    workload_name,
    plan,
    before_state,
    before_low,
    before_high,
    before_currency,
    before_steps,
    before_reason,
    after_state,
    after_low,
    after_high,
    after_currency,
    after_steps,
    after_reason
FROM change_cost
WHERE change_id IN (SELECT unnest($ids::VARCHAR[]))
ORDER BY change_id, position
