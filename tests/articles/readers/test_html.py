"""Saved pages: `pages/` has some of each shape, with the lines that are read from them and their hints."""

import re
import socket
import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.article import Article
from pipeline.articles.readers import read_source
from pipeline.articles.readers.html import blocks, read, source
from pipeline.articles.readers.html.about import iso
from pipeline.articles.source import KINDS, Source
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings, load_settings

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
STORY = "<p>Inspectors said that the council’s work with children in care was better than it had been before.</p>"


@pytest.fixture(scope="module")
def settings() -> ArticleSettings:
    return load_settings().articles


def page(body: str, head: str = "") -> Source:
    markup = f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return source(markup.encode(), "page.html")


def shown(page: Source) -> list[tuple[str, str]]:
    """The lines of a source, each with its hint."""
    found, at = [], 0
    for line in page.text.split("\n"):
        if line:
            found.append((page.hints.get(at, "-"), line))
        at += len(line) + 1
    return found


def texts(body: str, head: str = "") -> list[str]:
    return [line for _, line in shown(page(body, head))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path, settings: ArticleSettings) -> None:
    (found,) = read(BytesIO(path.read_bytes()), path.name, settings)
    lines = [f"{kind:<10}{line}" for kind, line in shown(found)]
    assert lines == path.with_suffix(".txt").read_text("utf-8").splitlines()
    assert len(found.hints) == sum(not line.startswith("-") for line in lines)
    assert bool(found.notes) == (path.stem == "old_council_of_layout_tables")


def test_is_read_as_the_format_it_is() -> None:
    path = next(path for path in PAGES if path.stem == "broadcaster")
    found = read_source(path)
    assert found.text == source(path.read_bytes(), path.name).text
    kinds = {block.text: block.kind for block in Article.of(found).blocks}
    assert kinds["plans were not clear enough"] == "bullet"
    assert kinds["Broadcaster News"] == kinds["2024-03-08"] == "furniture"
    assert kinds["'Not good enough'"] == "heading"


# Text


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>in<b>spect</b>or<i>s</i>", ["inspectors"]),
        ("<p>one<br>line", ["one line"]),
        ("<p>One sentence.<br>Another.", ["One sentence.", "Another."]),
        ("<p>1 High Street<br>Fenbridge", ["1 High Street", "Fenbridge"]),
        ("<div>One<br> <br>two<br>&nbsp;<br>three", ["One", "two", "three"]),
        ("<h2>A<br>heading</h2>", ["A heading"]),
        ("<p>fish &amp; chips &lt;b&gt; &pound;5 &#8217; &#146; &hellip;", ["fish & chips <b> £5 ’ ’ …"]),
        ("<p>10&nbsp;May<p>&nbsp;<p>care&shy;leavers", ["10\xa0May", "care\xadleavers"]),
        ("<p>  a \n\t b\u2028c  </p>", ["a b c"]),
        ("<table><tr><th>Area<th>Grade<tr><td><p>Leaders</p><td>Good<br>now", ["Area | Grade", "Leaders | Good now"]),
        ("<table><tr><td>Menu<td><h2>News</h2><p>Some.<p>More.</table>", ["Menu", "News", "Some.", "More."]),
        ("<pre>One line\n  another\n\nA block</pre>", ["One line", "another", "A block"]),
        ("<p>plan<sup><a href=#n1>1</a></sup> of the 1<sup>st</sup>", ["plan of the 1st"]),
        ("<p>before<div>within</div>after", ["before", "within", "after"]),
        ("just text", ["just text"]),
        ("<p>unclosed <b>bold <i>both<p>next", ["unclosed bold both", "next"]),
        ("<p>a<script>x</script>b<style>y</style>c<!-- z -->d<svg><text>w</text></svg>e", ["abcde"]),
        ("<p hidden>no<p style='display: none'>no<p>yes<select><option>no</select>", ["yes"]),
        ("<p>He said <q>no</q>.", ["He said “no”."]),
        ("<dl><dt>Date:<dd>3 May<dt>Why<dd>It was late, we hear.", ["Date: 3 May", "Why", "It was late, we hear."]),
    ],
)  # fmt: skip
def test_text(body: str, lines: list[str]) -> None:
    assert texts(body) == lines


