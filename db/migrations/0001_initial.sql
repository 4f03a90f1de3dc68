-- The first schema. Never edited after release: a change is a new file.
-- Times are UTC, ISO 8601 text; dates may be coarse ("2025-09"). start / end count characters of the
-- document text: title, a blank line, text.

CREATE TABLE sources (
    id TEXT PRIMARY KEY,                    -- stem of the declaration's file name
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    country TEXT NOT NULL,                  -- ISO 3166-1 alpha-3
    language TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    declaration TEXT NOT NULL               -- the declaration as JSON
) STRICT;

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted', 'lost')),
    pid INTEGER NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}',      -- JSON, per source and step
    message TEXT
) STRICT;

-- The crawl frontier and log: one row for every address ever seen.
CREATE TABLE pages (
    url TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'sitemap', 'section', 'article')),
    state TEXT NOT NULL CHECK (state IN ('new', 'fetched', 'done', 'skipped', 'refused', 'failed', 'gone')),
    reason TEXT,                            -- why refused, skipped, failed
    first_seen TEXT NOT NULL,
    last_fetched TEXT,                      -- when the content kept here was fetched
    status INTEGER,                         -- last HTTP status
    etag TEXT,
    last_modified TEXT,
    lastmod TEXT,                           -- what the listing advertised
    attempts INTEGER NOT NULL DEFAULT 0,    -- failures since the last success
    visits INTEGER NOT NULL DEFAULT 0,      -- visits since the content last changed
    next_attempt TEXT,
    final_url TEXT,
    warc_file TEXT,
    warc_offset INTEGER,
    warc_digest TEXT,
    article_id TEXT REFERENCES articles (id)
) STRICT;
CREATE INDEX pages_due ON pages (source_id, state, next_attempt);
CREATE INDEX pages_article ON pages (article_id);

CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    first_published TEXT,
    last_published TEXT,
    n_articles INTEGER NOT NULL
) STRICT;

CREATE TABLE articles (
    id TEXT PRIMARY KEY,                    -- from the canonical address
    source_id TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL UNIQUE,
    title TEXT,
    text TEXT NOT NULL,
    language TEXT,
    authors TEXT NOT NULL DEFAULT '[]',     -- JSON list of names
    published TEXT,                         -- UTC, or a date alone where the page gives no time
    published_local TEXT,                   -- as the publisher writes it, with its offset: the day readers saw
    published_precision TEXT NOT NULL,
    modified TEXT,                          -- UTC
    fetched TEXT NOT NULL,
    removed TEXT,                           -- when the page was found gone; the row stays
    publisher TEXT,
    section TEXT,
    image TEXT,
    caption TEXT,
    text_sha256 TEXT NOT NULL,              -- of the document text
    fingerprint TEXT,                       -- of the words of the text; null when too short to tell copies by
    version INTEGER NOT NULL DEFAULT 1,
    warc_file TEXT,
    warc_offset INTEGER,
    warc_digest TEXT,
    story_id TEXT REFERENCES stories (id),
    duplicate_of TEXT REFERENCES articles (id),
    duplicate_reason TEXT,
    tagger TEXT,                            -- name, version and model that made the tags; null: to be tagged
    CHECK ((duplicate_of IS NULL) = (duplicate_reason IS NULL))
) STRICT;
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_source ON articles (source_id, published);
CREATE INDEX articles_untagged ON articles (id) WHERE tagger IS NULL;
CREATE INDEX articles_fingerprint ON articles (fingerprint);
CREATE INDEX articles_duplicate ON articles (duplicate_of);
CREATE INDEX articles_story ON articles (story_id);

CREATE TABLE article_versions (
    article_id TEXT NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    modified TEXT,
    fetched TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    warc_file TEXT,
    warc_offset INTEGER,
    warc_digest TEXT,
    PRIMARY KEY (article_id, version)
) STRICT;

CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, content = 'articles', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, text) VALUES (new.rowid, new.title, new.text);
END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text)
    VALUES ('delete', old.rowid, old.title, old.text);
END;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, text ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text)
    VALUES ('delete', old.rowid, old.title, old.text);
    INSERT INTO articles_fts (rowid, title, text) VALUES (new.rowid, new.title, new.text);
END;

