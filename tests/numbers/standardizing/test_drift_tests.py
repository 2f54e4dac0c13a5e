"""Rank tests against marks of the old values: exact levels for any law, and scipy where it has the test."""

import numpy as np
import pytest
from scipy import stats

from analytics.numbers.standardizing.drift_tests import marks_of, p_of_shift, p_of_spread


def test_marks_are_values_with_the_shares_below_and_up_to_them() -> None:
    marks = marks_of(np.array([0.0] * 70 + [1.0] * 20 + [5.0] * 10))
    assert marks == ((0.0, 0.0, 0.7), (1.0, 0.7, 0.9), (5.0, 0.9, 1.0))
    many = marks_of(np.arange(100_000.0))
    assert 10 <= len(many) <= 16
    assert all(share == pytest.approx(value / 100_000, abs=0.03) for value, share, _ in many)


def test_all_marks_of_few_values_give_the_exact_law() -> None:
    """One new value is equally likely in each of ten places, so that p at the top is 2 / 10."""
    marks = marks_of(np.arange(9.0))
    assert p_of_shift(marks, 9, np.array([99.0]), level=0.01) == pytest.approx(0.2, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("draw", [np.random.Generator.standard_normal, np.random.Generator.standard_cauchy])
def test_p_values_are_those_of_dealing_out_anew(draw) -> None:
    rng = np.random.default_rng(1)
    old, new = draw(rng, 300), draw(rng, 60) * 1.6
    ours = p_of_spread(marks_of(old), 300, new, level=0.01)

    def statistic(x: np.ndarray, y: np.ndarray) -> float:
        ranks = stats.rankdata(np.concatenate([x, y]))
        return float(np.mean(stats.norm.ppf((ranks[len(x) :] - 0.5) / len(ranks)) ** 2))

    exact = stats.permutation_test(
        (old, new), statistic, permutation_type="independent", n_resamples=800, rng=np.random.default_rng(0)
    ).pvalue
    assert ours == pytest.approx(exact, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [3, 40, 300])
@pytest.mark.parametrize("law", ["lognormal", "cauchy", "rare"])
def test_the_level_is_kept_whatever_the_law(law: str, rows: int) -> None:
    draws = {
        "lognormal": lambda rng, n: rng.lognormal(0, 2, n),
        "cauchy": lambda rng, n: rng.standard_cauchy(n),
        "rare": lambda rng, n: (rng.random(n) < 0.03).astype(float),
    }
    rng, tables, level = np.random.default_rng(rows), 150, 0.05
    for test in (p_of_shift, p_of_spread):
        called = 0
        for _ in range(tables):
            marks = marks_of(draws[law](rng, 500))
            called += test(marks, 500, draws[law](rng, rows), level=level) < level
        assert called <= stats.binom.ppf(0.999, tables, level), test.__name__
