"""Agreement: how far two reviewers of the same sentences agree, by themselves and beyond chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.labels import NONE
from pipeline.review.items import Review
from pipeline.review.verdicts import last_words


@dataclass(frozen=True)
class Agreement:
    """Two reviewers' agreement on the `sentences` that both decided.

    `share` give the same finding; `kappa` is Cohen's (J. Cohen, "A Coefficient of Agreement for Nominal Scales", 1960):
    None where chance alone would have them agree on everything. On the `themed` sentences, whose themes both gave with
    a finding that isn't none, `jaccard` is the mean Jaccard index of their themes (two empty sets agree) and `micro_f1`
    is over all themes; None where there are none.
    """

    reviewers: tuple[str, str]
    sentences: int
    share: float
    kappa: float | None
    themed: int
    jaccard: float | None
    micro_f1: float | None


def agreements(reviews: Sequence[Review]) -> list[Agreement]:
    """The agreement of each two reviewers who decided a sentence both, by their names.

    Each reviewer's last word counts; reviews that settle don't, having seen the others.
    """
    pairs: defaultdict[tuple[str, str], list[tuple[Review, Review]]] = defaultdict(list)
    for words in last_words([review for review in reviews if not review.settles]).values():
        decided = sorted((r for r in words.values() if r.finding is not None), key=lambda review: review.who)
        for one, other in combinations(decided, 2):
            pairs[one.who, other.who].append((one, other))
    return [_agreement(names, both) for names, both in sorted(pairs.items())]


def _agreement(names: tuple[str, str], both: Sequence[tuple[Review, Review]]) -> Agreement:
    findings = [(one.finding, other.finding) for one, other in both]
    themes = [
        (set(one.themes), set(other.themes))
        for one, other in both
        if one.themes is not None and other.themes is not None and NONE not in (one.finding, other.finding)
    ]
    share = sum(one == other for one, other in findings) / len(findings)
    return Agreement(names, len(both), share, kappa(findings), len(themes), _jaccard(themes), _micro_f1(themes))


def kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's kappa of pairs of labels; None when chance would have them all agree."""
    count = len(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(firsts[label] * seconds[label] for label in firsts) / count**2
    if chance == 1:
        return None
    return (sum(one == other for one, other in pairs) / count - chance) / (1 - chance)


def _jaccard(pairs: Sequence[tuple[set[str], set[str]]]) -> float | None:
    values = [len(one & other) / len(one | other) if one | other else 1.0 for one, other in pairs]
    return sum(values) / len(values) if values else None


def _micro_f1(pairs: Sequence[tuple[set[str], set[str]]]) -> float | None:
    given = sum(len(one) + len(other) for one, other in pairs)
    return 2 * sum(len(one & other) for one, other in pairs) / given if given else None
