"""Packages: the XML documents inside a word processor's file, which is a zip archive."""

from __future__ import annotations

import zipfile
import zlib
from lzma import LZMAError
from typing import BinaryIO, NoReturn, cast

from lxml import etree

from pipeline.articles.readers.plain import bounded
from pipeline.errors import ArticleError

UNPACKING_ERRORS = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What `zipfile` raises for damaged archives; `RuntimeError` for those with a password."""


class Package:
    """A word processor's file, of which only what is asked for is unpacked: pictures never are."""

    def __init__(self, file: BinaryIO, name: str, title: str, max_megabytes: float) -> None:
        """Of an open file, its name and its format's; `max_megabytes` bounds each document in it."""
        self._name, self._title, self._max_megabytes = name, title, max_megabytes
        try:
            self._archive = zipfile.ZipFile(file)
        except UNPACKING_ERRORS:
            self._fail("its end is missing, or it is no archive")

    def data(self, part: str) -> bytes | None:
        """The bytes of a part, or None where there is none. Raises `ArticleError` for one that can't be read."""
        try:
            found = self._archive.getinfo(part)
        except KeyError:
            return None
        if found.flag_bits & 1:
            raise ArticleError(f"{self._name}: has a password: save it without")
        try:
            with self._archive.open(found) as opened:
                # What it unpacks to is counted as it is read: a small file may hold endless zeros.
                return bounded(cast(BinaryIO, opened), self._name, self._max_megabytes)
        except UNPACKING_ERRORS:
            self._fail(f"{part} in it can't be unpacked")

    def tree(self, part: str) -> etree._Element | None:
        """The root of a part, or None where there is none. Raises `ArticleError` for one that can't be read."""
        data = self.data(part)
        if data is None:
            return None
        # Nothing outside is fetched, nothing declared inside expanded, and no tree may be endlessly deep.
        safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        parser = etree.XMLParser(**safe, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            self._fail(f"{part} in it is not well-formed")
        if root.getroottree().docinfo.doctype:
            self._fail(f"{part} in it declares a document type, which no word processor writes")
        return root

    def related(self, part: str) -> dict[str, str]:
        """What a part ("" for the package) is related to: parts, by the last word of the relation's type."""
        folder, _, base = part.rpartition("/")
        relations = self.tree(f"{folder}/_rels/{base}.rels".lstrip("/"))
        found: dict[str, str] = {}
        for relation in relations if relations is not None else ():
            target = attribute(relation, "Target") or ""
            kind = (attribute(relation, "Type") or "").rpartition("/")[2]
            found.setdefault(kind, target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/"))
        return found

    def required(self, part: str) -> etree._Element:
        """The root of a part. Raises `ArticleError` when there is none."""
        root = self.tree(part)
        if root is None:
            self._fail(f"{part} is missing from it")
        return root

    def _fail(self, reason: str) -> NoReturn:
        raise ArticleError(f"{self._name}: a damaged {self._title} file ({reason}): save it again") from None


def local(element: etree._Element) -> str:
    """An element's name without its namespace: the strict and the common form of a format differ in nothing else."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute by its name without its namespace; None without an element, or without the attribute."""
    if element is None:
        return None
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of these names, one inside the other; names are without namespaces."""
    for name in path:
        element = next((inner for inner in element if local(inner) == name), None) if element is not None else None
    return element
