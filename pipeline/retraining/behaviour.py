"""Behaviour checks: sentences whose finding must hold, whatever a version has learnt since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import SettingsError
from pipeline.labels import FINDINGS
from pipeline.settings import bundled, load_yaml

if TYPE_CHECKING:
    from pipeline.model import Model

_KEYS = ("text", "finding", "heading", "themes")


@dataclass(frozen=True)
class Check:
    """A sentence, the heading it stands under, the finding it must get, and themes that must be among its own."""

    text: str
    finding: str
    heading: str
    themes: tuple[str, ...]


def load_checks(path: str) -> list[Check]:
    """The checks of a YAML file, a list of `{text, finding, heading?, themes?}`; none when `path` is "".

    A path is looked for here, then among what comes with the product. Raises `SettingsError` naming what is unfit.
    """
    if not path:
        return []
    file = Path(path) if Path(path).is_file() else bundled(path)
    loaded = load_yaml(file)
    if not isinstance(loaded, list):
        raise SettingsError(f"{file}: must be a list of checks, each with 'text' and 'finding'")
    return [_check(entry, f"{file}: check {number}") for number, entry in enumerate(loaded, 1)]


def _check(entry: Any, where: str) -> Check:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or not entry["text"].strip():
        raise SettingsError(f"{where}: needs a 'text'")
    if unknown := [key for key in entry if key not in _KEYS]:
        raise SettingsError(f"{where}: unknown key {unknown[0]!r}: known here: {', '.join(_KEYS)}")
    if entry.get("finding") not in FINDINGS:
        raise SettingsError(f"{where}: finding must be one of {', '.join(FINDINGS)}, not {entry.get('finding')!r}")
    themes = entry.get("themes") or []
    if not isinstance(themes, list) or not all(isinstance(key, str) for key in themes):
        raise SettingsError(f"{where}: themes must be a list of keys")
    return Check(entry["text"], entry["finding"], str(entry.get("heading") or ""), tuple(themes))


def broken(model: Model, checks: list[Check]) -> list[str]:
    """What a model gets wrong, a line for each check that doesn't hold. Themes it doesn't know aren't asked for."""
    import pandas as pd

    if not checks:
        return []
    # Each sentence stands alone, without an article.
    table = pd.DataFrame({"text": [c.text for c in checks], "heading": [c.heading for c in checks]})
    predicted = model.predict_sentences(table)
    found = []
    for number, (check, finding, themes) in enumerate(
        zip(checks, predicted["finding"], predicted["themes"], strict=True), 1
    ):
        missing = [key for key in check.themes if key in model.themes and key not in themes]
        if finding != check.finding:
            found.append(f"behaviour check {number} gets {finding}, not {check.finding}: {check.text[:60]!r}")
        elif missing:
            found.append(f"behaviour check {number} lacks the theme {missing[0]}: {check.text[:60]!r}")
    return found
