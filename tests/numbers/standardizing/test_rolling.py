"""Rolling scores know the past only."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import StandardizeError, rolling_zscore

values = st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=4, max_size=40)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(x=values, window=st.integers(2, 12), cut=st.integers(1, 39), future=values)
def test_no_later_row_changes_a_score(x: list, window: int, cut: int, future: list) -> None:
    cut = min(cut, len(x))
    whole = pd.DataFrame({"x": pd.array(x, dtype="Float64")})
    changed = pd.DataFrame({"x": pd.array([*x[:cut], *future], dtype="Float64")})
    options = {"window": window, "min_periods": 2, "columns": ["x"]}
    before = rolling_zscore(whole, **options).iloc[:cut]
    pd.testing.assert_frame_equal(rolling_zscore(changed, **options).iloc[:cut], before, check_exact=True)


def test_agrees_with_pandas_on_the_shifted_series() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(5, 2, (500, 3)), columns=list("abc"))
    frame.iloc[::17, 0] = np.nan
    past = frame.shift(1).rolling(20, min_periods=15)
    expected = (frame - past.mean()) / past.std()
    np.testing.assert_allclose(
        rolling_zscore(frame, window=20, min_periods=15), expected, rtol=1e-9, atol=1e-12
    )


def test_groups_do_not_see_each_other() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"share": list("ab") * 50, "x": rng.normal(size=100)}).sample(frac=1, random_state=0)
    together = rolling_zscore(frame, window=5, by="share", ddof=0)
    for _, part in frame.groupby("share"):
        alone = rolling_zscore(part, window=5, columns=["x"], ddof=0)
        pd.testing.assert_frame_equal(together.loc[part.index], alone, check_exact=True)


def test_a_spike_does_not_linger_beyond_its_window() -> None:
    x = np.sin(np.arange(200.0))
    spiked = x.copy()
    spiked[50] = 1e15
    calm = rolling_zscore(pd.DataFrame({"x": x}), window=10)["x"]
    after = rolling_zscore(pd.DataFrame({"x": spiked}), window=10)["x"]
    np.testing.assert_array_equal(after[61:], calm[61:])
    assert after[50] > 1e14


def test_a_flat_past_gives_zero_or_nothing() -> None:
    scores = rolling_zscore(pd.DataFrame({"x": [0.1, 0.1, 0.1, 0.1, 0.2, 0.1]}), window=3)["x"]
    assert scores[:3].isna().all()
    assert scores[3] == 0
    assert np.isnan(scores[4])
    assert scores[5] == pytest.approx((0.1 - 0.4 / 3) / np.std([0.1, 0.1, 0.2], ddof=1))


def test_long_series_are_cut_into_blocks_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    from analytics.numbers.standardizing import rolling

    frame = pd.DataFrame({"x": np.random.default_rng(2).normal(size=300)})
    whole = rolling_zscore(frame, window=7)
    monkeypatch.setattr(rolling, "BLOCK_CELLS", 50)
    pd.testing.assert_frame_equal(rolling_zscore(frame, window=7), whole, check_exact=True)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"window": 1}, "window is 1"),
        ({"window": 2.5}, "window is 2.5"),
        ({"window": 5, "min_periods": 6}, "min_periods is 6"),
        ({"window": 5, "min_periods": 1}, "min_periods is 1"),
        ({"window": 5, "ddof": 2}, "ddof is 2"),
        ({"window": 5, "by": "nope"}, "'nope'"),
    ],
)
def test_bad_windows_are_named(choices: dict, said: str) -> None:
    with pytest.raises(StandardizeError, match=said):
        rolling_zscore(pd.DataFrame({"x": [1.0, 2.5, 4.0]}), **choices)


def test_a_window_longer_than_the_data_gives_no_score() -> None:
    assert rolling_zscore(pd.DataFrame({"x": [1.0, 2.5]}), window=30)["x"].isna().all()
    assert rolling_zscore(pd.DataFrame({"x": pd.Series([], dtype=float)}), window=3).shape == (0, 1)


@pytest.mark.parametrize("unit", [1e-300, 1e-170, 1e155, 1e300])
def test_the_unit_changes_no_score(unit: float) -> None:
    frame = pd.DataFrame({"x": np.random.default_rng(3).normal(size=40)})
    np.testing.assert_allclose(
        rolling_zscore(frame * unit, window=6), rolling_zscore(frame, window=6), rtol=1e-9
    )


def test_one_value_at_the_end_of_float64_spoils_only_the_windows_that_hold_it() -> None:
    values = np.random.default_rng(4).normal(size=40)
    spoiled = np.where(np.arange(40) == 12, -1.797e308, values)
    expected = rolling_zscore(pd.DataFrame({"x": values}), window=6)["x"]
    found = rolling_zscore(pd.DataFrame({"x": spoiled}), window=6)["x"]
    outside = (np.arange(40) < 12) | (np.arange(40) > 18)
    np.testing.assert_array_equal(found[outside], expected[outside])
    assert found[13:19].between(0.4, 0.42).all()
