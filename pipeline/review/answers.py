"""Answers: what a file says, checked row by row, as reviews; a file is taken whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.corpus.documents import squeezed
from pipeline.errors import ReviewError
from pipeline.labels import NONE
from pipeline.review.formats.rows import Answer
from pipeline.review.items import ANSWERS, CANT_TELL, Item, Review, answer_of, timestamp
from pipeline.review.ledger import Ledger

_LONGEST_NOTE = 10_000
_WITHOUT_THEMES = (NONE, CANT_TELL)


@dataclass(frozen=True)
class Names:
    """Who reviewed: `default` where a file doesn't say, and who they are whom it names otherwise (`known`)."""

    default: str | None
    known: Mapping[str, str]

    @classmethod
    def of(cls, given: Sequence[str]) -> Names:
        """From options: `NAME`, or `FILE'S=NAME`. Raises `ReviewError` for two names without a sign of whose."""
        known = dict(pair.split("=", 1) for pair in given if "=" in pair)
        plain = [name.strip() for name in given if "=" not in name]
        if len(plain) > 1 or not all([*plain, *known.values()]):
            raise ReviewError("--by: name one reviewer, or each as FILE'S=NAME, like --by 7=ana --by 9=ben")
        return cls(plain[0] if plain else None, known)


@dataclass(frozen=True)
class Checked:
    """What a file comes to: its reviews, how many sentences nobody answered, and what tells the file from others.

    `notes` say what of the file doesn't count, a line each.
    """

    reviews: list[Review]
    blank: int
    notes: list[str]

    @property
    def digest(self) -> str:
        """SHA-256 of all reviews in it."""
        rows = [[r.id, r.who, r.at, r.finding, r.themes, r.note, r.settles] for r in self.reviews]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def check(path: Path, answers: Sequence[Answer], ledger: Ledger, names: Names, *, settles: bool = False) -> Checked:
    """Check all answers of a file against what was given out. Raises `ReviewError` listing every bad row."""
    items, themes = ledger.items(), ledger.themes()
    unused, problems = _unused(answers, names), list[str]()
    if unused and _strangers(answers, names):
        # Under the name in the file they would count as somebody else, for ever.
        problems += [f"{line}: correct it, or leave it out" for line in unused]
    names = _only_number(answers, names)
    reviews: list[Review] = []
    for answer in answers:
        wrong = _wrong(answer, items, themes, names)
        problems += [f"{answer.where}: {reason}" for reason in wrong]
        if not wrong and answer.finding:
            reviews.append(_review(answer, names, settles=settles))
    if not problems:
        problems = _twice(answers, reviews)
    if problems:
        count = len(problems)
        raise ReviewError(f"{path}: {count} problem{'s' * (count > 1)}: mend them, nothing was imported", problems)
    return Checked(reviews, len(answers) - len(reviews), [*_left_out(answers), *unused])


def settlement(answer: Answer, ledger: Ledger) -> Review:
    """The review that ends a disagreement by one person's answer. Raises `ReviewError` when it can't be taken."""
    nobody = Names(None, {})
    wrong = _wrong(answer, ledger.items(), ledger.themes(), nobody)
    if not answer.finding and not wrong:
        wrong = [_no_finding(answer.finding)]
    if wrong:
        raise ReviewError(f"{answer.id}: not settled: {'; '.join(wrong)}")
    return _review(answer, nobody, settles=True)


def _called(answer: Answer) -> list[str]:
    """All that a file calls a reviewer, the best name first."""
    return [str(name).strip() for name in (answer.who, *answer.also) if name is not None]


def _unused(answers: Sequence[Answer], names: Names) -> list[str]:
    """Those that `--by` names and the file doesn't."""
    called = [_called(answer) for answer in answers]
    met = {name for all_names in called for name in all_names}
    shown = ", ".join(sorted({all_names[0] for all_names in called if all_names and all_names[0]})[:5])
    names_whom = f"it names {shown}" if shown else "it names nobody"
    return [
        f"--by {key}={name}: nobody in the file is {key} ({names_whom})"
        for key, name in names.known.items()
        if key not in met
    ]


def _strangers(answers: Sequence[Answer], names: Names) -> bool:
    """Whether somebody answered whom the file names and `--by` doesn't."""
    return any(
        answer.finding and any(called) and names.known.keys().isdisjoint(called)
        for answer in answers
        for called in [_called(answer)]
    )


def _left_out(answers: Sequence[Answer]) -> list[str]:
    """What tools hold beside answers that doesn't count, and is no mistake."""
    ticked = sum(a.ticked and bool(a.themes) and answer_of(str(a.finding)) in _WITHOUT_THEMES for a in answers)
    notes = sum(a.skipped and bool(str(a.note or "").strip()) for a in answers)
    lines = []
    if ticked:
        lines.append(f"{ticked:,} with themes ticked beside none or can't tell: those themes are left out")
    if notes:
        lines.append(f"{notes:,} with a note, but skipped, ignored or rejected: left out, and the note too")
    return lines


