-- What the scheduler remembers of each thing that it does at its hours. A row that is 'running' is a lease:
-- nobody else does that job until it is settled, or its holder is gone.

CREATE TABLE jobs (
    name TEXT PRIMARY KEY,                  -- "crawl vtv", "tag", "backup"
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running')),
    next_due TEXT NOT NULL,
    last_started TEXT,
    last_finished TEXT,
    last_success TEXT,
    outcome TEXT CHECK (outcome IN ('done', 'failed', 'timed out', 'lost', 'interrupted')),
    message TEXT,                           -- why it did not succeed, else what came of it
    failures INTEGER NOT NULL DEFAULT 0,    -- since the last success
    rate REAL,                              -- new items an hour, recent rounds counting most
    holder TEXT,                            -- host, process and scheduler that do it
    expires TEXT,                           -- when a holder that is not heard of has lost it
    CHECK ((state = 'running') = (holder IS NOT NULL))
) STRICT;
CREATE INDEX jobs_due ON jobs (state, next_due);

-- How the last crawl of a source went, whoever ran it.
CREATE TABLE source_states (
    source_id TEXT PRIMARY KEY REFERENCES sources (id),
    last_crawl TEXT NOT NULL,
    last_success TEXT,                      -- last crawl that got something from the publisher
    last_new TEXT,                          -- last crawl that brought an article
    faults TEXT NOT NULL DEFAULT '[]',      -- JSON list: in what it stayed below what is expected of it
    reason TEXT,                            -- why a number of the last crawl was zero
    failure TEXT                            -- the last page that could not be had, and why
) STRICT;

-- What a source brought on each day (UTC): the measure of its usual rate and of how full its articles are.
CREATE TABLE source_days (
    source_id TEXT NOT NULL REFERENCES sources (id),
    day TEXT NOT NULL,
    crawls INTEGER NOT NULL DEFAULT 0,
    found INTEGER NOT NULL DEFAULT 0,
    fetched INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    articles_new INTEGER NOT NULL DEFAULT 0,
    articles_changed INTEGER NOT NULL DEFAULT 0,
    unreadable INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,        -- pages read into articles
    with_title INTEGER NOT NULL DEFAULT 0,  -- on how many of them each field was found
    with_published INTEGER NOT NULL DEFAULT 0,
    with_text INTEGER NOT NULL DEFAULT 0,
    with_authors INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source_id, day)
) STRICT;

-- What was done to keep the store safe, and when.
CREATE TABLE upkeep (
    what TEXT PRIMARY KEY CHECK (what IN ('backup', 'verify')),
    done TEXT NOT NULL,
    ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
    detail TEXT NOT NULL
) STRICT;
