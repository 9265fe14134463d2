"""Label Studio: its labelling configuration, and its exports."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from samples.answers import DONE, SHEET, annotation, by_label_studio, imported
from samples.reviews import FIRST

from pipeline.errors import ReviewError
from pipeline.review import Ledger, Review
from pipeline.review.formats import write


def test_the_labelling_configuration_offers_what_tasks_use(tmp_path: Path):
    config, tasks = write(tmp_path / "out.json", "label-studio", SHEET)
    root = ElementTree.fromstring(config.read_text(encoding="utf-8"))
    offered = {
        (box.get("name"), box.get("toName"), choice.get("value"))
        for box in root.iter("Choices")
        for choice in box.iter("Choice")
    }
    data = [element.get("value", "") for element in root.iter() if element.get("value", "").startswith("$")]
    for task in json.loads(tasks.read_text(encoding="utf-8")):
        assert {name.removeprefix("$") for name in data} <= set(task["data"])
        [prediction] = task["predictions"]
        results = prediction["result"]
        assert len({result["id"] for result in results}) == len(results)
        for result in results:
            assert result["type"] == "choices"
            assert {(result["from_name"], result["to_name"], c) for c in result["value"]["choices"]} <= offered


def test_label_studios_own_library_takes_what_is_written(tmp_path: Path):
    interface = pytest.importorskip("label_studio_sdk.label_interface")
    config, tasks = write(tmp_path / "out.json", "label-studio", SHEET)
    known = interface.LabelInterface(config.read_text(encoding="utf-8"))
    known.validate()
    for task in json.loads(tasks.read_text(encoding="utf-8")):
        assert known.validate_task({"data": task["data"]})
        for prediction in task["predictions"]:
            assert known.validate_prediction(prediction)
        assert known.validate_annotation(annotation(1, {"finding": ["none"], "themes": ["practice"], "note": ["x"]}))


def test_what_label_studios_own_converter_makes_of_answers_comes_back(ledger: Ledger, tmp_path: Path):
    converter = pytest.importorskip("label_studio_sdk.converter")
    config, tasks = write(tmp_path / "out.json", "label-studio", SHEET)
    made = converter.Converter(config.read_text(encoding="utf-8"), str(tmp_path))
    made.convert_to_json_min(str(by_label_studio(tasks)), str(tmp_path / "short"), is_dir=False)
    found = imported(tmp_path / "short" / "result.json", ledger, "ana")
    assert [replace(review, at=None) for review in found] == DONE


def test_label_studios_short_export_comes_back(ledger: Ledger, tmp_path: Path):
    task = {
        **{"sentence_id": FIRST.id, "text": FIRST.text, "id": 1, "annotator": 10, "annotation_id": 7},
        **{"finding": "none", "themes": {"choices": ["practice", "leadership"]}, "note": ["Why"]},
        **{"created_at": "2026-03-09T22:16:08.728353Z", "updated_at": "2026-03-09T22:16:08.728378Z", "lead_time": 3.1},
    }
    path = tmp_path / "short.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    assert imported(path, ledger, "ana") == [
        Review(FIRST.id, "ana", "2026-03-09T22:16:08.728378+00:00", "none", (), "Why")
    ]


def test_two_annotators_of_label_studio_are_told_apart(ledger: Ledger, tmp_path: Path):
    data = {"sentence_id": FIRST.id, "text": FIRST.text}
    made = [
        annotation(1, {"finding": ["none"]}),
        annotation(2, {"finding": ["concern"]}, completed_by=11),
        annotation(3, {"finding": ["concern"]}, completed_by={"id": 12, "email": "eve@example.org"}),
        annotation(4, {"finding": ["concern"]}, completed_by=13, was_cancelled=True),
    ]
    path = tmp_path / "out.json"
    path.write_text(json.dumps([{"id": 1, "data": data, "annotations": made}]), encoding="utf-8")
    found = imported(path, ledger, "10=ana", "11=ben")
    assert [(r.who, r.finding) for r in found] == [("ana", "none"), ("ben", "concern"), ("eve@example.org", "concern")]
    with pytest.raises(ReviewError) as error:
        imported(path, ledger, "ana")
    assert len(error.value.problems) == 2
    assert "names the reviewer 11 only: say who with --by 11=NAME" in error.value.problems[1]
