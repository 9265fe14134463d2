"""Tags: what an element's tag and attributes say of the text in it."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from pipeline.articles.source import Kind

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CELLS = frozenset(("td", "th"))
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog"),
        *("dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol"),
        *("optgroup", "option", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "title", "tr", "ul"),
    )
)
"""Elements that text before, in and after is apart from each other."""
BREAKING = frozenset(("table", "tr", "td", "th", "ul", "ol", "dl", "article", "main"))
"""Elements whose text is not what the text around it is: a table in a list item is no item."""
_PARTS_OF_TABLES = frozenset(("tbody", "td", "tfoot", "th", "thead", "tr"))
HOLDERS = frozenset(("blockquote", "dl", "figure", "li", "ol", "table", "tbody", "thead", "tr", "ul"))
"""Elements that hold parts of a text which goes on after them."""
LOWEST = 7
"""The level of headings that only their classes show."""
_UNSEEN = frozenset(
    (
        *("applet", "area", "audio", "base", "button", "canvas", "datalist", "embed", "frame", "frameset"),
        *("head", "iframe", "input", "keygen", "link", "map", "math", "meta", "meter", "noembed", "noframes"),
        *("noscript", "object", "output", "picture", "progress", "script", "select", "source", "style", "svg"),
        *("template", "textarea", "title", "track", "video", "xml"),
    )
)
_UNSEEN_ROLES = frozenset(("progressbar", "slider", "tooltip"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_BOLD_TAGS = frozenset(("b", "strong"))

_DOUBTFUL_TAGS = frozenset(("aside", "dialog", "footer", "form", "menu", "nav", "search"))
_DOUBTFUL_ROLES = frozenset(
    (
        *("alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar"),
        *("navigation", "search", "toolbar"),
    )
)
_ASIDE = "complementary"
"""The role that an aside has anyway."""
_MAIN = frozenset(("main", "article"))
_OFFERING = ("article", "form", "iframe", "input", "nav")
# Names of classes for what stands around an article, as runs of words. One word alone is "social" work, too.
_DOUBTFUL_WORDS = (
    *(
        "ads?",
        "adverts?",
        "advertisements?",
        "advertising",
        "also ?(?:read|viewed)",
        "article topics",
        "author (?:bio|box)",
    ),
    *("banner", "breadcrumbs?", "ccpa", "comments?", "consent", "cookiebot", "cookies?", "disqus", "donat(?:e|ion)"),
    *(
        "feedback",
        "footer",
        "gdpr",
        "jp relatedposts",
        "masthead",
        "menu",
        "modal",
        "more (?:from|like|news|on|stories)",
    ),
    *(
        "most ?(?:popular|read|viewed)",
        "nav",
        "navbar",
        "navigation",
        "navigator",
        "newsletters?",
        "next (?:article|post)",
    ),
    *("onetrust", "outbrain", "overlay", "pager", "pagination", "paywall", "popular", "popup", "prev ?next", "promos?"),
    *("promotions?", "read (?:more|next)", "recommend(?:ations?|ed)", "regwall", "related", "respond", "shar(?:e|ing)"),
    *("sharedaddy", "sharethis", "side ?bar", "side col(?:umn)?", "sign ?up", "skip (?:links?|to)", "skiplinks?"),
    *("social (?:bar|buttons?|follow|icons?|links?|media|nav|shar(?:e|ing))", "sponsor(?:ed)?", "subscri(?:be|ption)"),
    *(
        "survey",
        "taboola",
        "tags",
        "tag (?:cloud|list)",
        "teasers?",
        "toolbar",
        "topic list",
        "topics",
        "trending",
        "up next",
    ),
)
_DOUBTFUL = re.compile(f" (?:{'|'.join(_DOUBTFUL_WORDS)}) ")
_BYLINE = re.compile(
    r" (?:byline|author|dateline|dates?|datetime|timestamp|posted on|published|pub ?date|entry meta|post meta"
    r"|article meta|story meta|meta) "
)
_CAPTION = re.compile(r" (?:caption|captions|caption text|photo ?credit|image ?credit|credit) ")
_SUBHEADING = re.compile(r" (?:cross ?head(?:ing)?|sub ?head(?:ing)?) ")
_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_CAPTION, "caption"),
    (_SUBHEADING, "heading"),
    (_BYLINE, "furniture"),
)
_ITEM = re.compile(r" mso list ?(?:paragraph|bullet|number)")
_SCREEN_READER = re.compile(r" (?:visually hidden|visuallyhidden|sr only|screen reader(?: text| only)?|off ?screen) ")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST_NAMES = 1000
_LONGEST_BYLINE = 300
_LONGEST_CELL = 200
_MOST_LOOKED_AT = 50


@lru_cache(maxsize=8192)
def _words(names: str) -> str:
    """Names of classes as words between spaces: "entryMeta", "entry-meta" and "entry_meta" alike."""
    return f" {' '.join(_WORDS.findall(names[:_LONGEST_NAMES])).lower()} "


def _named(element: HtmlElement) -> str:
    """The words of an element's class, and of other attributes that say what it is for."""
    given = element.attrib
    if not given:
        return ""
    names = [given[key] for key in ("class", "id", "itemprop", "rel", "data-component", "data-testid") if key in given]
    return _words(" ".join(names)) if names else ""


