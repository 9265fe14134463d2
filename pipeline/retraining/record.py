"""Record: what a version keeps of its training, in its metrics: digests of what it saw, and its baseline. No text."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    learnt from. `gate` tells what a challenger was held against, and `kept` why it was not promoted. Articles that are
    there for their corrections alone are in `reviewed` too, with what they are of (`corrections.reviewed`).
    """

    inputs: Inputs
    articles: Mapping[str, str]
    corrections: frozenset[str]
    gate: str = ""
    kept: str = ""
    reviewed: Mapping[str, frozenset[str]] = field(default_factory=dict)


def record(
    table: pd.DataFrame,
    trained: Trained,
    themes: Themes,
    inputs: Inputs,
    *,
    corrections: Iterable[str] = (),
    gate: str = "",
    kept: str = "",
    reviewed: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """What to write into a version's metrics under `KEY`, given the sentence table that it was trained on."""
    from pipeline.retraining.articles import articles_of, packed
    from pipeline.retraining.profile import baseline_of

    return {
        "inputs": dict(inputs),
        "articles": packed(articles_of(table)),
        "corrections": " ".join(sorted(corrections)),
        "reviewed": {digest: " ".join(sorted(sources)) for digest, sources in sorted((reviewed or {}).items())},
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
        reviewed = {digest: frozenset(sources.split()) for digest, sources in kept.get("reviewed", {}).items()}
        return Record(dict(kept["inputs"]), articles, corrections, str(kept["gate"]), str(kept["kept"]), reviewed)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(version) from None


def lost(known: Record, present: Sequence[Known], names: Mapping[str, str]) -> list[str]:
    """Digests of the corpus's articles that a version was trained on and that are gone, going by `names` too.

    One that is there under its name has been edited. Articles of corrections alone are never lost: people purge them,
    and take back what they said.
    """
    digests, called = {article.digest for article in present}, {article.name for article in present}
    return [
        digest
        for digest in known.articles
        if digest not in known.reviewed and digest not in digests and names.get(digest, "") not in called
    ]


def withdrawn(known: Record, present: Sequence[Known], sources: Collection[str]) -> int:
    """How many articles a version learnt corrections of that have none now; `sources` are those that have some."""
    there = {*sources, *(article.digest for article in present)}
    return sum(there.isdisjoint(of_it) for of_it in known.reviewed.values())


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
