-- When each event, measure and article came, last changed, and went: what a published data set needs to be brought
-- up to date. Rows are noted as touched by the store itself, whoever writes, and compared at the end of a merge.

CREATE TABLE touched (
    kind TEXT NOT NULL CHECK (kind IN ('events', 'measures', 'articles')),
    id TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
    kind TEXT NOT NULL CHECK (kind IN ('events', 'measures', 'articles')),
    id TEXT NOT NULL,
    digest TEXT,                            -- of the row and what belongs to it; null: not compared yet
    added TEXT NOT NULL,                    -- UTC, when it came; again when it comes back
    changed TEXT,                           -- when it last became another
    withdrawn TEXT,                         -- when it went
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- What is here already came, as far as is known, with the first of its articles.
INSERT INTO history SELECT 'articles', id, NULL, fetched, NULL, NULL FROM articles;
INSERT INTO history SELECT 'events', m.event_id, NULL, min(a.fetched), NULL, NULL
FROM event_mentions m JOIN articles a ON a.id = m.article_id JOIN events e ON e.id = m.event_id GROUP BY m.event_id;
INSERT INTO history SELECT 'measures', s.measure_id, NULL, min(a.fetched), NULL, NULL
FROM measure_stages s JOIN articles a ON a.id = s.article_id GROUP BY s.measure_id;
INSERT INTO touched SELECT kind, id FROM history;

CREATE TRIGGER touched_event_in AFTER INSERT ON events BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', new.id);
END;
CREATE TRIGGER touched_event_out AFTER DELETE ON events BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', old.id);
END;
CREATE TRIGGER touched_event_moved AFTER UPDATE OF measure_id ON events WHEN old.measure_id IS NOT new.measure_id BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', new.id);
END;
CREATE TRIGGER touched_event_corrected AFTER INSERT ON overruled_events BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', new.event_id);
END;
CREATE TRIGGER touched_event_restored AFTER DELETE ON overruled_events BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', old.event_id);
END;
CREATE TRIGGER touched_correction_in AFTER INSERT ON corrected_events BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', new.id);
END;
CREATE TRIGGER touched_correction_out AFTER DELETE ON corrected_events BEGIN
    INSERT OR IGNORE INTO touched VALUES ('events', old.id);
END;
CREATE TRIGGER touched_measure_in AFTER INSERT ON measures BEGIN
    INSERT OR IGNORE INTO touched VALUES ('measures', new.id);
END;
CREATE TRIGGER touched_measure_out AFTER DELETE ON measures BEGIN
    INSERT OR IGNORE INTO touched VALUES ('measures', old.id);
END;
CREATE TRIGGER touched_article_in AFTER INSERT ON articles BEGIN
    INSERT OR IGNORE INTO touched VALUES ('articles', new.id);
END;
CREATE TRIGGER touched_article AFTER UPDATE ON articles BEGIN
    INSERT OR IGNORE INTO touched VALUES ('articles', new.id);
END;
CREATE TRIGGER touched_article_out AFTER DELETE ON articles BEGIN
    INSERT OR IGNORE INTO touched VALUES ('articles', old.id);
END;
