"""Label Studio: tasks with the model's labels as predictions, and the labelling configuration that shows them.

The format of tasks is at labelstud.io/guide/task_format and of predictions at labelstud.io/guide/predictions; what
comes back is its JSON export, or JSON_MIN. Skipped annotations ("was_cancelled") and drafts say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from pipeline.errors import ReviewError
from pipeline.review.formats.rows import Answer, Sheet, unread
from pipeline.review.items import ANSWERS, Item

_CONFIG = """<View>
  <Header value="$place" size="5"/>
  <Text name="before" value="$before"/>
  <Text name="text" value="$text"/>
  <Text name="after" value="$after"/>
  <Choices name="finding" toName="text" choice="single-radio" showInline="true" required="true">
{findings}
  </Choices>
  <Choices name="themes" toName="text" choice="multiple" showInline="true">
{themes}
  </Choices>
  <TextArea name="note" toName="text" placeholder="note" rows="2" maxSubmissions="1"/>
  <Header value="$why" size="6"/>
</View>
"""


def config(themes: Mapping[str, str]) -> str:
    """The labelling configuration: findings, themes and a note."""
    lines = [
        "\n".join(f'    <Choice value="{escape(key)}" hint="{escape(name)}"/>' for key, name in choices.items())
        for choices in ({answer: answer.replace("cant_tell", "can't tell") for answer in ANSWERS}, themes)
    ]
    return _CONFIG.format(findings=lines[0], themes=lines[1])


def tasks(sheet: Sheet) -> str:
    """The tasks as JSON."""
    return json.dumps([_task(item, sheet) for item in sheet.items], indent=1, ensure_ascii=False) + "\n"


def _task(item: Item, sheet: Sheet) -> dict[str, Any]:
    why = "; ".join(part for part in (item.reason, sheet.reviews(item)) if part)
    results = [_choices(item, "finding", [item.finding])]
    if item.themes:
        results.append(_choices(item, "themes", list(item.themes)))
    return {
        "data": {
            **{"sentence_id": item.id, "text": item.text, "before": item.before, "after": item.after},
            **{"place": " · ".join(part for part in (item.article, item.heading) if part), "why": why},
        },
        "predictions": [{"model_version": sheet.version, "score": round(item.confidence, 4), "result": results}],
    }


def _choices(item: Item, name: str, choices: list[str]) -> dict[str, Any]:
    result = {"id": f"{item.id}-{name}", "from_name": name, "to_name": "text", "type": "choices"}
    return result | {"value": {"choices": choices}}


def read(path: Path, content: str) -> Iterator[Answer]:
    """The answers of an export. Raises `ReviewError` when it isn't a list of tasks."""
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReviewError(f"{path}: not JSON ({error}): export it again") from None
    for number, task in enumerate(loaded if isinstance(loaded, list) else [loaded], 1):
        where = f"{path}: task {number}"
        if not isinstance(task, dict) or not ("data" in task or "sentence_id" in task):
            yield unread(where, "not a task of Label Studio: export the project as JSON")
        else:
            yield from _short(where, task) if "data" not in task else _whole(where, task)


def _whole(where: str, task: Mapping[str, Any]) -> Iterator[Answer]:
    """The answers of a task as JSON exports it: one for each annotation."""
    data = task["data"] if isinstance(task["data"], dict) else {}
    annotations = task.get("annotations") or []
    known = data.get("sentence_id"), data.get("text")
    if not annotations:
        yield Answer(where, *known, finding="", themes=None)
    for annotation in annotations:
        if not isinstance(annotation, dict) or not isinstance(annotation.get("result", []), list):
            yield unread(where, "an annotation without a result: export the project as JSON")
            continue
        values = {result.get("from_name"): result.get("value") or {} for result in annotation.get("result") or []}
        skipped = bool(annotation.get("was_cancelled"))
        names = _names(annotation.get("completed_by"))
        yield Answer(
            where,
            *known,
            finding="" if skipped else " and ".join(_chosen(values.get("finding"))),
            themes=_chosen(values.get("themes")),
            note=" ".join(_texts((values.get("note") or {}).get("text"))),
            at=annotation.get("updated_at") or annotation.get("created_at"),
            who=names[0] if names else None,
            numbered=_is_number(annotation.get("completed_by")),
            also=tuple(names[1:]),
            ticked=True,
            skipped=skipped,
        )


def _short(where: str, task: Mapping[str, Any]) -> Iterator[Answer]:
    """The answer of a task as JSON_MIN exports it."""
    names = _names(task.get("annotator"))
    yield Answer(
        where,
        id=task["sentence_id"],
        text=task.get("text"),
        finding=" and ".join(_chosen(task.get("finding"))),
        themes=_chosen(task.get("themes")),
        note=" ".join(_texts(task.get("note"))),
        at=task.get("updated_at") or task.get("created_at"),
        who=names[0] if names else None,
        numbered=_is_number(task.get("annotator")),
        also=tuple(names[1:]),
        ticked=True,
    )


def _names(given: Any) -> list[str]:
    """What it calls a user, the best first: by address, name and number, or by one of these alone."""
    values = [given.get(key) for key in ("email", "username", "id")] if isinstance(given, dict) else [given]
    return [str(value) for value in values if value not in (None, "")]


def _is_number(given: Any) -> bool:
    """Whether it names a user by a number only."""
    if isinstance(given, dict):
        return not (given.get("email") or given.get("username"))
    return not isinstance(given, str)


def _chosen(given: Any) -> list[str]:
    return _texts(given.get("choices") if isinstance(given, dict) else given)


def _texts(given: Any) -> list[str]:
    values = given if isinstance(given, list) else [given]
    return [str(value) for value in values if value not in (None, "")]
