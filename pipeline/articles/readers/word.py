"""Word (.docx): the paragraphs of the body, of its tables and text boxes, and the notes after them.

The document is walked as XML, and not through a library's paragraphs and runs: those leave out content controls, which
the templates of letters are made of, tracked insertions and text boxes, and unpack all pictures first. A table's cells
are paragraphs of their own: joined they would be no sentence, and many tables hold sentences in their cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from pipeline.articles.readers.draft import Draft
from pipeline.articles.readers.formats import WORD
from pipeline.articles.readers.package import Package, attribute, child, local
from pipeline.articles.readers.styles import Look, Style, look
from pipeline.articles.source import Kind, Source
from pipeline.settings import ArticleSettings

_OFF = ("0", "false", "off", "none")
# What text was, or what is said about it; a paragraph's and run's looks are asked for separately.
_PASSED_OVER = frozenset(
    (
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "fldData", "rt"),
        *("del", "moveFrom", "delText", "instrText", "delInstrText", "annotationRef", "footnoteRef"),
        *("endnoteRef",),
    )
)
_DRAWN = frozenset(("drawing", "pict", "object"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_NOTES = (("footnoteReference", "footnotes"), ("endnoteReference", "endnotes"))
_SYMBOLS = range(0xF020, 0xF100)

_Run = tuple[str, bool | None]


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """The text of a document, without headers and footers, deleted and hidden text, and comments."""
    package = Package(file, name, WORD.title, settings.max_megabytes)
    document = _Document(package)
    yield document.draft().source(name)


class _Document:
    """A document on its way to a draft."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.related("").get("officeDocument", "word/document.xml")
        self._related = package.related(self._main)
        self._styles, self._default = _styles(self._tree("styles"))
        self._looks: dict[str | None, Look] = {}
        self._noted: dict[str, list[str]] = {part: [] for _, part in _NOTES}
        self._boxes: list[etree._Element] = []
        self._carried = ""

    def draft(self) -> Draft:
        """All of its text, notes last."""
        draft = Draft()
        body = child(self._package.required(self._main), "body")
        self._blocks(body if body is not None else (), draft)
        draft.add(self._carried)
        for part, numbers in self._noted.items():
            notes = self._tree(part) if numbers else None
            texts = {attribute(note, "id"): note for note in (notes if notes is not None else ())}
            for number in dict.fromkeys(numbers):
                self._blocks(texts.get(number, ()), draft)
        return draft

    def _tree(self, kind: str) -> etree._Element | None:
        """A part of a kind that the document is related to."""
        return self._package.tree(self._related.get(kind, f"word/{kind}.xml"))

    def _blocks(self, parent: etree._Element | tuple[()], draft: Draft, *, table: bool = False) -> None:
        """Add the paragraphs of a body, cell, box, note or whatever wraps them."""
        for element in parent:
            tag = local(element)
            if tag == "p":
                self._paragraph(element, draft, table=table)
            elif tag == "tbl":
                columns = max((sum(local(cell) == "tc" for cell in row) for row in element), default=0)
                self._blocks(element, draft, table=columns > 1)
            elif tag == "AlternateContent":
                self._blocks(_chosen(element), draft, table=table)
            elif tag not in _PASSED_OVER and not (tag == "tr" and child(element, "trPr", "del") is not None):
                self._blocks(element, draft, table=table)

    def _paragraph(self, element: etree._Element, draft: Draft, *, table: bool) -> None:
        runs = [(text, bold) for text, bold in self._runs(element, hidden=False) if text]
        text = self._carried + "".join(text for text, _ in runs)
        boxes, self._boxes = self._boxes, []
        properties = child(element, "pPr")
        if child(properties, "rPr", "del") is not None:  # its end is deleted: the next goes on with it
            self._carried = text
        else:
            self._carried = ""
            seen = self._look(attribute(child(properties, "pStyle"), "val"))
            bold = not table and all(seen.bold if said is None else said for text, said in runs if text.strip())
            draft.add(text, _kind(properties, seen), bold=bold)
        for box in boxes:
            self._blocks(box, draft)

    def _look(self, style: str | None) -> Look:
        style = style if style in self._styles else self._default
        if style not in self._looks:
            self._looks[style] = look(self._styles, style)
        return self._looks[style]

    def _runs(self, element: etree._Element, *, hidden: bool, bold: bool | None = None) -> Iterator[_Run]:
        """The texts in an element, and whether each is bold: None where the paragraph's style says."""
        for inner in element:
            tag = local(inner)
            if tag == "r":
                properties = child(inner, "rPr")
                yield from self._runs(inner, hidden=bool(_switch(properties, "vanish")), bold=_switch(properties, "b"))
            elif tag in _DRAWN:
                self._boxes += _boxes(inner)
            elif tag == "AlternateContent":
                yield from self._runs(_chosen(inner), hidden=hidden, bold=bold)
            elif tag in _PASSED_OVER or hidden:
                continue
            elif tag == "t":
                yield (inner.text or "").replace("\n", " ").replace("\r", " "), bold
            elif tag in _SIGNS:
                yield _SIGNS[tag], bold
            elif tag == "sym":
                yield _symbol(attribute(inner, "char")), bold
            else:
                for reference, part in _NOTES:
                    if tag == reference:
                        self._noted[part].append(attribute(inner, "id") or "")
                yield from self._runs(inner, hidden=hidden, bold=bold)


