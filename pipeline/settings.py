"""Settings: `configs/*.yaml` as frozen, validated objects; an unknown key is refused with a hint."""

from __future__ import annotations

import difflib
import re
import reprlib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta, Struct

from pipeline.errors import SettingsError

GROUPS = ("char", "word", "main", "negated", "opening", "heading", "before", "after", "form")
"""The groups of features; each task weighs them."""

Sizes = Annotated[tuple[int, int], Meta(description="smallest and largest n-gram")]
Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0, le=1e6)]


class Frozen(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that can't be changed in place, and refuse what they don't know."""

    def replace(self, **changes: Any) -> Self:
        """A copy with some values changed."""
        return msgspec.structs.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The values as plain data."""
        data = msgspec.to_builtins(self)
        assert isinstance(data, dict)
        return data

    @classmethod
    def of(cls, data: Any) -> Self:
        """Validated settings from plain data. Raises `ValueError` when they are unfit."""
        return msgspec.convert(data, cls)


class ArticleSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """How files are read, and the limits on what is: articles are untrusted, memory and time are not endless."""

    text_column: str
    max_megabytes: Annotated[float, Meta(gt=0, le=1000)]
    max_collection_megabytes: Annotated[float, Meta(gt=0, le=100_000)]
    max_pages: Annotated[int, Meta(ge=1)]
    max_files: Annotated[int, Meta(ge=1)]
    max_depth: Annotated[int, Meta(ge=0, le=10)]
    max_seconds: Annotated[float, Meta(gt=0, le=86_400)]
    max_memory_megabytes: Annotated[int, Meta(ge=500)]


class FeatureSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """Which n-grams are hashed, into 2 ** `bits` columns."""

    bits: Annotated[int, Meta(ge=10, le=24)]
    words: Sizes
    characters: Sizes
    main_words: Sizes
    negated_words: Sizes
    opening_words: Sizes
    heading_words: Sizes
    neighbour_words: Sizes

    def __post_init__(self) -> None:
        for name in self.__struct_fields__[1:]:  # all but `bits`
            low, high = getattr(self, name)
            if not (2 if name == "characters" else 1) <= low <= high <= 8:
                raise ValueError(f"{name} must be two sizes, smallest first, up to 8")


class TaskSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """How one task (findings, or themes) is learnt."""

    regularisation: Positive
    rarity: Annotated[float, Meta(ge=0, le=2)]
    balance: Share
    weights: dict[str, float]
    machines: Annotated[int, Meta(ge=1, le=20)]
    heading_dropout: Share
    form_dropout: Share

    def __post_init__(self) -> None:
        if set(self.weights) != set(GROUPS):
            raise ValueError(f"weights must name each of {', '.join(GROUPS)}")


class ThemeSettings(TaskSettings, frozen=True, forbid_unknown_fields=True):
    """How themes are learnt and decided."""

    min_positives: Annotated[int, Meta(ge=1)]
    default_threshold: Annotated[float, Meta(gt=0, lt=1)]


class TrainingSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """How the corpus is split, and the seed of all randomness."""

    folds: Annotated[int, Meta(ge=2, le=20)]
    seed: int
    min_articles: Annotated[int, Meta(ge=2)]
    encoder_only: tuple[str, ...]


class TuningSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """How an encoder is tuned."""

    held_out: Annotated[float, Meta(gt=0, le=0.5)]
    runs: Annotated[int, Meta(ge=1, le=20)]
    epochs: Annotated[int, Meta(ge=1, le=50)]
    rate: Annotated[float, Meta(gt=0, lt=1)]
    head_rate: Annotated[float, Meta(gt=0, lt=1)]
    theme_weight: Annotated[float, Meta(ge=0, le=1000)]
    heading_dropout: Share
    alone: Share
    batch_tokens: Annotated[int, Meta(ge=200)]


class RetrainingSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """When a challenger takes the place of the version in use."""

    held_out: Annotated[float, Meta(gt=0, le=0.5)]
    samples: Annotated[int, Meta(ge=100, le=1_000_000)]
    level: Annotated[float, Meta(gt=0.5, lt=1)]
    margin: Share
    label_fall: Share
    label_support: Annotated[int, Meta(ge=1)]
    calibration_rise: Share
    disagreement: Share
    disagreement_level: Annotated[float, Meta(gt=0.5, le=0.999)]
    unchanged: Share
    behaviour: str
    wait: Annotated[float, Meta(ge=0, le=86_400)]
    notify_seconds: Annotated[float, Meta(gt=0, le=600)]


class DriftSettings(Frozen, frozen=True, forbid_unknown_fields=True):
    """From when new articles are another kind than those learnt from."""

    least_articles: Annotated[int, Meta(ge=2)]
    significance: Annotated[float, Meta(gt=0, lt=1)]
    stability: Annotated[float, Meta(gt=0)]
    unknown_rise: Share
    confidence_fall: Share


class Settings(Frozen, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    articles: ArticleSettings
    features: FeatureSettings
    finding: TaskSettings
    themes: ThemeSettings
    training: TrainingSettings
    tuning: TuningSettings
    retraining: RetrainingSettings
    drift: DriftSettings
    store: str
    reviews: str


def bundled(relative: str) -> Path:
    """A folder or file that comes with the product: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parent
    installed = package / "bundled" / relative
    return installed if installed.exists() else package.parent / relative


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises `SettingsError` when it can't be read or isn't YAML."""
    import yaml

    # As yaml.safe_load does, but by libyaml where it was built in, which reads ten times faster.
    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return safe(path.read_text(encoding="utf-8")).get_single_data()
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file: check the path") from None
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0]
        raise SettingsError(f"{path}: not readable as YAML ({first}): mend the file") from None


def load_settings(path: Path | None = None) -> Settings:
    """The default settings, with those that a file changes.

    Raises `SettingsError` naming the file and the key that is unknown or has an unfit value.
    """
    default = _default()
    if path is None:
        return Settings.of(default)
    changed = load_yaml(path)
    if not isinstance(changed, dict):
        raise SettingsError(f"{path}: must be a mapping of settings, like configs/default.yaml")
    if unknown := _unknown(default, changed):
        raise SettingsError(f"{path}: {unknown}")
    merged = _merged(default, changed)
    try:
        return Settings.of(merged)
    except ValueError as error:
        raise SettingsError(f"{path}: {_unfit(str(error), merged)}") from None


_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "array": "a list",
    "object": "a mapping of settings",
}
_BOUNDS = {">=": "of at least", ">": "above", "<=": "of at most", "<": "below", "of length": "of"}
_ANY = "[...]"


