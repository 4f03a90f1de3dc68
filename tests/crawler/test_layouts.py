# ruff: noqa: E501 (markup reads better unbroken)
"""Made-up pages in the manner of many publishing systems, read without any source's rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from crawler.extraction.page import Page
from crawler.extraction.pages import read_article

FIRST = (
    "The ministry said on Tuesday that it would ask for a licence for every shipment of gallium from the first of"
    " next month, after exports rose by a third in the spring."
)
SECOND = (
    "Traders in Port Velin had expected the step, and prices for delivery in the autumn rose by four per cent"
    " before the notice was published."
)
THIRD = (
    "A spokeswoman for the smelters, Ilse Varga, called the new form “nine pages of questions nobody can answer”"
    " and asked for a year’s delay."
)
TEXT = (FIRST, SECOND, THIRD)
VIETNAMESE = (
    "Bộ Công Thương nước này cho biết từ đầu tháng tới, mọi lô hàng gali xuất khẩu đều phải có giấy phép, sau khi"
    " lượng xuất khẩu tăng một phần ba trong quý hai.",
    "Giới buôn bán tại cảng Velin cho rằng động thái này đã được dự báo từ trước, và giá giao tháng 10 đã tăng 4%"
    " trước khi thông báo được công bố.",
    "Hiệp hội các nhà máy luyện kim đề nghị lùi thời hạn áp dụng thêm một năm để doanh nghiệp kịp chuẩn bị hồ sơ.",
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One made-up page and what a reader takes from it."""

    name: str
    html: str
    title: str
    published: str | None
    authors: tuple[str, ...] = ()
    url: str = "https://courier.example/trade/gallium-licence-48213"
    text: tuple[str, ...] = field(default=TEXT)

    def __str__(self) -> str:
        return self.name


