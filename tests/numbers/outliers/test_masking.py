"""Disagreement between methods, the medcouple, and skewed columns."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.numbers import find_outliers
from analytics.numbers.outliers.masking import masked_values, medcouple, skew_warnings


def hidden_pair() -> pd.DataFrame:
    """Two values far out on the same side: each widens the SD that should show the other."""
    return pd.DataFrame({"x": [*np.linspace(9, 11, 10), 50.0, 52.0], "y": np.linspace(-1, 1, 12)})


def test_two_outliers_hide_each_other_from_z_but_not_from_the_mad() -> None:
    frame = hidden_pair()
    report = find_outliers(frame, methods=["zscore", "modified_zscore"])
    assert not report.flags["zscore"].any()
    assert report.flags["modified_zscore"].to_numpy().nonzero()[0].tolist() == [10, 11]
    (masking,) = masked_values(report)
    assert (masking.column, set(masking.rows)) == ("x", {10, 11})
    x = frame["x"].to_numpy()
    assert masking.sd == pytest.approx(x.std())
    assert masking.sd_without == pytest.approx(x[:10].std())
    assert masking.hidden_z == pytest.approx((52 - x.mean()) / x.std())
    assert masking.revealed_z == pytest.approx((50 - 10) / x[:10].std())
    assert "|z| misses 52 (row 12), 50 (row 11), at most 2." in masking.sentence


def test_masking_within_a_group() -> None:
    frame = pd.concat(
        [hidden_pair(), pd.DataFrame({"x": np.linspace(9, 200, 12), "y": 0.0})], ignore_index=True
    )
    frame["site"] = ["a"] * 12 + ["b"] * 12
    found = masked_values(find_outliers(frame, methods=["zscore", "modified_zscore"], by="site"))
    assert [(masking.group, set(masking.rows)) for masking in found] == [("a", {10, 11})]


def test_nothing_is_masked_when_z_sees_it_or_is_not_asked() -> None:
    frame = pd.DataFrame({"x": [*np.linspace(9, 11, 60), 50.0]})
    assert masked_values(find_outliers(frame, methods=["zscore", "modified_zscore"])) == ()
    assert masked_values(find_outliers(hidden_pair(), methods=["modified_zscore"])) == ()


def direct_medcouple(values: np.ndarray) -> float:
    """The definition, pair by pair, with the sign rule for ties at the median (Brys et al. 2004)."""
    x = np.sort(values)[::-1]
    m = np.median(x)
    upper, lower = x[x >= m], x[x <= m]
    ties = int((x == m).sum())
    kernel = []
    for i, a in enumerate(upper):
        for j, b in enumerate(lower):
            if a != b:
                kernel.append(((a - m) - (m - b)) / (a - b))
            else:
                kernel.append(float(np.sign(ties - 1 - (i - (len(upper) - ties)) - j)))
    return float(np.median(kernel))


@given(st.lists(st.integers(-6, 9), min_size=3, max_size=40))
@settings(max_examples=150, deadline=None)
def test_medcouple_by_its_definition(values: list[int]) -> None:
    array = np.array(values, dtype=float)
    assert medcouple(array) == pytest.approx(direct_medcouple(array), abs=1e-12)


def test_medcouple_of_a_published_sample_and_of_known_laws() -> None:
    assert medcouple(np.array([1.0, 2, 7, 9, 10])) == pytest.approx(-1 / 3)
    shares = np.linspace(0.0005, 0.9995, 1000)
    assert medcouple(stats.norm.ppf(shares)) == pytest.approx(0, abs=1e-9)
    assert medcouple(stats.expon.ppf(shares)) == pytest.approx(0.333, abs=0.005)


@given(st.integers(0, 500))
@settings(max_examples=20, deadline=None)
def test_medcouple_turns_its_sign_with_the_sample(seed: int) -> None:
    x = np.random.default_rng(seed).gamma(2, size=101)
    assert medcouple(-x) == pytest.approx(-medcouple(x), abs=1e-12)
    assert medcouple(5 * x + 3) == pytest.approx(medcouple(x), abs=1e-9)


def test_large_samples_are_represented_by_their_order_statistics() -> None:
    x = np.random.default_rng(0).exponential(size=50_000)
    assert medcouple(x) == pytest.approx(0.333, abs=0.02)


def test_a_long_tail_is_warned_of_and_a_few_outliers_are_not() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"income": rng.lognormal(0, 1, 500), "height": rng.normal(170, 8, 500)})
    frame.loc[:3, "height"] = 600
    (warning,) = skew_warnings(find_outliers(frame, methods=["zscore"]))
    assert warning.column == "income"
    z = stats.zscore(frame["income"])
    assert (warning.high_flags, warning.low_flags) == ((z > 3).sum(), (z < -3).sum())
    assert warning.skewness == pytest.approx(stats.skew(frame["income"]))
    assert "long high tail" in warning.sentence


def test_a_long_tail_is_not_told_as_outliers_that_hide_each_other() -> None:
    rng = np.random.default_rng(3)
    tail = np.exp(rng.normal(0, 3, 400))
    report = find_outliers(pd.DataFrame({"x": tail}), methods=["zscore", "modified_zscore"])
    assert report.flags["modified_zscore"].mean() > 0.2
    assert masked_values(report) == ()
    assert len(skew_warnings(report)) == 1
