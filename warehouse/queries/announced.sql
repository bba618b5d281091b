-- What accepted pages of some products have announced, and when each was first seen.
SELECT
    source.vendor,
    source.product,
    observed_announcement.effective_from,
    observed_announcement.plans,
    min(observation.captured_at) AS seen_at
FROM observed_announcement
JOIN observation ON observation.observation_id = observed_announcement.observation_id
JOIN source ON source.source_id = observation.source_id
WHERE observation.state = 'accepted' AND source.vendor || '/' || source.product IN (SELECT unnest(?::VARCHAR[]))
GROUP BY source.vendor, source.product, observed_announcement.effective_from, observed_announcement.plans
ORDER BY source.vendor, source.product, observed_announcement.effective_from, observed_announcement.plans
