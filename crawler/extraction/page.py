"""A page as it was fetched, before anybody has read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was fetched; `final_url` is where redirects led."""

    id: str
    url: str
    body: bytes
    content_type: str | None = None
    final_url: str | None = None
