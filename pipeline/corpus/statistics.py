"""Statistics of a corpus: counts, lengths and near-duplicates."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.labels import FINDINGS, Themes

if TYPE_CHECKING:
    import pandas as pd

_NEAR = 0.5
_MIN_WORDS = 8


def statistics(examples: pd.DataFrame, themes: Themes) -> dict[str, Any]:
    """Counts by kind, finding, theme and pair; words a unit; units that nearly repeat another (Jaccard of word 3-grams >= 0.5)."""
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
    repeated = near_duplicates(texts)
    return {
        "units": len(labelled),
        "documents": int(labelled["article"].nunique()),
        "kinds": kinds,
        "findings": {finding: int((labelled["finding"] == finding).sum()) for finding in FINDINGS},
        "themes": {key: {finding: counts[finding] for finding in FINDINGS} for key, counts in pairs.items()},
        "words": {name: _quantile(lengths, share) for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9))},
        "near_duplicates": {"units": len(repeated), "share": len(repeated) / max(len(texts), 1)},
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
