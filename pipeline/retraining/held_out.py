"""Held-out articles: those that no version is trained on and all are measured on, with their labels as they were.

They are frozen in `held-out.json` of the store: names and digests of articles, and for each labelled sentence a digest
of its text and its labels, never text. Labels that are corrected later change neither what is measured nor training.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import CorpusError, StoreError
from pipeline.labels import FINDINGS
from pipeline.retraining.articles import Known, articles_of, digest_of

if TYPE_CHECKING:
    import pandas as pd

FILE = "held-out.json"
_FEWEST_OF_A_KIND = 3
_ENOUGH_DOCUMENTS = 10
_LEAST_FOUND = 0.9

Label = tuple[str, list[str] | None]


class HeldArticle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A held-out article; each of `sentences` is a digest of the text, the finding, and themes (`?`: not labelled)."""

    name: str
    kind: str
    digest: str
    sentences: list[str]


class HeldOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The held-out articles, when and why they were chosen, and the version then in use."""

    made: str
    why: str
    anchor: str | None
    articles: list[HeldArticle]

    @cached_property
    def digest(self) -> str:
        """What tells this list from others."""
        return hashlib.sha256(msgspec.json.encode(self.articles)).hexdigest()[:16]

    def holds(self, article: Known) -> bool:
        """Whether an article is held out: by its text whatever its name, or by its name whatever was edited in it."""
        return article.digest in self._digests or article.name in self._names

    @cached_property
    def _digests(self) -> frozenset[str]:
        return frozenset(held.digest for held in self.articles)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(held.name for held in self.articles)

    @cached_property
    def sentences(self) -> frozenset[str]:
        """Digests of all held-out sentences' texts."""
        return frozenset(sentence.split(" ", 1)[0] for held in self.articles for sentence in held.sentences)

    def save(self, root: Path) -> None:
        """Write it into a store, whole or not at all. Raises `StoreError` when it can't be written."""
        from pipeline.store.files import explained, replace

        data = json.dumps(msgspec.to_builtins(self), indent=1, ensure_ascii=False)
        with explained(root):
            root.mkdir(parents=True, exist_ok=True)
            replace(root / FILE, data + "\n")


@dataclass(frozen=True)
class Gold:
    """What versions are measured on: sentences in their articles, and the frozen labels of those that have any.

    `rows` are the labelled rows of `table`, and `places` says of which of the `articles` held out each is; `missing`
    names those that are gone or were edited.
    """

    table: pd.DataFrame
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    articles: int
    labels: list[Label]
    missing: list[str]


def load(root: Path) -> HeldOut | None:
    """The held-out articles of a store, if they have been chosen. Raises `StoreError` when the file is damaged."""
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=HeldOut)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(
            f"{root / FILE}: can't be read ({str(error).splitlines()[0]}): "
            "bring it back, or choose anew with 'pipeline held-out renew'"
        ) from None


def choose(
    table: pd.DataFrame,
    share: float,
    *,
    seed: int,
    why: str,
    anchor: str | None = None,
    without: Collection[str] = (),
    fewest: int = 2,
) -> HeldOut:
    """Choose a share of the articles of each kind, by a digest of seed and text, so that order and names don't matter.

    Only documents are chosen where there are enough of them, for those are what versions are used on; none of a kind in
    `without`. Raises `CorpusError` when fewer than `fewest` can be.
    """
    labelled = set(np.flatnonzero((table["finding"] != "").to_numpy()).tolist())
    articles = [
        known
        for known in articles_of(table)
        if known.kind not in without and not labelled.isdisjoint(known.rows.tolist())
    ]
    documents = [known for known in articles if known.whole]
    if len(documents) >= _ENOUGH_DOCUMENTS:
        articles = documents
    kinds: defaultdict[str, list[Known]] = defaultdict(list)
    for known in articles:
        kinds[known.kind].append(known)
    # Kinds with few articles share one draw.
    strata = [members for members in kinds.values() if len(members) >= _FEWEST_OF_A_KIND]
    strata.append([known for members in kinds.values() if len(members) < _FEWEST_OF_A_KIND for known in members])
    chosen: list[Known] = []
    for members in strata:
        drawn = sorted(members, key=lambda known: hashlib.sha256(f"{seed} {known.digest}".encode()).digest())
        chosen += drawn[: max(round(share * len(members)), 1)] if members else []
    if len(chosen) < fewest:
        raise CorpusError(f"too few articles to hold some out: {len(articles)} are labelled: label more")
    return frozen(table, chosen, why=why, anchor=anchor)


