"""JSON Lines of labelling tools: an object a line, doccano's and Prodigy's, which share how they are read.

doccano (text classification; github.com/doccano/doccano): `text`, `label`, and columns of ours, which it keeps and
exports again; its own `id` is a number. Labels go out empty, because it exports what nobody confirmed too. Prodigy (the
`choice` interface; prodi.gy/docs/api-interfaces#choice): `text`, `options` and `accept`, which shows the model's labels
ticked; answers count where `answer` is "accept".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.review.formats.rows import Answer, Sheet, chosen, from_labels, labels, unread
from pipeline.review.items import Item, timestamp

_COLOURS = ("#2e7d32", "#c62828", "#1565c0", "#9e9e9e", "#ffb300")


def doccano(sheet: Sheet) -> str:
    """The sentences for doccano."""
    rows = [{"text": item.text, "label": [], "sentence_id": item.id} | _shown(item, sheet) for item in sheet.items]
    return _lines(rows)


def doccano_labels(sheet: Sheet) -> str:
    """The labels to import into the project first."""
    colours = (*_COLOURS, *["#546e7a"] * len(sheet.themes))
    rows = [
        {"text": key, "suffix_key": None, "background_color": colour, "text_color": "#ffffff"}
        for key, colour in zip(labels(sheet.themes), colours, strict=True)
    ]
    return json.dumps(rows, indent=1) + "\n"


def prodigy(sheet: Sheet) -> str:
    """The sentences for Prodigy."""
    options = [{"id": key, "text": name} for key, name in labels(sheet.themes).items()]
    rows = [
        {"text": item.text, "options": options, "accept": chosen(item), "meta": _shown(item, sheet)}
        # Its own hashes are of the text: one sentence in two articles would be shown once.
        | {"sentence_id": item.id, "_input_hash": _hash(item.id), "_task_hash": _hash(f"task {item.id}")}
        for item in sheet.items
    ]
    return _lines(rows)


def read_doccano(path: Path, content: str) -> Iterator[Answer]:
    """The answers of doccano's JSONL export; it doesn't name who gave them."""
    for where, row in _objects(path, content):
        if isinstance(row, str):
            yield unread(where, row)
            continue
        given = row.get("label", row.get("labels"))
        if not isinstance(given, list):
            yield unread(where, "no list of labels: export the project as JSONL")
            continue
        # In a project for sequences, a label comes with where it begins and ends.
        names = [str(label[2]) if isinstance(label, list) and len(label) == 3 else str(label) for label in given]
        finding, themes = from_labels(names)
        comments = row.get("Comments") or row.get("comments") or []
        note = " ".join(map(str, comments)) if isinstance(comments, list) else str(comments)
        yield Answer(where, row.get("sentence_id"), row.get("text"), finding, themes, note)


def read_prodigy(path: Path, content: str) -> Iterator[Answer]:
    """The answers of `prodigy db-out`: who is the annotator, or else the session."""
    for where, row in _objects(path, content):
        if isinstance(row, str):
            yield unread(where, row)
            continue
        given = row.get("accept")
        skipped = row.get("answer") != "accept"
        if skipped:
            given = []
        elif not isinstance(given, list) or not given:
            yield unread(where, "accepted without a choice: choose a finding, or ignore it")
            continue
        finding, themes = from_labels(map(str, given))
        at = row.get("_timestamp")
        called = [str(row[name]) for name in ("_annotator_id", "_session_id") if row.get(name)]
        yield Answer(
            where,
            row.get("sentence_id"),
            row.get("text"),
            finding,
            themes,
            row.get("note") or "",
            called[0] if called else None,
            timestamp(datetime.fromtimestamp(at, UTC)) if isinstance(at, int | float) else None,
            also=tuple(called[1:]),
            ticked=True,
            skipped=skipped,
        )


def _shown(item: Item, sheet: Sheet) -> dict[str, Any]:
    """What is shown beside the sentence."""
    return {
        **{"article": item.article, "heading": item.heading, "before": item.before, "after": item.after},
        **{"model_finding": item.finding, "confidence": round(item.confidence, 4)},
        **{"model_themes": ", ".join(item.themes), "reason": item.reason, "reviews": sheet.reviews(item)},
    }


def _lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _hash(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big", signed=True)


def _objects(path: Path, content: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Each line's place and object, or what is wrong with the line."""
    for line, text in enumerate(content.split("\n"), 1):
        if not text.strip():
            continue
        where = f"{path}:{line}"
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield where, f"not JSON ({error}): export it again"
        else:
            yield where, row if isinstance(row, dict) else "not a JSON object: export it again"
