"""The crawling process: reads a job from standard input, crawls, says on standard output how it goes.

It is a process of its own because Twisted's reactor cannot be started twice in one.
"""

from __future__ import annotations

import os
import sys

from scrapy.crawler import CrawlerProcess

from crawler.fetching.browser import browser_settings
from crawler.fetching.job import Job, Message
from crawler.fetching.ledger import Ledger
from crawler.fetching.settings import crawl_settings, hush
from crawler.fetching.spider import NewsSpider
from db.archive import ArchiveWriter
from db.errors import DatelineError
from db.processes import end_with_parent
from db.store import open_store

FINISHED = 0
BROKEN = 1
STOPPED = 3
"""Exit status of a crawl that a signal ended before its time."""


def main() -> int:
    """Crawl one job; exit status 0, 3 when a signal stopped it, 1 with a line on standard error."""
    job = Job.model_validate_json(sys.stdin.buffer.read())
    end_with_parent(parent=job.parent)
    if job.allow_loopback:
        sys.stderr.write("loopback addresses (127.0.0.0/8, ::1) are allowed for this crawl\n")
    try:
        with open_store(job.db, "write") as store, ArchiveWriter(job.archive, job.run_id) as archive:
            return _crawl(job, Ledger(store, archive, job.run_id, _say))
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def _crawl(job: Job, ledger: Ledger) -> int:
    settings = crawl_settings(
        contact=job.contact, allow_loopback=job.allow_loopback, unthrottled=job.unthrottled
    )
    if job.needs_browser:
        settings |= browser_settings()
    process = CrawlerProcess(settings)
    hush()
    crawler = process.create_crawler(NewsSpider)
    process.crawl(crawler, job=job, ledger=ledger)
    process.start()
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    if reason is None:
        return BROKEN
    return FINISHED if reason == "finished" else STOPPED


def _say(message: Message) -> None:
    """Tell the parent; when it is gone, so is the reason to go on."""
    try:
        sys.stdout.write(message.model_dump_json() + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
