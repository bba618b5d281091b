-- Pages that go back and forth, and whether what stood before an observation came out of an archive.

ALTER TABLE observation ADD COLUMN alternates_since TIMESTAMPTZ;
ALTER TABLE observation ADD COLUMN alternations INTEGER;

-- The origin of what was accepted before, NULL where nothing was.
ALTER TABLE observation ADD COLUMN previous_origin VARCHAR;
ALTER TABLE source_reading ADD COLUMN accepted_origin VARCHAR;

UPDATE source_reading
SET accepted_origin = capture.origin
FROM capture
WHERE capture.capture_id = source_reading.accepted_capture_id;
