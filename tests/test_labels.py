"""Labels: four fixed findings, and themes from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.labels import FINDINGS, NONE, load_themes


def written(folder: Path, text: str) -> Path:
    path = folder / "themes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_findings_are_fixed():
    assert FINDINGS == ("strength", "concern", "recommendation", "none")
    assert NONE in FINDINGS


def test_bundled_themes_have_names():
    themes = load_themes()
    assert len(themes) == 16
    assert themes["help_and_protection"] == "Help and protection"
    assert next(iter(themes)) == "leadership"


def test_themes_as_a_list_are_named_by_their_keys(tmp_path: Path):
    assert load_themes(written(tmp_path, "- food\n- play_time\n")) == {"food": "Food", "play_time": "Play time"}


def test_themes_as_a_mapping_keep_their_order_and_names(tmp_path: Path):
    text = "zeal: {name: Zeal, covers: being keen}\nawe: Wonder\nplain:\n"
    assert list(load_themes(written(tmp_path, text)).items()) == [
        ("zeal", "Zeal"),
        ("awe", "Wonder"),
        ("plain", "Plain"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must list themes"),
        ("[]", "must list themes"),
        ("just words", "must list themes"),
        ("Bad Key: {name: x}", "theme key 'Bad Key' must be lower-case"),
        ("- 12", "theme key 12 must be"),
        ("'=cmd': {name: x}", "must be lower-case"),
    ],
)
def test_unfit_theme_lists_are_refused(tmp_path: Path, text: str, message: str):
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_themes(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_list_of_mappings_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError):
        load_themes(written(tmp_path, "- {key: food}\n"))
