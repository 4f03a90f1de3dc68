"""Full-text search in articles, best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from db.query_plan import fts_phrase

# A common word is in tens of thousands of articles: only those that can be among the best are fetched, for their day
# decides between equals (copies are), and words are cut out of those that are shown.
_BEST = """
WITH scored AS MATERIALIZED (
    SELECT rowid AS found, bm25(articles_fts, 4.0, 1.0) AS score FROM articles_fts WHERE articles_fts MATCH :words
),
best AS MATERIALIZED (
    SELECT a.rowid AS found, s.score, a.published FROM scored s CROSS JOIN articles a ON a.rowid = s.found
    WHERE s.score <= (SELECT max(score) FROM (SELECT score FROM scored ORDER BY score LIMIT :limit))
    ORDER BY s.score, a.published DESC LIMIT :limit
)
SELECT a.published, a.language, a.source_id, a.title, snippet(articles_fts, 1, '[', ']', ' … ', 14) AS found,
    a.url, a.id
FROM best b CROSS JOIN articles_fts f ON f.rowid = b.found CROSS JOIN articles a ON a.rowid = b.found
WHERE articles_fts MATCH :words ORDER BY b.score, b.published DESC
"""


def search_articles(db: Database, words: str, limit: int) -> Iterator[dict[str, Any]]:
    """The articles that hold all the words, best first, then latest, each with the place where they are found.

    A word in the title counts as four in the text. Accents may be left out; no words find nothing.
    """
    if words.split():
        yield from db.query(_BEST, {"words": fts_phrase(words), "limit": limit})
