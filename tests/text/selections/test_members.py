"""Between the ends of a likely member's interval lie as many further classifiers as the page says."""

import numpy as np
import pytest

from analytics.text.selections import members
from analytics.text.selections.members import likely_members


def test_nine_in_ten_further_classifiers_lie_in_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted, inside = members._fitted, []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        vectors = rng.normal(size=(60, 6)) + 1.5 * (np.arange(60) < 25)[:, None]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        known = np.arange(60) < 10
        found = likely_members(vectors, known)
        with monkeypatch.context() as patch:  # the first of more classifiers are the same ones
            patch.setattr(members, "_RESAMPLED", members._RESAMPLED + 4)
            further = fitted(vectors, known, np.zeros(60, bool), found.places)[-4:]
        inside.append(((found.low <= further) & (further <= found.high)).mean())
    assert np.mean(inside) == pytest.approx(0.9, abs=3 * np.std(inside) / np.sqrt(len(inside)) + 0.01)
