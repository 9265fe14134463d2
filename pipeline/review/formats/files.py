"""Files: each format's writer and reader, and how a file's format is known by its content."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, get_args

from pipeline.errors import ReviewError
from pipeline.review.formats import json_lines, label_studio, tables
from pipeline.review.formats.rows import Answer, Sheet

Format = Literal["csv", "xlsx", "label-studio", "doccano", "prodigy"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SUFFIXES: dict[Format, str] = {
    **{"csv": ".csv", "xlsx": ".xlsx", "label-studio": ".json", "doccano": ".jsonl", "prodigy": ".jsonl"}
}
_MOST_MEGABYTES = 500


def write(path: Path, format: Format, sheet: Sheet) -> list[Path]:
    """Write a sheet, whole or not at all, and what its tool needs beside it; the paths written are returned.

    Raises `ReviewError` for a suffix that isn't the format's; it or `TableError` when a file can't be written.
    """
    if path.suffix.lower() != _SUFFIXES[format]:
        raise ReviewError(f"{path}: a file for {format} ends in {_SUFFIXES[format]}: rename it")
    if format in ("csv", "xlsx"):
        tables.write(path, sheet)
        return [path]
    if format == "prodigy":
        texts = {path: json_lines.prodigy(sheet)}
    elif format == "doccano":
        texts = {path.with_suffix(".labels.json"): json_lines.doccano_labels(sheet), path: json_lines.doccano(sheet)}
    else:
        texts = {path.with_suffix(".xml"): label_studio.config(sheet.themes), path: label_studio.tasks(sheet)}
    for file, text in texts.items():
        write_whole(file, text)
    return list(texts)


def write_whole(path: Path, text: str) -> None:
    """Write a text file beside its place, and rename it. Raises `ReviewError` when that can't be done."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        raise ReviewError(
            f"{path}: can't be written ({error.strerror or error}): check the folder, or name another with --output"
        ) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def read(path: Path, format: Format | None = None) -> list[Answer]:
    """The answers in a file, of the format that its content shows if none is named.

    Raises `ReviewError` when it can't be read, or has another form than its format; single rows that can't be read are
    answers that say so (`Answer.wrong`).
    """
    raw = _raw(path)
    format = format or recognise(path, raw)
    if format == "xlsx":
        return list(tables.read_workbook(path))
    content = _text(path, raw)
    readers = {
        "csv": tables.read_csv,
        "label-studio": label_studio.read,
        "doccano": json_lines.read_doccano,
        "prodigy": json_lines.read_prodigy,
    }
    return list(readers[format](path, content))


def recognise(path: Path, raw: bytes) -> Format:
    """The format of a file by its content. Raises `ReviewError` when it is none of `FORMATS`."""
    if raw.startswith(b"PK"):
        return "xlsx"
    content = _text(path, raw).lstrip()
    if (content.startswith("{") or path.suffix.lower() == ".jsonl") and (format := _by_lines(content)):
        return format
    if content.startswith("["):
        return "label-studio"
    if not content.startswith("{"):
        return "csv"
    with suppress(ValueError, RecursionError):
        if "data" in json.loads(content):
            return "label-studio"
    raise ReviewError(f"{path}: of no format that is known: name it with --format ({', '.join(FORMATS)})")


def _by_lines(content: str) -> Format | None:
    """The format of JSON Lines by the first line that tells: those before may be broken."""
    for line in content.split("\n"):
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
            if isinstance(row, dict) and ("accept" in row or "answer" in row):
                return "prodigy"
            if isinstance(row, dict) and ("label" in row or "labels" in row):
                return "doccano"
    return None


def _raw(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_MEGABYTES * 1_000_000:
            raise ReviewError(f"{path}: larger than {_MOST_MEGABYTES} MB: split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise ReviewError(f"{path}: no such file: check the path") from None
    except OSError as error:
        raise ReviewError(f"{path}: can't be read ({error.strerror or error}): check the file") from None


def _text(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ReviewError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from None
