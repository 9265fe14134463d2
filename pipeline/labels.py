"""Labels: the four findings, which are fixed, and the themes, which a YAML file lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import SettingsError

FINDINGS = ("strength", "concern", "recommendation", "none")
NONE = "none"

Themes = Mapping[str, str]
"""Theme keys, in the order of their columns, with the names shown to people."""


def load_themes(path: Path | None = None) -> Themes:
    """The themes of a YAML file (the bundled list by default): `key: {name: …, covers: …}`, or a plain list of keys.

    Raises `SettingsError` when the file isn't such a list or a key isn't lower-case letters, digits and underscores.
    """
    from pipeline.settings import bundled, load_yaml

    path = path or bundled("configs/themes.yaml")
    loaded = load_yaml(path)
    listed = isinstance(loaded, list) and not any(isinstance(key, dict | list) for key in loaded)
    entries = dict.fromkeys(loaded) if listed else loaded
    if not isinstance(entries, dict) or not entries:
        raise SettingsError(f"{path}: must list themes, as configs/themes.yaml does")
    themes = {}
    for key, entry in entries.items():
        if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            raise SettingsError(f"{path}: theme key {key!r} must be lower-case letters, digits and underscores")
        name = entry.get("name") if isinstance(entry, dict) else entry
        themes[key] = str(name) if name else key.replace("_", " ").capitalize()
    return themes
