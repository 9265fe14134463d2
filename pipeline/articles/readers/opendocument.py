"""OpenDocument (.odt): the paragraphs of the body, of its tables and text boxes, and the notes after them.

As with Word, the document is walked as XML: only its text and styles are unpacked, and nothing in it is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from pipeline.articles.readers.draft import Draft
from pipeline.articles.readers.formats import ODT
from pipeline.articles.readers.package import Package, attribute, child, local
from pipeline.articles.readers.styles import Look, Style, look
from pipeline.articles.source import Kind, Source
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_SPACE = re.compile(r"[ \t\r\n]+")
_SIGNS = {"s": " ", "tab": "\t", "line-break": "\n"}
# What text was, what is said about it, and what stands for it elsewhere.
_PASSED_OVER = frozenset(
    (
        *("tracked-changes", "annotation", "annotation-end", "note-citation", "ruby-text", "forms"),
        *("hidden-text", "hidden-paragraph", "sequence-decls", "variable-decls", "user-field-decls"),
        *("covered-table-cell", "object", "object-ole", "image", "desc", "title", "event-listeners"),
        *("table-of-content-source", "binary-data", "dde-connection-decls"),
    )
)
_LISTED = frozenset(("list", "numbered-paragraph"))
_DRAWN = frozenset(("frame", "text-box", "custom-shape", "rect", "g"))


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """The text of a document, without headers and footers, deleted text and comments."""
    package = Package(file, name, ODT.title, settings.max_megabytes)
    manifest = package.data("META-INF/manifest.xml")
    if manifest and b"encryption-data" in manifest:
        raise ArticleError(f"{name}: has a password: save it without")
    content = package.required("content.xml")
    text = child(content, "body", "text")
    if text is None:
        raise ArticleError(f"{name}: an OpenDocument spreadsheet or presentation: save it as .odt, .xlsx or .pdf")
    styles = _styles(package.tree("styles.xml")) | _styles(content)
    yield _Document(styles).draft(text).source(name)


class _Document:
    """A document on its way to a draft."""

    def __init__(self, styles: dict[str, Style]) -> None:
        self._styles = styles
        self._looks: dict[str | None, Look] = {}
        self._boxes: list[etree._Element] = []
        self._notes: list[etree._Element] = []

    def draft(self, text: etree._Element) -> Draft:
        """All of its text, notes last."""
        draft = Draft()
        self._blocks(text, draft)
        for note in self._notes:
            self._blocks(note, draft)
        return draft

    def _blocks(self, parent: etree._Element, draft: Draft, kind: Kind | None = None, *, table: bool = False) -> None:
        """Add the paragraphs of a body, item, cell, box or note; `kind` is what they are unless they say otherwise."""
        for element in parent:
            tag = local(element)
            if tag in ("p", "h"):
                self._paragraph(element, draft, kind, table=table)
            elif tag == "table":
                self._blocks(element, draft, kind, table=_columns(element) > 1)
            elif tag in _LISTED:
                self._blocks(element, draft, "bullet", table=table)
            elif tag == "index-body":
                self._blocks(element, draft, "furniture", table=table)
            elif tag not in _PASSED_OVER:
                self._blocks(element, draft, None if tag == "list-header" else kind, table=table)

    def _paragraph(self, element: etree._Element, draft: Draft, kind: Kind | None, *, table: bool) -> None:
        style = attribute(element, "style-name")
        runs = [(text, bold) for text, bold in self._runs(element, bold=self._look(style).bold) if text]
        boxes, self._boxes = self._boxes, []
        told = "heading" if local(element) == "h" else self._look(style).kind
        if kind in ("bullet", "furniture") and told not in ("heading", "furniture"):
            told = kind
        bold = not table and all(bold for text, bold in runs if text.strip())
        draft.add("".join(text for text, _ in runs), told if kind != "furniture" else kind, bold=bold)
        for box in boxes:
            self._blocks(box, draft)

    def _look(self, style: str | None) -> Look:
        if style not in self._looks:
            self._looks[style] = look(self._styles, style)
        return self._looks[style]

    def _runs(self, element: etree._Element, *, bold: bool) -> Iterator[tuple[str, bool]]:
        """The texts in an element, and whether each is bold."""
        yield _SPACE.sub(" ", element.text or ""), bold
        for inner in element:
            tag = local(inner)
            if tag in _SIGNS:
                yield _SIGNS[tag], bold
            elif tag == "note":
                body = child(inner, "note-body")
                if body is not None:
                    self._notes.append(body)
            elif tag in _DRAWN:
                self._boxes.append(inner)
            elif tag == "span":
                said = self._span(attribute(inner, "style-name"))
                yield from self._runs(inner, bold=bold if said is None else said)
            elif tag not in _PASSED_OVER:
                yield from self._runs(inner, bold=bold)
            yield _SPACE.sub(" ", inner.tail or ""), bold

    def _span(self, name: str | None) -> bool | None:
        style = self._styles.get(name or "")
        return style.bold if style else None


def _columns(table: etree._Element) -> int:
    rows = table.iter("{*}table-row")
    return max((sum(local(cell) == "table-cell" for cell in row) for row in rows), default=0)


def _styles(root: etree._Element | None) -> dict[str, Style]:
    """Styles of paragraphs and of text in them, by name."""
    found: dict[str, Style] = {}
    for element in root.iter("{*}style") if root is not None else ():
        key = attribute(element, "name")
        if key is None or attribute(element, "family") not in ("paragraph", "text"):
            continue
        weight = attribute(child(element, "text-properties"), "font-weight")
        outline = attribute(element, "default-outline-level")
        found[key] = Style(
            name=attribute(element, "display-name") or key,
            parent=attribute(element, "parent-style-name"),
            # Numbered from 1, and empty where a style takes it back.
            outline=None if outline is None else int(outline) - 1 if outline.isdecimal() else 9,
            bold=None if weight is None else weight in ("bold", "600", "700", "800", "900"),
        )
    return found
