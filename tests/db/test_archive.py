"""The archive gives back exactly the page that was kept, or says that it cannot."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from db.archive import ArchiveWriter, payload_digest, read_pages, read_record
from db.errors import InputFileError, VerificationFailed
from db.model import WarcReference

FETCHED = datetime(2025, 10, 6, 8, 0, 5, tzinfo=UTC)
HTML = "<p>Giá đồng giảm</p>".encode()
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", '"a"')]


def write(folder: Path, *bodies: bytes, roll_at: int = 2**20) -> list[WarcReference]:
    with ArchiveWriter(folder, "run", roll_at=roll_at) as archive:
        return [
            archive.write(f"https://a.example/{n}", 200, HEADERS, b, FETCHED) for n, b in enumerate(bodies)
        ]


def test_a_page_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    references = write(tmp_path, HTML, b"<p>two</p>")
    page = read_record(tmp_path, references[0])
    assert (page.url, page.status, page.body, page.fetched) == ("https://a.example/0", 200, HTML, FETCHED)
    assert page.header("etag") == '"a"'
    assert page.header("content-encoding") is None
    assert read_record(tmp_path, references[1]).body == b"<p>two</p>"


def test_other_programs_can_read_the_archive_and_its_digests_hold(tmp_path: Path) -> None:
    (reference,) = write(tmp_path, HTML)
    with (tmp_path / reference.file).open("rb") as file:
        records = [
            (r.rec_type, r.content_stream().read()) for r in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _ in records] == ["warcinfo", "response"] and records[1][1] == HTML


def test_archive_files_roll(tmp_path: Path) -> None:
    references = write(tmp_path, *(bytes([65 + n]) * 500 for n in range(4)), roll_at=1)
    assert len({reference.file for reference in references}) == 4
    assert read_record(tmp_path, references[3]).body == b"D" * 500


def test_a_run_never_appends_to_the_file_of_another(tmp_path: Path) -> None:
    write(tmp_path, HTML)
    with pytest.raises(FileExistsError):
        write(tmp_path, HTML)


@pytest.mark.parametrize("change", ["digest", "offset", "file"])
def test_a_wrong_reference_is_said_with_file_and_offset(tmp_path: Path, change: str) -> None:
    (reference,) = write(tmp_path, HTML)
    wrong = {
        "digest": replace(reference, digest=payload_digest(b"other")),
        "offset": replace(reference, offset=reference.offset + 7),
        "file": replace(reference, file="none.warc.gz"),
    }[change]
    with pytest.raises(VerificationFailed, match=rf"{wrong.file} at offset {wrong.offset}: "):
        read_record(tmp_path, wrong)


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    (reference,) = write(tmp_path, HTML * 50)
    path = tmp_path / reference.file
    data = bytearray(path.read_bytes())
    data[-20] ^= 255
    path.write_bytes(data)
    with pytest.raises(VerificationFailed):
        read_record(tmp_path, reference)


def test_a_torn_end_leaves_the_pages_before_it_readable(tmp_path: Path) -> None:
    references = write(tmp_path, HTML, b"x" * 5000)
    path = tmp_path / references[0].file
    path.write_bytes(path.read_bytes()[: references[1].offset + 40])
    assert read_record(tmp_path, references[0]).body == HTML
    with pytest.raises(VerificationFailed):
        read_record(tmp_path, references[1])


def test_all_pages_of_a_file_are_read_in_order_and_no_other_file_is(tmp_path: Path) -> None:
    (reference, _) = write(tmp_path, HTML, b"two")
    assert [page.body for page in read_pages(tmp_path / reference.file)] == [HTML, b"two"]
    (tmp_path / "no.warc").write_bytes(io.BytesIO(b"not a web archive\n" * 9).getvalue())
    with pytest.raises(InputFileError, match="is not a WARC file"):
        list(read_pages(tmp_path / "no.warc"))