CREATE TABLE entities (
    id TEXT PRIMARY KEY,                    -- person/donald-trump, country/CHN, org/imf, bloc/g7
    kind TEXT NOT NULL,
    name TEXT NOT NULL,                     -- canonical English name
    country TEXT NOT NULL,                  -- ISO 3166-1 alpha-3, EUE, IGO or ---
    sector TEXT
) STRICT;
CREATE INDEX entities_name ON entities (name COLLATE NOCASE);

CREATE TABLE entity_aliases (
    entity_id TEXT NOT NULL REFERENCES entities (id),
    alias TEXT NOT NULL,                    -- a form that some article used
    language TEXT NOT NULL,
    PRIMARY KEY (entity_id, alias, language)
) STRICT;
CREATE INDEX entity_aliases_alias ON entity_aliases (alias COLLATE NOCASE);

CREATE TABLE mentions (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'government', 'ministry', 'organisation', 'party', 'bloc',
                                       'company', 'country', 'place')),
    form TEXT NOT NULL CHECK (form IN ('full', 'short', 'adjective', 'metonym', 'nominal')),
    entity_id TEXT NOT NULL REFERENCES entities (id),
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    role TEXT,
    sector TEXT,
    rule TEXT NOT NULL,                     -- what made this tag
    CHECK ("end" > start)
) STRICT;
CREATE INDEX mentions_article ON mentions (article_id, start);
CREATE INDEX mentions_entity ON mentions (entity_id, article_id);

CREATE TABLE quantities (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    value REAL NOT NULL,
    value_high REAL,
    change TEXT NOT NULL CHECK (change IN ('=', '~', '>', '<', 'up', 'down')),
    unit TEXT NOT NULL,                     -- as written
    unit_normalized TEXT NOT NULL,
    concept TEXT NOT NULL,                  -- what is measured, in the article's words
    concepts TEXT NOT NULL,                 -- JSON list of its content words
    period TEXT,
    rule TEXT NOT NULL,
    CHECK ("end" > start)
) STRICT;
CREATE INDEX quantities_article ON quantities (article_id, start);
CREATE INDEX quantities_unit ON quantities (unit_normalized, value);

CREATE TABLE dates (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('DATE', 'TIME', 'DURATION', 'SET')),
    value TEXT NOT NULL,                    -- TIMEX3
    date_start TEXT,
    date_end TEXT,
    rule TEXT NOT NULL,
    CHECK ("end" > start)
) STRICT;
CREATE INDEX dates_article ON dates (article_id, start);
CREATE INDEX dates_value ON dates (date_start);

CREATE TABLE measures (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    country TEXT NOT NULL,                  -- who applies it
    instrument TEXT NOT NULL,
    gta_type_id INTEGER,
    mast_chapter TEXT,
    flow TEXT,
    targets TEXT NOT NULL,                  -- JSON list of countries it is aimed at; empty: all
    commodities TEXT NOT NULL,              -- JSON list of {name, hs}
    stage TEXT NOT NULL,                    -- the latest
    stage_date TEXT,
    n_events INTEGER NOT NULL
) STRICT;
CREATE INDEX measures_country ON measures (country, instrument);

-- One happening, however many articles report it. Derived from event_mentions; never edited by hand.
CREATE TABLE events (
    id TEXT PRIMARY KEY,
    event_type TEXT NOT NULL,
    content_type TEXT,
    mode TEXT,
    quad INTEGER NOT NULL CHECK (quad BETWEEN 0 AND 4),
    plover_score REAL,
    cameo TEXT,
    goldstein REAL,
    modality TEXT NOT NULL CHECK (modality IN ('actual', 'future', 'hypothetical', 'negated')),
    speech TEXT NOT NULL,
    certainty TEXT NOT NULL,
    instrument TEXT,
    gta_type_id INTEGER,
    mast_chapter TEXT,
    flow TEXT,
    direction TEXT,
    stage TEXT CHECK (stage IN ('proposed', 'investigation', 'announced', 'in_force', 'suspended', 'lifted',
                                'rejected')),
    event_date TEXT,                        -- what the articles say, as coarse as they say it
    date_precision TEXT,
    effective_date TEXT,
    venue TEXT,
    reported TEXT,                          -- first publication of a report
    day TEXT,                               -- first day of event_date, else of the first report; for sorting
    n_mentions INTEGER NOT NULL,
    n_articles INTEGER NOT NULL,
    n_independent_sources INTEGER NOT NULL, -- publishers, wire copies counted once
    measure_id TEXT REFERENCES measures (id)
) STRICT;
CREATE INDEX events_type ON events (event_type, day);
CREATE INDEX events_day ON events (day);
CREATE INDEX events_instrument ON events (instrument, stage);
CREATE INDEX events_measure ON events (measure_id);

