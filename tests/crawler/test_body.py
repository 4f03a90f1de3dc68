"""The text of an article among all else that a page holds, told apart by structure."""

from __future__ import annotations

import time

import pytest

from crawler.extraction.container import read_body
from crawler.extraction.markup import parse
from crawler.extraction.page import Page
from crawler.extraction.pages import read_article
from tests.crawler.conftest import PARAGRAPHS

TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
OTHER = "<p>A ferry between the islands was cancelled for the third day because of a storm from the west.</p>"


def body(html: str, description: str | None = None) -> list[str]:
    tree = parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    return [block.text for block in read_body(tree, description)]


def text_of(html: str) -> str:
    return read_article(Page(id="1", url="https://courier.example/a", body=html.encode())).text


@pytest.mark.parametrize(
    "furniture",
    [
        f"<div class='relatedArticles__box'>{OTHER}</div>",
        f"<aside>{OTHER}</aside>",
        f"<section id='newsletter-signup'>{OTHER}</section>",
        f"<div class=hidden>{OTHER}</div>",
        f"<div style='display: none'>{OTHER}</div>",
        f"<div role=complementary>{OTHER}</div>",
        f"<figure><figcaption>{OTHER}</figcaption></figure>",
        f"<div><h3><a href=/other>A ferry is cancelled</a></h3>{OTHER}</div>",
        "<p><a href=/other>Read how the ferry between the islands was cancelled for the third day</a></p>",
        f"<form><label>Your address</label>{OTHER}</form>",
    ],
)
def test_what_stands_within_the_text_but_is_none_is_left_out(furniture: str) -> None:
    page = f"<h1>Duty falls</h1><div class=story>{TEXT}{furniture}{TEXT.replace('the', 'one')}</div>"
    assert "ferry" not in " ".join(body(page)) and body(page)[:3] == list(PARAGRAPHS)


@pytest.mark.parametrize("name", ["paywall", "sidebar-grid__content", "related-content", "sponsored article"])
def test_an_element_that_holds_the_text_is_text_whatever_its_name(name: str) -> None:
    each = "".join(f"<div class='{name}'><p>{paragraph}</p></div>" for paragraph in PARAGRAPHS * 2)
    assert body(f"<h1>Duty falls</h1><div class='{name}'>{TEXT}</div>") == list(PARAGRAPHS)
    assert body(f"<h1>Duty falls</h1><main>{each}</main>") == list(PARAGRAPHS)


def test_a_standfirst_between_headline_and_text_belongs_to_it() -> None:
    standfirst = "The ministry promises cheaper wire from next year on, but smelters warn of closures."
    page = f"<header><h1>Duty falls</h1><p>{standfirst}</p></header><div class=story>{TEXT}</div>"
    assert body(page) == [standfirst, *PARAGRAPHS]
    short = "<header><h1>Duty falls</h1><div>Cheaper wire from next year on</div></header>"
    assert body(f"{short}<div class=story>{TEXT}</div>", "Cheaper wire from next year on") == [
        "Cheaper wire from next year on",
        *PARAGRAPHS,
    ]


def test_the_next_article_below_is_another_one() -> None:
    second = "".join(f"<p>{paragraph.replace('the', 'some')}</p>" for paragraph in PARAGRAPHS * 4)
    first = "".join(f"<p>{paragraph} {i}.</p>" for i, paragraph in enumerate(PARAGRAPHS * 4))
    apart = f"<article><h1>Duty falls</h1>{first}</article><article><h1>Ferry</h1>{second}</article>"
    together = f"<main><h1 class=t>Duty falls</h1>{first}<h1 class=t>Ferry</h1>{second}</main>"
    for page in (apart, together):
        assert len(body(page)) == 4 * len(PARAGRAPHS)


def test_an_article_cut_into_parts_is_read_whole() -> None:
    halves = [PARAGRAPHS[:2], PARAGRAPHS[2:]]
    parts = [f"<div class=part>{''.join(f'<p>{text}</p>' for text in half)}</div>" for half in halves]
    deep = ["<div>" * 6 + part + "</div>" * 6 for part in parts]
    assert body(f"<h1>Duty falls</h1><div>{''.join(deep)}</div>") == list(PARAGRAPHS)


def test_lines_parted_by_two_breaks_are_paragraphs() -> None:
    assert body(f"<h1>Duty falls</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div>") == list(PARAGRAPHS)


def test_short_lines_written_like_the_paragraphs_are_text_and_others_are_labels() -> None:
    lines = "".join(
        f"<div class=line>{text}</div>"
        for text in (*PARAGRAPHS, "Copper: 9,610, up 0.4%", PARAGRAPHS[0] + " Yes.")
    )
    page = f"<h1>Duty falls</h1><div class=story>{lines}<div class=tools>Print this page</div></div>"
    assert "Copper: 9,610, up 0.4%" in body(page) and "Print this page" not in body(page)


def test_the_label_above_a_list_of_links_goes_with_it() -> None:
    links = "".join(f"<li><a href=/{i}>Ferry number {i} is late</a></li>" for i in range(4))
    assert body(f"<h1>Duty falls</h1><div>{TEXT}<p>From the islands:</p><ul>{links}</ul></div>") == list(
        PARAGRAPHS
    )


def test_items_and_cells_are_text_however_short() -> None:
    items = "<ul><li>Copper</li><li>Wire</li></ul><table><tr><td>2024</td><td>610 t</td></tr></table>"
    assert body(f"<h1>Duty falls</h1><div>{TEXT}{items}</div>")[3:] == ["Copper", "Wire", "2024", "610 t"]


def test_a_heading_without_text_is_left_out_and_one_with_text_is_kept() -> None:
    page = f"<h1>Duty falls</h1><div>{TEXT}<h2>What follows</h2><p>{PARAGRAPHS[0]} So it was.</p><h2>More</h2></div>"
    assert body(page)[-2:] == ["What follows", f"{PARAGRAPHS[0]} So it was."]


def test_text_that_scripts_will_show_is_read() -> None:
    assert body(f"<div hidden><h1>Duty falls</h1><div>{TEXT}</div></div>") == list(PARAGRAPHS)


def test_the_headline_and_the_byline_are_no_paragraphs() -> None:
    head = "<meta name=author content='Jane Doe'><title>Duty on copper falls</title>"
    page = (
        f"<html><head>{head}</head><body><h1>Duty on copper falls</h1><div><h2>Economy: Duty on copper falls</h2>"
        f"<p>By Jane Doe</p><p>Updated 6 May 2024, 9:15</p>{TEXT}</div></body></html>"
    )
    assert text_of(page) == "\n\n".join(PARAGRAPHS)


def test_a_page_of_many_megabytes_ends_in_seconds() -> None:
    rows = "".join(
        f"<p>The harbour office of pier {i} reported one more ship than a year ago.</p>"
        for i in range(60_000)
    )
    start = time.monotonic()
    assert text_of(f"<h1>Ships</h1><div>{rows}</div>")
    assert time.monotonic() - start < 25
