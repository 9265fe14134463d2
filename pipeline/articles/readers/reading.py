"""Reading: a file to the sources in it, whatever it holds; what is wrong with one never stops the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pipeline.articles.paths import STDIN
from pipeline.articles.readers.formats import Format, recognise
from pipeline.articles.readers.member import Item, Member, Note
from pipeline.articles.readers.streams import copied
from pipeline.articles.source import Failure, Source, article_name
from pipeline.errors import ArticleError, MissingExtraError
from pipeline.settings import ArticleSettings, load_settings


def read_source(path: str | Path, name: str | None = None, *, settings: ArticleSettings | None = None) -> Source:
    """Read a file that holds one article, or standard input for `-`; its name is `article_name`'s unless one is given.

    Raises `ArticleError` when the file is missing, unreadable, too large, empty, not text, or holds several articles.
    """
    items = list(islice(read_sources(path, name, settings=settings), 2))
    for item in items:
        if isinstance(item, Failure):
            raise ArticleError(item.message)
    if len(items) != 1:
        found = "several articles" if items else "no article"
        raise ArticleError(f"{name or path}: holds {found}: read it with read_articles, or 'pipeline predict'")
    assert isinstance(items[0], Source)
    return items[0]


def read_sources(
    path: str | Path, name: str | None = None, *, settings: ArticleSettings | None = None
) -> Iterator[Source | Failure]:
    """The articles of a file, or of standard input for `-`, in order: of a table one a row, of an archive all in it.

    What can't be read is a `Failure` in its place.
    """
    settings = settings or _usual()
    if str(path) == STDIN:
        return _from_stream(sys.stdin.buffer, name or "stdin", settings)
    return _from_file(Path(path), name or article_name(Path(path)), settings)


def read_columns(path: str | Path, settings: ArticleSettings) -> Iterator[str]:
    """The names of the columns, besides the text, of the tables of articles that a file is or holds.

    Nothing else in it is read. A name may come several times; what can't be read is passed over.
    """
    for item in _from_file(Path(path), str(path), settings, columns=True):
        if isinstance(item, Source):
            yield from item.extra


@cache
def _usual() -> ArticleSettings:
    return load_settings().articles


def _from_stream(stream: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source | Failure]:
    """The articles of what can be read once only: standard input, or a pipe."""
    data = stream.read(int(settings.max_megabytes * 1_000_000) + 1)
    try:
        format, _ = recognise(BytesIO(data), name, settings.text_column)
    except ArticleError as error:
        yield Failure(str(error))
        return
    if not format.apart:
        yield from take(BytesIO(data), name, settings)
        return
    import tempfile

    # The process that reads it needs a file.
    with tempfile.TemporaryDirectory(prefix="pipeline-", ignore_cleanup_errors=True) as folder:
        copy = copied(stream, Path(folder) / "copy", name, settings, begun=data)
        yield from _from_file(copy, name, settings)


def _from_file(
    path: Path, name: str, settings: ArticleSettings, *, columns: bool = False
) -> Iterator[Source | Failure]:
    """The articles of a file, or what `take` gives for its `columns`."""
    try:
        if path.is_dir():
            raise ArticleError(f"{name}: a folder, not an article: name a file in it")
        with path.open("rb") as file:
            if not file.seekable():
                if columns:
                    return
                yield from _from_stream(file, name, settings)
                return
            format, _ = recognise(file, name, settings.text_column)
            if columns and not format.collection:
                return
            if not format.apart:
                yield from take(file, name, settings)
                return
    except (ArticleError, OSError) as error:
        yield Failure(_said(error, name))
        return
    from pipeline.articles.readers import apart  # plain text needs none of it

    yield from apart.read(path, name, settings, columns=columns)


class _TooMuchError(ArticleError):
    """More inside a file than may be: none of it is read any further."""


class _Inside:
    """What has been found inside a file, at any depth: archives in archives multiply what each of them may hold."""

    def __init__(self, name: str, settings: ArticleSettings) -> None:
        self._name, self._settings = name, settings
        self._files = self._bytes = 0

    def count(self, member: Member) -> None:
        """Count a file. Raises `_TooMuchError` when that is one too many, or all are too large."""
        most, megabytes = self._settings.max_files, self._settings.max_collection_megabytes
        self._files += 1
        self._bytes += member.file.seek(0, 2)
        member.file.seek(0)
        if self._files > most:
            reason = (
                f"holds more than {most} files, counting those inside others: split it, or raise articles.max_files"
            )
        elif self._bytes > megabytes * 1_000_000:
            reason = f"unpacks to more than {megabytes:g} MB: split it, or raise articles.max_collection_megabytes"
        else:
            return
        raise _TooMuchError(f"{self._name}: {reason} in the configuration")


def take(
    file: BinaryIO,
    name: str,
    settings: ArticleSettings,
    depth: int = 0,
    inside: _Inside | None = None,
    *,
    columns: bool = False,
) -> Iterator[Source | Failure]:
    """The articles of an open file and of the files inside it, down to `settings.max_depth`.

    For `columns`, what tables alone give: in place of their articles, sources without text that have the columns.
    """
    inside = inside or _Inside(name, settings)
    try:
        format, differing = recognise(file, name, settings.text_column)
        if columns and not format.collection:
            return
        notes = differing
        if format.collection and depth > settings.max_depth:
            limit = f"more than {settings.max_depth} files inside one another"
            raise ArticleError(f"{name}: {limit}: unpack it, or raise articles.max_depth in the configuration")
        for item in _items(format, file, name, settings, columns=columns):
            if isinstance(item, Note):
                notes = (*notes, item.message)
                continue
            for found in _found(item, settings, depth, inside, columns=columns):
                if isinstance(found, Source) and notes:
                    yield replace(found, notes=(*notes, *found.notes))
                    notes = ()
                else:
                    yield found
        # What was left out is told, even where there is no article to tell it with.
        yield from (Failure(note) for note in notes if note not in differing)
    except (ArticleError, MissingExtraError, OSError) as error:
        if depth and isinstance(error, _TooMuchError):
            raise
        yield Failure(_said(error, name))


def _found(
    item: Source | Failure | Member, settings: ArticleSettings, depth: int, inside: _Inside, *, columns: bool
) -> Iterator[Source | Failure]:
    """The item, or the articles in it."""
    if isinstance(item, Member):
        with item.file:
            inside.count(item)
            yield from take(item.file, item.name, settings, depth + 1, inside, columns=columns)
    else:
        yield item


def _items(format: Format, file: BinaryIO, name: str, settings: ArticleSettings, *, columns: bool) -> Iterator[Item]:
    """What a format's reader makes of a file, or its `survey`, if it has one, for columns.

    Raises `ArticleError` for whatever its library stumbles over.
    """
    try:
        reader = import_module(f"pipeline.articles.readers.{format.reader}")
        read = getattr(reader, "survey", reader.read) if columns else reader.read
        yield from read(file, name, settings)
    except (ArticleError, MissingExtraError):
        raise
    except ImportError as error:
        if not format.extra or (error.name or "").startswith("pipeline"):
            raise
        raise MissingExtraError(f"{name}: reading {format.title}", format.extra) from None
    except MemoryError:
        raise ArticleError(f"{name}: needs more memory than may be used: split it") from None
    except Exception as error:  # parsers raise anything on hostile files
        reason = type(error).__name__
        raise ArticleError(f"{name}: a damaged {format.title} file ({reason}): save it again") from None


def _said(error: Exception, name: str) -> str:
    """What to tell of an error, in one line."""
    if isinstance(error, FileNotFoundError):
        return f"{name}: no such file: check the path"
    if isinstance(error, OSError):
        return f"{name}: can't be read ({error.strerror or type(error).__name__}): check its permissions"
    return str(error)
