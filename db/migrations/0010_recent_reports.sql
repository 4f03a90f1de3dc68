-- What recent articles speak of, as the grouping into stories reads it: a run need not read the texts of ten days anew.

CREATE TABLE recent_reports (
    article_id TEXT PRIMARY KEY REFERENCES articles (id),
    day INTEGER NOT NULL,
    traits TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recent_reports_day ON recent_reports (day);
