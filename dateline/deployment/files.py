"""Writes the files that start Dateline under systemd, cron, a container engine or scrapyd."""

from __future__ import annotations

import getpass
import io
import os
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from db.errors import UsageError

Kind = Literal["systemd", "cron", "compose", "scrapyd"]
KINDS: tuple[Kind, ...] = ("systemd", "cron", "compose", "scrapyd")
_AWKWARD = re.compile(r"[\s\"'%$\\]")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an egg, so that the same call writes the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What the files are to start: on which database, with which declarations, as whom."""

    db: Path
    sources: Path | None = None
    backups: Path | None = None
    allow_loopback: bool = False
    user: str | None = None
    contact: str | None = None
    checkout: Path | None = None

    def words(self) -> dict[str, Any]:
        """What the templates name."""
        folders = {"sources": self.sources, "backups": self.backups}
        named = {name: str(path.absolute()) if path else None for name, path in folders.items()}
        options = "".join(f" --{name} {path}" for name, path in named.items() if path)
        return {
            "made": f"Made by 'dateline schedule export', version {version('dateline')}.",
            "version": version("dateline"),
            "program": _program(),
            "db": str(self.db.absolute()),
            "folder": str(self.db.absolute().parent),
            **named,
            "allow_loopback": self.allow_loopback,
            "options": options + (" --allow-loopback" if self.allow_loopback else ""),
            "user": self.user or getpass.getuser(),
            "contact": self.contact or os.environ.get("DATELINE_CONTACT", ""),
        }


def write_files(kind: Kind, folder: Path, deployment: Deployment) -> list[Path]:
    """Write the files of one kind into a folder, made if need be; returns their paths.

    Raises UsageError for a path that the file's language cannot hold, or a checkout that is none.
    """
    words = deployment.words()
    for name in ("program", "db", "sources", "backups"):
        if words[name] and _AWKWARD.search(words[name]):
            raise UsageError(
                f"the path {words[name]!r} holds a space, a quote or a percent sign, which {kind} files cannot"
                " carry. Move it to a plain path"
            )
    folder.mkdir(parents=True, exist_ok=True)
    return _WRITERS[kind](folder, words, deployment)


def _systemd(folder: Path, words: dict[str, Any], deployment: Deployment) -> list[Path]:
    names = ("dateline-schedule.service", "dateline-serve.service")
    return [_write(folder / name, f"{name}.j2", words) for name in names]


def _cron(folder: Path, words: dict[str, Any], deployment: Deployment) -> list[Path]:
    return [_write(folder / "dateline.crontab", "crontab.j2", words)]


def _compose(folder: Path, words: dict[str, Any], deployment: Deployment) -> list[Path]:
    checkout = (deployment.checkout or Path()).absolute()
    if not (checkout / "requirements.lock").is_file():
        raise UsageError(f"there is no checkout of Dateline in {checkout}. Name it with --checkout DIR")
    words |= {
        "source": os.path.relpath(checkout, folder),
        "dockerfile": str((folder / "Containerfile").absolute()),
    }
    ignored = folder / "Containerfile.dockerignore"
    ignored.write_text(".git\n.venv*\n**/__pycache__\n*.db\n*-archive\n", encoding="utf-8")
    return [
        _write(folder / "compose.yaml", "compose.yaml.j2", words),
        _write(folder / "Containerfile", "Containerfile.j2", words),
        ignored,
    ]


def _scrapyd(folder: Path, words: dict[str, Any], deployment: Deployment) -> list[Path]:
    package = "dateline_hosted"
    files = {
        "EGG-INFO/PKG-INFO": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version('dateline')}\n",
        "EGG-INFO/entry_points.txt": f"[scrapy]\nsettings = {package}.settings\n",
        "EGG-INFO/top_level.txt": f"{package}\n",
        f"{package}/__init__.py": f'"""{words["made"]}"""\n',
        f"{package}/settings.py": _render("settings.py.j2", words),
        f"{package}/spiders.py": _render("spiders.py.j2", words),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as egg:
        for name, text in files.items():
            egg.writestr(zipfile.ZipInfo(name, LONG_AGO), text)
    path = folder / "dateline.egg"
    path.write_bytes(packed.getvalue())
    return [path]


_WRITERS: dict[Kind, Callable[[Path, dict[str, Any], Deployment], list[Path]]] = {
    "systemd": _systemd,
    "cron": _cron,
    "compose": _compose,
    "scrapyd": _scrapyd,
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # none of these files is HTML
)


def _render(template: str, words: dict[str, Any]) -> str:
    return _TEMPLATES.get_template(template).render(words)


def _write(path: Path, template: str, words: dict[str, Any]) -> Path:
    path.write_text(_render(template, words), encoding="utf-8")
    return path


def _program() -> str:
    return str(Path(sys.executable).with_name("dateline"))
