"""For monitors: `/healthz` says whether all is well, `/livez` that the server answers, `/metrics` the numbers.

And for a person `/`, a table. A container or service manager should ask `/livez`: a publisher's new layout is no
reason to start the server anew.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dateline.health import Health, read_health
from db.clock import moment_of, present
from db.store import open_store

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined
)


def show_health(request: Request) -> Response:
    """200 and "ok", or 503 and what is not well, a line each."""
    health = _health(request)
    lines = [*health.verdicts, *(f"{s.source}: {v}" for s in health.sources for v in s.verdicts)]
    status = 200 if health.is_healthy else 503
    return Response("\n".join(lines or ["ok"]) + "\n", status_code=status, media_type="text/plain")


def show_life(request: Request) -> Response:
    """200 and "ok" as long as the server answers and the database can be read."""
    with open_store(request.app.state.db, "read"):
        return Response("ok\n", media_type="text/plain")


def show_metrics(request: Request) -> Response:
    """The numbers of `dateline status` as Prometheus reads them."""
    return Response(generate_latest(metrics(_health(request))), media_type=CONTENT_TYPE_PLAIN_1_0_0)


def show_status(request: Request) -> Response:
    """The state of everything, for a person."""
    page = _PAGES.get_template("status.html.j2")
    return HTMLResponse(page.render(health=_health(request)))


def metrics(health: Health) -> CollectorRegistry:
    """What is known of the store, its jobs and its sources, as gauges; times are seconds since 1970."""
    registry = CollectorRegistry()

    def gauge(name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"dateline_{name}", about, labels, registry=registry)

    gauge("healthy", "1 when nothing is to be said against it").set(health.is_healthy)
    rows = gauge("rows", "What the store holds and what waits in it", "what")
    for what, number in health.counts.items():
        rows.labels(what).set(number)
    gauge("database_bytes", "Size of the database").set(health.disk.database)
    gauge("archive_bytes", "Size of the archive of pages").set(health.disk.archive)
    gauge("disk_free_bytes", "Free beside the database").set(health.disk.free)
    gauge("growth_bytes_per_day", "By how much both grow").set(health.disk.growth_a_day)
    upkeep = gauge("upkeep_success_time_seconds", "When a backup or a verification last went well", "what")
    for what, last in health.upkeep.items():
        if last["ok"]:
            upkeep.labels(what).set(_seconds(last["done"]))
    failures = gauge("job_failures", "Failures of a job since its last success", "job")
    for name, job in health.jobs.items():
        failures.labels(name).set(job.failures)
    healthy = gauge("source_healthy", "1 when nothing is to be said against a source", "source")
    new = gauge("source_new_articles_today", "Articles that a source has brought today (UTC)", "source")
    usual = gauge("source_usual_articles_per_day", "Articles that a source usually brings a day", "source")
    success = gauge("source_success_time_seconds", "When a source was last reached", "source")
    source_failures = gauge("source_failures", "Failed crawls since the last success", "source")
    filled = gauge("source_filled_ratio", "Share of this week's pages with a field", "source", "field")
    for source in health.sources:
        healthy.labels(source.source).set(not source.verdicts)
        new.labels(source.source).set(source.new_today)
        source_failures.labels(source.source).set(source.failures)
        if source.usual_a_day is not None:
            usual.labels(source.source).set(source.usual_a_day)
        if source.last_success is not None:
            success.labels(source.source).set(_seconds(source.last_success))
        for name, share in source.filled.items():
            if share is not None:
                filled.labels(source.source, name).set(share)
    return registry


routes = [
    Route("/", show_status),
    Route("/healthz", show_health),
    Route("/livez", show_life),
    Route("/metrics", show_metrics),
]


def _health(request: Request) -> Health:
    with open_store(request.app.state.db, "read") as store:
        return read_health(store, present())


def _seconds(stored: str) -> float:
    return moment_of(stored).timestamp()
