-- From an event to the articles that report it and back, without reading the reports.

DROP INDEX event_mentions_event;
CREATE INDEX event_mentions_event ON event_mentions (event_id, article_id);
DROP INDEX event_mentions_article;
CREATE INDEX event_mentions_article ON event_mentions (article_id, event_id);
