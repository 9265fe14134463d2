"""Saving sources: the texts that offsets refer to, as files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pipeline.articles.source import Failure, Source
from pipeline.errors import ArticleError


def saved(items: Iterable[Source | Failure], folder: Path | None) -> Iterator[Source | Failure]:
    """Sources, each saved in a folder if there is one; one that can't be is a `Failure`."""
    for item in items:
        if folder is None or isinstance(item, Failure):
            yield item
            continue
        try:
            save_source(item, folder)
        except ArticleError as error:
            yield Failure(str(error))
        else:
            yield item


def save_source(source: Source, folder: Path) -> None:
    """Write the text that offsets refer to, under the article's name, inside the folder whatever the name.

    Raises `ArticleError` rather than replace a file that holds something else.
    """
    parts = ["_" if part == ".." else part for part in PurePosixPath(source.name).parts if part not in ("/", ".")]
    path = folder.joinpath(*(part.replace(":", "_").replace("\\", "_") for part in parts))
    path = path.with_name(path.name + ".txt") if path.suffix != ".txt" else path
    if path.resolve() == Path(source.name).resolve():
        raise ArticleError(f"{path}: would be overwritten by its own text: name another folder with --save-source")
    text = source.text.encode("utf-8", "surrogatepass")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_symlink() or (path.exists() and (path.is_dir() or path.read_bytes() != text)):
            raise ArticleError(f"{path}: is there already, with other text: name an empty folder with --save-source")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(text)
        temporary.replace(path)
    except OSError as error:
        raise ArticleError(
            f"{path}: can't be written ({error.strerror}): name another folder with --save-source"
        ) from None
