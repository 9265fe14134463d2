"""Record: what a version keeps of its training, in its metrics: digests of what it saw, and its baseline. No text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ModelError
from pipeline.retraining.inputs import Inputs

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.labels import Themes
    from pipeline.learning.training import Trained
    from pipeline.retraining.articles import Known
    from pipeline.retraining.profile import Baseline
    from pipeline.store import Version

KEY = "trained_on"
NAMES = "articles.json"


@dataclass(frozen=True)
class Record:
    """What a version was trained on.

    `articles` gives the digest of an article's labels by that of its text; `corrections` are digests of those that it
    learnt from. `gate` tells what a challenger was held against, and `kept` why it was not promoted.
    """

    inputs: Inputs
    articles: Mapping[str, str]
    corrections: frozenset[str]
    gate: str = ""
    kept: str = ""


def record(
    table: pd.DataFrame,
    trained: Trained,
    themes: Themes,
    inputs: Inputs,
    *,
    corrections: Iterable[str] = (),
    gate: str = "",
    kept: str = "",
) -> dict[str, Any]:
    """What to write into a version's metrics under `KEY`, given the sentence table that it was trained on."""
    from pipeline.retraining.articles import articles_of, packed
    from pipeline.retraining.profile import baseline_of

    return {
        "inputs": dict(inputs),
        "articles": packed(articles_of(table)),
        "corrections": " ".join(sorted(corrections)),
        "gate": gate,
        "kept": kept,
        "baseline": baseline_of(table, trained, list(themes)).to_dict(),
    }


def record_of(version: Version) -> Record | None:
    """What a version says it was trained on; None when it doesn't. Raises `ModelError` when it is damaged."""
    from pipeline.retraining.articles import unpacked

    kept = version.metrics.get(KEY)
    if kept is None:
        return None
    try:
        articles, corrections = unpacked(kept["articles"]), frozenset(kept["corrections"].split())
        return Record(dict(kept["inputs"]), articles, corrections, str(kept["gate"]), str(kept["kept"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(version) from None


def baseline_of_version(version: Version) -> Baseline | None:
    """The profile of what a version was trained on; None when it keeps none. Raises `ModelError` when it is damaged."""
    from pipeline.retraining.profile import Baseline

    kept = version.metrics.get(KEY)
    if kept is None:
        return None
    if not isinstance(kept, dict) or not isinstance(kept.get("baseline"), dict):
        raise _damaged(version)
    return Baseline.of(kept["baseline"])


def _damaged(version: Version) -> ModelError:
    return ModelError(f"{version.folder}: what it says of its training is damaged: train it again")


def load_names(root: Path) -> dict[str, str]:
    """Names of articles by digest, for messages; a store keeps them beside its versions, which hold none."""
    try:
        loaded = json.loads((root / NAMES).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def save_names(root: Path, articles: Iterable[Known]) -> None:
    """Add names of articles to those that a store keeps. Raises `StoreError` when they can't be written."""
    from pipeline.store.files import explained, replace

    names = load_names(root) | {known.digest: known.name for known in articles}
    with explained(root):
        root.mkdir(parents=True, exist_ok=True)
        replace(root / NAMES, json.dumps(names, indent=0, ensure_ascii=False, sort_keys=True) + "\n")
