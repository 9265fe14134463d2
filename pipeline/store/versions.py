"""Versions: folders that are written whole, checked before they are loaded, and named so that they sort by time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pipeline
from pipeline.articles import SPLITTER_VERSION
from pipeline.articles.punkt import parameters as punkt
from pipeline.errors import ModelError
from pipeline.model import FORMAT, Model
from pipeline.store.files import sync_tree

MANIFEST = "manifest.json"
_FILES = frozenset(
    {"model.json", "arrays/coefficients.npy", "arrays/intercepts.npy", "arrays/mixing.npy", "metrics.json", "card.md"}
)
_OPTIONAL = frozenset({"arrays/head.npy"})
_NAME = re.compile(r"([0-9]{8}T[0-9]{6}Z)(?:-([0-9]{1,9}))?")


@dataclass(frozen=True)
class Version:
    """A version in a store: its name, manifest and metrics."""

    name: str
    folder: Path
    current: bool

    @property
    def manifest(self) -> dict[str, Any]:
        """Format, digests, and the versions of what it was made with."""
        return _read_json(self.folder / MANIFEST)

    @property
    def described(self) -> dict[str, Any]:
        """Settings, themes, thresholds and notes: what `model.json` holds."""
        return _read_json(self.folder / "model.json")

    @property
    def metrics(self) -> dict[str, Any]:
        """What training measured."""
        return _read_json(self.folder / "metrics.json")

    @property
    def card(self) -> str:
        """The model card, in Markdown."""
        return _read(self.folder / "card.md")

    def damage(self) -> str | None:
        """What is wrong with it, in a line; None when it is whole: its files are as they were written, and load."""
        try:
            load_version(self.folder)
        except ModelError as error:
            return str(error)
        return None


def is_version(folder: Path) -> bool:
    """Whether a path is a version's folder, though it may be damaged."""
    named = _NAME.fullmatch(folder.name) or (not folder.name.startswith(".") and (folder / MANIFEST).is_file())
    return bool(named) and folder.is_dir()


def is_dated(name: str) -> bool:
    """Whether a name was given by a store: others were given by people."""
    return bool(_NAME.fullmatch(name))


def age(name: str) -> tuple[str, int, str]:
    """What versions sort by, oldest first: the time of their name, then its number."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2] or 1), name) if found else (name, 1, name)


def next_name(now: datetime, taken: Iterable[str]) -> str:
    """A name for a version made now: its UTC time, or after the newest one taken when the clock has gone back."""
    newest, number, _ = max((age(name) for name in taken if is_dated(name)), default=("", 0, ""))
    name = now.strftime("%Y%m%dT%H%M%SZ")
    return name if name > newest else f"{newest}-{number + 1}"


def save_version(
    folder: Path,
    name: str,
    model: Model,
    *,
    now: datetime,
    metrics: Mapping[str, Any],
    card: str,
    corpus: str,
    parameters: Mapping[str, Any] | None,
) -> None:
    """Write all files of a version into a new folder, on the disk when this returns. Raises `OSError`."""
    folder.mkdir()
    model.save(folder)
    _write(folder / "metrics.json", json.dumps(metrics, indent=2, ensure_ascii=False) + "\n")
    _write(folder / "card.md", card)
    manifest = {
        "format": FORMAT,
        "version": name,
        "created": now.isoformat(timespec="seconds"),
        "library": pipeline.__version__,
        "splitter": SPLITTER_VERSION,
        "punkt": punkt().version,
        "corpus": corpus,
        **({"parameters": dict(parameters)} if parameters else {}),
        "files": {path: digest(folder / path) for path in sorted(_FILES | _OPTIONAL) if (folder / path).is_file()},
    }
    _write(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    sync_tree(folder)


def load_version(folder: Path) -> Model:
    """Load one version's folder, having verified it."""
    verify(folder)
    return Model.load(folder)


def verify(folder: Path) -> dict[str, Any]:
    """Check a version's files against its manifest, which is returned.

    Digests show damage, not origin. Raises `ModelError` when the manifest is missing or too new, or a file is missing,
    altered, or not one that a model has.
    """
    manifest = _read_json(folder / MANIFEST)
    number, files = manifest.get("format"), manifest.get("files")
    if isinstance(number, int) and number > FORMAT:
        raise ModelError(f"{folder}: format {number} is newer than this program reads ({FORMAT}): upgrade the pipeline")
    if not isinstance(number, int) or not isinstance(files, dict) or not set(files) <= _FILES | _OPTIONAL:
        raise ModelError(f"{folder}: {MANIFEST} is not a model's: train it again, or copy it from a good one")
    for name in sorted(_FILES | set(files)):
        if name not in files or not (folder / name).is_file():
            raise ModelError(f"{folder}: {name} is missing: the model is damaged, train it again")
        if _digest_of(folder / name) != files[name]:
            raise ModelError(
                f"{folder}: {name} is not as it was written: the model is damaged or altered, train it again"
            )
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST and name not in files:
            raise ModelError(f"{folder}: {name} is no part of a model: remove it if you trust the rest")
    return manifest


def digest(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of(path: Path) -> str:
    try:
        return digest(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelError(f"{path.parent}: {path.name} is missing: the model is damaged, train it again") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, error) from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not JSON ({error}): the model is damaged, train it again") from None
    if not isinstance(loaded, dict):
        raise ModelError(f"{path}: not a JSON object: the model is damaged, train it again")
    return loaded


def _unreadable(path: Path, error: Exception) -> ModelError:
    return ModelError(f"{path}: can't be read ({error}): the model is damaged, train it again")
