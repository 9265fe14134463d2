"""Inputs: what a version depends on, as digests that are worked out in milliseconds, without reading a corpus."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pipeline
from pipeline.articles import DOCUMENTS, SPLITTER_VERSION
from pipeline.corpus.reading import LABELLED
from pipeline.errors import CorpusError
from pipeline.labels import Themes
from pipeline.settings import Settings

Inputs = Mapping[str, str]
"""A digest for each part: corpus, corrections, settings, themes, encoder, program."""

_TRAINING = ("features", "finding", "themes", "training")


def inputs_of(
    corpus: Iterable[Path], corrections: Collection[Mapping[str, Any]], settings: Settings, themes: Themes, encoder: str
) -> Inputs:
    """The digests of all that training would read; `encoder` is the encoder's own, or "".

    Raises `CorpusError` when a path isn't there or can't be read.
    """
    return {
        "corpus": files_digest(corpus),
        "corrections": rows_digest(corrections),
        "settings": _digest({name: settings.to_dict()[name] for name in _TRAINING}),
        "themes": _digest(dict(themes)),
        "encoder": encoder,
        "program": f"{pipeline.__version__}, splitter {SPLITTER_VERSION}",
    }


def changes(before: Inputs, now: Inputs) -> list[str]:
    """Which parts are not as they were."""
    return [name for name in now if before.get(name) != now[name]]


def files_digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of the files that a corpus is read from, in any order of folders."""
    lines = []
    for path in paths:
        if not path.exists():
            raise CorpusError(f"{path}: no such file or folder: check the path")
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (*DOCUMENTS, *LABELLED) and file.is_file():
                name = file.relative_to(path).as_posix() if path.is_dir() else file.name
                lines.append(f"{name} {_file_digest(file)}")
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def rows_digest(rows: Collection[Mapping[str, Any]]) -> str:
    """SHA-256 over rows of labels, whatever their order; "" without any."""
    lines = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CorpusError(f"{path}: can't be read ({error.strerror}): check the file") from None


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