def frozen(table: pd.DataFrame, articles: Iterable[Known], *, why: str, anchor: str | None = None) -> HeldOut:
    """These articles with their labels as they are now."""
    texts, findings, themes = (table[name].tolist() for name in ("text", "finding", "themes"))
    held = [
        HeldArticle(
            known.name,
            known.kind,
            known.digest,
            [_line(texts[row], findings[row], themes[row]) for row in known.rows if findings[row]],
        )
        for known in sorted(articles, key=lambda known: known.name)
    ]
    return HeldOut(datetime.now(UTC).isoformat(timespec="seconds"), why, anchor, held)


def extended(held: HeldOut, table: pd.DataFrame, articles: Iterable[Known], why: str) -> HeldOut:
    """Held-out articles with more beside them; the labels of those before stay as they were."""
    more = frozen(table, articles, why=f"{held.why}; {why}", anchor=held.anchor)
    return msgspec.structs.replace(more, articles=[*held.articles, *more.articles])


def _line(text: str, finding: str, themes: list[str] | None) -> str:
    return " ".join([sentence_digest(text), finding, *(["?"] if themes is None else themes)])


def sentence_digest(text: str) -> str:
    """What a sentence is told by."""
    return digest_of([text])


def gold_of(held: HeldOut, table: pd.DataFrame) -> Gold:
    """The held-out articles as they stand in a corpus's table, with their frozen labels.

    Raises `CorpusError` when more than half of them are gone or edited.
    """
    present = {known.digest: known for known in articles_of(table)}
    by_name = {known.name: known for known in present.values()}
    texts = table["text"].tolist()
    places: list[int] = []
    rows: list[int] = []
    owners: list[int] = []
    labels: list[Label] = []
    missing: list[str] = []
    for number, article in enumerate(held.articles):
        known = present.get(article.digest) or by_name.get(article.name)
        matched = _matched(article.sentences, [texts[row] for row in known.rows]) if known else {}
        if known is None or len(matched) < _LEAST_FOUND * len(article.sentences):
            missing.append(article.name)
            continue
        rows += [len(places) + place for place in matched]
        owners += [number] * len(matched)
        labels += matched.values()
        places += known.rows.tolist()
    if 2 * len(missing) > len(held.articles) or not rows:
        raise CorpusError(
            f"{len(missing)} of {len(held.articles)} held-out articles are gone or were edited: "
            "bring them back, or choose anew with 'pipeline held-out renew'"
        )
    found = table.iloc[places].reset_index(drop=True)
    return Gold(found, np.array(rows, np.int64), np.array(owners, np.int64), len(held.articles), labels, missing)


def _matched(lines: Sequence[str], texts: Sequence[str]) -> dict[int, Label]:
    """Frozen labels by the place of the sentence that each belongs to; equal sentences in their order."""
    waiting: defaultdict[str, list[Label]] = defaultdict(list)
    for line in reversed(lines):
        digest, finding, *themes = line.split(" ")
        if finding in FINDINGS:
            waiting[digest].append((finding, None if themes == ["?"] else themes))
    found = {}
    for place, text in enumerate(texts):
        if labels := waiting.get(sentence_digest(text)):
            found[place] = labels.pop()
    return found


def training_rows(held: HeldOut, table: pd.DataFrame) -> NDArray[np.int64]:
    """The rows of a table that may be trained on: those of articles that aren't held out."""
    kept: list[Any] = [known.rows for known in articles_of(table) if not held.holds(known)]
    return np.sort(np.concatenate(kept)) if kept else np.zeros(0, np.int64)