def paragraphs(texts: tuple[str, ...] = TEXT, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


LAYOUTS = [
    Layout(
        name="a ministry's press room without any metadata",
        url="https://www.commerce.gov.example/en/press/2025-114.html",
        html=(
            "<title>Ministry introduces gallium licences - Ministry of Commerce of the Republic of Ardenia</title>"
            "<div id=header><h1 class=site-name><a href='/'>Ministry of Commerce of the Republic of Ardenia</a></h1>"
            "<ul class=menu><li><a href=/about>About the Ministry</a><li><a href=/laws>Laws</a></ul></div>"
            "<div id=content><h2>Ministry introduces gallium licences</h2><div class=info>Published: 14 October 2025</div>"
            f"<div class=text>{paragraphs()}</div></div><div id=footer><p>Ministry of Commerce, 1 Harbour Square, Velin."
            " All rights reserved.</p></div>"
        ),
        title="Ministry introduces gallium licences",
        published="2025-10-14",
    ),
    Layout(
        name="a weblog system with categories, share buttons and related posts",
        html=(
            "<title>Ardenia wants licences for gallium &#8211; Metals Weekly</title>"
            "<meta property=og:site_name content='Metals Weekly'>"
            "<meta property=og:title content='Ardenia wants licences for gallium &#8211; Metals Weekly'>"
            "<meta property=article:published_time content=2025-10-14T08:05:00+00:00>"
            "<header class=site-header><p class=site-title><a href=/>Metals Weekly</a></p></header>"
            "<article class='post-48213 post type-post'><header class=entry-header><span class=cat-links>"
            "<a href=/category/minor-metals>Minor metals</a></span><h1 class=entry-title>Ardenia wants licences for"
            " gallium</h1><div class=entry-meta><span class=posted-on><time class='entry-date published'"
            " datetime=2025-10-14T08:05:00+00:00>October 14, 2025</time></span><span class=byline> by <span"
            " class='author vcard'><a class='url fn n' href=/author/jonas-keller>Jonas Keller</a></span></span></div>"
            f"</header><div class=entry-content>{paragraphs(TEXT[:2])}<div class=sharedaddy><h3>Share this:</h3><ul>"
            f"<li><a href=#>Twitter</a><li><a href=#>Facebook</a></ul></div>{paragraphs(TEXT[2:])}<div id=jp-relatedposts>"
            "<h3>Related</h3><p>In the spring the ministry had first spoken of a register of all dealers in the metal."
            "</p></div></div></article><section id=comments><h2>2 thoughts on this</h2><p>I have been in this trade for"
            " thirty years and have never seen such a form, which asks for everything.</p></section>"
        ),
        title="Ardenia wants licences for gallium",
        published="2025-10-14T08:05:00Z",
        authors=("Jonas Keller",),
    ),
    Layout(
        name="the publisher in JSON-LD in place of the byline, and a headline for search engines",
        html=(
            "<title>Gallium export licence: what we know | The Velin Courier</title>"
            "<meta property=og:site_name content='The Velin Courier'>"
            "<meta property=og:title content='Licences for every gram: Ardenia closes its gallium taps'>"
            '<script type=application/ld+json>{"@type":"NewsArticle","headline":"Gallium export licence: what we know",'
            '"datePublished":"2025-10-14T09:30:00+02:00","author":{"@type":"Person","name":"The Velin Courier"},'
            '"publisher":{"@type":"Organization","name":"The Velin Courier"}}</script>'
            "<h1>Licences for every gram: Ardenia closes its gallium taps</h1>"
            "<div class=byline>By <a href=/profile/mara-lind>Mara Lind</a> and <a href=/profile/tom-okoro>Tom Okoro</a>"
            f", trade correspondents</div><div class=article-body>{paragraphs()}</div>"
        ),
        title="Licences for every gram: Ardenia closes its gallium taps",
        published="2025-10-14T09:30:00+02:00",
        authors=("Mara Lind", "Tom Okoro"),
    ),
    Layout(
        name="a headline that JSON-LD cuts off after a hundred characters",
        html=(
            "<title>Ardenia asks for a licence for every shipment of gallium from the first of November as exports rise by"
            " a third</title>"
            '<script type=application/ld+json>{"@type":"NewsArticle","headline":"Ardenia asks for a licence for every'
            ' shipment of gallium from the first of November as exports",'
            '"datePublished":"2025-10-14","author":[{"name":"Jane Doe","email":"jane@courier.example"}]}</script>'
            "<article><h1>Ardenia asks for a licence for every shipment of gallium from the first of November as exports"
            f" rise by a third</h1>{paragraphs()}</article>"
        ),
        title=(
            "Ardenia asks for a licence for every shipment of gallium from the first of November as exports rise by a third"
        ),
        published="2025-10-14",
        authors=("Jane Doe",),
    ),
    Layout(
        name="a kicker and a headline in one h1",
        html=(
            "<title>Handel: Ardenien schränkt Galliumausfuhr ein - Velinger Bote</title>"
            "<meta property=og:title content='Handel: Ardenien schränkt Galliumausfuhr ein'>"
            "<meta property=article:published_time content='2025-10-14T07:00:00+02:00'>"
            "<article><h1><span>Handel:</span><span>Ardenien schränkt Galliumausfuhr ein</span></h1>"
            f"<p class=autor>Von <a rel=author href=/autor/eva-stein>Eva Stein</a></p>{paragraphs()}</article>"
        ),
        title="Handel: Ardenien schränkt Galliumausfuhr ein",
        published="2025-10-14T07:00:00+02:00",
        authors=("Eva Stein",),
    ),
    Layout(
        name="Vietnamese: day before month, the signature at the end on the right, a photo with a credit",
        url="https://baovelin.example.vn/ardenia-siet-xuat-khau-gali-20251011081500.htm",
        html=(
            "<html lang=vi><title>Ardenia siết xuất khẩu gali - Báo Velin</title>"
            "<meta property=og:title content='Ardenia siết xuất khẩu gali'>"
            "<div class=header><a href=/><img alt='Báo Velin'></a></div><ul class=breadcrumb><li><a href=/>Trang chủ</a>"
            "<li><a href=/kinh-te.htm>Kinh tế</a></ul><h1 class=title-detail>Ardenia siết xuất khẩu gali</h1>"
            "<span class=date>Thứ bảy, 11/10/2025, 08:15 (GMT+7)</span>"
            f"<div class=fck_detail><p class=Normal>{VIETNAMESE[0]}</p><figure><img src=a.jpg><figcaption>Một nhà máy"
            " luyện kim ở Velin. Ảnh: <em>AFP</em></figcaption></figure>"
            f"<p class=Normal>{VIETNAMESE[1]}</p><p class=Normal>{VIETNAMESE[2]}</p>"
            "<p class=Normal style='text-align:right;'><strong>Minh Anh</strong> (theo <em>Velin Times</em>)</p></div>"
            "<div class=box-tinlienquan><h3>Tin liên quan</h3><p>Trước đó, nước này đã lập danh sách các nhà buôn kim loại"
            " hiếm được phép hoạt động.</p></div>"
        ),
        title="Ardenia siết xuất khẩu gali",
        published="2025-10-11T08:15:00+07:00",
        authors=("Minh Anh",),
        text=VIETNAMESE,
    ),
    Layout(
        name="Vietnamese: the writer above the text, the sapo in an h2, the source below",
        url="https://thoibaovelin.example.vn/kinh-te/ardenia-siet-xuat-khau-gali-post1482130.html",
        html=(
            "<html lang=vi-VN><title>Ardenia siết xuất khẩu gali | Thời báo Velin</title>"
            "<meta name=author content='Thời báo Velin'><meta property=article:author content='Thời báo Velin'>"
            "<meta property=article:published_time content='2025-03-04T16:20:00+07:00'>"
            "<article class=the-article><header><h1 class=the-article-title>Ardenia siết xuất khẩu gali</h1>"
            "<ul class=the-article-meta><li class=the-article-author><a class=author-name href=/tac-gia/thu-ha.html>Thu Hà"
            "</a><li class=the-article-publish>Thứ ba, 4/3/2025 16:20 (GMT+7)</ul></header>"
            f"<h2 class=sapo>{VIETNAMESE[0]}</h2><div class=the-article-body>{paragraphs(VIETNAMESE[1:])}</div>"
            "<p class=source>Nguồn: velintimes.example</p></article>"
        ),
        title="Ardenia siết xuất khẩu gali",
        published="2025-03-04T16:20:00+07:00",
        authors=("Thu Hà",),
        text=VIETNAMESE,
    ),
    Layout(
        name="a page of tables, as made twenty years ago",
        url="https://www.metalnotes.example/news.asp?id=48213",
        html=(
            "<title>Metal Notes: Gallium needs a licence</title><table><tr><td colspan=2><a href=/>METAL NOTES</a>"
            "<tr><td width=120><a href=/a>Copper</a><br><a href=/b>Zinc</a><br><a href=/c>Tin</a>"
            "<td><font size=5><b>Gallium needs a licence</b></font><br><i>October 14, 2025</i><br><br>"
            f"{FIRST}<br><br>{SECOND}<br><br>{THIRD}<br><br><a href=/print>Printable version</a></table>"
        ),
        title="Gallium needs a licence",
        published="2025-10-14",
    ),
    Layout(
        name="French, with a standfirst, a reading time, an appeal to subscribe and a box",
        html=(
            "<html lang=fr><title>Gallium : l’Ardénie impose une licence - L’Écho de Velin</title>"
            "<meta property=og:title content='Gallium : l’Ardénie impose une licence'>"
            "<meta property=og:site_name content='L’Écho de Velin'>"
            '<script type=application/ld+json>[{"@type":"NewsArticle","headline":"Gallium : l’Ardénie impose une licence",'
            '"datePublished":"2025-10-14T06:10:00+02:00","author":[{"@type":"Person","name":"Claire Aubin"},'
            '{"@type":"Organization","name":"AFP"}],"isAccessibleForFree":true}]</script>'
            "<main><article><h1>Gallium : l’Ardénie impose une licence</h1>"
            f"<p class=chapo>{FIRST}</p><p class=signature>Par <a href=/auteur/claire-aubin>Claire Aubin</a> avec AFP</p>"
            "<p class=reading-time>Temps de lecture : 3 min</p>"
            f"<p>{SECOND}</p><aside class=newsletter><p>Recevez chaque matin notre lettre sur les matières premières, avec"
            f" les cours et les analyses de la rédaction.</p></aside><p>{THIRD}</p></article></main>"
        ),
        title="Gallium : l’Ardénie impose une licence",
        published="2025-10-14T06:10:00+02:00",
        authors=("Claire Aubin",),
    ),
    Layout(
        name="American: month before day, a dateline, a plea for a newsletter and links to other articles between",
        url="https://www.harborledger.com/story/news/48213",
        html=(
            "<html lang=en-US><title>Gallium shipments need papers, Ardenia says</title>"
            "<meta property=og:title content='Gallium shipments need papers, Ardenia says'>"
            "<h1>Gallium shipments need papers, Ardenia says</h1><div class=byline-container><span>BY JANE DOE</span>"
            "<span class=title>Staff Writer</span></div><time>10/04/2025 4:12 p.m.</time>"
            f"<div class=story-text>{paragraphs(TEXT[:1])}<p><strong>Read more:</strong> <a href=/x>Who buys all the"
            f" gallium?</a></p>{paragraphs(TEXT[1:2])}<p>Sign up for our newsletter to get the day’s metals news in your"
            f" inbox.</p>{paragraphs(TEXT[2:])}<p>Follow Harbor Ledger on Facebook and X for more stories.</p></div>"
        ),
        title="Gallium shipments need papers, Ardenia says",
        published="2025-10-04T16:12:00Z",
        authors=("Jane Doe",),
    ),
    Layout(
        name="Spanish, with an agency as the author and the time in words",
        html=(
            "<html lang=es><title>Ardenia exige licencias para el galio - Diario de Velin</title>"
            "<meta property=og:title content='Ardenia exige licencias para el galio'>"
            "<div class=cabecera><h1>Ardenia exige licencias para el galio</h1><div class=firma><span class=autor>EFE"
            "</span> <span class=fecha>14 de octubre de 2025 - 10:32</span></div></div>"
            f"<div class=cuerpo>{paragraphs()}<p>Lea también: <a href=/y>El cobre sube otra vez</a></p></div>"
        ),
        title="Ardenia exige licencias para el galio",
        published="2025-10-14T10:32:00Z",
        authors=("EFE",),
    ),
    Layout(
        name="a front end that keeps its state in a script and names classes by hashes",
        html=(
            "<title>Ardenia: licence for gallium</title><meta property=og:title content='Ardenia: licence for gallium'>"
            '<script id=__NEXT_DATA__ type=application/json>{"props":{"title":"x","body":"<p>not this</p>"}}</script>'
            '<script type=application/ld+json>{"@graph":[{"@type":"WebPage","@id":"#p"},{"@type":["NewsArticle"],'
            '"headline":"Ardenia: licence for gallium","datePublished":"2025-10-14T05:00:00.000Z","author":{"@id":"#a"}},'
            '{"@type":"Person","@id":"#a","name":"Noor Haddad"}]}</script>'
            "<div class=css-1a2b3c><div class=sc-f7a91><h1 class=css-9z8y7x>Ardenia: licence for gallium</h1></div>"
            f"<div class=css-5d4e6f><div class=css-0p>{paragraphs(TEXT, 'div')}</div></div>"
            "<div class=css-77aa><a href=/1>What buyers of rare metals must know about the new rules of this autumn</a>"
            "<a href=/2>How the smelters of Velin came to depend on a single customer overseas</a></div></div>"
        ),
        title="Ardenia: licence for gallium",
        published="2025-10-14T05:00:00Z",
        authors=("Noor Haddad",),
    ),
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_page_without_rules_is_read_as_a_reader_reads_it(layout: Layout) -> None:
    head, body = re.split(r"(?=<(?:div|h1|article|header|main|table))", layout.html, maxsplit=1)
    page = f"<!doctype html>{head}</head><body>{body}</body></html>".encode()
    article = read_article(Page(id="1", url=layout.url, body=page, content_type="text/html; charset=utf-8"))
    assert article.title == layout.title
    assert article.paragraphs == layout.text
    assert article.authors == layout.authors
    assert article.published == layout.published
