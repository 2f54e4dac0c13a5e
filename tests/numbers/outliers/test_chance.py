"""Expected counts in clean data and false discovery control, against simulation and plain definitions."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.numbers.outliers.chance import expected_by_chance, expected_counts
from analytics.numbers.outliers.laws.value_laws import value_rates
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.thresholds import (
    count_flagged,
    default_threshold,
    fdr_threshold,
    row_p_values,
    unreachable,
)


def value_rate(method: str, threshold: float, size: int) -> float:
    return float(value_rates(method, np.array([threshold]), np.array([size]))[0, 0])


def clean(rows: int, columns: int, seed: int = 0) -> pd.DataFrame:
    values = np.random.default_rng(seed).standard_normal((rows, columns))
    return pd.DataFrame(values, columns=[f"c{i}" for i in range(columns)])


@pytest.mark.parametrize("size", [5, 12, 40, 300])
@pytest.mark.parametrize("threshold", [1.5, 2.0, 2.5])
def test_the_law_of_z_is_that_of_simulated_samples(size: int, threshold: float) -> None:
    x = np.random.default_rng(1).standard_normal((200_000 // size, size))
    z = np.abs(x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
    assert value_rate("zscore", threshold, size) == pytest.approx((z > threshold).mean(), abs=0.002)


def test_z_can_not_exceed_the_root_of_n_minus_one() -> None:
    assert value_rate("zscore", 3.0, 10) == 0.0
    report = find_outliers(pd.DataFrame({"x": [0.0] * 9 + [1e9]}), methods=["zscore"])
    assert report.scores["zscore"].max() == pytest.approx(3.0)
    assert "no |z| can exceed 3.00" in unreachable(report)["zscore"]
    assert expected_by_chance(report, "zscore") == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "method",
    [
        pytest.param(name, marks=pytest.mark.slow if name in ("isolation_forest", "lof", "ecod") else ())
        for name in OUTLIER_METHODS
    ],
)
def test_many_thresholds_have_the_counts_of_each(method: str) -> None:
    frame = clean(400, 3).mask(np.random.default_rng(1).random((400, 3)) < 0.1)
    frame["site"] = np.repeat(["a", "b", "c", "d"], [2, 18, 80, 300])
    report = find_outliers(frame, methods=[method], by="site")
    thresholds = np.linspace(-0.5, 25, 40)
    singly = [expected_by_chance(report, method, float(threshold)) for threshold in thresholds]
    np.testing.assert_allclose(expected_counts(report, method, thresholds), singly, rtol=1e-13)
    assert (np.diff(singly) <= 0).all()


def test_large_samples_have_the_normal_rates() -> None:
    assert value_rate("zscore", 3.0, 10**6) == pytest.approx(2 * stats.norm.sf(3), rel=1e-3)
    assert value_rate("modified_zscore", 3.5, 10**6) == pytest.approx(2 * stats.norm.sf(3.5), rel=1e-3)
    assert value_rate("iqr", 1.5, 10**6) == pytest.approx(0.00698, abs=1e-5)


def test_small_samples_flag_more_by_the_robust_methods() -> None:
    assert value_rate("modified_zscore", 3.5, 10) > 10 * value_rate("modified_zscore", 3.5, 1000)
    assert value_rate("iqr", 1.5, 10) > 2 * value_rate("iqr", 1.5, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["zscore", "modified_zscore", "iqr"])
def test_expected_rows_agree_with_clean_tables(method: str) -> None:
    counts = []
    for seed in range(30):
        report = find_outliers(clean(400, 4, seed), methods=[method], thresholds={method: 2.0})
        counts.append(count_flagged(report, method, 1.2 if method == "iqr" else 2.2))
    expected = expected_by_chance(report, method, 1.2 if method == "iqr" else 2.2)
    assert expected == pytest.approx(np.mean(counts), rel=0.15)


def test_expected_rows_add_up_over_groups() -> None:
    frame = clean(300, 2)
    frame["site"] = np.arange(300) % 10
    report = find_outliers(frame, methods=["zscore"], columns=["c0", "c1"], by="site")
    single = value_rate("zscore", 2.0, 30)
    assert expected_by_chance(report, "zscore", 2.0) == pytest.approx(300 * (1 - (1 - single) ** 2), rel=1e-9)


@pytest.mark.slow
def test_methods_across_columns_flag_their_expected_share_of_clean_data() -> None:
    report = find_outliers(clean(800, 3, 7), methods=["mahalanobis", "isolation_forest", "ecod"])
    for method in report.methods:
        flagged = count_flagged(report, method, report.thresholds[method])
        assert flagged <= 20, method
        assert expected_by_chance(report, method) == pytest.approx(8, abs=5), method


@pytest.mark.slow
def test_benjamini_hochberg_by_its_definition() -> None:
    frame = clean(500, 3)
    frame.iloc[:12, 0] = 6 + np.arange(12) / 10
    report = find_outliers(frame, methods=["zscore", "modified_zscore", "mahalanobis"])
    for method in report.methods:
        p = np.sort(row_p_values(report, method))
        below = np.flatnonzero(p <= 0.05 * np.arange(1, 501) / 500)
        cut = fdr_threshold(report, method, 0.05)
        assert count_flagged(report, method, cut) == below[-1] + 1
        assert count_flagged(report, method, cut) >= 9


def test_no_discovery_in_uniform_data_gives_an_infinite_threshold() -> None:
    frame = pd.DataFrame({"x": np.linspace(-1, 1, 200)})
    report = find_outliers(frame, methods=["zscore"])
    assert fdr_threshold(report, "zscore") == np.inf


@pytest.mark.slow
def test_the_false_discovery_rate_is_kept() -> None:
    shares = []
    for seed in range(200):
        frame = clean(400, 2, seed)
        frame.iloc[:20, 0] += 5
        report = find_outliers(frame, methods=["modified_zscore"])
        flagged = report.scores["modified_zscore"] > fdr_threshold(report, "modified_zscore", 0.1)
        shares.append(flagged[20:].sum() / max(flagged.sum(), 1))
    assert np.mean(shares) < 0.11


@pytest.mark.slow
def test_row_p_values_are_uniform_on_clean_data() -> None:
    report = find_outliers(clean(2000, 3), methods=["zscore", "mahalanobis"])
    for method in report.methods:
        p = row_p_values(report, method)
        for level in np.linspace(0.05, 0.95, 19):
            # Simulated laws carry a margin of a tenth: what is stated may be that much too large.
            assert level / 1.1 - 0.05 < (p <= level).mean() < level + 0.05


def test_default_thresholds_stand_for_their_probabilities() -> None:
    assert 10 ** -default_threshold("esd") == pytest.approx(0.05)
    assert default_threshold("mahalanobis", clean=np.arange(101.0)) == 99.0
    assert default_threshold("mahalanobis") == np.inf
    assert default_threshold("lof", clean=np.arange(101.0)) == 99.0


@pytest.mark.slow
def test_methods_without_a_law_refuse_false_discovery_control() -> None:
    report = find_outliers(clean(50, 2), methods=["lof"])
    with pytest.raises(ZetascopeError, match="no law for clean data"):
        fdr_threshold(report, "lof")
    with pytest.raises(ZetascopeError, match="no scores of 'zscore'"):
        fdr_threshold(report, "zscore")
