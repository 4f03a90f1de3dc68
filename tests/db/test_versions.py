"""What changed between the versions of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import NotFound
from db.frontier import Discovered
from db.model import Article, SourceSummary
from db.store import Store, article_id_of
from db.versions import ParagraphChange, Piece, compare_texts, compare_words, diff_versions
from tests.db.world import NOW

URL = "https://courier.example/a"
FIRST = ("The ministry cut the duty to 5 percent on Monday.", "Smelters had asked for it.", "It rained.")
SECOND = (
    "The ministry cut the duty to 7 percent on Monday.",
    "Smelters had asked for it.",
    "A vote follows.",
)


def save(store: Store, paragraphs: tuple[str, ...], title: str = "Duty cut") -> None:
    store.frontier.put_source(
        SourceSummary(
            id="courier", title="C", publisher="C", country="GBR", language="en", url=URL, kind="newspaper"
        )
    )
    store.frontier.discover("courier", [Discovered(url=URL)], NOW)
    page = store.frontier.page(URL)
    assert page is not None
    article = Article(
        id=URL, url=URL, title=title, text="\n\n".join(paragraphs), paragraphs=paragraphs, language="en"
    )
    store.save_article(article, source_id="courier", page=page)


def test_each_version_says_what_was_changed_since_the_one_before(store: Store) -> None:
    save(store, FIRST)
    save(store, SECOND)
    save(store, SECOND, title="Duty cut to 7 percent")
    first, second = diff_versions(store, article_id_of(URL))
    assert (first.from_version, first.to_version, first.title_before) == (1, 2, first.title_after)
    assert [(change.before, change.after) for change in first.paragraphs] == [
        (FIRST[0], SECOND[0]),
        (None, SECOND[2]),
        (FIRST[2], None),
    ]
    assert Piece("removed", "5 ") in first.paragraphs[0].pieces
    assert Piece("added", "7 ") in first.paragraphs[0].pieces
    assert second.paragraphs == () and second.title_after == "Duty cut to 7 percent"


def test_an_article_never_changed_has_no_difference_and_an_unknown_one_is_said(store: Store) -> None:
    save(store, FIRST)
    save(store, FIRST)
    assert diff_versions(store, article_id_of(URL)) == []
    with pytest.raises(NotFound, match="there is no article a0"):
        diff_versions(store, "a0")


@given(st.lists(st.sampled_from(FIRST + SECOND)), st.lists(st.sampled_from(FIRST + SECOND)))
def test_the_changes_lead_from_one_text_to_the_other(old: list[str], new: list[str]) -> None:
    changes = list(compare_texts("\n\n".join(old), "\n\n".join(new)))
    assert (not changes) == (old == new)
    assert all(_is_whole(change) for change in changes)


def _is_whole(change: ParagraphChange) -> bool:
    before = "".join(piece.text for piece in change.pieces if piece.operation != "added")
    after = "".join(piece.text for piece in change.pieces if piece.operation != "removed")
    return (before.split(), after.split()) == ((change.before or "").split(), (change.after or "").split())


def test_words_that_stayed_are_told_from_those_that_went_and_came() -> None:
    assert compare_words("cut to 5 percent", "cut to 7 percent") == (
        Piece("same", "cut to "),
        Piece("removed", "5 "),
        Piece("added", "7 "),
        Piece("same", "percent"),
    )