def test_paragraphs_are_an_empty_line_apart_and_lines_of_one_are_not() -> None:
    assert page("<p>One.<br>Two.<p>Three.").text == "One.\nTwo.\n\nThree.\n"


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("<h1>A</h1><h6>B</h6><p>C.", ["heading", "heading", "-"]),
        ("<div role=heading aria-level=3>A</div><p>B.", ["heading", "-"]),
        ("<p><b>What went well</b></p><p>All of it.", ["heading", "-"]),
        ("<p><b>Inadequate</b></p><p>All of it.", ["-", "-"]),
        ("<p><b>A standfirst that is a sentence.</b></p><p>All of it.", ["-", "-"]),
        ("<p><b>Last line</b></p>", ["-"]),
        ("<p>Yes.<p><b>Ofsted</b><p><b>Bell Lane</b><p>Dear Jo<p>We", ["-", "-", "-", "-", "-"]),
        ("<p>Yes.<p><b>A</b><p><b>B</b><p><b>C</b><p><b>D</b><p>We", ["-", "-", "-", "heading", "heading", "-"]),
        ("<ul><li><p>one</p><p>more of it</p><li>two</ul>", ["bullet", "-", "bullet"]),
        ("<ol><li>one<ul><li>within</ul></ol>", ["bullet", "bullet"]),
        ("<blockquote>We will.<br>We can.</blockquote>", ["quote", "quote"]),
        ("<figure><img><figcaption>An office</figcaption></figure>", ["caption"]),
        ("<p class='wp-caption-text'>An office", ["caption"]),
        (f"<figure>{STORY * 5}</figure>", ["caption"] * 5),
        ("<p class='byline'>Jo Bell, reporter<p class='article-meta'>It was a long day.", ["furniture", "-"]),
        ("<ul><li>3 May<li>By Jo Bell</ul><p>Text.", ["furniture", "furniture", "-"]),
        ("<table><tr><td>Leaders<td>Good</table>", ["paragraph"]),
    ],
)  # fmt: skip
def test_hints(body: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in shown(page(body))] == kinds


# What surrounds it


@pytest.mark.parametrize(
    "around",
    [
        "<nav><p>{}</p></nav>",
        "<div class='cookie-banner'><p>{}</p></div>",
        "<div id='onetrust-consent-sdk'><p>{}</p></div>",
        "<section class='comments'><p>{}</p></section>",
        "<div class='relatedArticles'><p>{}</p></div>",
        "<div class='newsletter_signup'><p>{}</p></div>",
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        "<div role=dialog><p>{}</p></div>",
        "<p><a href=/x>{}</a></p>",
    ],
)
@pytest.mark.parametrize("amid", [True, False])
def test_what_surrounds_the_text_is_left_out(around: str, amid: bool) -> None:
    other = around.format("The ferry to the islands will not sail again before the summer, its owner says")
    more = "<p>They also said that care leavers had told them how much they liked their new advisers.</p>"
    story = f"<h1>Better</h1>{STORY}{other if amid else ''}{more}{'' if amid else other}"
    assert [kind for kind, _ in shown(page(f"<main>{story}</main>"))] == ["heading", "-", "-"]


def test_a_wrapper_named_after_what_it_isnt_is_kept() -> None:
    body = f"<div class='cookies-accepted share'><nav><a href=/>Home</a></nav><h1>Better</h1>{STORY}{STORY}</div>"
    assert len(texts(body)) == 3


def test_headings_of_what_was_left_out_go_too() -> None:
    lines = texts(
        f"<nav><a href=/>Home</a></nav><h1>Better</h1>{STORY}<h2>See also</h2><p><a href=/>A ferry</a></p>{STORY}"
    )
    assert "See also" in lines  # text stands under it
    lines = texts(
        f"<nav><a href=/>Home</a></nav><h1>Better</h1>{STORY}<h2>More</h2><p><a href=/>A ferry</a><h2>B</h2>{STORY}"
    )
    assert "More" not in lines
    assert "B" in lines


