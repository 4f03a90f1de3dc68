-- Where each report lies in time, so that merging a new one looks at its days only; with whom each entity takes part.

-- The day it puts the event on, else that of publication ('' when unknown); and of a period that it names, both ends.
ALTER TABLE event_mentions ADD COLUMN merge_day TEXT;
ALTER TABLE event_mentions ADD COLUMN merge_from TEXT;
ALTER TABLE event_mentions ADD COLUMN merge_until TEXT;
DROP INDEX event_mentions_block;
DROP INDEX event_mentions_unmerged;
CREATE INDEX event_mentions_block ON event_mentions (block, merge_day);
CREATE INDEX event_mentions_period ON event_mentions (block, merge_until) WHERE merge_until IS NOT NULL;
CREATE INDEX event_mentions_unmerged ON event_mentions (block, merge_day) WHERE event_id IS NULL;

-- Measures that lost an act, with the day of it: what is older stays as it is when they are built anew.
CREATE TABLE stale_measures (
    measure_id TEXT PRIMARY KEY,
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
DROP INDEX events_measure;
CREATE INDEX events_measure ON events (measure_id, day, id);
CREATE TRIGGER touched_measure_changed AFTER UPDATE ON measures BEGIN
    INSERT OR IGNORE INTO touched VALUES ('measures', new.id);
END;

-- In how many events two entities take part together, and on which side the other one stands; kept by triggers.
CREATE TABLE actor_pairs (
    entity_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    n_events INTEGER NOT NULL,
    as_actor INTEGER NOT NULL,
    as_recipient INTEGER NOT NULL,
    PRIMARY KEY (entity_id, other_id)
) STRICT, WITHOUT ROWID;
INSERT INTO actor_pairs
SELECT p.entity_id, o.entity_id, count(DISTINCT o.event_id),
    count(DISTINCT CASE o.side WHEN 'actor' THEN o.event_id END),
    count(DISTINCT CASE o.side WHEN 'recipient' THEN o.event_id END)
FROM event_actors p JOIN event_actors o ON o.event_id = p.event_id
WHERE p.entity_id IS NOT NULL AND o.entity_id IS NOT NULL AND o.entity_id <> p.entity_id GROUP BY 1, 2;

CREATE TRIGGER actor_pairs_insert AFTER INSERT ON event_actors
WHEN new.entity_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event_actors o WHERE o.event_id = new.event_id AND o.side = new.side
    AND o.entity_id = new.entity_id AND o.position <> new.position
) BEGIN
    -- For each other one the newcomer is a partner now on this side, and in one event more unless it was there already.
    INSERT INTO actor_pairs
    SELECT DISTINCT o.entity_id, new.entity_id, NOT EXISTS (
        SELECT 1 FROM event_actors t WHERE t.event_id = new.event_id AND t.side <> new.side
        AND t.entity_id = new.entity_id
    ), new.side = 'actor', new.side = 'recipient'
    FROM event_actors o WHERE o.event_id = new.event_id AND o.entity_id <> new.entity_id
    ON CONFLICT DO UPDATE SET n_events = n_events + excluded.n_events, as_actor = as_actor + excluded.as_actor,
        as_recipient = as_recipient + excluded.as_recipient;
    -- For the newcomer each other one is a partner, unless the newcomer was there already.
    INSERT INTO actor_pairs
    SELECT new.entity_id, o.entity_id, 1, max(o.side = 'actor'), max(o.side = 'recipient')
    FROM event_actors o WHERE o.event_id = new.event_id AND o.entity_id <> new.entity_id AND NOT EXISTS (
        SELECT 1 FROM event_actors t WHERE t.event_id = new.event_id AND t.side <> new.side
        AND t.entity_id = new.entity_id
    ) GROUP BY o.entity_id
    ON CONFLICT DO UPDATE SET n_events = n_events + 1, as_actor = as_actor + excluded.as_actor,
        as_recipient = as_recipient + excluded.as_recipient;
END;
CREATE TRIGGER actor_pairs_delete AFTER DELETE ON event_actors
WHEN old.entity_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event_actors o WHERE o.event_id = old.event_id AND o.side = old.side
    AND o.entity_id = old.entity_id AND o.position <> old.position
) BEGIN
    INSERT INTO actor_pairs
    SELECT DISTINCT o.entity_id, old.entity_id, -NOT EXISTS (
        SELECT 1 FROM event_actors t WHERE t.event_id = old.event_id AND t.side <> old.side
        AND t.entity_id = old.entity_id
    ), -(old.side = 'actor'), -(old.side = 'recipient')
    FROM event_actors o WHERE o.event_id = old.event_id AND o.entity_id <> old.entity_id
    ON CONFLICT DO UPDATE SET n_events = n_events + excluded.n_events, as_actor = as_actor + excluded.as_actor,
        as_recipient = as_recipient + excluded.as_recipient;
    INSERT INTO actor_pairs
    SELECT old.entity_id, o.entity_id, -1, -max(o.side = 'actor'), -max(o.side = 'recipient')
    FROM event_actors o WHERE o.event_id = old.event_id AND o.entity_id <> old.entity_id AND NOT EXISTS (
        SELECT 1 FROM event_actors t WHERE t.event_id = old.event_id AND t.side <> old.side
        AND t.entity_id = old.entity_id
    ) GROUP BY o.entity_id
    ON CONFLICT DO UPDATE SET n_events = n_events - 1, as_actor = as_actor + excluded.as_actor,
        as_recipient = as_recipient + excluded.as_recipient;
    DELETE FROM actor_pairs WHERE n_events = 0 AND (entity_id, other_id) IN (
        SELECT o.entity_id, old.entity_id FROM event_actors o WHERE o.event_id = old.event_id
        UNION ALL SELECT old.entity_id, o.entity_id FROM event_actors o WHERE o.event_id = old.event_id
    );
END;
