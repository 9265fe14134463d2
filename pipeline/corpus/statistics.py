"""Statistics of a corpus: counts, lengths, near-duplicates, and how far readers agree."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.corpus.reading import Corpus
from pipeline.corpus.rows import Labels
from pipeline.labels import FINDINGS, NONE, Themes

if TYPE_CHECKING:
    import pandas as pd

_NEAR = 0.5
_MIN_WORDS = 8


def statistics(examples: pd.DataFrame, themes: Themes) -> dict[str, Any]:
    """Counts by kind, finding, theme and pair; words a unit; near-duplicates.

    Near-duplicates are sentences of body text, for headings and furniture repeat by nature.
    """
    labelled = examples[examples["finding"] != ""]
    kinds: dict[str, dict[str, int]] = {}
    for kind, rows in labelled.groupby("kind", sort=True):
        counts = rows["finding"].value_counts()
        kinds[str(kind)] = {"documents": rows["article"].nunique(), **{f: int(counts.get(f, 0)) for f in FINDINGS}}
    pairs: dict[str, Counter[str]] = {key: Counter() for key in themes}
    for finding, given in zip(labelled["finding"], labelled["themes"], strict=True):
        for key in given or ():
            pairs.setdefault(key, Counter())[finding] += 1
    texts = labelled["text"].tolist()
    lengths = sorted(len(text.split()) for text in texts)
    body = labelled[~labelled["block"].isin(("heading", "furniture", "caption"))]["text"].tolist()
    repeated = near_duplicates(body)
    return {
        "units": len(labelled),
        "documents": int(labelled["article"].nunique()),
        "kinds": kinds,
        "findings": {finding: int((labelled["finding"] == finding).sum()) for finding in FINDINGS},
        "themes": {key: {finding: counts[finding] for finding in FINDINGS} for key, counts in pairs.items()},
        "words": {name: _quantile(lengths, share) for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9))},
        "near_duplicates": {"units": len(repeated), "of": len(body), "share": len(repeated) / max(len(body), 1)},
    }


def _quantile(ordered: list[int], share: float) -> int:
    return ordered[int(share * (len(ordered) - 1))] if ordered else 0


def near_duplicates(texts: list[str]) -> list[tuple[int, int, float]]:
    """Texts of at least 8 words that nearly repeat an earlier one: (index, earlier index, Jaccard of word 3-grams)."""
    by_gram: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes: list[int] = []
    found = []
    for index, text in enumerate(texts):
        words = re.findall(r"[^\W_]+", text.lower())
        grams = set(zip(words, words[1:], words[2:], strict=False)) if len(words) >= _MIN_WORDS else set()
        sizes.append(len(grams))
        shared: Counter[int] = Counter(other for gram in grams for other in by_gram[gram])
        best = max(shared.items(), key=lambda item: item[1] / (len(grams) + sizes[item[0]] - item[1]), default=None)
        if best:
            similarity = best[1] / (len(grams) + sizes[best[0]] - best[1])
            if similarity >= _NEAR:
                found.append((index, best[0], similarity))
        for gram in grams:
            by_gram[gram].append(index)
    return found


def agreement(corpus: Corpus) -> dict[str, dict[str, float]]:
    """How far two independent readers agree, by kind: units, Cohen's kappa of findings, micro-F1 of themes.

    Kappa: J. Cohen, "A Coefficient of Agreement for Nominal Scales", 1960. Themes are compared where both readers give
    the same finding other than none. Units without two readers don't count.
    """
    pairs: defaultdict[str, list[tuple[Labels, Labels]]] = defaultdict(list)
    for document in corpus.documents:
        pairs[document.kind] += [unit.readers for unit in document.units if unit.readers]
    pairs["sentences"] += [sentence.readers for sentence in corpus.sentences if sentence.readers]
    found = {kind: _agreement(members) for kind, members in sorted(pairs.items()) if members}
    if found:
        found["all"] = _agreement([pair for members in pairs.values() for pair in members])
    return found


def _agreement(pairs: list[tuple[Labels, Labels]]) -> dict[str, float]:
    count = len(pairs)
    same = sum(first.finding == second.finding for first, second in pairs) / count
    firsts, seconds = (Counter(pair[reader].finding for pair in pairs) for reader in (0, 1))
    chance = sum(firsts[finding] * seconds[finding] for finding in FINDINGS) / count**2
    shared = given = 0
    for first, second in pairs:
        if first.finding == second.finding != NONE:
            shared += len(set(first.themes or ()) & set(second.themes or ()))
            given += len(first.themes or ()) + len(second.themes or ())
    return {
        "units": count,
        "kappa": (same - chance) / (1 - chance) if chance < 1 else 1.0,
        "themes_f1": 2 * shared / given if given else 1.0,
    }
