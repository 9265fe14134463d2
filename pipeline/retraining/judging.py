"""Judging: a challenger beside the version in use and the last that a person blessed, and what speaks against it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError, PipelineError
from pipeline.labels import FINDINGS
from pipeline.retraining.behaviour import Check, broken
from pipeline.retraining.corrections import Rows, as_table, row_digest
from pipeline.retraining.gate import Comparison, compare
from pipeline.retraining.measuring import Measured, measure, probabilities
from pipeline.retraining.record import record_of
from pipeline.retraining.stand_ins import Ground, saw, stand_in
from pipeline.retraining.statistics import Floats, improbability
from pipeline.store.history import MOVES

if TYPE_CHECKING:
    from pipeline.model import Model
    from pipeline.retraining.held_out import HeldOut
    from pipeline.settings import Settings
    from pipeline.store import Store, Version

IN_USE, BLESSED, FIRST = "version in use", "blessed version", "first version"


@dataclass
class Judgement:
    """How a challenger does, beside whom, what speaks against it, and the stand-ins that were measured for it."""

    measured: Measured
    comparisons: list[Comparison] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    stand_ins: dict[str, Measured] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """All that speaks against it, or for it."""
        if self.against or not self.comparisons:
            return "; ".join(self.against) or "no version was in use"
        return "not worse than " + " or ".join(
            f"the {found.role} {found.version} (findings {found.findings.score:.3f} and {found.findings.other:.3f}, "
            f"themes {found.themes.score:.3f} and {found.themes.other:.3f})"
            for found in self.comparisons
        )


def gate_digest(
    store: Store, held: HeldOut | None, settings: Settings, checks: list[Check], champion: str | None
) -> str:
    """A digest of all that a challenger is held against: the same challenger would be judged alike."""
    values = [held.digest if held else "", champion, store.blessed(), settings.retraining.to_dict()]
    asked = [[check.text, check.finding, check.heading, check.themes] for check in checks]
    return hashlib.sha256(json.dumps([values, asked]).encode()).hexdigest()[:16]


def judge(challenger: Model, store: Store, ground: Ground, checks: list[Check], rows: Rows) -> Judgement:
    """Measure a challenger and put it beside others; `rows` are the corrections that it learnt from.

    Raises `StoreError` or `ModelError` when a version that it is to be compared with is damaged.
    """
    keys = list(ground.themes)
    found = Judgement(measure(challenger, ground.gold, keys), against=broken(challenger, checks))
    champion = store.current()
    others = _others(store, ground.held, champion, found.against)
    for role, name in others:
        version = store.version(name)
        own = record_of(version)
        stands_in = saw(own, ground.held)
        other = (
            stand_in(version, own, ground, store.root) if stands_in else measure(store.load(name), ground.gold, keys)
        )
        if other is None:
            found.against.append(
                f"the {role} {name} saw held-out articles, and what it was trained on isn't known or has changed: no "
                "fair comparison; look at the challenger, then promote and bless it by hand"
            )
            continue
        if stands_in:
            found.stand_ins[name] = other
        settings, seed = ground.settings.retraining, ground.settings.training.seed
        beside = compare(found.measured, other, settings, version=name, role=role, stand_in=stands_in, seed=seed)
        found.comparisons.append(beside)
        found.against += beside.against
    found.against += _contradictions(store, others, ground, rows)
    return found


def _others(store: Store, held: HeldOut, champion: str | None, against: list[str]) -> list[tuple[str, str]]:
    """The versions to compare with: the one in use, and the last that a person blessed.

    While nobody has blessed any, the one in use when the held-out articles were chosen stands for it, so that many
    small losses can't add up.
    """
    others = [(IN_USE, champion)] if champion else []
    there = {version.name for version in store.versions()} - {champion}
    blessed = store.blessed()
    if blessed in there:
        others.append((BLESSED, str(blessed)))
    elif blessed and blessed != champion:
        against.append(f"the blessed version {blessed} is gone: bless another with 'pipeline models promote'")
    elif not blessed and held.anchor in there:
        others.append((FIRST, str(held.anchor)))
    return others


def _contradictions(store: Store, others: list[tuple[str, str]], ground: Ground, rows: Rows) -> list[str]:
    """Whether corrections are improbable to a version that hasn't learnt them.

    Its probabilities are calibrated: honest corrections contradict it about as often as it expects, false ones more.
    The version in use is asked first, then the one that it is compared with besides: false corrections that came in a
    few at a time must not be vouched for by a version that has learnt them.
    """
    if ground.settings.retraining.disagreement == 1:
        return []
    used = _used(store)
    since = {frozenset[str](), *used.values()}
    for role, name in [*others, *_oldest(store, others, ground.held, used)]:
        try:
            reason = _contradicted(store, f"the {role} {name}", name, ground.settings, rows, since)
        except PipelineError as error:
            if role == IN_USE:
                raise
            reason = (
                f"the {role} can't be asked about corrections ({error}): bless another with 'pipeline models promote'"
            )
        if reason:
            return [reason]
    return []


def _oldest(store: Store, others: list[tuple[str, str]], held: HeldOut, used: Collection[str]) -> list[tuple[str, str]]:
    """The oldest version that was in use, where there is none to ask about corrections but the one in use now.

    So it is when nobody has blessed any, and none was in use when the held-out articles were chosen, or it is gone.
    """
    if len(others) != 1 or store.blessed() or held.anchor == others[0][1]:
        return []
    return [(FIRST, name) for name in list(used)[:1] if name != others[0][1]]


def _used(store: Store) -> dict[str, frozenset[str]]:
    """The versions that have been in use and are there, oldest first, with the corrections that each has learnt."""
    names = {entry.to for entry in store.history() if entry.action in MOVES}
    found = {}
    for version in store.versions():
        if version.name in names:
            with suppress(ModelError):
                found[version.name] = _learnt(version)
    return found


def _learnt(version: Version) -> frozenset[str]:
    known = record_of(version)
    return known.corrections if known else frozenset()


def _contradicted(
    store: Store, whose: str, name: str, settings: Settings, rows: Rows, since: Collection[frozenset[str]]
) -> str | None:
    """Why the corrections that a version hasn't learnt can't be trusted, if so.

    They are put to it all together, and those that came in since each version that was in use: else many honest ones
    from before would hide false ones that came lately.
    """
    learnt = _learnt(store.version(name))
    new = {digest: row for row in rows if (digest := row_digest(row)) not in learnt}
    if not new:
        return None
    # Each alone: the others aren't its neighbours.
    chances = probabilities(store.load(name), as_table(new.values()).drop(columns="article"))
    given = np.array([FINDINGS.index(row["finding"]) for row in new.values()])
    found = {tuple(digest not in before for digest in new) for before in since}
    # The latest first: those that are to be looked at.
    parts = np.array(sorted((part for part in found if any(part)), key=sum))
    part = _improbable(chances, given, parts, settings)
    if part is None:
        return None
    agreed, promised = (chances.argmax(axis=1) == given)[part].mean(), chances.max(axis=1)[part].mean()
    return (
        f"{whose} finds {part.sum()} new corrections improbable (it agrees with {agreed:.0%} of them, where its "
        f"confidence promises {promised:.0%}): look at them; if they are right, promote the challenger by hand"
    )


def _improbable(
    chances: Floats, given: NDArray[np.int64], parts: NDArray[np.bool_], settings: Settings
) -> NDArray[np.bool_] | None:
    """The first part of corrections that is improbable, though a share may be wrong; None when none is."""
    limits = settings.retraining
    allowed = 1 - limits.disagreement_level
    p_values = improbability(
        chances,
        given,
        parts,
        wrong=limits.disagreement,
        samples=max(limits.samples, round(10 / allowed)),
        seed=settings.training.seed,
    )
    return next((part for part, p_value in zip(parts, p_values, strict=True) if p_value <= allowed), None)
