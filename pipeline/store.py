"""The store: a models folder with its versions, each there whole or not at all, and the one in use."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pipeline
from pipeline.articles import SPLITTER_VERSION
from pipeline.articles.punkt import parameters
from pipeline.errors import ModelError, StoreError
from pipeline.model import FORMAT, Model

MANIFEST = "manifest.json"
CURRENT = "current"
_FILES = frozenset(
    {"model.json", "arrays/coefficients.npy", "arrays/intercepts.npy", "arrays/mixing.npy", "metrics.json", "card.md"}
)
_OPTIONAL = frozenset({"arrays/head.npy"})


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
    def metrics(self) -> dict[str, Any]:
        """What training measured."""
        return _read_json(self.folder / "metrics.json")

    @property
    def card(self) -> str:
        """The model card, in Markdown."""
        return _read(self.folder / "card.md")


class Store:
    """A folder of trained versions; `current` names the one in use."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def versions(self) -> list[Version]:
        """All versions, oldest first."""
        if not self.root.is_dir():
            return []
        current = self.current()
        folders = sorted(
            p for p in self.root.iterdir() if p.is_dir() and not p.name.startswith(".") and (p / MANIFEST).is_file()
        )
        return [Version(folder.name, folder, folder.name == current) for folder in folders]

    def current(self) -> str | None:
        """The name of the version in use, if there is one."""
        try:
            return (self.root / CURRENT).read_text(encoding="utf-8", errors="replace").strip() or None
        except OSError:
            return None

    def folder(self, version: str | None = None) -> Path:
        """A version's folder, of the current one by default. Raises `StoreError` when there is none."""
        name = version or self.current()
        if name is None:
            raise StoreError(f"{self.root}: no trained model here: train one with 'pipeline train'")
        folder = self.root / name
        if Path(name).name != name or name in (".", "..") or not folder.is_dir():
            known = ", ".join(found.name for found in self.versions()) or "none"
            raise StoreError(
                f"{self.root}: no version {name!r}: choose one of those listed by 'pipeline models list' ({known})"
            )
        return folder

    def load(self, version: str | None = None) -> Model:
        """Load a version, the current one by default. Raises `StoreError` or `ModelError`."""
        return load_version(self.folder(version))

    def write(
        self, model: Model, *, metrics: Mapping[str, Any], card: str, corpus: str, promote: bool = True
    ) -> Version:
        """Write a new version, into a temporary folder first, renamed when it is whole.

        Raises `StoreError` when it can't be written.
        """
        now = datetime.now(UTC)
        with _explained(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            name = now.strftime("%Y%m%dT%H%M%SZ")
            number = 1
            while (self.root / name).exists():
                number += 1
                name = f"{now.strftime('%Y%m%dT%H%M%SZ')}-{number}"
            temporary = self.root / f".{name}.{os.getpid()}"
            try:
                temporary.mkdir()
                model.save(temporary)
                _write(temporary / "metrics.json", json.dumps(metrics, indent=2, ensure_ascii=False) + "\n")
                _write(temporary / "card.md", card)
                manifest = {
                    "format": FORMAT,
                    "version": name,
                    "created": now.isoformat(timespec="seconds"),
                    "library": pipeline.__version__,
                    "splitter": SPLITTER_VERSION,
                    "punkt": parameters().version,
                    "corpus": corpus,
                    "files": _digests(temporary),
                }
                _write(temporary / MANIFEST, json.dumps(manifest, indent=2) + "\n")
                temporary.rename(self.root / name)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            if promote:
                self.promote(name)
        return Version(name, self.root / name, promote)

    def promote(self, version: str) -> None:
        """Make a version the current one. Raises `StoreError` when it isn't there, `ModelError` when it is damaged."""
        verify(self.folder(version))
        with _explained(self.root):
            temporary = self.root / f".{CURRENT}.{os.getpid()}"
            try:
                _write(temporary, version + "\n")
                temporary.replace(self.root / CURRENT)
            finally:
                temporary.unlink(missing_ok=True)


def load_model(path: str | Path | None = None) -> Model:
    """Load a model: the current version of a store, one version's folder, or (None) the configured store.

    Raises `StoreError` when there is no model, `ModelError` when it is damaged or too new.
    """
    if path is None:
        from pipeline.settings import load_settings

        path = load_settings().store
    path = Path(path)
    if (path / "model.json").exists() or (path / MANIFEST).exists():
        return load_version(path)
    if not path.exists():
        raise StoreError(
            f"{path}: no trained model here: train one with 'pipeline train', or name a models folder with --models"
        )
    return Store(path).load()


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
        if _digest(folder / name) != files[name]:
            raise ModelError(
                f"{folder}: {name} is not as it was written: the model is damaged or altered, train it again"
            )
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST and name not in files:
            raise ModelError(f"{folder}: {name} is no part of a model: remove it if you trust the rest")
    return manifest


def _digests(folder: Path) -> dict[str, str]:
    return {name: _digest(folder / name) for name in sorted(_FILES | _OPTIONAL) if (folder / name).is_file()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelError(f"{path.parent}: {path.name} is missing: the model is damaged, train it again") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: can't be read ({error}): the model is damaged, train it again") from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not JSON ({error}): the model is damaged, train it again") from None
    if not isinstance(loaded, dict):
        raise ModelError(f"{path}: not a JSON object: the model is damaged, train it again")
    return loaded


@contextmanager
def _explained(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{root}: can't be written ({error.strerror or error}): make room, or name another folder with --models"
        ) from None
