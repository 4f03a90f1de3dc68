"""Every format of the demonstration's data set, written once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dateline.exporting.exports import Exports


@pytest.fixture(scope="session")
def exports(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """Data sets of the whole demonstration, by format."""
    return Exports(demo, tmp_path_factory.mktemp("exports"))
