"""Terms by ranks against scipy's ranks, ties and infinite values included."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.numbers.outliers.rank_terms import tail_terms, upper_terms

values = st.lists(
    st.one_of(st.integers(-4, 4).map(float), st.just(float("-inf")), st.floats(-1e9, 1e9)), min_size=1
)


@given(values)
def test_upper_terms_are_those_of_average_ranks(sample: list[float]) -> None:
    n = len(sample)
    expected = -np.log((n + 1 - stats.rankdata(sample)) / n)
    np.testing.assert_allclose(upper_terms(np.array(sample)), expected, rtol=1e-12, atol=1e-12)


@given(values)
def test_tail_terms_are_those_of_the_rarer_tail(sample: list[float]) -> None:
    x = np.array(sample)
    below = np.array([np.mean(x <= value) for value in x])
    above = np.array([np.mean(x >= value) for value in x])
    expected = np.maximum(-np.log(below), -np.log(above))
    np.testing.assert_allclose(tail_terms(x), expected, rtol=1e-12, atol=1e-12)