def is_unseen(element: HtmlElement, *, in_heading: bool) -> bool:
    """Whether a page doesn't show an element's text, or shows it as no part of any text."""
    tag = element.tag
    if tag in _UNSEEN:
        return tag != "button" or not in_heading  # the headings of what can be folded are buttons
    given = element.attrib
    if not given:
        return False
    if "hidden" in given and given["hidden"] != "until-found":
        return True
    if "style" in given and _HIDING.search(given["style"]):
        return True
    if given.get("role") in _UNSEEN_ROLES:
        return True
    return tag == "span" and "class" in given and bool(_SCREEN_READER.search(_words(given["class"])))


def is_note_number(element: HtmlElement) -> bool:
    """Whether an element is the raised number of a footnote: a link alone."""
    return element.tag == "sup" and len(element) == 1 and element[0].tag == "a" and not (element.text or "").strip()


def is_bold(element: HtmlElement) -> bool:
    """Whether an element makes its text bold."""
    return element.tag in _BOLD_TAGS or ("style" in element.attrib and bool(_BOLD.search(element.attrib["style"])))


def is_doubtful(element: HtmlElement) -> bool:
    """Whether an element is called what pages call that which stands around their text."""
    tag, given = element.tag, element.attrib
    if tag in _DOUBTFUL_TAGS:
        return True
    if tag == "header":
        return next(element.iter("h1", "article"), None) is None
    if not given or tag in ("html", "body", "main", "h1"):
        return False
    return given.get("role") in _DOUBTFUL_ROLES or bool(_DOUBTFUL.search(_named(element)))


def is_main(element: HtmlElement) -> bool:
    """Whether an element is one for a page's main content, or for an article."""
    return element.tag in _MAIN or element.attrib.get("role") in _MAIN


def is_box(element: HtmlElement) -> bool:
    """Whether an element is an aside that may be part of an article: it is called nothing else, and offers nothing."""
    return (
        element.tag == "aside"
        and element.attrib.get("role", _ASIDE) not in _DOUBTFUL_ROLES - {_ASIDE}
        and not _DOUBTFUL.search(_named(element))
        and not _BYLINE.search(_named(element))
        and next(element.iter(*_OFFERING), None) is None
    )


def level(element: HtmlElement) -> int:
    """A heading's level, or 0."""
    if element.tag in _HEADINGS:
        return int(element.tag[1])
    if element.attrib.get("role") == "heading":
        given = element.attrib.get("aria-level", "")
        return int(given) if given in "123456" and given else 2
    return 1 if element.attrib.get("class") == "MsoTitle" else 0


def kind(element: HtmlElement) -> Kind | None:
    """The kind of the blocks in an element, if it tells."""
    tag = element.tag
    if level(element):
        return "heading"
    if tag == "li":
        return "bullet"
    if tag == "blockquote":
        return "quote"
    if tag in ("figure", "figcaption", "caption"):
        return "caption"
    if tag == "address":
        return "furniture"
    if tag in BREAKING or not element.attrib or tag in ("body", "html"):
        return None
    return _kind_by_name(element)


def _kind_by_name(element: HtmlElement) -> Kind | None:
    """The kind that an element's classes tell: those around much text tell nothing of each block in it."""
    names = _named(element)
    if not names:
        return None
    if _ITEM.search(names):
        return "bullet"
    for pattern, kind in _KINDS:
        if pattern.search(names) and _is_short(element):
            return kind
    return None


def _is_short(element: HtmlElement) -> bool:
    """Whether an element has little text, in few elements."""
    length = 0
    for number, text in enumerate(element.itertext()):
        length += len(text)
        if length > _LONGEST_BYLINE or number > _MOST_LOOKED_AT:
            return False
    return True


def rows(root: HtmlElement) -> set[HtmlElement]:
    """The rows of tables of facts; those of tables that lay out a page are not among them."""
    outer: set[HtmlElement] = set()
    for table in root.iter("table"):
        for around in table.iterancestors("table"):
            if around in outer:
                break
            outer.add(around)
    tables = [table for table in root.iter("table") if table not in outer]
    return {row for table in tables for row in table.iter("tr") if _is_of_facts(row)}


def unfold(root: HtmlElement, rows: set[HtmlElement]) -> None:
    """Make plain blocks of the tables that lay out a page: all but those with rows of facts."""
    facts = {next(row.iterancestors("table")) for row in rows}
    parts = [table for table in root.iter("table") if table not in facts]
    while parts:
        element = parts.pop()
        parts += [child for child in element if child.tag in _PARTS_OF_TABLES]
        element.tag = "div"


def _is_of_facts(row: HtmlElement) -> bool:
    """Whether a row has several cells, of a line each."""
    cells = [cell for cell in row if cell.tag in CELLS]
    return len(cells) > 1 and all(map(_is_line, cells))


def _is_line(cell: HtmlElement) -> bool:
    length = blocks = 0
    for number, element in enumerate(cell.iter()):
        blocks += element is not cell and element.tag in BLOCKS
        length += len(element.text or "") + (len(element.tail or "") if element is not cell else 0)
        if blocks > 1 or length > _LONGEST_CELL or number > _MOST_LOOKED_AT or element.tag in _HEADINGS:
            return False
    return True
