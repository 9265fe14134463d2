"""Sheets given out for review, what people and tools make of them, and what an import takes and says.

Of a sheet, the first item is reviewed with a note, the third "can't tell", the second left.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import ReviewError
from pipeline.review import Ledger, Review
from pipeline.review.answers import Names, check
from pipeline.review.formats import read
from pipeline.review.formats.rows import Sheet
from samples.reviews import FIRST, ITEMS, OTHER, THEMES, review

SAID = {FIRST.id: [review(FIRST, "ben", "none", note="=1+1")]}
SHEET = Sheet(list(ITEMS), SAID, THEMES, "20260101T000000Z")
SUFFIX = {"csv": ".csv", "xlsx": ".xlsx", "label-studio": ".json", "doccano": ".jsonl", "prodigy": ".jsonl"}
DONE = [
    Review(FIRST.id, "ana", None, "strength", ("leadership", "practice"), "Late, but good."),
    Review(OTHER.id, "ana", None, None, None),
]


# Filled in


def by_hand(path: Path) -> Path:
    """As a spreadsheet saves it."""
    excel = path.suffix == ".xlsx"
    table = pd.read_excel(path, engine="calamine", dtype=object) if excel else pd.read_csv(path, dtype=object)
    table = table.astype(object).where(table.notna(), "")
    table.loc[0, ["finding", "themes", "note"]] = ["Strength ", "leadership, practice", "Late, but good."]
    table.loc[2, "finding"] = "Can’t tell"
    if excel:
        table.to_excel(path, index=False, engine="xlsxwriter")
    else:
        table.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def annotation(number: int, choices: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    """An annotation as Label Studio documents it."""
    result = [
        {
            **{"id": f"Dx_aB91IS{number}{name}", "from_name": name, "to_name": "text", "origin": "manual"},
            **({"type": "textarea"} if name == "note" else {"type": "choices"}),
            "value": {"text" if name == "note" else "choices": values},
        }
        for name, values in choices.items()
    ]
    return {
        **{"id": 1000 + number, "result": result, "was_cancelled": False, "ground_truth": False, "lead_time": 4.288},
        **{"created_at": "2026-03-09T22:16:08.728353Z", "updated_at": "2026-03-09T22:16:08.728378Z", "task": number},
        **{"completed_by": 10, "prediction": {}, "result_count": 1, "unique_id": "x", "last_action": None},
        **more,
    }


def by_label_studio(path: Path) -> Path:
    """As Label Studio exports JSON."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    chosen = {"finding": ["strength"], "themes": ["leadership", "practice"], "note": ["Late, but good."]}
    annotations = [[annotation(1, chosen)], [], [annotation(3, {"finding": ["cant_tell"]})]]
    for number, (task, made) in enumerate(zip(tasks, annotations, strict=True), 1):
        for prediction in task["predictions"]:
            prediction |= {"id": number, "created_ago": "3 hours", "task": number}
        task |= {"id": number, "annotations": made, "drafts": [], "meta": {}, "project": 83, "total_annotations": 1}
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def rewrite(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def by_doccano(path: Path) -> Path:
    """As doccano exports JSONL: its own id, the text, all other columns, then labels and comments."""
    labels = [["strength", "theme_practice", "theme_leadership"], [], ["cant_tell"]]
    comments = [["Late, but good."], [], []]
    rows = []
    for number, row in enumerate(lines(path)):
        text = row.pop("text")
        del row["label"]
        rows.append({"id": 33 + number, "text": text, **row, "label": labels[number], "Comments": comments[number]})
    return rewrite(path, rows)


def by_prodigy(path: Path) -> Path:
    """As `prodigy db-out` writes it."""
    answers = [
        {"accept": ["strength", "theme_leadership", "theme_practice"], "answer": "accept", "note": "Late, but good."},
        {"answer": "ignore"},
        {"accept": ["cant_tell"], "answer": "accept"},
    ]
    saved = {"_view_id": "choice", "_timestamp": 1772000000, "_annotator_id": "review-ana", "_session_id": "review-ana"}
    return rewrite(path, [row | answer | saved for row, answer in zip(lines(path), answers, strict=True)])


FILLED = {
    **{"csv": by_hand, "xlsx": by_hand, "label-studio": by_label_studio},
    **{"doccano": by_doccano, "prodigy": by_prodigy},
}
BY = {"prodigy": ["review-ana=ana"], "label-studio": ["10=ana"]}


# With a single answer


def in_label_studio(path: Path, **more: Any) -> Path:
    """A task with one annotation."""
    choices = more.pop("choices")
    task = {"data": {"sentence_id": FIRST.id, "text": FIRST.text}, "annotations": [annotation(1, choices, **more)]}
    path.write_text(json.dumps([task]), encoding="utf-8")
    return path


def in_prodigy(path: Path, *accept: str, answer: str = "accept", **more: Any) -> Path:
    """An answered task."""
    row = {"text": FIRST.text, "sentence_id": FIRST.id, "accept": list(accept), "answer": answer, **more}
    return rewrite(path, [row])


# Brought in


def imported(path: Path, ledger: Ledger, *by: str, format: Any = None) -> list[Review]:
    return check(path, read(path, format), ledger, Names.of(by)).reviews


def told(path: Path, ledger: Ledger, *by: str) -> list[str]:
    """What an import says beside what it takes."""
    return check(path, read(path), ledger, Names.of(by)).notes


def problems(path: Path, ledger: Ledger, *by: str) -> tuple[str, ...]:
    with pytest.raises(ReviewError) as error:
        imported(path, ledger, *by)
    return error.value.problems or (str(error.value),)
