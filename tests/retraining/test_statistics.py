"""Statistics on known cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.learning import evaluation
from pipeline.retraining.statistics import (
    chi_square,
    design_effect,
    histogram,
    holm,
    kolmogorov_smirnov,
    label_f1,
    lower_bound,
    macro_f1,
    micro_f1,
    paired_differences,
    stability_index,
)


def counts_of(gold: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.stack([(gold & found).sum(axis=0), found.sum(axis=0), gold.sum(axis=0)], axis=-1)


def test_f1_of_counts_is_that_of_evaluation():
    generator = np.random.default_rng(1)
    gold, found = generator.integers(0, 4, 200), generator.integers(0, 4, 200)
    codes = np.arange(4)
    counts = counts_of(gold[:, None] == codes, found[:, None] == codes)
    assert macro_f1(counts) == pytest.approx(evaluation.macro_f1(gold, found))
    gold, found = generator.random((2, 200, 5)) < 0.3
    assert micro_f1(counts_of(gold, found)) == pytest.approx(evaluation.micro_f1(gold, found))


def test_a_label_that_neither_occurs_nor_is_given_has_no_f1():
    counts = np.array([[4, 5, 5], [0, 0, 0]])
    assert label_f1(counts).tolist() == pytest.approx([0.8, np.nan], nan_ok=True)
    assert macro_f1(counts) == pytest.approx(0.8)
    assert macro_f1(np.zeros((3, 3))) == micro_f1(np.zeros((3, 3))) == 0.0


def binary(right: list[list[int]]) -> np.ndarray:
    """Counts of one label that is always wanted, found where it says 1, by article."""
    return np.array([[[sum(row), sum(row), len(row)]] for row in right])


def test_the_same_predictions_differ_nowhere():
    counts = binary([[1, 0, 1], [0, 0], [1, 1]])
    assert not paired_differences(counts, counts, macro_f1, samples=200).any()


def test_a_difference_that_every_article_has_has_a_narrow_bound():
    better, worse = binary([[1, 1, 1, 0]] * 30), binary([[1, 1, 0, 0]] * 30)
    differences = paired_differences(better, worse, micro_f1, samples=500)
    expected = 6 / 7 - 4 / 6
    assert differences == pytest.approx(expected)
    assert lower_bound(differences, 0.9) == pytest.approx(expected)


def test_the_bound_is_that_of_the_mean_where_the_statistic_is_one():
    # Articles of one sentence and a linear statistic: the bootstrap's spread is known.
    generator = np.random.default_rng(2)
    gains = generator.normal(0.1, 1.0, 400)
    first = np.stack([gains, gains, gains], axis=-1)[:, None, :]

    def mean(counts: np.ndarray) -> np.ndarray:
        return counts[..., 0, 0] / 400

    differences = paired_differences(first, np.zeros_like(first), mean, samples=20_000, seed=3)
    assert differences.mean() == pytest.approx(gains.mean(), abs=0.01)
    expected = gains.mean() + stats.norm.ppf(0.1) * gains.std() / 20
    assert lower_bound(differences, 0.9) == pytest.approx(expected, abs=0.01)


def test_articles_are_drawn_whole():
    # All of the difference lies in one article of forty: it is missing from about 1 in e samples.
    first, second = binary([[1] * 5] * 40), binary([[1] * 5] * 39 + [[0] * 5])
    differences = paired_differences(first, second, micro_f1, samples=4000)
    assert (differences == 0).mean() == pytest.approx(np.exp(-1), abs=0.03)


def test_seeds_decide():
    generator = np.random.default_rng(4)
    first, second = (binary(generator.integers(0, 2, (20, 6)).tolist()) for _ in range(2))
    one, same, other = (paired_differences(first, second, macro_f1, samples=50, seed=s) for s in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


@pytest.mark.parametrize("counts", [np.zeros((0, 1, 3)), np.zeros((2, 2, 3))])
def test_counts_of_other_articles_are_refused(counts: np.ndarray):
    with pytest.raises(ValueError, match="same articles"):
        paired_differences(np.zeros((0, 1, 3)), counts, macro_f1)


def test_stability_index_on_a_known_case():
    # Halves made three quarters and one quarter: (0.25 ln 1.5) + (-0.25 ln 0.5).
    expected = 0.25 * np.log(1.5) - 0.25 * np.log(0.5)
    assert stability_index(np.array([5e6, 5e6]), np.array([7.5e6, 2.5e6])) == pytest.approx(expected, abs=1e-6)
    assert stability_index(np.array([3.0, 5]), np.array([3.0, 5])) == 0
    assert np.isfinite(stability_index(np.array([9.0, 0]), np.array([0.0, 9])))


def test_stability_index_by_chance_is_what_is_said():
    generator = np.random.default_rng(5)
    found = [
        stability_index(*(generator.multinomial(500, np.full(10, 0.1)).astype(float) for _ in range(2)))
        for _ in range(400)
    ]
    assert np.mean(found) == pytest.approx(9 * (1 / 500 + 1 / 500), rel=0.1)


def test_histogram_counts_each_value_once():
    assert histogram(np.array([0.0, 1, 1.5, 2, 9]), np.array([1.0, 2])).tolist() == [1, 2, 2]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30), st.lists(st.floats(0, 20), min_size=1, max_size=30))
def test_kolmogorov_smirnov_is_the_largest_gap(first: list[int], second: list[float]):
    distance, p_value = kolmogorov_smirnov(np.array(first, float), np.array(second))
    points = np.array([*first, *second])
    gaps = [abs(np.mean(np.array(first) <= x) - np.mean(np.array(second) <= x)) for x in points]
    assert distance == pytest.approx(max(gaps))
    assert p_value == pytest.approx(stats.ks_2samp(first, second).pvalue)


def test_kolmogorov_smirnov_of_nothing_says_nothing():
    assert kolmogorov_smirnov(np.zeros(0), np.ones(3)) == (0.0, 1.0)


def test_chi_square_of_single_sentences_is_scipys():
    first, second = np.array([[30, 20, 10]]), np.array([[10, 25, 5]])
    found = chi_square(first, second)
    expected = stats.chi2_contingency(np.vstack([first, second]), correction=False)
    assert found == pytest.approx((expected.statistic, expected.pvalue))


def test_articles_that_are_all_alike_have_design_effect_1_and_whole_articles_of_a_class_that_of_their_size():
    generator = np.random.default_rng(6)
    classes = generator.integers(0, 3, 3000)
    clustered = np.eye(3)[classes] * 7
    assert design_effect(clustered) == pytest.approx(7, rel=0.01)
    assert design_effect(np.eye(3)[classes]) == pytest.approx(1, rel=0.01)
    assert design_effect(np.full((10, 3), 4.0)) == 1
    assert design_effect(np.array([[1.0, 2]])) == 1
    assert design_effect(np.zeros((4, 2))) == 1


def test_chi_square_keeps_its_level_where_sentences_of_an_article_are_alike():
    generator = np.random.default_rng(7)

    def sample() -> np.ndarray:
        shares = generator.dirichlet([2, 2, 2], 60)
        return np.array([generator.multinomial(25, share) for share in shares])

    found = np.array([chi_square(sample(), sample())[1] for _ in range(300)])
    assert (found < 0.05).mean() == pytest.approx(0.05, abs=0.03)


def test_chi_square_of_few_articles_takes_their_likeness_from_many():
    generator = np.random.default_rng(8)

    def sample(articles: int) -> np.ndarray:
        return np.array([generator.multinomial(25, share) for share in generator.dirichlet([2, 2, 2], articles)])

    found = np.array([chi_square(sample(200), sample(5))[1] for _ in range(300)])
    assert (found < 0.05).mean() <= 0.08


@pytest.mark.parametrize("second", [np.zeros((1, 2)), np.array([[4, 0]])])
def test_chi_square_of_nothing_or_one_class_says_nothing(second: np.ndarray):
    assert chi_square(np.array([[3, 0]]), second) == (0.0, 1.0)


def test_holm_on_a_known_case():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
