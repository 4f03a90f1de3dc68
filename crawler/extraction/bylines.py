"""Finds who signs an article: in its statements, in its bylines, and in lines that name their writers."""

from __future__ import annotations

from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.authors import clean_authors, corporate_authors
from crawler.extraction.furniture import is_byline_label, is_no_author, signature
from crawler.extraction.jsonld import Statement
from crawler.extraction.markup import MetaTags, first_words, select, tidy, words
from crawler.extraction.sitenames import names_behind
from crawler.sources import Source

AUTHOR_META = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
    "byline",
    "authors",
    "articleauthor",
    "article_author",
)
BYLINES = (
    "[itemprop=author] [itemprop=name]",
    "article a[rel~=author]",
    "a[rel~=author]",
    "[itemprop=author]",
    "article [class*=byline] a[href*=author]",
    "[class*=author-name], [class*=authorName], [class*=author_name]",
    "[class*=byline] a",
    "a[href*='/author/'], a[href*='/authors/'], a[href*='/autor/'], a[href*='/auteur/']",
    "[class*=byline]",
    "[class~=author]",
    "[class*=contributors] a",
    "[class*=__author], [class*=-author]",
    "[class*=authors] [class*=name], [class*=authors] [class*=item]",
    "[class~=autor], [class~=auteur], [class~=autore], [class~=firma], [class~=signature], [class*=tac-gia]",
    # Where a byline closes the text, as in Vietnam, it stands alone on the right.
    "p[style*='text-align:right'], p[style*='text-align: right'], p[align=right]",
)
AGENCIES = (
    "[class*=byline]",
    "[class~=author], [class~=autor], [class~=auteur], [class~=autore], [class~=firma]",
)
MOST_AUTHORS = 4
STRONG = 4
"""So many of the selectors find the author of this article only; the others may find those of others."""
LONGEST_SIGNATURE = 120
MOST_ELEMENTS = 10_000


def read_authors(
    tree: HtmlElement, source: Source | None, statement: Statement, meta: MetaTags, publisher: str | None
) -> tuple[str, ...]:
    """The people who sign, in order; where nobody does, the agency or newsroom that the page calls its author."""
    site = meta.first("og:site_name")
    not_people = [
        *statement.organisations,
        *(name for name in (publisher, statement.publisher, site) if name),
    ]
    behind = names_behind(words(next(iter(select(tree, "title")), None)))[-1:]
    # What stands last in the page's title is the site, as a rule; a columnist where nobody else signs.
    return (
        _people(tree, source, statement, meta, [*not_people, *behind])
        or (_people(tree, source, statement, meta, not_people) if behind else ())
        or _newsroom(tree, statement, meta, not_people)
    )


def _people(
    tree: HtmlElement, source: Source | None, statement: Statement, meta: MetaTags, not_people: list[str]
) -> tuple[str, ...]:
    """The people who sign: as stated, as shown, as written in a line of the text."""
    bylines = [
        [first_words(tree, source.article.authors) or ""] if source else [],
        list(statement.authors),
        meta.all(*AUTHOR_META),
        _labelled(meta),
    ]
    for names in bylines:
        if authors := clean_authors(names, not_people):
            return authors
    publishers = _publishers(not_people, statement)
    agencies = [
        name
        for name in statement.corporate_authors
        if not any(name.casefold() in publisher for publisher in publishers)
    ]
    for css in BYLINES[:STRONG] if agencies else BYLINES:
        names = _signed(tree, css)
        if names and names[0] in statement.authors:
            break  # the site signs for itself, above the article too; the names after it sign other articles
        if authors := clean_authors(names, not_people):
            return authors
    return () if agencies else clean_authors(_signatures(tree), not_people)


def _newsroom(
    tree: HtmlElement, statement: Statement, meta: MetaTags, not_people: list[str]
) -> tuple[str, ...]:
    """Whoever the page calls its author without being a person: an agency before the publisher itself."""
    named = [
        corporate_authors(names)
        for names in (
            statement.authors,
            statement.corporate_authors,
            meta.all(*AUTHOR_META),
            _signatures(tree),
            [name for css in AGENCIES for name in _signed(tree, css) if is_no_author(name)],
        )
    ]
    publishers = _publishers(not_people, statement)
    others = [names for names in named if names and not {name.casefold() for name in names} <= publishers]
    return next((names for names in (*others, *named) if names), ())


def _publishers(not_people: list[str], statement: Statement) -> set[str]:
    """The names of whoever publishes, without an agency that only wrote the article."""
    publisher = (statement.publisher or "").casefold()
    agencies = {name.casefold() for name in statement.corporate_authors if name.casefold() not in publisher}
    return {name.casefold() for name in not_people} - agencies


def _signed(tree: HtmlElement, css: str) -> list[str]:
    """The bylines that a selector finds; none where there are so many that they sign other articles."""
    found = (words(element, between=" | ") for element in select(tree, css))
    bylines = dict.fromkeys(text for text in found if text)
    return list(bylines) if len(bylines) <= MOST_AUTHORS else []


def _signatures(tree: HtmlElement) -> list[str]:
    """The names in the first short line of its own that says what it is: "(Author: Jane Doe)", "By Jane Doe"."""
    for element in islice(tree.iter("p", "div", "span", "em", "li", "td"), MOST_ELEMENTS):
        start = tidy(element.text or "")
        if not start or len(start) > LONGEST_SIGNATURE:
            continue
        if names := signature(start if len(element) else words(element)):
            return [names]
    return _under_labels(tree)


def _under_labels(tree: HtmlElement) -> list[str]:
    """The names behind a label that has an element of its own: "<b>Author</b> Jane Doe"."""
    for label in islice(tree.iter("strong", "b", "span", "dt"), MOST_ELEMENTS):
        text = tidy(label.text or "").rstrip(":")
        if 0 < len(text) <= LONGEST_SIGNATURE and (names := signature(f"{text}: {tidy(label.tail or '')}")):
            return [names]
    return []


def _labelled(meta: MetaTags) -> list[str]:
    """The author on a card for social media: `twitter:label1` says "Written by", `twitter:data1` who."""
    return [
        meta.first(f"twitter:data{number}") or ""
        for number in (1, 2)
        if is_byline_label(meta.first(f"twitter:label{number}") or "")
    ]
