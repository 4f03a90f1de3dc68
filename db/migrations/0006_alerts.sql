-- Saved searches that tell of what they find. What was told, and what is still to be sent, is written in one
-- transaction: a process killed in between neither loses an alert nor tells it twice.

-- The first day (UTC) of publication that is told of. A search that tells of nothing has one that never comes.
ALTER TABLE saved_searches ADD COLUMN tells_from TEXT NOT NULL DEFAULT '9999-12-31';
-- Quiet hours ("22:00-07:00") and digests (a cron expression) are in the zone.
ALTER TABLE saved_searches ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE saved_searches ADD COLUMN quiet TEXT;
ALTER TABLE saved_searches ADD COLUMN digest TEXT;
ALTER TABLE saved_searches ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
-- When it last looked; null: everything stored is looked at first.
ALTER TABLE saved_searches ADD COLUMN evaluated TEXT;

-- Events that came or changed since the last look. Filled by the store itself, whoever merges.
CREATE TABLE event_news (event_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_news_insert AFTER INSERT ON events WHEN EXISTS (SELECT 1 FROM saved_searches) BEGIN
    INSERT OR IGNORE INTO event_news VALUES (new.id);
END;
CREATE TRIGGER event_news_corrected AFTER INSERT ON corrected_events
WHEN EXISTS (SELECT 1 FROM saved_searches) BEGIN
    INSERT OR IGNORE INTO event_news VALUES (new.id);
END;

-- What a search has told of: a happening, known by its reports. An event's id changes when an earlier report of
-- it is found; that some report of it was told of stays true.
CREATE TABLE told_happenings (
    id INTEGER PRIMARY KEY,
    saved_search_id INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
    stage TEXT                              -- of its measure, as last told; null: it had no measure
) STRICT;
CREATE INDEX told_happenings_search ON told_happenings (saved_search_id);

CREATE TABLE told_reports (
    saved_search_id INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
    mention_id TEXT NOT NULL,               -- may be gone: tagging anew makes new mentions
    happening_id INTEGER NOT NULL REFERENCES told_happenings (id) ON DELETE CASCADE,
    article_id TEXT NOT NULL,
    block TEXT NOT NULL,
    published TEXT NOT NULL,                -- day, or "" when unknown
    coding TEXT NOT NULL,                   -- JSON
    PRIMARY KEY (saved_search_id, mention_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_reports_article ON told_reports (article_id, saved_search_id);
CREATE INDEX told_reports_block ON told_reports (saved_search_id, block);
CREATE INDEX told_reports_mention ON told_reports (mention_id);
CREATE INDEX told_reports_happening ON told_reports (happening_id);

-- For measures whose announced day has come.
CREATE INDEX measure_stages_day ON measure_stages (day);

-- Nothing wrote here before.
DROP TABLE alerts;
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    saved_search_id INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
    reason TEXT NOT NULL CHECK (reason IN ('event', 'stage', 'test')),
    event_id TEXT NOT NULL,                 -- its id at that moment
    stage TEXT,                             -- of its measure at that moment
    fired TEXT NOT NULL,
    message TEXT NOT NULL                   -- JSON: what is sent, as it was known at that moment
) STRICT;
CREATE INDEX alerts_search ON alerts (saved_search_id, fired);
CREATE INDEX alerts_fired ON alerts (fired);

CREATE TABLE alert_channels (
    id INTEGER PRIMARY KEY,
    saved_search_id INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'email', 'file')),
    address TEXT NOT NULL,                  -- URL, e-mail address, path
    secret_env TEXT,                        -- the environment variable that holds a webhook's secret
    UNIQUE (saved_search_id, kind, address)
) STRICT;

-- The outbox: a row for each message to each channel. Its id is sent with it and stays the same when it is sent
-- again, so that a receiver can tell.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    channel_id INTEGER NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('gathering', 'pending', 'sent', 'dead')),
                                            -- gathering: a digest that still takes alerts in
    digest INTEGER NOT NULL,
    created TEXT NOT NULL,
    next_attempt TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    holder TEXT,                            -- host and process that sends it just now
    last_attempt TEXT,
    last_error TEXT
) STRICT;
CREATE INDEX deliveries_due ON deliveries (state, next_attempt);
CREATE INDEX deliveries_channel ON deliveries (channel_id, state);

CREATE TABLE delivery_alerts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    PRIMARY KEY (delivery_id, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_alerts_alert ON delivery_alerts (alert_id);
