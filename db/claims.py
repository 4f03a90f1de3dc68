"""Claims on pages: of two crawls of one database, each page is fetched by one."""

from __future__ import annotations

from collections.abc import Sequence

from db.processes import is_alive
from db.store import Store

CHUNK = 500


def claim(store: Store, run_id: str, urls: Sequence[str]) -> dict[str, int]:
    """Claim pages for a run; returns those that another living run holds, with the number of its process.

    A claim of a run that has ended, or whose process is gone, is void.
    """
    with store.transaction():
        others = _living_others(store, run_id)
        marks = ", ".join("?" * (len(others) + 1))
        store.db.execute(f"DELETE FROM claims WHERE run_id NOT IN ({marks})", [run_id, *others])
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO claims (url, run_id) VALUES (?, ?)", [(url, run_id) for url in urls]
        )
        if not others:
            return {}
        held: dict[str, int] = {}
        for start in range(0, len(urls), CHUNK):
            some = urls[start : start + CHUNK]
            rows = store.db.execute(
                f"SELECT url, run_id FROM claims WHERE run_id <> ? AND url IN ({', '.join('?' * len(some))})",
                [run_id, *some],
            )
            held.update({url: others[other] for url, other in rows})
        return held


def held_by_others(store: Store, run_id: str) -> set[str]:
    """The pages that living runs other than this one have claimed."""
    others = _living_others(store, run_id)
    marks = ", ".join("?" * len(others))
    rows = store.db.execute(f"SELECT url FROM claims WHERE run_id IN ({marks})", list(others))
    return {url for (url,) in rows}


def release(store: Store, run_id: str) -> None:
    """End all claims of a run."""
    with store.transaction():
        store.db.execute("DELETE FROM claims WHERE run_id = ?", [run_id])


def _living_others(store: Store, run_id: str) -> dict[str, int]:
    """The other runs whose process is at work, with its number."""
    running = store.db.execute("SELECT id, pid FROM runs WHERE status = 'running'").fetchall()
    return {other: pid for other, pid in running if other != run_id and is_alive(pid)}