def test_a_page_without_main_text_is_read_whole_with_a_note() -> None:
    found = page("<nav><a href=/>Home</a></nav><p>Closed.</p><p><a href=/>Next</a></p>")
    assert found.text == "Closed.\n"
    found = page("<div><a href=/a>Fostering</a><br><a href=/b>Adoption</a></div>")
    assert found.notes == ("page.html: its main text can't be told from the rest: all of it is read",)
    assert found.text == "Fostering\nAdoption\n"


# Title, date, site


@pytest.mark.parametrize(
    ("head", "body", "opening"),
    [
        ("<title>Better - The Crier</title>", "<h1>Better</h1>", ["Better", "The Crier"]),
        ("<title>Better | The Crier</title>", "", ["Better", "The Crier"]),
        ("<title>Fenbridge - the worst is over</title>", "", ["Fenbridge - the worst is over"]),
        ("<title>Crier</title><meta property=og:site_name content=Crier>", "<h1>Crier</h1>", ["Crier", "Crier"]),
        ("<meta property='og:title' content='Better &amp; better'>", "", ["Better & better"]),
        ("<meta name=generator content='Microsoft Word 15'><title>Document1</title>", "", []),
        ("<title>Better</title>", "<header><h1>The Crier</h1></header><h1>Better</h1>", ["Better", "The Crier"]),
    ],
)  # fmt: skip
def test_title_and_site(head: str, body: str, opening: list[str]) -> None:
    lines = shown(page(f"{body}{STORY}", head))
    assert [line for kind, line in lines if kind != "-"] == opening
    assert not opening or lines[0][1] == opening[0]


@pytest.mark.parametrize(
    ("head", "before", "date"),
    [
        ("<meta property='article:published_time' content='2021-03-04T23:59:00Z'>", "", "2021-03-04"),
        ("<meta name='DC.date.issued' content='20210304'>", "", "2021-03-04"),
        ('<script type="application/ld+json">{"datePublished": "2021-03-04T10:00"}</script>', "", "2021-03-04"),
        ("", "<time datetime='2021-03-04'>Thursday</time>", "2021-03-04"),
        ("", "<time>4 March 2021</time>", "2021-03-04"),
        ("", "<p>Published: 4 March 2021 10:15</p>", "2021-03-04"),
        ("", "<p>Thursday 4th March 2021</p>", "2021-03-04"),
        ("", "<p>March 4, 2021</p>", "2021-03-04"),
        ("<meta property='article:modified_time' content='2021-03-04'>", "", ""),
        ("<link rel=canonical href='https://crier.example/2021/03/04/better'>", "", ""),
        ("", "<p>Updated <time datetime='2021-03-04'>4 March 2021</time></p>", ""),
        ("", "<p>Last updated: 4 March 2021</p>", ""),
        ("", "<p>Inspection dates: 1 to 4 March 2021</p>", ""),
        ("", "<p>04/03/2021</p>", ""),
        ("<meta name=date content='2021-02-30'>", "", ""),
        ("", "<p>Copyright 2021</p>", ""),
    ],
)
def test_date(head: str, before: str, date: str) -> None:
    found = [
        line
        for line in shown(page(f"<h1>Better</h1>{before}{STORY}", head))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", line[1])
    ]
    assert found == ([("furniture", date)] if date else [])


def test_a_date_in_the_text_is_not_the_pages() -> None:
    assert not re.search(r"\d{4}-", page(f"<h1>Better</h1>{STORY}<p><time datetime='2021-03-04'>then</time>").text)


@given(st.text())
def test_iso_is_a_day_or_nothing(text: str) -> None:
    assert re.fullmatch(r"|\d{4}-\d\d-\d\d", iso(text))


# Character sets

DECLARED = (
    "<html><head><meta http-equiv='Content-Type' content='text/html; charset={}'></head><body><p>{}</p></body></html>"
)
QUOTED = "It is the council’s “plan” – at £5 a head"


