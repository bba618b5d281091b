-- How is each product rated by each publisher, out of how much, by how many, and since when?
-- product: a product's slug; publisher: g2, trustradius …
SELECT
    coalesce(product_name, product) AS product,
    publisher,
    state,
    rating,
    scale,
    (rating / nullif(scale, 0))::DECIMAL(6, 4) AS share_of_scale,
    coalesce(review_count, rating_count) AS counted,
    captured_at,
    quote,
    source_url
FROM ratings
WHERE ($product IS NULL OR product = $product)
    AND ($publisher IS NULL OR publisher = $publisher)
ORDER BY publisher, share_of_scale DESC NULLS LAST, product