def _only_number(answers: Sequence[Answer], names: Names) -> Names:
    """A plain name can stand for one number only: with several, it says of none who they are."""
    numbers = {str(answer.who) for answer in answers if answer.numbered and answer.who is not None and answer.finding}
    unknown = numbers - set(names.known)
    if len(unknown) == 1 and names.default:
        return Names(names.default, {**names.known, unknown.pop(): names.default})
    return names


def _wrong(answer: Answer, items: Mapping[str, Item], themes: Mapping[str, str], names: Names) -> list[str]:
    """All that is wrong with an answer."""
    if answer.wrong:
        return [answer.wrong]
    item = items.get(answer.id) if isinstance(answer.id, str) else None
    if item is None:
        return [f"unknown id {answer.id!r}: only sentences given out by 'pipeline review export' can be reviewed"]
    if answer.text is not None and squeezed(str(answer.text)) != squeezed(item.text):
        return [f"the text isn't that of {item.id}: rows were mixed up, or the text edited"]
    if not answer.finding:
        return _unsaid(answer)
    reasons = []
    finding = answer_of(str(answer.finding))
    if finding is None:
        reasons.append(_no_finding(answer.finding))
    reasons += _wrong_themes(answer, finding, themes)
    if _who(answer, names) is None:
        named = f"the file names the reviewer {answer.who} only" if answer.who else "the file doesn't name the reviewer"
        reasons.append(f"{named}: say who with --by {f'{answer.who}=' if answer.who else ''}NAME")
    if answer.at is not None and _moment(answer.at) is None:
        reasons.append(f"{str(answer.at)[:40]!r} is no time: write it like 2026-03-09T22:16:08Z, or leave it out")
    if not _is_writable(f"{answer.note}{answer.who}") or len(str(answer.note)) > _LONGEST_NOTE:
        reasons.append(f"the note is longer than {_LONGEST_NOTE:,} characters, or no text: shorten it")
    return reasons


def _no_finding(given: object) -> str:
    return f"unknown finding {given!r}: use one of {', '.join(ANSWERS)}"


def _unsaid(answer: Answer) -> list[str]:
    """What a person wrote beside no finding: it says nothing of the sentence, and would be lost."""
    written = [what for what, value in (("themes", answer.themes), ("a note", str(answer.note or "").strip())) if value]
    if answer.skipped or not written:
        return []
    return [f"{' and '.join(written)} without a finding: give a finding, or can't tell"]


def _wrong_themes(answer: Answer, finding: str | None, themes: Mapping[str, str]) -> list[str]:
    """What is wrong with the themes of an answer."""
    if answer.themes is None:
        return []
    if not _are_texts(answer.themes):
        return ["themes must be a list of keys"]
    if unknown := [f"unknown theme {key!r}: correct it" for key in answer.themes if key not in themes]:
        return unknown
    if answer.themes and finding in _WITHOUT_THEMES and not answer.ticked:
        said = "none" if finding == NONE else "can't tell"
        return [f"themes are given only beside a finding, not beside {said}: remove them, or correct the finding"]
    return []


def _twice(answers: Sequence[Answer], reviews: Sequence[Review]) -> list[str]:
    """Rows without a time that say two things of one sentence by one reviewer."""
    seen: dict[tuple[str, str], tuple[object, str]] = {}
    problems = []
    for where, review in zip([answer.where for answer in answers if answer.finding], reviews, strict=True):
        if review.at is None:
            content, first = seen.setdefault((review.id, review.who), (review.content, where))
            if content != review.content:
                problems.append(f"{where}: another answer of {review.who} to {review.id} is at {first}: keep one")
    return problems


def _review(answer: Answer, names: Names, *, settles: bool) -> Review:
    key, who = answer_of(str(answer.finding)), _who(answer, names)
    assert key is not None
    assert who is not None
    finding = None if key == CANT_TELL else key
    # Themes of a sentence that is none, or that nobody can tell, are left from what a tool had ticked.
    themes = () if finding == NONE else None if finding is None or answer.themes is None else tuple(answer.themes)
    moment = None if answer.at is None else _moment(answer.at)
    at = None if moment is None else timestamp(moment)
    return Review(answer.id, who, at, finding, themes, str(answer.note or "").strip(), settles)


def _who(answer: Answer, names: Names) -> str | None:
    called = _called(answer)
    for name in called:
        if name in names.known:
            return names.known[name]
    given = called[0] if called else None
    return names.default if given is None else None if answer.numbered else given or names.default


def _moment(given: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(given))
    except ValueError:
        return None


def _are_texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(key, str) for key in given)


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
