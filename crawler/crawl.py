"""Crawls sources: fetching in a process of its own, reading in this one, all state in the database."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from crawler.addresses import clean_url, is_within
from crawler.job import WEB, Job, Message, PageRequest
from crawler.progress import CrawlProgress
from crawler.reading import WARC, import_archives, read_unread
from crawler.report import CrawlReport, SourceReport
from crawler.sources import Source
from db.errors import CrawlError, UsageError
from db.model import UNKNOWN_COUNTRY, SourceSummary
from db.store import Store, archive_folder, open_store

GRACE = 20.0
"""Seconds that the crawling process gets to end by itself after a signal."""
Listener = Callable[[Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFetch:
    """One request that a crawl would begin with."""

    source: str
    kind: str
    url: str
    why: str


def crawl(
    db: Path,
    sources: dict[str, Source],
    *,
    urls: Sequence[str] = (),
    warcs: Sequence[Path] = (),
    known: dict[str, Source] | None = None,
    allow_loopback: bool = False,
    workers: int = 1,
    contact: str | None = None,
    command: str = "crawl",
    progress: bool = True,
) -> CrawlReport:
    """Fetch what is due of the sources, the single `urls` and the `warcs`, and store the articles read.

    Safe to kill at any moment: the next call goes on where this one ended. `known` are the sources whose
    rules read single URLs (by default `sources`). Raises `UsageError` for an address that is none,
    `StoreError` for an unusable database, `CrawlError` when the crawling process breaks down.
    """
    known = sources if known is None else known
    pages = tuple(_page_request(url, known) for url in urls)
    with open_store(db, "write") as store:
        _put_sources(store, sources, known, pages, bool(warcs))
        run_id = store.start_run(command)
    report = CrawlReport(run_id=run_id, sources={source_id: SourceReport() for source_id in sources})
    status, message = "failed", None
    try:
        with CrawlProgress(report, shown=progress) as shown:
            if warcs:
                with open_store(db, "write") as store:
                    import_archives(store, warcs, run_id, report)
            if sources or pages:
                job = _job(run_id, db, sources, pages, allow_loopback, contact)
                report.interrupted = _fetch(job, shown.listen, shown.say)
            with open_store(db, "write") as store:
                read_unread(store, {**known, **sources}, report, workers=workers, advance=shown.refresh)
        status = "interrupted" if report.interrupted else "done"
    except KeyboardInterrupt:
        status = "interrupted"
        raise
    except Exception as error:
        message = str(error)
        raise
    finally:
        with open_store(db, "write") as store:
            store.finish_run(
                run_id, status, {name: r.counts() for name, r in report.sources.items()}, message
            )
    return report


def plan(
    db: Path, sources: dict[str, Source], *, urls: Sequence[str] = (), known: dict[str, Source] | None = None
) -> list[PlannedFetch]:
    """The requests that a crawl would begin with; changes nothing and fetches nothing."""
    planned = [
        PlannedFetch(source=source.id, kind=kind, url=url, why="listing")
        for source in sources.values()
        for kind, addresses in (
            ("feed", source.feeds),
            ("sitemap", source.sitemaps),
            ("section", [section.url for section in source.sections]),
        )
        for url in addresses
    ]
    if db.exists():
        with open_store(db, "read") as store:
            for source_id in sources:
                for page in store.frontier.due(source_id, datetime.now(UTC)):
                    why = "new" if page.state == "new" else f"due since {page.next_attempt}"
                    planned.append(PlannedFetch(source=source_id, kind="article", url=page.url, why=why))
    for url in urls:
        request = _page_request(url, sources if known is None else known)
        planned.append(
            PlannedFetch(source=request.source_id, kind="article", url=request.url, why="asked for")
        )
    return planned


def _page_request(url: str, known: dict[str, Source]) -> PageRequest:
    address = clean_url(url)
    if address is None:
        raise UsageError(f"not a web address: {url!r}. Give one that begins with http:// or https://")
    claimed = (source for source in known.values() if is_within(address, source.sites))
    best = sorted(claimed, key=lambda source: not source.claims(address))
    return PageRequest(url=address, source_id=best[0].id if best else WEB)


def _put_sources(
    store: Store,
    sources: dict[str, Source],
    known: dict[str, Source],
    pages: tuple[PageRequest, ...],
    warc: bool,
) -> None:
    needed = {page.source_id for page in pages} - {WEB}
    for source in {**sources, **{name: known[name] for name in needed}}.values():
        store.frontier.put_source(source.summary())
    if any(page.source_id == WEB for page in pages):
        store.frontier.put_source(_catch_all(WEB, "Single pages"))
    if warc:
        store.frontier.put_source(_catch_all(WARC, "Web archives"))


def _catch_all(source_id: str, title: str) -> SourceSummary:
    return SourceSummary(
        id=source_id,
        title=title,
        publisher="",
        country=UNKNOWN_COUNTRY,
        language="und",
        url="",
        kind="various",
    )


def _job(
    run_id: str,
    db: Path,
    sources: dict[str, Source],
    pages: tuple[PageRequest, ...],
    allow_loopback: bool,
    contact: str | None,
) -> Job:
    listings = [u for s in sources.values() for u in (*s.feeds, *s.sitemaps, *(x.url for x in s.sections))]
    addresses = [*listings, *(page.url for page in pages)]
    return Job(
        run_id=run_id,
        db=db.absolute(),
        archive=archive_folder(db.absolute()),
        sources=sources,
        pages=pages,
        allow_loopback=allow_loopback,
        # Courtesy is owed to others' machines; a crawl that stays on this one need not wait.
        unthrottled=allow_loopback and all(_is_loopback(url) for url in addresses),
        contact=contact,
    )


def _is_loopback(url: str) -> bool:
    try:
        return ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False


def _fetch(job: Job, listen: Listener, say: Callable[[str], None]) -> bool:
    """Run the crawling process to its end; returns whether it was interrupted."""
    tail: deque[str] = deque(maxlen=5)
    # A session of its own: an interrupt at the keyboard reaches it through us, once, so that it ends cleanly.
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin and child.stdout and child.stderr
    errors = threading.Thread(target=_pass_on, args=(child.stderr, tail, say), daemon=True)
    errors.start()
    interrupted = False
    with _ending_with(child):
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(job.model_dump_json().encode())
                child.stdin.close()
            _listen(child.stdout, listen)
        except KeyboardInterrupt:
            interrupted = True
            child.send_signal(signal.SIGINT)
            _listen(child.stdout, listen)
        code = child.wait()
        errors.join(timeout=5)
    if code not in (0, 3):
        what = tail[-1] if tail else "no word was left"
        raise CrawlError(f"the crawling process ended early ({_how(code)}): {what}. What was fetched is kept")
    return interrupted or code == 3


def _listen(lines: IO[bytes], listen: Listener) -> None:
    for line in lines:
        listen(Message.model_validate_json(line))


def _pass_on(lines: IO[bytes], tail: deque[str], say: Callable[[str], None]) -> None:
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            tail.append(text)
            say(text)


@contextlib.contextmanager
def _ending_with(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let SIGTERM interrupt us as the keyboard does, and leave no crawling process behind."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    former = signal.signal(signal.SIGTERM, interrupt) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, former or signal.SIG_DFL)
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream:
                stream.close()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit status {code}"
