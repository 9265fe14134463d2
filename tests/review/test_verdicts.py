"""Verdicts and agreement: who said what, and what it comes to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples.reviews import FIRST, ITEMS, OTHER, SECOND, THEMES, review
from sklearn.metrics import cohen_kappa_score, f1_score

from pipeline.corpus import read_corpus
from pipeline.labels import FINDINGS
from pipeline.review import Review, accepted, agreements, fingerprint, verdicts
from pipeline.review.agreement import kappa
from pipeline.review.status import status_of

KNOWN = {item.id: item for item in ITEMS}


def verdict(*reviews: Review):
    [found] = verdicts(KNOWN, reviews)
    return found


def test_what_all_say_is_accepted():
    found = verdict(review(FIRST, "ana", "concern", ("practice",)), review(FIRST, "ben", "concern", ("practice",)))
    assert (found.state, found.finding, found.themes) == ("accepted", "concern", ("practice",))


def test_a_reviewers_last_word_counts():
    found = verdict(review(FIRST, "ana", "none"), review(FIRST, "ben", "concern"), review(FIRST, "ana", "concern"))
    assert (found.state, found.finding) == ("accepted", "concern")


def test_two_findings_are_a_conflict_until_it_is_settled():
    both = review(FIRST, "ana", "none"), review(FIRST, "ben", "concern", ("practice",))
    assert (verdict(*both).state, verdict(*both).finding) == ("conflict", None)
    settled = verdict(
        *both, review(FIRST, "lead", "strength", ("workforce",), settles=True), review(FIRST, "eve", None)
    )
    assert (settled.state, settled.finding, settled.themes) == ("accepted", "strength", ("workforce",))
    assert verdict(*both, review(FIRST, "lead", None, None, settles=True)).state == "undecided"


def test_who_cannot_tell_abstains():
    assert verdict(review(FIRST, "ana", None, None)).state == "undecided"
    assert verdict(review(FIRST, "ana", None, None), review(FIRST, "ben", "none")).finding == "none"


def test_themes_that_are_not_agreed_on_are_left_out():
    found = verdict(review(FIRST, "ana", "concern", ("practice",)), review(FIRST, "ben", "concern", ()))
    assert (found.state, found.finding, found.themes, found.themes_conflict) == ("accepted", "concern", None, True)
    found = verdict(review(FIRST, "ana", "concern", ("practice",)), review(FIRST, "ben", "concern", None))
    assert (found.themes, found.themes_conflict) == (("practice",), False)


def test_as_many_conflicts_are_counted_as_are_listed():
    reviews = [
        *(review(FIRST, "ana", "concern", ("practice",)), review(FIRST, "ben", "concern", ())),
        *(review(SECOND, "ana", "strength"), review(SECOND, "ben", "none")),
        *(review(OTHER, "ana", "none"), review(OTHER, "ben", "none")),
    ]
    assert [v.conflict for v in verdicts(KNOWN, reviews)] == ["themes", "finding", None]
    found = status_of(KNOWN, reviews)
    assert (found["conflicts"], found["conflicts_on_findings"], found["conflicts_on_themes"]) == (2, 1, 1)
    assert [d["on"] for d in found["disagreements"]] == ["themes", "finding"]
    assert found["accepted"] == 2


def test_accepted_rows_are_what_a_corpus_reads(tmp_path: Path):
    reviews = [
        review(FIRST, "ana", "concern", ("practice", "workforce")),
        review(SECOND, "ana", "strength", None),
        review(OTHER, "ana", "none"),
    ]
    rows = accepted(verdicts(KNOWN, reviews))
    file = tmp_path / "corrections.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = read_corpus([file], THEMES).sentences
    assert [(s.text, s.finding, s.themes) for s in found] == [
        (FIRST.text, "concern", ["practice", "workforce"]),
        (SECOND.text, "strength", None),
        (OTHER.text, "none", []),
    ]
    assert {(s.article, s.heading, s.block, s.speaker) for s in found[:2]} == {
        ("letter.txt", "Main findings", "paragraph", "inspector")
    }


def test_a_sentence_that_is_two_things_in_two_places_is_left_out():
    twin = replace(OTHER, text=FIRST.text, heading=FIRST.heading)
    items = {FIRST.id: FIRST, twin.id: twin}
    found = verdicts(items, [review(FIRST, "ana", "concern"), review(twin, "ana", "none")])
    assert [v.state for v in found] == ["accepted", "accepted"]
    assert accepted(found) == []
    assert len(accepted(verdicts(items, [review(FIRST, "ana", "none"), review(twin, "ana", "none")]))) == 2


def test_the_fingerprint_tells_what_is_learnt_not_in_which_order():
    reviews = [review(FIRST, "ana", "concern"), review(SECOND, "ana", "strength")]
    one, other = (fingerprint(accepted(verdicts(KNOWN, part))) for part in (reviews, reviews[::-1]))
    assert one == other
    changed = fingerprint(accepted(verdicts(KNOWN, [*reviews, review(FIRST, "ana", "none")])))
    assert changed != one
    assert len(one) == 64


@given(st.lists(st.tuples(st.sampled_from(FINDINGS), st.sampled_from(FINDINGS)), min_size=2, max_size=40))
def test_kappa_is_scikit_learns(pairs):
    found = kappa(pairs)
    if found is None:
        assert len({label for pair in pairs for label in pair}) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


def test_two_reviewers_agreement_is_measured_on_what_both_decided():
    reviews = [
        *(review(FIRST, "ana", "concern", ("practice", "workforce")), review(FIRST, "ben", "concern", ("practice",))),
        *(review(SECOND, "ana", "strength", ("practice",)), review(SECOND, "ben", "none")),
        *(review(OTHER, "ana", "none"), review(OTHER, "ben", None, None), review(OTHER, "lead", "none", settles=True)),
    ]
    [found] = agreements(reviews)
    assert (found.reviewers, found.sentences, found.share, found.themed) == (("ana", "ben"), 2, 0.5, 1)
    assert found.jaccard == 0.5
    assert found.micro_f1 == pytest.approx(f1_score([[1, 1]], [[1, 0]], average="micro"))
    assert found.kappa == pytest.approx(cohen_kappa_score(["concern", "strength"], ["concern", "none"]))


def test_the_status_counts_and_lists():
    reviews = [
        *(
            replace(review(FIRST, "ana", "none"), at="2026-01-01"),
            replace(review(FIRST, "ben", "concern"), at="2026-01-02"),
        ),
        *(replace(review(SECOND, "ana", None, None), at="2026-01-03"),),
    ]
    found = status_of(KNOWN, reviews)
    assert {key: found[key] for key in ("sentences", "reviewed", "waiting", "accepted", "conflicts", "undecided")} == {
        **{"sentences": 3, "reviewed": 2, "waiting": 1, "accepted": 0, "conflicts": 1, "undecided": 1}
    }
    assert found["reviewers"][0] == {"reviewer": "ana", "sentences": 2, "cant_tell": 1, "last": "2026-01-03"}
    assert (found["conflicts_on_findings"], found["conflicts_on_themes"]) == (1, 0)
    [listed] = found["disagreements"]
    assert (listed["id"], listed["on"], [r["who"] for r in listed["reviews"]]) == (FIRST.id, "finding", ["ana", "ben"])
    json.dumps(found)
