"""Scores of a centre and a scale."""

from typing import Any

import numpy as np


def score(x: np.ndarray, fit: dict[str, Any]) -> np.ndarray:
    if fit["n"] == 0:
        return np.full(len(x), np.nan)
    if fit["scale"] == 0:
        return np.where(np.isfinite(x), 0.0, x)
    return (x - fit["center"]) / fit["scale"]
