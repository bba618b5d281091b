-- Captures that bring something to read: a page, or the word that it has not changed.
INSERT INTO pending
SELECT position, capture_id, source_id
FROM capture
WHERE capture_id IN (SELECT unnest($ids::VARCHAR[]))
    AND ((outcome = 'fetched' AND sha256 IS NOT NULL) OR outcome = 'not_modified')
