"""Values that are missing or infinite are passed over, not copied around."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers.statistics import CHUNK, mean_and_sd, split_finite

VALUES = st.lists(
    st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]), min_size=1, max_size=40
).filter(lambda values: np.isfinite(values).any())


@given(VALUES, st.sampled_from([0, 1]))
@settings(max_examples=200, deadline=None)
def test_gaps_change_nothing(values: list[float], ddof: int) -> None:
    column = np.array(values)
    part = split_finite(column)
    finite = column[np.isfinite(column)]
    assert part.values.tolist() == finite.tolist()
    assert (part.size, part.missing, part.infinite) == (
        finite.size,
        int(np.isnan(column).sum()),
        int(np.isinf(column).sum()),
    )
    over = mean_and_sd(column, ddof=ddof, total=part.total, gaps=part.gaps)
    assert over == pytest.approx(mean_and_sd(finite, ddof=ddof), rel=1e-12, abs=1e-9)


def test_gaps_at_the_edges_of_blocks() -> None:
    column = np.random.default_rng(0).normal(1e6, 1, 2 * CHUNK + 5)
    column[[0, 1, CHUNK - 1, CHUNK, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 4]] = np.nan
    part = split_finite(column)
    assert part.missing == 7
    mean, sd = mean_and_sd(column, total=part.total, gaps=part.gaps)
    assert mean == pytest.approx(np.nanmean(column), rel=1e-15)
    assert sd == pytest.approx(np.nanstd(column), rel=1e-12)


@pytest.mark.parametrize("unit", [1e-200, 1.0, 1e200])
def test_extreme_units_keep_their_digits_beside_gaps(unit: float) -> None:
    column = np.array([np.nan, 1.0, 2.0, np.inf, 4.0]) * unit
    part = split_finite(column)
    mean, sd = mean_and_sd(column, ddof=1, total=part.total, gaps=part.gaps)
    assert mean / unit == pytest.approx(7 / 3, rel=1e-14)
    assert sd / unit == pytest.approx(np.std([1, 2, 4], ddof=1), rel=1e-14)
