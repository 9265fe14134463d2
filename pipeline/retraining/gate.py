"""The gate: whether a challenger is not worse than another version, on the same held-out articles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipeline.retraining.measuring import Measured
from pipeline.retraining.statistics import (
    Counts,
    Floats,
    lower_bound,
    macro_f1,
    micro_f1,
    paired_differences,
)
from pipeline.settings import RetrainingSettings


@dataclass(frozen=True)
class Difference:
    """A challenger's score less another version's, and the lower bound of what that may be by chance."""

    score: float
    other: float
    bound: float

    def to_dict(self) -> dict[str, float]:
        """As plain data."""
        return {
            "challenger": round(self.score, 4),
            "other": round(self.other, 4),
            "difference": round(self.score - self.other, 4),
            "lower_bound": round(self.bound, 4),
        }


@dataclass(frozen=True)
class Comparison:
    """A challenger beside one version, which may be measured by a stand-in; `against` says why it isn't good enough."""

    version: str
    role: str
    stand_in: bool
    findings: Difference
    themes: Difference
    calibration: tuple[float, float]
    against: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "version": self.version,
            "role": self.role,
            "stand_in": self.stand_in,
            "findings_macro_f1": self.findings.to_dict(),
            "themes_micro_f1": self.themes.to_dict(),
            "calibration_error": {
                "challenger": round(self.calibration[0], 4),
                "other": round(self.calibration[1], 4),
            },
            "against": self.against,
        }


def compare(
    challenger: Measured,
    other: Measured,
    settings: RetrainingSettings,
    *,
    version: str,
    role: str,
    stand_in: bool = False,
    seed: int = 1,
) -> Comparison:
    """Put a challenger beside another version, both measured on the same articles.

    It is not good enough when a lower bound (`level`, paired bootstrap by article) of macro-F1 of findings or micro-F1
    of themes lies more than `margin` below the other's, when F1 of a label that occurs `label_support` times falls by
    more than `label_fall` and its upper bound falls too, or when the calibration error rises by more than
    `calibration_rise`.
    """

    def difference(name: str, statistic: Callable[[Floats], Floats], scores: tuple[float, float]) -> Difference:
        counts: tuple[Counts, Counts] = getattr(challenger, name), getattr(other, name)
        if not counts[0].shape[1]:  # no themes at all
            return Difference(0.0, 0.0, 0.0)
        drawn = paired_differences(*counts, statistic, samples=settings.samples, seed=seed)
        return Difference(*scores, lower_bound(drawn, settings.level))

    findings = difference("findings", macro_f1, (challenger.macro_f1, other.macro_f1))
    themes = difference("themes", micro_f1, (challenger.micro_f1, other.micro_f1))
    against = []
    for name, found in (("macro-F1 of findings", findings), ("micro-F1 of themes", themes)):
        if found.bound <= -settings.margin:
            against.append(
                f"{name} may be {-found.bound:.3f} below that of the {role} {version} "
                f"({found.score:.3f} and {found.other:.3f}; {settings.margin:g} is allowed)"
            )
    against += _fallen(challenger, other, settings, f"the {role} {version}", seed)
    rise = challenger.calibration - other.calibration
    if rise > settings.calibration_rise:
        against.append(
            f"calibration error is {challenger.calibration:.3f}, {rise:.3f} above that of the {role} {version}"
        )
    calibration = challenger.calibration, other.calibration
    return Comparison(version, role, stand_in, findings, themes, calibration, against)


def _fallen(challenger: Measured, other: Measured, settings: RetrainingSettings, whose: str, seed: int) -> list[str]:
    """Labels whose F1 fell by more than is allowed, and not by chance."""
    now, before = challenger.labels, other.labels
    found = []
    for name, (score, support) in now.items():
        if support < settings.label_support or before[name][0] - score <= settings.label_fall:
            continue
        drawn = paired_differences(
            challenger.counts_of(name), other.counts_of(name), macro_f1, samples=settings.samples, seed=seed
        )
        if -lower_bound(-drawn, settings.level) < 0:
            found.append(f"F1 of {name} fell from {before[name][0]:.3f} ({whose}) to {score:.3f}")
    return found
