"""Keeps of a choice what came or changed from a moment on, and says what went."""

from __future__ import annotations

from sqlite_utils import Database

from db.history import Moment

_CHOSEN = {"events": "chosen", "articles": "chosen_articles", "measures": "chosen_measures"}


def keep_changes(db: Database, since: Moment, *, whole: bool) -> None:
    """Narrow the temporary tables of ids to what changed, and make the table `changes`.

    What went is listed whatever was asked for: nobody can tell any more whether it would have matched.
    """
    now = since.condition
    db.execute("CREATE TEMP TABLE changes (kind TEXT, id TEXT, change TEXT, at TEXT, PRIMARY KEY (kind, id))")
    db.execute(
        "INSERT INTO temp.changes SELECT kind, id,"
        f" CASE WHEN withdrawn {now} THEN 'withdrawn' WHEN added {now} THEN 'added' ELSE 'changed' END,"
        f" CASE WHEN withdrawn {now} THEN withdrawn WHEN added {now} THEN added ELSE changed END"
        f" FROM history WHERE withdrawn {now} OR (withdrawn IS NULL AND (added {now} OR changed {now}))",
        {"at": since.at},
    )
    db.execute(
        "INSERT OR REPLACE INTO temp.changes SELECT 'articles', id, 'withdrawn', removed FROM articles"
        f" WHERE removed {now}",
        {"at": since.at},
    )
    if not whole:
        for kind, chosen in _CHOSEN.items():
            db.execute(
                "DELETE FROM temp.changes WHERE kind = ? AND change <> 'withdrawn'"
                f" AND id NOT IN (SELECT id FROM temp.{chosen})",
                [kind],
            )
    for kind, chosen in _CHOSEN.items():
        db.execute(
            f"DELETE FROM temp.{chosen} WHERE id NOT IN (SELECT id FROM temp.changes WHERE kind = ?)", [kind]
        )
    # A row comes with what it refers to, changed or not.
    among = "(SELECT id FROM temp.chosen)"
    db.execute(
        f"INSERT OR IGNORE INTO temp.chosen_articles SELECT article_id FROM event_mentions WHERE event_id IN {among}"
    )
    db.execute(
        "INSERT OR IGNORE INTO temp.chosen_measures"
        f" SELECT measure_id FROM events WHERE measure_id IS NOT NULL AND id IN {among}"
    )
