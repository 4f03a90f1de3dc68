-- The day of publication in the key of the bands: looking for near copies costs the same however old the store is.

DROP TABLE article_bands;
CREATE TABLE article_bands (
    band INTEGER NOT NULL,
    day INTEGER NOT NULL,
    article_rowid INTEGER NOT NULL,
    PRIMARY KEY (band, day, article_rowid)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_bands_article ON article_bands (article_rowid);
