"""Streams: standard input and pipes, which can be read once only."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pipeline.articles.paths import STDIN
from pipeline.articles.readers.formats import recognise
from pipeline.articles.source import article_name
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_AT_ONCE = 1_000_000


def is_stream(file: str) -> bool:
    """Whether a file can be read once only."""
    return file == STDIN or Path(file).is_fifo()


def name_of(file: str) -> str:
    """A file's name in tables."""
    return "stdin" if file == STDIN else article_name(Path(file))


@contextmanager
def kept(files: Sequence[str], settings: ArticleSettings) -> Iterator[dict[str, str]]:
    """Copies on disk, by file, of those among files that can be read once only; they go at the end.

    There are none where nothing can be written: then plain text alone can be read. One that can't be opened has none.
    """
    streams = [file for file in files if is_stream(file)]
    if not streams:
        yield {}
        return
    import tempfile

    try:
        folder = tempfile.TemporaryDirectory(prefix="pipeline-", ignore_cleanup_errors=True)
    except OSError:
        yield {}
        return
    with folder:
        copies: dict[str, str] = {}
        for number, file in enumerate(streams):
            try:
                stream = _opened(file)
            except OSError:  # reading it says what is wrong
                continue
            with stream as opened:
                copies[file] = str(copied(opened, Path(folder.name) / str(number), name_of(file), settings))
        yield copies


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if file == STDIN else Path(file).open("rb")


def copied(stream: BinaryIO, copy: Path, name: str, settings: ArticleSettings, *, begun: bytes = b"") -> Path:
    """A file with what can be read once only: as much of it as may be. What was read of it already is `begun`."""
    data = begun or stream.read(int(settings.max_megabytes * 1_000_000) + 1)
    try:
        collection = recognise(BytesIO(data), name, settings.text_column)[0].collection
    except ArticleError:
        collection = False  # reading it says what is wrong
    left = int(settings.max_collection_megabytes * 1_000_000) + 1 - len(data) if collection else 0
    with copy.open("wb") as file:
        file.write(data)
        while left > 0 and (part := stream.read(min(left, _AT_ONCE))):
            left -= file.write(part)
    return copy
