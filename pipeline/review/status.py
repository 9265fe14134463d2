"""Status: what was given out, who reviewed how much, what is agreed on and what isn't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.review.agreement import agreements
from pipeline.review.items import Item, Review
from pipeline.review.verdicts import Verdict, accepted, fingerprint, verdicts


def status_of(items: Mapping[str, Item], reviews: Sequence[Review]) -> dict[str, Any]:
    """Counts, reviewers, conflicts and agreement, as plain data.

    `changed` counts accepted sentences whose finding isn't the model's. `conflicts` are those on findings and those on
    themes alone; the latter are accepted too, without themes.
    """
    found = verdicts(items, reviews)
    states = Counter(verdict.state for verdict in found)
    conflicts = Counter(verdict.conflict for verdict in found if verdict.conflict)
    rows = accepted(found)
    last = {(review.id, review.who): review for review in reviews}
    by_whom = Counter(who for _, who in last)
    return {
        "sentences": len(items),
        "reviewed": len(found),
        "waiting": len(items) - len(found),
        **{"accepted": len(rows), "undecided": states["undecided"], "conflicts": conflicts.total()},
        **{"conflicts_on_findings": conflicts["finding"], "conflicts_on_themes": conflicts["themes"]},
        "changed": sum(v.state == "accepted" and v.finding != v.item.finding for v in found),
        "fingerprint": fingerprint(rows),
        "reviewers": [
            {
                "reviewer": who,
                "sentences": count,
                "cant_tell": sum(r.who == who and r.finding is None for r in last.values()),
                "last": max(review.at or "" for review in reviews if review.who == who),
            }
            for who, count in by_whom.most_common()
        ],
        "agreement": [asdict(agreement) for agreement in agreements(reviews)],
        "disagreements": [_disagreement(verdict) for verdict in found if verdict.conflict],
    }


def _disagreement(verdict: Verdict) -> dict[str, Any]:
    item = verdict.item
    return {
        **{"id": item.id, "article": item.article, "text": item.text},
        "on": verdict.conflict,
        "reviews": [asdict(review) for review in verdict.reviews],
    }
