-- The product that took the place of one that is sold no longer, as `vendor/product`.
ALTER TABLE product ADD COLUMN merged_into VARCHAR;
