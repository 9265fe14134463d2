"""What a version depends on, as digests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import CorpusError
from pipeline.labels import Themes
from pipeline.retraining.inputs import changes, files_digest, inputs_of, rows_digest
from pipeline.settings import Settings

ROW = {"text": "Plans are late.", "finding": "concern"}


def test_names_and_contents_count_and_where_the_folder_is_does_not(corpus: Path, tmp_path: Path):
    before = files_digest([corpus])
    moved = shutil.copytree(corpus, tmp_path / "elsewhere")
    assert files_digest([moved]) == before
    (moved / "README.md").unlink(missing_ok=True)
    (moved / "notes.log").write_text("no part of a corpus")
    assert files_digest([moved]) == before
    page = next(moved.rglob("*.jsonl"))
    page.write_bytes(page.read_bytes() + b"\n")
    edited = files_digest([moved])
    assert edited != before
    page.rename(page.with_name("renamed.jsonl"))
    assert files_digest([moved]) not in (before, edited)


def test_the_order_of_paths_does_not_count(corpus: Path, more: Path):
    assert files_digest([corpus, more]) == files_digest([more, corpus]) != files_digest([corpus])


def test_a_path_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(CorpusError, match=r"nowhere: no such file or folder: check the path"):
        files_digest([tmp_path / "nowhere"])


def test_corrections_count_whatever_their_order():
    other = {**ROW, "finding": "none"}
    assert rows_digest([ROW, other]) == rows_digest([other, ROW])
    assert rows_digest([ROW]) != rows_digest([other])
    assert rows_digest([]) == ""


def test_each_part_is_told(corpus: Path, more: Path, settings: Settings, themes: Themes):
    before = inputs_of([corpus], [], settings, themes, "")
    assert changes(before, inputs_of([corpus], [], settings, themes, "")) == []
    other = settings.replace(training=settings.training.replace(seed=9))
    assert changes(before, inputs_of([corpus, more], [ROW], other, {"one": "One"}, "ab")) == [
        "corpus",
        "corrections",
        "settings",
        "themes",
        "encoder",
    ]
    assert changes({}, before) == list(before)


def test_settings_that_do_not_act_in_training_do_not_count(corpus: Path, settings: Settings, themes: Themes):
    other = settings.replace(
        store="elsewhere", retraining=settings.retraining.replace(margin=0.5), drift=settings.drift.replace(stability=1)
    )
    assert inputs_of([corpus], [], settings, themes, "") == inputs_of([corpus], [], other, themes, "")
