"""Settings: configuration files are checked, and what is wrong is said with a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import GROUPS, bundled, load_settings, load_yaml


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_default_settings_are_those_of_the_bundled_file():
    settings = load_settings()
    described = load_yaml(bundled("configs/default.yaml"))
    assert settings.training.folds == described["training"]["folds"]
    assert settings.store == described["store"]
    assert set(settings.finding.weights) == set(GROUPS)


def test_a_file_changes_only_what_it_names(tmp_path: Path):
    default = load_settings()
    changed = load_settings(written(tmp_path, "training: {seed: 7}\nstore: elsewhere\n"))
    assert changed.training.seed == 7
    assert changed.training.folds == default.training.folds
    assert changed.store == "elsewhere"
    assert changed.finding == default.finding


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        load_settings().store = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("featurs: {bits: 12}", "unknown key 'featurs': did you mean 'features'?"),
        ("features: {bit: 12}", "unknown key 'features.bit': did you mean 'bits'?"),
        ("training: {zzz: 1}", "unknown key 'training.zzz': known here: folds, seed, min_articles"),
        ("features: {bits: 99}", "features.bits"),
        ("features: {words: [3, 1]}", "words must be two sizes, smallest first"),
        ("features: {characters: [1, 3]}", "characters must be two sizes"),
        ("finding: {weights: {colour: 1}}", "unknown key 'finding.weights.colour'"),
        ("finding: {balance: 2}", "finding.balance"),
        ("training: {folds: many}", "training.folds"),
        ("articles: {max_megabytes: 0}", "articles.max_megabytes"),
        ("training: 5", "training"),
        ("- a list", "must be a mapping of settings"),
        ("", "must be a mapping of settings"),
        ("a: [1", "not readable as YAML"),
    ],
)
def test_unfit_settings_are_refused_in_one_line(tmp_path: Path, text: str, message: str):
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    said = str(caught.value)
    assert message in said
    assert said.startswith(str(path))
    assert "\n" not in said


def test_a_missing_or_binary_configuration_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"no such file: check the path"):
        load_settings(tmp_path / "none.yaml")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not readable as YAML"):
        load_settings(tmp_path / "b.yaml")


def test_yaml_that_makes_objects_is_refused(tmp_path: Path):
    made = tmp_path / "made"
    path = written(tmp_path, f"store: !!python/object/apply:os.mkdir ['{made}']\n")
    with pytest.raises(SettingsError, match="not readable as YAML"):
        load_settings(path)
    assert not made.exists()


def test_bundled_files_are_found():
    assert bundled("configs/themes.yaml").is_file()
    assert bundled("data/corpus").is_dir()
