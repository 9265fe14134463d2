"""Doubt: labels that models which haven't seen their article disagree with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.learning.doubt import doubted, doubts
from pipeline.settings import Settings


def test_a_label_is_doubted_when_another_is_as_sure_as_usual():
    probabilities = np.array(
        [
            [0.9, 0.1],  # rightly 0
            [0.7, 0.3],  # rightly 0: so 0 is usually at 0.8
            [0.2, 0.8],  # rightly 1
            [0.85, 0.15],  # labelled 1, surely 0: doubted
            [0.6, 0.4],  # labelled 1, perhaps 0: not sure enough
        ]
    )
    assert doubts(probabilities, np.array([0, 0, 1, 1, 1])).tolist() == [3]


def test_labels_turned_round_are_found(examples: pd.DataFrame, settings: Settings):
    wrong = examples.copy()
    sure = "Social workers visit children often and know them well."
    place = wrong.index[wrong["text"] == sure]
    wrong.loc[place, "finding"] = "concern"
    found = doubted(wrong, {}, settings)
    assert sure in set(found["text"])
    row = found[found["text"] == sure].iloc[0]
    assert (row["finding"], row["suggested"]) == ("concern", "strength")
    assert found["margin"].is_monotonic_decreasing
    assert (found["suggested"] != found["finding"]).all()
