"""Archives (.zip) and single compressed files (.gz): the files in them, each unpacked when its turn comes."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from pipeline.articles.readers.formats import GZIP, by_suffix, recognise
from pipeline.articles.readers.member import Item, Member, Note
from pipeline.articles.readers.names import Names, contained, listed
from pipeline.articles.readers.package import UNPACKING_ERRORS
from pipeline.articles.source import Failure
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_CHUNK = 1 << 18
_IN_MEMORY = 8_000_000
"""Files that unpack to more bytes are put on disk while they are read."""


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Item]:
    """The files in an archive that may hold articles, in the order of their names, or the one that is compressed."""
    if recognise(file, name, settings.text_column)[0] is GZIP:
        yield _compressed(file, name, settings)
    else:
        yield from _archived(file, name, settings)


def _compressed(file: BinaryIO, name: str, settings: ArticleSettings) -> Member:
    inner = name[:-3] if name.lower().endswith(".gz") else name
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            return Member(inner, _Budget(name, settings).unpacked(cast(BinaryIO, stream), inner))
    except (*UNPACKING_ERRORS, gzip.BadGzipFile):
        reason = "it ends too soon, or its checksum is wrong"
        raise ArticleError(f"{name}: a damaged gzip file ({reason}): get it again") from None


def _archived(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Item]:
    try:
        archive = zipfile.ZipFile(file)
    except UNPACKING_ERRORS:
        raise ArticleError(f"{name}: a damaged zip file (its list of files can't be read): get it again") from None
    every = [info for info in archive.infolist() if not (info.is_dir() or _hidden(info.filename))]
    readable = sorted((info for info in every if by_suffix(info.filename)), key=lambda info: contained(info.filename))
    others = [info.filename for info in every if not by_suffix(info.filename)]
    if len(readable) > settings.max_files:
        limit = f"{settings.max_files} files: split it, or raise articles.max_files in the configuration"
        raise ArticleError(f"{name}: holds more than {limit}")
    if not readable:
        raise ArticleError(f"{name}: no file in it that can be read{f' (it holds {listed(others)})' if others else ''}")
    if others:
        count = f"{len(others)} file{'s' * (len(others) > 1)}"
        yield Note(f"{name}: {count} of kinds that can't be read left out: {listed(others)}")
    names, budget = Names(name), _Budget(name, settings)
    for info in readable:
        yield _member(archive, info, names.inside(info.filename), budget)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, inner: str, budget: _Budget) -> Member | Failure:
    if info.flag_bits & 1:
        return Failure(f"{inner}: has a password: unpack it first")
    try:
        with archive.open(info) as stream:
            return Member(inner, budget.unpacked(cast(BinaryIO, stream), inner))
    except _TooLargeError as error:
        return Failure(str(error))
    except NotImplementedError:
        return Failure(f"{inner}: packed in a way that can't be read: unpack it first")
    except UNPACKING_ERRORS:
        return Failure(f"{inner}: damaged in its archive: get it again")


def _hidden(path: str) -> bool:
    """Whether a file is none of the user's: systems' and programs' own begin with a dot, or are in such a folder."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part.strip(".")) for part in parts)


class _TooLargeError(ArticleError):
    """A file that unpacks to more than may be of its kind."""


class _Budget:
    """How much an archive may still unpack to: counted as it is unpacked, whatever the archive says of itself."""

    def __init__(self, name: str, settings: ArticleSettings) -> None:
        self._name, self._settings = name, settings
        self._left = int(settings.max_collection_megabytes * 1_000_000)

    def unpacked(self, stream: BinaryIO, inner: str) -> BinaryIO:
        """A file's content, open at its start. Raises `ArticleError` when it, or all so far, is more than may be."""
        format = by_suffix(inner)
        whole = format is None or format.collection
        limit = self._left if whole else min(self._left, int(self._settings.max_megabytes * 1_000_000))
        copy: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
        size = 0
        try:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise self._error(inner, limit)
                copy.write(chunk)
        except BaseException:
            copy.close()
            raise
        finally:
            self._left -= size
        copy.seek(0)
        return cast(BinaryIO, copy)

    def _error(self, inner: str, limit: int) -> ArticleError:
        if limit < self._left:
            most = f"{self._settings.max_megabytes:g} MB: split it, or raise articles.max_megabytes"
            return _TooLargeError(f"{inner}: larger than {most} in the configuration")
        most = f"{self._settings.max_collection_megabytes:g} MB: split it, or raise articles.max_collection_megabytes"
        return ArticleError(f"{self._name}: unpacks to more than {most} in the configuration")
