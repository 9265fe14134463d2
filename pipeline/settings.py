"""Settings: `configs/*.yaml` as frozen, validated objects; an unknown key is refused with a hint."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import SettingsError

GROUPS = ("char", "word", "opening", "heading", "before", "after", "form")
"""The groups of features; each task weighs them."""

Sizes = Annotated[tuple[int, int], Field(description="smallest and largest n-gram")]
Share = Annotated[float, Field(ge=0, le=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArticleSettings(_Frozen):
    """Limits on what is read."""

    max_megabytes: float = Field(gt=0)


class FeatureSettings(_Frozen):
    """Which n-grams are hashed, into 2 ** `bits` columns."""

    bits: int = Field(ge=10, le=24)
    words: Sizes
    characters: Sizes
    opening_words: Sizes
    heading_words: Sizes
    neighbour_words: Sizes

    @model_validator(mode="after")
    def _ordered(self) -> FeatureSettings:
        for name in ("words", "characters", "opening_words", "heading_words", "neighbour_words"):
            low, high = getattr(self, name)
            if not (2 if name == "characters" else 1) <= low <= high <= 8:
                raise ValueError(f"{name} must be two sizes, smallest first, up to 8")
        return self


class TaskSettings(_Frozen):
    """How one task (findings, or themes) is learnt."""

    regularisation: float = Field(gt=0)
    rarity: float = Field(ge=0, le=2)
    balance: Share
    weights: dict[str, float]
    heading_dropout: Share
    form_dropout: Share

    @model_validator(mode="after")
    def _known_groups(self) -> TaskSettings:
        if set(self.weights) != set(GROUPS):
            raise ValueError(f"weights must name each of {', '.join(GROUPS)}")
        return self


class ThemeSettings(TaskSettings):
    """How themes are learnt and decided."""

    min_positives: int = Field(ge=1)
    default_threshold: float = Field(gt=0, lt=1)


class TrainingSettings(_Frozen):
    """How the corpus is split, and the seed of all randomness."""

    folds: int = Field(ge=2, le=20)
    seed: int
    min_articles: int = Field(ge=2)


class Settings(_Frozen):
    """Everything that can be set."""

    articles: ArticleSettings
    features: FeatureSettings
    finding: TaskSettings
    themes: ThemeSettings
    training: TrainingSettings
    store: str


def bundled(relative: str) -> Path:
    """A folder or file that comes with the product: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parent
    installed = package / "bundled" / relative
    return installed if installed.exists() else package.parent / relative


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises `SettingsError` when it can't be read or isn't YAML."""
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file: check the path") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0]
        raise SettingsError(f"{path}: not readable as YAML ({first}): mend the file") from None


def load_settings(path: Path | None = None) -> Settings:
    """The default settings, with those that a file changes.

    Raises `SettingsError` naming the file and the key that is unknown or has an unfit value.
    """
    default = _default()
    if path is None:
        return Settings.model_validate(default)
    changed = load_yaml(path)
    if not isinstance(changed, dict):
        raise SettingsError(f"{path}: must be a mapping of settings, like configs/default.yaml")
    try:
        return Settings.model_validate(_merged(default, changed))
    except ValidationError as error:
        raise SettingsError(f"{path}: {_explained(error, default)}") from None


@cache
def _default() -> dict[str, Any]:
    loaded = load_yaml(bundled("configs/default.yaml"))
    assert isinstance(loaded, dict)
    return loaded


def _merged(base: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changed.items():
        inner = base.get(key)
        merged[key] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _explained(error: ValidationError, default: dict[str, Any]) -> str:
    """The first problem in one line, with the nearest known key when one is unknown."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    name = ".".join(where)
    if first["type"] != "extra_forbidden":
        return f"{name or 'settings'}: {first['msg']}"
    siblings: Any = default
    for part in where[:-1]:
        siblings = siblings.get(part, {})
    near = difflib.get_close_matches(where[-1], siblings, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(siblings)}"
    return f"unknown key {name!r}: {hint}"
