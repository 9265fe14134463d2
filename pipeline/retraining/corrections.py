"""Corrections: what reviewers settled on, put into a corpus's sentence table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.corpus.rows import Problems, Row, labels_of
from pipeline.errors import CorpusError
from pipeline.labels import Themes
from pipeline.retraining.articles import articles_of, digest_of
from pipeline.retraining.held_out import HeldOut, sentence_digest

if TYPE_CHECKING:
    import pandas as pd

KIND = "corrections"
_FEW_WORDS = 4
_PLACE = ("article", "heading", "block", "speaker")

Rows = Sequence[Mapping[str, Any]]


def accepted_rows(folder: Path) -> list[dict[str, Any]]:
    """The accepted corrections of a review ledger's folder; none where nothing was given out for review.

    Raises `ReviewError` when the ledger is damaged.
    """
    from pipeline.review.ledger import FILE, Ledger
    from pipeline.review.verdicts import accepted, verdicts

    if not (folder / FILE).is_file():
        return []
    with Ledger(folder) as ledger:
        return accepted(verdicts(ledger.items(), ledger.reviews()))


def row_digest(row: Mapping[str, Any]) -> str:
    """What a correction is told by: its sentence and labels."""
    themes = row.get("themes")
    return digest_of([str(row.get("id") or row.get("text")), str(row.get("finding")), ",".join(sorted(themes or ()))])


def source_of(row: Mapping[str, Any]) -> str:
    """The digest of the article that a correction is of: of its text where its id tells, else of its name."""
    return str(row.get("id") or "").partition(":")[0] or digest_of([str(row.get("article") or row["text"])])


def reviewed(table: pd.DataFrame, rows: Rows) -> dict[str, set[str]]:
    """Of a table with corrections, the articles that are there for these alone: what they are of, by digest.

    An article's own digest is of the sentences that were corrected, and changes with each that is added or taken back;
    what they are of (`source_of`) stays.
    """
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        sources[str(row.get("article") or "")].add(source_of(row))
    return {
        known.digest: sources.get(known.name) or {known.digest} for known in articles_of(table) if known.kind == KIND
    }


def checked(rows: Rows, themes: Themes) -> Rows:
    """The rows themselves. Raises `CorpusError` listing every one that can't be learnt from."""
    problems = Problems()
    for number, row in enumerate(rows, 1):
        labels_of(Row(number, dict(row)), Path("corrections"), themes, problems)
    if problems.errors:
        raise CorpusError(f"{len(problems.errors)} problems in the corrections: mend them", problems.errors)
    return rows


def without_held_out(rows: Rows, held: HeldOut) -> list[Mapping[str, Any]]:
    """Corrections that may be trained on: none of a held-out article, nor of a sentence that is also in one."""
    digests = {article.digest for article in held.articles}
    names = {article.name for article in held.articles}

    def is_held(row: Mapping[str, Any]) -> bool:
        text = " ".join(str(row["text"]).split())
        return (
            str(row.get("id") or "").partition(":")[0] in digests
            or row.get("article") in names
            or (len(text.split()) > _FEW_WORDS and sentence_digest(text) in held.sentences)
        )

    return [row for row in rows if not is_held(row)]


def as_table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Corrections as a sentence table with labels, a row each."""
    import pandas as pd

    listed = list(rows)
    columns: dict[str, Any] = {name: [str(row.get(name) or "") for row in listed] for name in _PLACE}
    columns["article"] = [str(row.get("article") or f"{KIND}#{number}") for number, row in enumerate(listed, 1)]
    columns["text"] = [" ".join(str(row["text"]).split()) for row in listed]
    columns["kind"] = [KIND] * len(listed)
    columns["finding"] = [row["finding"] for row in listed]
    columns["themes"] = pd.Series([_themes(row) for row in listed], dtype=object)
    return pd.DataFrame(columns)


def corrected(table: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """A corpus's sentence table with corrections: of its own sentences in their place, of others at its end.

    A correction is of a sentence of the corpus when it has its `id`, or its text and article.
    """
    import pandas as pd

    if not rows:
        return table
    places: dict[Any, int] = {}
    if "id" in table.columns:
        places = {identity: row for row, identity in enumerate(table["id"]) if isinstance(identity, str)}
    places |= {pair: row for row, pair in enumerate(zip(table["article"], table["text"], strict=True))}
    findings, themes = table["finding"].tolist(), table["themes"].tolist()
    others = []
    for row in rows:
        place = places.get(row.get("id"), places.get((row.get("article"), row["text"])))
        if place is None:
            others.append(row)
            continue
        given = _themes(row)
        themes[place] = themes[place] if given is None and findings[place] == row["finding"] else given
        findings[place] = row["finding"]
    changed = table.assign(finding=findings, themes=pd.Series(themes, index=table.index, dtype=object))
    return pd.concat([changed, as_table(others)], ignore_index=True) if others else changed


def _themes(row: Mapping[str, Any]) -> list[str] | None:
    themes = row.get("themes")
    return None if themes is None else list(themes)