CREATE TABLE event_actors (
    event_id TEXT NOT NULL REFERENCES events (id),
    side TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
    position INTEGER NOT NULL,
    entity_id TEXT REFERENCES entities (id),
    name TEXT,
    country TEXT NOT NULL,
    sector TEXT,
    role TEXT,
    text TEXT NOT NULL,
    PRIMARY KEY (event_id, side, position)
) STRICT;
CREATE INDEX event_actors_country ON event_actors (country, side, event_id);
CREATE INDEX event_actors_entity ON event_actors (entity_id, side, event_id);

CREATE TABLE event_commodities (
    event_id TEXT NOT NULL REFERENCES events (id),
    name TEXT NOT NULL,
    hs TEXT NOT NULL,                       -- JSON list of headings
    PRIMARY KEY (event_id, name)
) STRICT;
CREATE INDEX event_commodities_name ON event_commodities (name, event_id);

CREATE TABLE event_quantities (
    event_id TEXT NOT NULL REFERENCES events (id),
    position INTEGER NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (event_id, position)
) STRICT;

-- Every place that reports an event: the machine's coding of that place, kept whole.
CREATE TABLE event_mentions (
    id TEXT PRIMARY KEY,
    event_id TEXT REFERENCES events (id),   -- null only until the merge of the same run
    article_id TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    trigger_start INTEGER NOT NULL,
    trigger_end INTEGER NOT NULL,
    trigger_text TEXT NOT NULL,
    block TEXT NOT NULL,                    -- only mentions of one block can be one event
    attribution_type TEXT,
    attribution_text TEXT,
    confidence TEXT NOT NULL,               -- certain, probable, possible
    rule TEXT NOT NULL,
    tagger TEXT NOT NULL,
    coding TEXT NOT NULL,                   -- the event as `dateline tag` prints it, JSON
    CHECK ("end" > start AND trigger_end > trigger_start)
) STRICT;
CREATE INDEX event_mentions_event ON event_mentions (event_id);
CREATE INDEX event_mentions_article ON event_mentions (article_id, start);
CREATE INDEX event_mentions_block ON event_mentions (block);
CREATE INDEX event_mentions_unmerged ON event_mentions (block) WHERE event_id IS NULL;

CREATE TABLE measure_stages (
    measure_id TEXT NOT NULL REFERENCES measures (id),
    position INTEGER NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('proposed', 'investigation', 'announced', 'in_force', 'suspended',
                                         'lifted', 'rejected')),
    date TEXT,                              -- as coarse as known
    day TEXT,                               -- its first day
    basis TEXT NOT NULL,                    -- effective_date, event_date or published: where the date is from
    event_id TEXT NOT NULL REFERENCES events (id),
    article_id TEXT NOT NULL REFERENCES articles (id),
    PRIMARY KEY (measure_id, position)
) STRICT;
CREATE INDEX measure_stages_event ON measure_stages (event_id);

CREATE TABLE observations (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    indicator TEXT NOT NULL,
    country TEXT,
    partner TEXT,
    commodity TEXT,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    period TEXT,
    change_from TEXT REFERENCES observations (id) DEFERRABLE INITIALLY DEFERRED,
    rule TEXT NOT NULL,
    CHECK ("end" > start)
) STRICT;
CREATE INDEX observations_article ON observations (article_id, start);
CREATE INDEX observations_series ON observations (indicator, country, commodity, period);

-- What people say of the machine's values; a correction never overwrites them.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    target_table TEXT NOT NULL,
    target_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'change')),
    field TEXT,
    value TEXT,
    reviewer TEXT NOT NULL,
    reviewed TEXT NOT NULL,
    reason TEXT
) STRICT;

CREATE TABLE saved_searches (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    query TEXT NOT NULL,                    -- JSON
    created TEXT NOT NULL
) STRICT;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    saved_search_id INTEGER NOT NULL REFERENCES saved_searches (id),
    event_id TEXT NOT NULL,
    stage TEXT,
    fired TEXT NOT NULL,
    UNIQUE (saved_search_id, event_id, stage)
) STRICT;
