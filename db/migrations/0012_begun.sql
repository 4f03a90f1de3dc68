-- Where the first act of a measure stands, so that a group's measures are read in order without their acts.

ALTER TABLE measures ADD COLUMN begun TEXT;
UPDATE measures SET begun = (
    SELECT min(coalesce(e.day, '9999-12-31') || e.id) FROM events e WHERE e.measure_id = measures.id
);
