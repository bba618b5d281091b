-- Which vendors change their terms how often, by which lever, and in whose favour?
-- since: a date; vendor: a vendor's slug
SELECT
    vendor,
    product,
    lever,
    count(*) AS change_count,
    count(*) FILTER (WHERE kind IN ('price_increased', 'rate_increased', 'rate_added', 'allowance_decreased',
        'allowance_removed', 'free_tier_removed', 'meter_added')) AS against_customers,
    count(*) FILTER (WHERE kind IN ('price_decreased', 'rate_decreased', 'rate_removed', 'allowance_increased',
        'allowance_added', 'free_tier_added', 'meter_removed')) AS for_customers,
    count(*) FILTER (WHERE severity = 'critical') AS critical_count,
    max(observed_at) AS newest
FROM changes
WHERE cause = 'vendor'
    AND state = 'accepted'
    AND lever NOT IN ('cost', 'reviews')
    AND ($since IS NULL OR observed_at >= $since::TIMESTAMPTZ)
    AND ($vendor IS NULL OR vendor = $vendor)
GROUP BY vendor, product, lever
ORDER BY change_count DESC, vendor, product, lever
