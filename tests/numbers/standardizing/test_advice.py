"""Which method suits a column: by made columns whose shape is known, and by ratios that are published."""

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import StandardizeError, Standardizer, advise_methods, advised_methods
from analytics.numbers.standardizing.advice import l_ratios

N = 2000
RNG = np.random.default_rng(3)
NORMAL = RNG.normal(size=N)
WANTED = {
    "normal": (NORMAL, "zscore"),
    "whole numbers": (np.round(NORMAL * 20), "zscore"),
    "large": (NORMAL * 1e299, "zscore"),
    "small": (NORMAL * 1e-299, "zscore"),
    "offset": (NORMAL + 1e9, "zscore"),
    "with gaps": (np.where(RNG.random(N) < 0.9, np.nan, NORMAL), "zscore"),
    "with infinite": (np.where(RNG.random(N) < 0.01, np.inf, NORMAL), "zscore"),
    "marks of five": (RNG.integers(1, 6, N), "zscore"),
    "incomes": (RNG.lognormal(10, 1, N), "yeo_johnson"),
    "waiting times": (RNG.exponential(3600, N), "yeo_johnson"),
    "a typo above incomes": (np.r_[RNG.lognormal(10, 1, N - 1), 1e12], "yeo_johnson"),
    "turned round": (-RNG.lognormal(1, 1, N), "yeo_johnson"),
    "a typo": (np.r_[NORMAL[1:], 1e4], "robust"),
    "both sides": (RNG.laplace(size=N), "robust"),
    "student": (RNG.standard_t(3, N), "robust"),
    "a third zero": (np.where(RNG.random(N) < 0.33, 0.0, RNG.exponential(size=N)), "rank_gauss"),
    "mostly zero": (np.where(RNG.random(N) < 0.7, 0.0, RNG.exponential(size=N)), "maxabs"),
    "yes or no": (RNG.integers(0, 2, N), "minmax"),
    "percent": (RNG.uniform(0, 100, N), "minmax"),
    "shares": (RNG.beta(0.7, 0.7, N), "minmax"),
}


@pytest.mark.parametrize("name", WANTED)
def test_the_advice_follows_shape_tails_zeros_and_bounds(name: str) -> None:
    values, method = WANTED[name]
    (advice,) = advise_methods(pd.DataFrame({name: values}))
    assert (advice.method, advice.leave_out) == (method, False), advice


@pytest.mark.parametrize("values", [[7.0] * 30, [np.nan] * 30, [0.1 + 0.2, 0.3] * 15])
def test_a_column_without_spread_can_be_left_out(values: list[float]) -> None:
    (advice,) = advise_methods(pd.DataFrame({"x": values}), columns="x")
    assert advice.leave_out


def test_few_values_tell_no_shape() -> None:
    assert advised_methods(pd.DataFrame({"x": [1.0, 2, 4, 8, 16, 32, 64]})) == {"x": "zscore"}
    with pytest.raises(StandardizeError, match="'y'"):
        advise_methods(pd.DataFrame({"x": [1.0]}), columns=["y"])


@pytest.mark.parametrize(
    ("law", "skew", "tails"),  # Hosking (1990), table 1
    [
        ("uniform", 0.0, 0.0),
        ("normal", 0.0, 0.1226),
        ("exponential", 1 / 3, 1 / 6),
        ("gumbel", 0.1699, 0.1504),
    ],
)
def test_l_ratios_are_those_of_the_laws(law: str, skew: float, tails: float) -> None:
    found = l_ratios(np.sort(getattr(np.random.default_rng(0), law)(size=200_000)))
    np.testing.assert_allclose(found, (skew, tails), atol=0.006)


def test_the_advised_transform_scores_each_column_by_its_method() -> None:
    frame = pd.DataFrame({name: values for name, (values, _) in WANTED.items()})
    methods = advised_methods(frame)
    scores = Standardizer(methods=methods, columns=list(frame)).fit_transform(frame)
    for name in ("incomes", "a typo", "percent"):
        alone = Standardizer(methods[name], columns=name).fit_transform(frame)
        np.testing.assert_array_equal(scores[name], alone[name])