@pytest.mark.parametrize(
    ("declared", "encoding", "text", "noted"),
    [
        ("utf-8", "utf-8", QUOTED, False),
        ("iso-8859-1", "utf-8", QUOTED, False),
        ("windows-1252", "cp1252", QUOTED, False),
        ("iso-8859-1", "cp1252", QUOTED, False),
        ("utf-8", "cp1252", QUOTED, True),
        ("nonsense", "cp1252", QUOTED, True),
        ("hex", "cp1252", QUOTED, True),
        ("koi8-r", "cp1252", QUOTED, True),
        ("macintosh", "mac_roman", QUOTED, False),
        ("utf-16", "utf-16", QUOTED, False),
        ("utf-16", "utf-16-be", QUOTED, True),
        ("iso-8859-15", "iso8859_15", "café", False),
        ("utf-8", "utf-8-sig", QUOTED, False),
    ],
)
def test_character_sets(declared: str, encoding: str, text: str, noted: bool) -> None:
    found = source(DECLARED.format(declared, text).encode(encoding), "page.html")
    assert found.text == f"{text}\n"
    assert bool(found.notes) == noted


def test_mojibake_is_mended() -> None:
    found = page("<p>the councilâ€™s plan</p><p>the trust’s own</p>")
    assert found.text == "the council’s plan\n\nthe trust’s own\n"
    assert found.notes == ("page.html: characters that were decoded wrongly before are mended",)


def test_xhtml() -> None:
    data = (
        '<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><script src="x.js"/><title/></head>'
        "<body><p>caf\xe9<br/><br/><![CDATA[one < two]]></p></body></html>"
    )
    assert source(data.encode("latin-1"), "page.xhtml").text == "café\n\none < two\n"


# Bad input


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<html></html>",
        "<html><head><title>Only a title</title></head></html>",
        "<html><body><script>document.write('x')</script><noscript>Turn it on</noscript></body></html>",
        "<html><frameset cols='20%,80%'><frame src='a.html'><noframes>No frames</noframes></frameset></html>",
        "<!-- only a comment -->",
        "<body>&nbsp;<p> </p>&#8203;<br><img src='data:image/gif;base64,R0lGODlh' alt='A picture'></body>",
        "\0\0\0",
    ],
)
def test_no_text(markup: str) -> None:
    with pytest.raises(ArticleError, match=r"page.html: no text in it: save the whole page"):
        source(markup.encode(), "page.html")


def test_too_large(settings: ArticleSettings) -> None:
    with pytest.raises(ArticleError, match="larger than 20 MB"):
        list(read(BytesIO(b"<p>a" * 12_500_000), "page.html", settings))


@pytest.mark.parametrize("body", ["<i></i>" * 1_000, "<p>a" * 400, "<pre>" + "a\n\n" * 400 + "</pre>"])
def test_too_many_elements(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_MOST_ELEMENTS", 999)
    monkeypatch.setattr(blocks, "_MOST_BLOCKS", 399)
    with pytest.raises(ArticleError, match=r"page.html: has more than (999 elements|399 paragraphs): split it"):
        page(body)


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "span class=x", "blockquote", "font"])
def test_tags_nested_beyond_reason(tag: str) -> None:
    opened, closed = f"<{tag}>" * 100_000, f"</{tag.split(maxsplit=1)[0]}>" * 100_000
    found = page(f"<p>before</p>{opened}<p>deep</p>{closed}<p>after</p>")
    assert re.sub(r"\s+", " ", found.text) == "before deep after "
    assert found.notes == ("page.html: tags are nested too deeply; most are passed over, their text is read",)


