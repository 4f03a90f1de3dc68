"""Pages for the crawl benchmark, and the process that serves them on loopback.

    python benchmarks/served_pages.py [--count N] [--pages DIR]

Prints its address on the first line of standard output and serves until standard input closes. The pages are
made of invented words in a layout with everything around the text that news sites have; the same N gives the
same bytes. `--pages` serves the files of a folder (*.html, *.html.gz) in their place.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

SYLLABLES = [
    "ba",
    "bel",
    "cor",
    "da",
    "den",
    "dor",
    "el",
    "fan",
    "gar",
    "hol",
    "in",
    "ka",
    "lor",
    "man",
    "mer",
    "nar",
    "ol",
    "pan",
    "quin",
    "ra",
    "sel",
    "tor",
    "un",
    "ver",
    "wen",
    "yor",
]
SMALL = [
    "the",
    "of",
    "a",
    "in",
    "to",
    "and",
    "for",
    "on",
    "with",
    "that",
    "by",
    "from",
    "as",
    "at",
    "it",
    "its",
    "their",
    "which",
    "after",
    "over",
]
PARAGRAPHS = (9, 22)
SIZES = (30_000, 60_000)
"""The bytes of markup that a page is filled up to."""
FIRST_DAY = datetime(2025, 3, 1, 6, tzinfo=UTC)
SITEMAP = "/sitemap.xml"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--pages", type=Path)
    options = parser.parse_args()
    pages = read_pages(options.pages) if options.pages else make_pages(options.count)
    asyncio.run(serve({f"/news/story-{number}.html": page for number, page in enumerate(pages)}))


def make_pages(count: int) -> list[bytes]:
    """So many article pages."""
    return [_page(number) for number in range(count)]


def read_pages(folder: Path) -> list[bytes]:
    """The pages in a folder and below it, in the order of their names."""
    files = sorted(file for file in folder.rglob("*.html*") if file.suffix in (".html", ".gz"))
    if not files:
        sys.exit(f"{folder} holds no *.html or *.html.gz")
    return [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]


async def serve(pages: dict[str, bytes]) -> None:
    """Serve until standard input closes; answers are made beforehand, so that serving costs little."""
    answers = {path.encode(): _answer(page, b"text/html; charset=utf-8") for path, page in pages.items()}
    missing = _answer(b"not here", b"text/plain", b"404 Not Found")

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            self._transport, self._asked = transport, b""

        def data_received(self, data: bytes) -> None:
            self._asked += data
            while b"\r\n\r\n" in self._asked:
                head, _, self._asked = self._asked.partition(b"\r\n\r\n")
                self._transport.write(answers.get(head.split(b" ", 2)[1], missing))

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    locations = "".join(f"<url><loc>{base}{path}</loc></url>" for path in pages)
    answers[SITEMAP.encode()] = _answer(f"<urlset>{locations}</urlset>".encode(), b"application/xml")
    print(base, flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    server.close()


def _answer(body: bytes, content_type: bytes, status: bytes = b"200 OK") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (
        status,
        content_type,
        len(body),
    )
    return head + body


def _page(number: int) -> bytes:
    chance = random.Random(number)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(900)]
    title = _sentence(chance, words, 9).rstrip(".")
    author = " ".join(word.capitalize() for word in chance.sample(words, 2))
    published = FIRST_DAY + timedelta(minutes=17 * number)
    paragraphs = [
        " ".join(_sentence(chance, words) for _ in range(chance.randint(2, 5)))
        for _ in range(chance.randint(*PARAGRAPHS))
    ]
    page = _before(chance, words, number, title, author, published)
    for position, paragraph in enumerate(paragraphs):
        page += f'<p class="story__text">{paragraph}</p>\n'
        if position % 5 == 3:
            page += _box(chance, words, "aside", "Read more", 3)
    page += f"</div></article>\n{_box(chance, words, 'section', 'Most read', 12)}"
    footer = _links(chance, words, "footer__link", 40)
    end = f"<footer><nav>{footer}</nav><p>© 2025 The Vernor Post</p></footer></body></html>"
    return (page + _filling(chance, words, chance.randint(*SIZES) - len(page) - len(end)) + end).encode()


def _before(
    chance: random.Random, words: list[str], number: int, title: str, author: str, published: datetime
) -> str:
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": published.isoformat(),
        "dateModified": (published + timedelta(minutes=40)).isoformat(),
        "author": [{"@type": "Person", "name": author}],
        "publisher": {"@type": "Organization", "name": "The Vernor Post"},
    }
    described["image"] = [f"https://img.vernor.example/{number}/{size}.jpg" for size in (480, 960, 1920)]
    described["description"] = summary = _sentence(chance, words)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title} | The Vernor Post</title>"
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta name="description" content="{summary}">{_metadata(chance, words, number, title, summary)}'
        f'<meta property="article:published_time" content="{published.isoformat()}">'
        f'<script type="application/ld+json">{json.dumps(described)}</script>'
        f"<style>{' '.join(f'.{w}{{margin:0;padding:{len(w)}px}}' for w in words[:60])}</style></head>\n"
        f"<body><header><nav>{_links(chance, words, 'menu__link', 60)}</nav></header>\n"
        f'<article class="story" id="story-{number}"><h1>{title}</h1>'
        f'<div class="byline">By <a rel="author" href="/people/{number}">{author}</a>'
        f' <time datetime="{published.isoformat()}">{published:%d %B %Y}</time></div>'
        f'<figure><img src="/images/{number}.jpg" alt=""><figcaption>{_sentence(chance, words)}</figcaption>'
        '</figure><div class="story__body">\n'
    )


def _metadata(chance: random.Random, words: list[str], number: int, title: str, summary: str) -> str:
    """What else pages say of themselves: for social networks, telephones, other sizes and languages."""
    address = f"https://vernor.example/news/story-{number}.html"
    named = {"twitter:title": title, "twitter:description": summary, "twitter:card": "summary_large_image"}
    named |= {"viewport": "width=device-width", "robots": "max-image-preview:large", "theme-color": "#204060"}
    named |= {f"verify-{word}": word * 4 for word in words[:8]}
    shared = {"og:description": summary, "og:site_name": "The Vernor Post", "og:url": address}
    shared |= {"og:image": f"{address}.jpg", "og:image:width": "1200", "article:section": words[0]}
    metas = [f'<meta name="{name}" content="{value}">' for name, value in named.items()]
    metas += [f'<meta property="{name}" content="{value}">' for name, value in shared.items()]
    metas += [f'<meta property="article:tag" content="{word}">' for word in words[1:7]]
    metas += [f'<link rel="preload" as="script" href="/assets/{word}.js">' for word in words[7:22]]
    metas += [f'<script src="/assets/{word}.js" async></script>' for word in words[7:22]]
    return "".join((f'<link rel="canonical" href="{address}">', *metas))


def _filling(chance: random.Random, words: list[str], size: int) -> str:
    """What fills a page up: cards of other stories, and the data that scripts carry along."""
    half = ""
    while len(half) < size // 2:
        half += _box(chance, words, "div", chance.choice(words).capitalize(), 6)
    state = json.dumps({word: chance.random() for word in words}) * 9
    return half + f"<script>window.__STATE__ = {state[: max(0, size - len(half))]!r};</script>"


def _box(chance: random.Random, words: list[str], tag: str, name: str, links: int) -> str:
    return f'<{tag} class="related"><h3>{name}</h3>{_links(chance, words, "related__link", links)}</{tag}>\n'


def _links(chance: random.Random, words: list[str], name: str, number: int) -> str:
    items = (
        f'<li class="{name}-item"><a class="{name}" href="/{chance.choice(words)}/{chance.choice(words)}">'
        f"{' '.join(chance.choices(words, k=chance.randint(1, 6))).capitalize()}</a></li>"
        for _ in range(number)
    )
    return f"<ul>{''.join(items)}</ul>"


def _sentence(chance: random.Random, words: list[str], length: int | None = None) -> str:
    chosen = [
        chance.choice(SMALL if chance.random() < 0.45 else words)
        for _ in range(length or chance.randint(9, 28))
    ]
    return " ".join(chosen).capitalize() + "."


if __name__ == "__main__":
    main()
