"""Rows of labelled data: JSON Lines and tables to checked values; every bad row is reported with its file and line."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import Any

from pipeline.articles.source import KINDS
from pipeline.articles.speech.speakers import SPEAKERS
from pipeline.errors import MissingExtraError
from pipeline.labels import FINDINGS, NONE

_LONGEST_CELL = 10_000_000


@dataclass
class Problems:
    """What is wrong with a corpus: errors stop training, warnings don't."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A row of a file: its line number and its values."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """A reader's labels of a sentence; `themes` is None where themes weren't labelled."""

    finding: str
    themes: list[str] | None


def read_rows(path: Path, problems: Problems) -> Iterator[Row]:
    """Yield the rows of a `.jsonl`, `.csv`, `.xlsx` or `.parquet` file; what can't be read becomes a problem."""
    try:
        if path.suffix == ".csv":
            yield from _csv_rows(path, problems)
        elif path.suffix in (".xlsx", ".parquet"):
            yield from _table_rows(path, problems)
        else:
            yield from _json_rows(path, problems)
    except UnicodeDecodeError as error:
        problems.errors.append(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8")
    except OSError as error:
        problems.errors.append(f"{path}: can't be read ({error.strerror}): check the file")


def _json_rows(path: Path, problems: Problems) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                values = json.loads(text)
                if "\\u" in text:
                    json.dumps(values, ensure_ascii=False).encode()  # half a character ("\\ud83d" alone) is no text
            except (ValueError, RecursionError) as error:
                problems.errors.append(f"{path}:{line}: not JSON ({error}): one object a line")
                continue
            if isinstance(values, dict):
                yield Row(line, values)
            else:
                problems.errors.append(f'{path}:{line}: not a JSON object: a row is {{"text": …, "finding": …}}')


def _csv_rows(path: Path, problems: Problems) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(_LONGEST_CELL)  # of the whole process, so that others may have changed it
        reader = csv.DictReader(file)
        if not {"text", "finding"} <= set(reader.fieldnames or ()):
            problems.errors.append(f"{path}:1: needs the columns 'text' and 'finding': name them in the first row")
            return
        for values in _readable(reader, path, problems):
            row: dict[str, Any] = {key: value for key, value in values.items() if key is not None and value is not None}
            if "themes" in row:
                row["themes"] = themes_cell(row["themes"])
            yield Row(reader.line_num, row)


def _table_rows(path: Path, problems: Problems) -> Iterator[Row]:
    import pandas as pd

    excel = path.suffix == ".xlsx"
    try:
        table = pd.read_excel(path, engine="calamine", dtype=object) if excel else pd.read_parquet(path)
    except ImportError:
        raise MissingExtraError(f"{path}: reading {path.suffix}", "excel" if excel else "parquet") from None
    except OSError:
        raise
    except Exception as error:  # each library has errors of its own
        problems.errors.append(f"{path}: can't be read ({type(error).__name__}): save it again")
        return
    if not {"text", "finding"} <= set(table.columns):
        problems.errors.append(f"{path}:1: needs the columns 'text' and 'finding': name them in the first row")
        return
    for line, values in enumerate(table.to_dict("records"), 2):
        row: dict[str, Any] = {str(key): value for key, value in values.items() if not _is_missing(value)}
        themes = row.get("themes")
        if themes is not None:
            row["themes"] = themes_cell(themes) if isinstance(themes, str) else list(themes)
        yield Row(line, row)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and isnan(value))


def _readable(reader: csv.DictReader[str], path: Path, problems: Problems) -> Iterator[dict[str, Any]]:
    try:
        yield from reader
    except csv.Error as error:
        problems.errors.append(f"{path}:{reader.line_num}: not CSV ({error}): mend the row")


def themes_cell(cell: str) -> Any:
    """A CSV cell of themes: a JSON list, or keys separated by commas or semicolons."""
    if cell.strip().startswith("["):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return [key.strip() for key in cell.replace(";", ",").split(",") if key.strip()]


def readers_of(row: Row, path: Path, settled: Labels, problems: Problems) -> tuple[Labels, Labels] | None:
    """What two independent readers said, where a row tells: `second`, and `first` (else the labels settled on)."""
    if row.values.get("second") is None:
        return None
    found = [settled, settled]
    for place, name in enumerate(("first", "second")):
        given = row.values.get(name)
        if given is None:
            continue
        themes = given.get("themes") if isinstance(given, dict) else None
        if not isinstance(given, dict) or given.get("finding") not in FINDINGS or not isinstance(themes, list | None):
            problems.errors.append(
                f"{path}:{row.line}: {name} must hold a finding and themes: correct it, or leave it out"
            )
            return None
        found[place] = Labels(given["finding"], themes)
    return found[0], found[1]


def labels_of(
    row: Row, path: Path, themes: Collection[str], problems: Problems
) -> tuple[str, str, list[str] | None] | None:
    """A row's text, finding and themes (None where it names none); None, and problems reported, when any is unfit."""
    where = f"{path}:{row.line}"
    text, finding, given = row.values.get("text"), row.values.get("finding"), row.values.get("themes")
    before = len(problems.errors)
    if not isinstance(text, str) or not text.strip():
        problems.errors.append(f"{where}: empty text: give the sentence")
    if finding not in FINDINGS:
        problems.errors.append(f"{where}: unknown finding {finding!r}: use one of {', '.join(FINDINGS)}")
    if given is not None and not (isinstance(given, list) and all(isinstance(key, str) for key in given)):
        problems.errors.append(f'{where}: themes must be a list of keys, like ["practice"]')
    elif given and themes:
        unknown = [key for key in given if key not in themes]
        if unknown:
            problems.errors.append(f"{where}: unknown theme {unknown[0]!r}: correct it, or list it with --themes")
    for name, known in (("block", KINDS), ("speaker", SPEAKERS)):
        value = row.values.get(name)
        if value and value not in known:
            problems.errors.append(f"{where}: unknown {name} {value!r}: use one of {', '.join(known)}, or leave it out")
    if len(problems.errors) > before:
        return None
    assert isinstance(text, str) and isinstance(finding, str)
    if finding == NONE and given:
        problems.warnings.append(f"{where}: themes on a sentence labelled none are ignored")
        given = []
    return text, finding, given
