"""Markup: the bytes of a page to the tree of its elements."""

from __future__ import annotations

import re
from html import escape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.articles.readers import plain
from pipeline.errors import ArticleError

_HEAD = 16384
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)|<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?([\w.:-]+)", re.I
)
# Character sets in which a page can be written; others are names of Python's that no page means.
_KNOWN = re.compile(
    r"(?:x-)?(?:windows-?12\d\d|cp\d{3,4}|ibm\d{3}|iso-?8859-\d+|latin-?\d|mac|us-ascii|ascii|koi8|tis-620"
    r"|shift_jis|sjis|euc|gb|big5|iso-2022-(?:jp|kr))",
    re.IGNORECASE,
)
# What is called so is read as Windows-1252 by every browser.
_WINDOWS = re.compile(r"iso-?8859-1$|latin-?1$|(?:us-)?ascii$", re.IGNORECASE)
_USUAL = frozenset("‘’“”–—…•£€é½¼°\xa0·«»©®™àèêçôöüïáíóñâî")
_SAMPLE = 10_000
_HIGH = re.compile(r"[^\x00-\x7f]")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Controls that no text has: Windows-1252 that was taken for Latin-1.
_WINDOWS_MARK = re.compile("[\x80-\x9f]")
_SUBSET = re.compile(r"<!doctype[^>\[]{0,1000}\[", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# The parser takes time that grows with the square of the number of a tag's attributes.
_LONG_TAG = re.compile(r"<([a-z][a-z0-9]*)\b[^<>]{5000,}>", re.IGNORECASE)
_LONG_VALUE = re.compile(r"\"[^\"]{2000,}\"|'[^']{2000,}'")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_MOST_OF_A_TAG = 5000
# Tags that are kept where there are more inside one another than can be parsed.
_NESTING = re.compile(
    r"</?(?!(?:p|h[1-6]|li|br|hr|html|head|body|title|meta|script|style|noscript|svg|nav|footer|template)\b)"
    r"[a-z][^<>]*>",
    re.IGNORECASE,
)


def tree(data: bytes, name: str) -> tuple[HtmlElement, tuple[str, ...]]:
    """The tree of a page, with notes on what had to be assumed. Raises `ArticleError` where there is none."""
    text, notes = _decoded(data, name)
    text = _cleaned(text)
    root, whole = _parsed(text)
    if not whole:
        notes = (*notes, f"{name}: tags are nested too deeply; most are passed over, their text is read")
        root, _ = _parsed(_NESTING.sub(" ", text))
    if root is None:
        raise ArticleError(f"{name}: no text in it: save the whole page, after it has loaded")
    return root, notes


def _parsed(text: str) -> tuple[HtmlElement | None, bool]:
    """The tree of markup, and whether the parser came to its end."""
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:
        return None, True
    return root, not any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)


def _cleaned(text: str) -> str:
    """Markup without what would confuse the parser, or hold it up."""
    text = _CONTROL.sub("", text)
    text = _WINDOWS_MARK.sub(lambda match: match.group().encode("latin-1").decode("cp1252", "ignore"), text)
    subset = _SUBSET.search(text, 0, _HEAD)
    if subset and (end := _SUBSET_END.search(text, subset.end())):
        text = text[: subset.start()] + text[end.end() :]
    if text.lstrip().startswith("<?xml"):
        text = _CDATA.sub(lambda match: escape(match[1]), text)
    return _LONG_TAG.sub(_shorter, text)


def _shorter(match: re.Match[str]) -> str:
    """A long tag without its long values, which are pictures and the like, or, if it has many, any."""
    tag = _LONG_VALUE.sub('""', match.group())
    return tag if len(_VALUE.sub("", tag)) <= _MOST_OF_A_TAG else f"<{match[1]}>"


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text: as UTF-8 if it is that, else as the page declares, unless that makes less sense than what it looks like."""
    if b"\0" in data:
        try:
            return plain.decoded(data, name)
        except ArticleError:  # not UTF-16: browsers pass over such bytes
            data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8-sig"), ()  # mojibake is mended line by line, and here lines are of any length
    except UnicodeDecodeError:
        pass
    guessed, notes = plain.decoded(data, name)
    declared = _as_declared(data)
    if declared is not None and _sense(declared) >= _sense(guessed):
        return declared, ()
    return guessed, notes


def _as_declared(data: bytes) -> str | None:
    """Text in the character set that the page declares, if that is one in which it can be read."""
    match = _DECLARED.search(data, 0, _HEAD)
    if not match:
        return None
    charset = (match[1] or match[2]).decode("ascii", "ignore")
    if not _KNOWN.match(charset):
        return None
    try:
        return data.decode("cp1252" if _WINDOWS.match(charset) else charset)
    except (LookupError, ValueError):
        return None


def _sense(text: str) -> float:
    """The share of the characters beyond ASCII that English text has."""
    high = _HIGH.findall(text, 0, 50 * _SAMPLE)[:_SAMPLE]
    return sum(character in _USUAL for character in high) / max(len(high), 1)
