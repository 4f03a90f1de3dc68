-- What makes questions quick at a million events, corrections by people, near copies and stories.

-- The day of the event beside each of its parties: "this actor in that month" reads one stretch of one index.
ALTER TABLE event_actors ADD COLUMN day TEXT;
UPDATE event_actors SET day = (SELECT e.day FROM events e WHERE e.id = event_id);
DROP INDEX event_actors_country;
DROP INDEX event_actors_entity;
CREATE INDEX event_actors_country ON event_actors (country, side, day, event_id);
CREATE INDEX event_actors_entity ON event_actors (entity_id, side, day, event_id);
CREATE INDEX events_latest ON events (reported DESC, day DESC, id);

-- In how many events each entity acts or is acted on in each month; kept by triggers, so in the same transaction.
CREATE TABLE actor_months (
    side TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
    month TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    n_events INTEGER NOT NULL CHECK (n_events > 0),
    PRIMARY KEY (side, month, entity_id)
) STRICT, WITHOUT ROWID;
INSERT INTO actor_months
SELECT side, coalesce(substr(day, 1, 7), ''), entity_id, count(DISTINCT event_id)
FROM event_actors WHERE entity_id IS NOT NULL GROUP BY 1, 2, 3;
CREATE INDEX actor_months_top ON actor_months (side, month, n_events DESC, entity_id);
CREATE TRIGGER actor_months_insert AFTER INSERT ON event_actors
WHEN new.entity_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event_actors o WHERE o.event_id = new.event_id AND o.side = new.side
    AND o.entity_id = new.entity_id AND o.position <> new.position
) BEGIN
    INSERT INTO actor_months VALUES (new.side, coalesce(substr(new.day, 1, 7), ''), new.entity_id, 1)
    ON CONFLICT DO UPDATE SET n_events = n_events + 1;
END;
CREATE TRIGGER actor_months_delete AFTER DELETE ON event_actors
WHEN old.entity_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event_actors o WHERE o.event_id = old.event_id AND o.side = old.side
    AND o.entity_id = old.entity_id AND o.position <> old.position
) BEGIN
    DELETE FROM actor_months WHERE side = old.side AND month = coalesce(substr(old.day, 1, 7), '')
    AND entity_id = old.entity_id AND n_events = 1;
    UPDATE actor_months SET n_events = n_events - 1 WHERE side = old.side
    AND month = coalesce(substr(old.day, 1, 7), '') AND entity_id = old.entity_id;
END;

-- Which lists of headings each good has been stored with: leads from an HS prefix to the names of goods.
CREATE TABLE commodity_headings (
    name TEXT NOT NULL,
    hs TEXT NOT NULL,
    PRIMARY KEY (name, hs)
) STRICT, WITHOUT ROWID;
INSERT INTO commodity_headings SELECT DISTINCT name, hs FROM event_commodities;
CREATE TRIGGER commodity_headings_insert AFTER INSERT ON event_commodities
WHEN NOT EXISTS (SELECT 1 FROM commodity_headings h WHERE h.name = new.name AND h.hs = new.hs) BEGIN
    INSERT INTO commodity_headings VALUES (new.name, new.hs);
END;

-- Near copies are found through shared bands of a MinHash signature; stories through what articles speak of.
ALTER TABLE articles ADD COLUMN duplicate_score REAL;
ALTER TABLE articles ADD COLUMN story_reason TEXT;
ALTER TABLE articles ADD COLUMN story_score REAL;
UPDATE articles SET duplicate_score = 1.0 WHERE duplicate_of IS NOT NULL;
CREATE TABLE article_bands (
    band INTEGER NOT NULL,
    article_rowid INTEGER NOT NULL,
    PRIMARY KEY (band, article_rowid)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_bands_article ON article_bands (article_rowid);
CREATE INDEX articles_ungrouped ON articles (published) WHERE story_id IS NULL;

-- Corrections by people. A review is never changed or deleted; a later one on the same thing wins.
ALTER TABLE reviews RENAME TO reviews_before;
CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    target_table TEXT NOT NULL,
    target_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'change', 'withdraw')),
    field TEXT,
    value TEXT,
    machine_value TEXT,
    reviewer TEXT NOT NULL,
    reviewed TEXT NOT NULL,
    reason TEXT,
    article_id TEXT REFERENCES articles (id),
    start INTEGER,
    "end" INTEGER,
    text TEXT,
    CHECK ((verdict = 'change') = (value IS NOT NULL))
) STRICT;
CREATE INDEX reviews_target ON reviews (target_id);
INSERT INTO reviews (id, target_table, target_id, verdict, field, value, reviewer, reviewed, reason)
SELECT 'r' || id, target_table, target_id, verdict, field,
    CASE verdict WHEN 'change' THEN coalesce(value, '') END, reviewer, reviewed, reason
FROM reviews_before ORDER BY id;
DROP TABLE reviews_before;

-- What the reviews make of the events they touch, derived from events and reviews: `events` keeps the machine's.
CREATE TABLE overruled_events (
    event_id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews (id)
) STRICT;
CREATE TABLE corrected_events (
    id TEXT PRIMARY KEY,
    event_type TEXT NOT NULL,
    content_type TEXT,
    mode TEXT,
    quad INTEGER NOT NULL,
    plover_score REAL,
    cameo TEXT,
    goldstein REAL,
    modality TEXT NOT NULL,
    speech TEXT NOT NULL,
    certainty TEXT NOT NULL,
    instrument TEXT,
    gta_type_id INTEGER,
    mast_chapter TEXT,
    flow TEXT,
    direction TEXT,
    stage TEXT,
    event_date TEXT,
    date_precision TEXT,
    effective_date TEXT,
    venue TEXT,
    reported TEXT,
    day TEXT,
    n_mentions INTEGER NOT NULL,
    n_articles INTEGER NOT NULL,
    n_independent_sources INTEGER NOT NULL,
    measure_id TEXT
) STRICT;
CREATE TABLE corrected_event_actors (
    event_id TEXT NOT NULL REFERENCES corrected_events (id),
    side TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
    position INTEGER NOT NULL,
    entity_id TEXT,
    name TEXT,
    country TEXT NOT NULL,
    sector TEXT,
    role TEXT,
    text TEXT NOT NULL,
    day TEXT,
    PRIMARY KEY (event_id, side, position)
) STRICT;
CREATE TABLE corrected_event_commodities (
    event_id TEXT NOT NULL REFERENCES corrected_events (id),
    name TEXT NOT NULL,
    hs TEXT NOT NULL,
    PRIMARY KEY (event_id, name)
) STRICT;
CREATE TABLE corrected_event_quantities (
    event_id TEXT NOT NULL REFERENCES corrected_events (id),
    position INTEGER NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (event_id, position)
) STRICT;
CREATE TABLE corrected_event_links (
    event_id TEXT NOT NULL REFERENCES corrected_events (id),
    mention_id TEXT NOT NULL,
    PRIMARY KEY (event_id, mention_id)
) STRICT;
CREATE VIEW corrected_event_mentions AS
SELECT l.event_id, m.id, m.article_id, m.start, m."end", m.text, m.trigger_start, m.trigger_end, m.trigger_text,
    m.block, m.attribution_type, m.attribution_text, m.confidence, m.rule, m.tagger, m.coding
FROM corrected_event_links l JOIN event_mentions m ON m.id = l.mention_id;
