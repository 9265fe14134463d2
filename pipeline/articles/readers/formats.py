"""Formats: the kinds of files that can be read, told by content first and suffix second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from pipeline.errors import ArticleError

HEAD = 8192
"""How many bytes of a file are looked at to tell what it is."""

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_TAG = re.compile(rb"<(?:!doctype|html|head|body|article|main|div|p|h[1-6]|meta|title)\b", re.I)
_HEADER = re.compile(rb"[\w-]+:[ \t]")
# What programs write into every message, and people into no text.
_MAIL_HEADERS = (b"message-id:", b"mime-version:", b"received:")
_OBJECT = re.compile(rb'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:', re.S)
_DELIMITERS = (",", ";", "\t", "|")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called and ends in, and the module of `readers` that reads it.

    `extra` is the extra that brings the library it needs, if the default install doesn't. A `collection` holds
    articles, or files that do. What is read `apart` is read in a process of its own: a file may bring its parser down.
    """

    title: str
    suffixes: tuple[str, ...]
    reader: str
    extra: str = ""
    collection: bool = False
    apart: bool = True


PLAIN = Format("text", (".txt", ".text", ".md", ".markdown"), "plain", apart=False)
PDF = Format("PDF", (".pdf",), "pdf")
HTML = Format("HTML", (".html", ".htm", ".xhtml"), "html")
WORD = Format("Word", (".docx",), "word")
ODT = Format("OpenDocument", (".odt",), "opendocument")
RTF = Format("rich text", (".rtf",), "richtext")
MAIL = Format("e-mail", (".eml",), "mail", collection=True)
CSV = Format("CSV", (".csv", ".tsv"), "tables", collection=True)
JSONL = Format("JSON Lines", (".jsonl", ".ndjson"), "tables", collection=True)
EXCEL = Format("Excel", (".xlsx",), "tables", extra="excel", collection=True)
PARQUET = Format("Parquet", (".parquet",), "tables", extra="parquet", collection=True)
ZIP = Format("zip", (".zip",), "archives", collection=True)
GZIP = Format("gzip", (".gz",), "archives", collection=True)

FORMATS = (PLAIN, PDF, HTML, WORD, ODT, RTF, MAIL, CSV, JSONL, EXCEL, PARQUET, ZIP, GZIP)
SUFFIXES = tuple(suffix for format in FORMATS for suffix in format.suffixes)
DOCUMENTS = tuple(suffix for format in FORMATS if not format.collection for suffix in format.suffixes)
"""Of files that hold one article."""

_BY_SUFFIX = {suffix: format for format in FORMATS for suffix in format.suffixes}
_WRITTEN = (HTML, MAIL, CSV, JSONL)  # made of text, so that only the suffix tells some of them from plain text


def by_suffix(name: str) -> Format | None:
    """The format that a file's name promises."""
    return _BY_SUFFIX.get(PurePosixPath(name.replace("\\", "/")).suffix.lower())


def recognise(file: BinaryIO, name: str, text_column: str) -> tuple[Format, tuple[str, ...]]:
    """What a file holds, whatever its name says, and notes where the two differ; the file is left at its start.

    Where its name promises nothing, a table is told by its names, among which is the text column's. Raises
    `ArticleError` for what is known and can't be read.
    """
    head = file.read(HEAD)
    file.seek(0)
    promised = by_suffix(name)
    found = _by_content(file, head, name)
    file.seek(0)
    if found is None:
        found = promised if promised in _WRITTEN else _written(head)
        assert found is not None
        if promised is None and found is PLAIN:
            found = _tabular(head, text_column)
    if promised is None or promised is found:
        return found, ()
    if found is PLAIN and b"\0" in head:
        raise ArticleError(f"{name}: not a {promised.title} file, or a damaged one: save it again")
    return found, (f"{name}: holds {found.title}, not {promised.title}; read as that",)


def _by_content(file: BinaryIO, head: bytes, name: str) -> Format | None:
    """The format that a file's first bytes show beyond doubt."""
    if head.startswith(_OLD_OFFICE):
        kind = "an old Word, Excel or Outlook file, or one with a password"
        raise ArticleError(f"{name}: {kind}: save it as .docx, .xlsx or .eml, without")
    if head.startswith(_PICTURES):
        raise ArticleError(f"{name}: a picture, which has no text to read: convert it by text recognition first")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file, name)
    for begins, format in ((b"\x1f\x8b", GZIP), (b"{\\rtf", RTF), (b"PAR1", PARQUET)):
        if head.startswith(begins):
            return format
    if b"%PDF-" in head[:1024]:  # something may stand before it
        return PDF
    if head[257:262] == b"ustar":
        raise ArticleError(f"{name}: a tar archive, which can't be read: unpack it, or pack it as .zip")
    text = head.removeprefix(_MARK)
    return HTML if _HTML.match(text) else None


def _zipped(file: BinaryIO, name: str) -> Format:
    """Which of the formats that are zip archives inside a file is."""
    import zipfile  # plain text needs none of it

    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ZIP  # reading it says what is wrong with it
    if any(part.startswith("word/document") for part in names):
        return WORD
    if not names.isdisjoint(("xl/workbook.xml", "xl/workbook.bin")):
        return EXCEL
    if "ppt/presentation.xml" in names:
        raise ArticleError(f"{name}: a PowerPoint file, which can't be read: save it as PDF")
    return ODT if {"mimetype", "content.xml"} <= names else ZIP


def _written(head: bytes) -> Format:
    """Text, or what is written as text and shows it."""
    text = head.removeprefix(_MARK).lstrip()
    if _is_mail(text):
        return MAIL
    return HTML if text.startswith(b"<") and len(_TAG.findall(text)) >= 3 else PLAIN


def _tabular(head: bytes, text_column: str) -> Format:
    """Text, or a table that is written as text."""
    text = head.removeprefix(_MARK)
    if _OBJECT.match(text):
        return JSONL
    return CSV if _is_delimited(text.decode("utf-8", "replace"), text_column) else PLAIN


def _is_delimited(text: str, text_column: str) -> bool:
    """Whether a text's first line names the text column among others, and the next may be a row, as in no prose."""
    lines = text.splitlines()
    if lines and lines[0].lower().startswith("sep="):  # written for Excel
        del lines[0]
    if len(lines) < 2:
        return False
    header, row = lines[:2]
    named = (
        delimiter
        for delimiter in _DELIMITERS
        if delimiter in header
        and text_column.strip().casefold() in (name.strip(' "').casefold() for name in header.split(delimiter))
    )
    return any(delimiter in row or row.startswith('"') for delimiter in named)


def _is_mail(text: bytes) -> bool:
    """Whether a text begins with an e-mail's headers."""
    headers = text.partition(b"\n\n")[0].replace(b"\r", b"").partition(b"\n\n")[0].lower()
    lines = headers.split(b"\n")
    return bool(_HEADER.match(text)) and any(line.startswith(_MAIL_HEADERS) for line in lines)
