"""Judging: a challenger beside the version in use and the last that a person blessed, and what speaks against it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.retraining.behaviour import Check, broken
from pipeline.retraining.corrections import Rows, as_table, row_digest
from pipeline.retraining.gate import Comparison, compare
from pipeline.retraining.measuring import Measured, agreement, measure
from pipeline.retraining.record import Record, record_of
from pipeline.retraining.stand_ins import Ground, saw, stand_in

if TYPE_CHECKING:
    from pipeline.model import Model
    from pipeline.retraining.held_out import HeldOut
    from pipeline.settings import Settings
    from pipeline.store import Store

_SURE = 3.0
"""Standard deviations from which a disagreement isn't chance."""

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
    for role, name in _others(store, ground.held, champion, found.against):
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
    if champion:
        found.against += _contradictions(store, champion, record_of(store.version(champion)), ground.settings, rows)
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


def _contradictions(store: Store, champion: str, known: Record | None, settings: Settings, rows: Rows) -> list[str]:
    """Whether the version in use agrees with far fewer of the corrections that are new to it than its confidence says.

    Its confidence is calibrated: honest corrections contradict it about as often as it promises, flipped ones more.
    """
    limits = settings.retraining
    learnt = known.corrections if known else frozenset()
    new = [row for row in rows if row_digest(row) not in learnt]
    if len(new) < limits.least_corrections:
        return []
    # Each alone: the others aren't its neighbours.
    same, promised, spread = agreement(store.load(champion), as_table(new).drop(columns="article"))
    if promised - same <= max(limits.disagreement, _SURE * spread):
        return []
    return [
        f"{champion} agrees with {same:.0%} of {len(new)} new corrections, where its confidence promises "
        f"{promised:.0%}: look at them"
    ]
