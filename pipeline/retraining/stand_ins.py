"""Stand-ins: how a version that saw held-out articles would do, had it not.

Its own score on articles that it learnt by heart would keep every challenger out. So another model is trained by its
settings, on what it was trained on less the held-out articles, and measured in its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.retraining.articles import articles_of
from pipeline.retraining.held_out import Gold, HeldOut
from pipeline.retraining.measuring import Measured, measure
from pipeline.retraining.record import Record
from pipeline.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.labels import Themes
    from pipeline.model import Model
    from pipeline.store import Version

FILE = "stand-ins.json"

Train = Callable[["pd.DataFrame", Settings], "Model"]


@dataclass(frozen=True)
class Ground:
    """What versions are measured on and may be rebuilt from.

    `table` is the corpus as it is now, with corrections; `plain` is without, and has the fingerprint `corpus`. `train`
    trains a model on a part of them.
    """

    held: HeldOut
    gold: Gold
    table: pd.DataFrame
    plain: pd.DataFrame
    corpus: str
    themes: Themes
    settings: Settings
    train: Train


def saw(record: Record | None, held: HeldOut) -> bool:
    """Whether a version was trained on held-out articles; one that doesn't say is taken to have been."""
    return record is None or any(article.digest in record.articles for article in held.articles)


def stand_in(version: Version, record: Record | None, ground: Ground, root: Path) -> Measured | None:
    """How the version's stand-in does; None when what it was trained on isn't known, or has changed too much.

    A stand-in is measured once for a list of held-out articles, and the counts are kept in the store.
    """
    key = f"{version.name} {ground.held.digest}"
    kept = _load(root).get(key)
    if kept is not None and not ground.gold.missing:
        found = Measured.of(kept)
        if found.theme_keys == tuple(ground.themes):
            return found
    part = _part(version, record, ground)
    if part is None:
        return None
    return measure(ground.train(part, _settings_of(version, ground.settings)), ground.gold, list(ground.themes))


def save(root: Path, version: str, held: HeldOut, measured: Measured) -> None:
    """Keep a stand-in's measures in the store. Raises `StoreError` when they can't be written."""
    from pipeline.store.files import explained, replace

    kept = _load(root) | {f"{version} {held.digest}": measured.to_dict()}
    with explained(root):
        replace(root / FILE, json.dumps(kept, indent=1) + "\n")


def _part(version: Version, record: Record | None, ground: Ground) -> pd.DataFrame | None:
    """What a version was trained on, as far as it is still there with the same labels, less the held-out articles."""
    if record is None:
        # The fingerprint tells that it was trained on the corpus as it is, before corrections.
        if version.manifest.get("corpus") != ground.corpus:
            return None
        return _rows(ground.plain, [k.rows for k in articles_of(ground.plain) if not ground.held.holds(k)])
    held = {article.digest for article in ground.held.articles}
    wanted = {digest: labels for digest, labels in record.articles.items() if digest not in held}
    # An article may have been corrected since: it is the same before corrections, or after.
    for table in (ground.plain, ground.table):
        known = [k for k in articles_of(table) if not ground.held.holds(k) and wanted.get(k.digest) == k.labels]
        if wanted and len(known) >= ground.settings.retraining.unchanged * len(wanted):
            return _rows(table, [k.rows for k in known])
    return None


def _rows(table: pd.DataFrame, places: list[NDArray[np.int64]]) -> pd.DataFrame:
    rows = np.sort(np.concatenate(places)) if places else np.zeros(0, np.int64)
    return table.iloc[rows].reset_index(drop=True)


def _settings_of(version: Version, settings: Settings) -> Settings:
    """The settings that a version was trained with, as far as it says."""
    kept = version.manifest.get("parameters")
    if not isinstance(kept, Mapping):
        return settings
    values: dict[str, Any] = settings.to_dict()
    values |= {name: kept[name] for name in ("features", "finding", "themes", "training") if name in kept}
    try:
        return Settings.of(values)
    except ValueError:
        return settings


def _load(root: Path) -> dict[str, Any]:
    try:
        loaded = json.loads((root / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{root / FILE}: can't be read ({error}): remove it, it is made again") from None
    return loaded if isinstance(loaded, dict) else {}
