"""Files that are there whole or not at all, after a kill or a power cut too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR
from time import sleep
from typing import TypeVar

from pipeline.errors import StoreError

T = TypeVar("T")
_TRIES = 50
_PAUSE = 0.02


def require_folder(root: Path) -> None:
    """Raise `StoreError` when a path is there and no folder, or lies in what is none."""
    for path in (root, *root.parents):
        with suppress(OSError):
            if not S_ISDIR(path.stat().st_mode):
                raise StoreError(f"{path}: is no folder: name the folder that the versions are in with --models")
            return


def replace(path: Path, content: str | bytes) -> None:
    """Give a file another content in one step: whoever reads it finds the old one or the new one, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        sync(temporary)
        patiently(lambda: temporary.replace(path))
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def rename(folder: Path, target: Path) -> None:
    """Rename a folder to a name that is free, and have that on the disk when this returns."""
    patiently(lambda: folder.rename(target))
    sync_folder(target.parent)


def patiently(attempt: Callable[[], T]) -> T:
    """What an attempt gives, made again for a second while the system denies it.

    Windows denies what touches a file that a virus scanner or a reader has open.
    """
    for _ in range(_TRIES if os.name == "nt" else 0):
        with suppress(PermissionError):
            return attempt()
        sleep(_PAUSE)
    return attempt()


def sync(path: Path) -> None:
    """Have a file's content on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Have a folder on the disk, with all in it."""
    for path in folder.rglob("*"):
        if path.is_file():
            sync(path)
        else:
            sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have a folder's names on the disk, where the system can: Windows and some network disks can't."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn an `OSError` while a store is written into a `StoreError` that says how to mend it."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{root}: can't be written ({error.strerror or error}): make room, or name another folder with --models"
        ) from None