def _unfit(said: str, settings: dict[str, Any]) -> str:
    """What msgspec says of an unfit value, as what the value must be and what it is."""
    reason, _, place = said.partition(" - at `$")
    where = place.rstrip("`").lstrip(".")
    if found := re.match(r"Expected `(\w+)`(?: (of length|[<>]=?) ([\d.]+))?", reason):
        kind, relation, bound = found.groups()
        must = f"must be {_KINDS.get(kind, kind)}" + (f" {_BOUNDS[relation]} {float(bound):g}" if relation else "")
        # Of a mapping's values, msgspec doesn't tell which.
        reason = f"each value {must}" if where.endswith(_ANY) else f"{must}, not {_given(where, settings)}"
    return f"{where.removesuffix(_ANY)}: {reason}" if where else reason


def _given(where: str, settings: Any) -> str:
    """The value at a place like `features.words[0]`, shortened."""
    value = settings
    for part in re.findall(r"[^.\[\]]+", where):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return "null" if value is None else reprlib.repr(value)


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


def _unknown(known: dict[str, Any], given: dict[str, Any], path: str = "") -> str:
    """What to say of the first key that isn't known, with the nearest that is; "" when all are."""
    for key, value in given.items():
        name = f"{path}{key}"
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
            return f"unknown key {name!r}: {hint}"
        if isinstance(value, dict) and isinstance(known[key], dict):
            found = _unknown(known[key], value, f"{name}.")
            if found:
                return found
    return ""