def _kind(properties: etree._Element | None, seen: Look) -> Kind | None:
    """What a paragraph is by its own properties and its style's."""
    outline = attribute(child(properties, "outlineLvl"), "val")
    if seen.kind is None and outline is not None and outline.isdecimal() and int(outline) < 9:
        return "heading"
    number = attribute(child(properties, "numPr", "numId"), "val")
    listed = seen.listed if number is None else number != "0"
    return "bullet" if listed and seen.kind in (None, "quote") else seen.kind


def _styles(root: etree._Element | None) -> tuple[dict[str, Style], str | None]:
    """Paragraph styles by their keys, and the key of that which paragraphs have unless they say otherwise."""
    found: dict[str, Style] = {}
    default = None
    for element in root if root is not None else ():
        key = attribute(element, "styleId")
        if local(element) != "style" or attribute(element, "type") != "paragraph" or key is None:
            continue
        properties = child(element, "pPr")
        outline = attribute(child(properties, "outlineLvl"), "val")
        number = attribute(child(properties, "numPr", "numId"), "val")
        found[key] = Style(
            name=attribute(child(element, "name"), "val") or key,
            parent=attribute(child(element, "basedOn"), "val"),
            outline=int(outline) if outline and outline.isdecimal() else None,
            listed=None if number is None else number != "0",
            bold=_switch(child(element, "rPr"), "b"),
        )
        if attribute(element, "default") not in (None, *_OFF):
            default = key
    return found, default


def _switch(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a property is on; None where nothing is said of it."""
    found = child(properties, name)
    return None if found is None else attribute(found, "val") not in _OFF


def _chosen(alternate: etree._Element) -> etree._Element | tuple[()]:
    """One of the forms of the same content."""
    return next((inner for inner in alternate if local(inner) in ("Choice", "Fallback")), ())


def _boxes(drawn: etree._Element) -> list[etree._Element]:
    """The contents of text boxes in a drawing: each once, though it is there in a newer and an older form."""
    found: list[etree._Element] = []
    waiting = [drawn]
    while waiting:
        element = waiting.pop()
        if local(element) == "txbxContent":
            found.append(element)
        elif local(element) == "AlternateContent":
            chosen = _chosen(element)
            waiting += [chosen] if isinstance(chosen, etree._Element) else []
        else:
            waiting += reversed(element)
    return found


def _symbol(code: str | None) -> str:
    """A character of a symbol font, where it may be a bullet's."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    return chr(number) if number in _SYMBOLS else ""
