"""Measures held against each other: who is strongest, how alike the orders are, what falls on marks."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from analytics.transformer.encoder.agreement import agreement

SPECIAL = np.array([True, False, False, False, False, True])


def test_measures_that_agree():
    a = np.array([0.5, 0.1, 0.4, 0.2, 0.3, 0.0])
    found = agreement({"a": a, "b": a**2}, SPECIAL)
    assert found.agrees
    assert found.strongest == (2, 2)
    assert found.lowest == ("a", "b", pytest.approx(1.0))
    assert found.on_marks == {
        "a": pytest.approx(0.5 / 1.5), "b": pytest.approx(0.25 / (a**2).sum())
    }  # fmt: skip


def test_measures_that_do_not():
    found = agreement({"a": np.array([0.0, 1, 2, 3, 4, 0]), "b": np.array([0.0, 4, 3, 2, 1, 0])}, SPECIAL)
    assert not found.agrees
    assert found.strongest == (4, 1)
    assert found.lowest == ("a", "b", pytest.approx(-1.0))
    assert found.on_marks == {}


def test_one_strongest_token_is_not_enough():
    found = agreement({"a": np.array([0.0, 9, 2, 3, 4, 0]), "b": np.array([0.0, 9, 4, 3, 2, 0])}, SPECIAL)
    assert set(found.strongest) == {1}
    assert not found.agrees


def test_correlations_are_spearmans_of_sizes():
    rng = np.random.default_rng(4)
    measures = {name: rng.normal(size=6).round(1) for name in "abc"}
    found = agreement(measures, SPECIAL)
    own = np.abs(np.stack(list(measures.values())))[:, ~SPECIAL]
    assert found.correlations == pytest.approx(spearmanr(own, axis=1).statistic)


def test_one_token_or_none():
    one = agreement({"a": np.array([1.0, 2.0]), "b": np.array([2.0, 1.0])}, np.array([True, False]))
    assert one.agrees
    assert one.lowest is None
    assert agreement({"a": np.array([1.0])}, np.array([True])) is None
    assert agreement({"a": np.full(6, np.nan)}, SPECIAL).special_shares == pytest.approx([0.0])
