-- Which figures have gone longest without being verified, and why?
-- vendor: a vendor's slug
SELECT
    current_terms.vendor,
    current_terms.product,
    sources.kind,
    min(current_terms.verified_at) AS verified_at,
    date_diff('hour', min(current_terms.verified_at), any_value(edition.as_of)) AS hours_old,
    any_value(sources.every_hours) AS due_every_hours,
    any_value(sources.outcome) AS last_outcome,
    any_value(sources.has_change_pending) AS has_change_pending,
    count(*) AS figures,
    any_value(current_terms.source_url) AS source_url
FROM current_terms
JOIN sources ON sources.source_id = current_terms.source_id
CROSS JOIN edition
WHERE $vendor IS NULL OR current_terms.vendor = $vendor
GROUP BY current_terms.vendor, current_terms.product, sources.kind
ORDER BY verified_at, current_terms.vendor, current_terms.product
