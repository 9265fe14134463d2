"""What differs between two versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.store.history import flat
from pipeline.store.versions import Version

_MADE_WITH = ("library", "format", "splitter", "punkt")


class Change(NamedTuple):
    """A value that differs: which part of the version, its name, and both values; None where there is none."""

    part: str
    name: str
    a: Any
    b: Any


def differences(a: Version, b: Version) -> list[Change]:
    """What differs, part by part: settings, themes, thresholds, corpus, metrics, and what made them.

    Raises `ModelError` for a version that can't be read.
    """
    parts_a, parts_b = _parts(a), _parts(b)
    return [
        Change(part, name, parts_a[part].get(name), parts_b[part].get(name))
        for part in parts_a
        for name in {**parts_a[part], **parts_b[part]}
        if parts_a[part].get(name) != parts_b[part].get(name)
    ]


def _parts(version: Version) -> dict[str, dict[str, Any]]:
    manifest, described, metrics = version.manifest, version.described, version.metrics
    notes, encoder = dict(_mapping(described.get("notes"))), _mapping(described.get("encoder"))
    # Versions written without their parameters still say what they need to score.
    scoring = {name: described.get(name) for name in ("features", "weights")} | {"seed": notes.pop("seed", None)}
    return {
        "settings": flat(_mapping(manifest.get("parameters")) or scoring),
        "encoder": {name: encoder[name] for name in ("name", "digest") if name in encoder},
        "themes": flat(_mapping(described.get("themes"))),
        "thresholds": flat(_mapping(described.get("thresholds"))),
        "corpus": {"fingerprint": manifest.get("corpus"), **flat(notes)},
        "metrics": {
            name: value
            for name, value in flat(metrics).items()
            if isinstance(value, int | float) and not name.endswith("support")
        },
        "made with": {name: manifest.get(name) for name in _MADE_WITH},
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