def test_entities_are_not_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    bomb = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    markup = (
        f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "{secret.as_uri()}" [<!ENTITY b0 "boom">{bomb}'
        f'<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body><p>Text: &x;&b11;</p></body></html>'
    )
    assert source(markup.encode(), "page.html").text == "Text: &x;&b11;\n"


def test_nothing_touches_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    for path in PAGES:
        source(path.read_bytes(), path.name)
    markup = (
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "http://dtd.example/x.dtd" '
        '[<!ENTITY % p SYSTEM "http://e.example/">%p;]>'
        "<html><head><base href='http://b.example/'><link rel=stylesheet href='//c.example/c.css'></head><body>"
        "<img src='//i.example/'>"
        f"<iframe src='http://f.example/'></iframe><xi:include href='http://x.example/'/><h1>Better</h1>{STORY}</body></html>"
    )
    assert source(markup.encode(), "page.html").text.startswith("Better\n")


def test_nul_bytes_and_controls_are_passed_over() -> None:
    assert page("<p>in\0spec\x08tors\x1b said</p>" + "<p>more text</p>" * 50).text.startswith("inspectors said\n")


@pytest.mark.parametrize(
    "body",
    [
        "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">text</p>",
        "<p class='" + "x y " * 1_000_000 + "'>text</p>",
        "<p>text<img src='data:image/png;base64," + "iVBORw0KGgo" * 400_000 + "'></p>",
        "<p>text" + "<time>" * 20_000,
        "<p>text" + " " * 5_000_000,
        "<p>text" + ("<table><tr><td>" * 500 + "</table>" * 500) * 5,
        "<p>text<!--" + "<!--" * 1_000_000,
        "<p>text</p>" + "<br>" * 200_000,
    ],
    ids=["attributes", "classes", "picture", "times", "spaces", "tables", "comments", "breaks"],
)
def test_what_could_take_long_does_not(body: str) -> None:
    start = time.monotonic()
    assert page(body).text == "text\n"
    assert time.monotonic() - start < 20


BLOCKS = (
    "p",
    "div",
    "table",
    "tr",
    "td",
    "li",
    "ul",
    "h1",
    "h2",
    "blockquote",
    "figure",
    "pre",
    "dl",
    "dt",
    "dd",
    "form",
)
OTHERS = (
    "b",
    "a",
    "br",
    "time",
    "nav",
    "article",
    "script",
    "style",
    "svg",
    "head",
    "body",
    "html",
    "meta",
    "q",
    "sup",
)
TAG = re.compile(rf"</?(?:{'|'.join(BLOCKS + OTHERS)})(?:\s[^<>]*)?>", re.IGNORECASE)
ATTRIBUTES = (
    "",
    "class='nav share'",
    "class=byline",
    "hidden",
    "href=x",
    "style='font-weight:bold'",
    "datetime=2020-01-01",
)
ODD = (
    "&nbsp;",
    "&#x85;",
    "&#8232;",
    "&shy;",
    "&#0;",
    "&bogus;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<p a='",
    "Yes. ",
    "\n",
)
names = st.sampled_from(BLOCKS + OTHERS)
words = st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs"]), max_size=12)
tags = st.one_of(st.builds("<{} {}>".format, names, st.sampled_from(ATTRIBUTES)), names.map("</{}>".format))
soup = st.lists(st.one_of(tags, words, st.sampled_from([*ODD, "a b c d e f g h. "])), max_size=60).map("".join)


def check(found: Source) -> None:
    for at, kind in found.hints.items():
        start = found.text.rfind("\n", 0, at) + 1
        assert at == start  # lines are stripped
        assert not found.text[at].isspace()
        assert kind in KINDS
    assert found.text.strip("\n")
    assert "\n\n\n" not in found.text
    Article.of(found)


@given(soup)
def test_soup_is_read_or_has_no_text(markup: str) -> None:
    try:
        found = source(markup.encode(), "page.html")
    except ArticleError as error:
        assert str(error).startswith("page.html: ")
    else:
        check(found)
        assert not TAG.search(found.text)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<meta charset=big5>", b"<?xml encoding='utf-7'?>", b"\xff\xfe"])
)
def test_any_bytes_are_read_or_refused(data: bytes, before: bytes) -> None:
    try:
        check(source(before + data, "page.html"))
    except ArticleError as error:
        assert "\n" not in str(error)


@given(st.lists(st.sampled_from([STORY, "<h2>A heading</h2>", "<ul><li>one<li>two</ul>", "<nav>a</nav>"]), max_size=20))
def test_no_line_of_plain_markup_is_lost(parts: list[str]) -> None:
    lines = texts(f"<div>{STORY}{''.join(parts)}</div>")
    assert lines.count(STORY[3:-4]) == 1 + parts.count(STORY)
