"""Scores of columns with methods of their own: by a power, by ranks, or by a centre and a scale."""

from typing import Any

import numpy as np


def powered(x: np.ndarray, power: float) -> np.ndarray:
    mirrored, high = 2.0 - power, x >= 0
    up, down, y = np.log1p(x[high]), np.log1p(-x[~high]), np.empty_like(x)
    y[high] = up if abs(power) < 1e-12 else np.expm1(power * up) / power
    y[~high] = -down if abs(mirrored) < 1e-12 else -np.expm1(mirrored * down) / mirrored
    return y


def score(x: np.ndarray, fit: dict[str, Any]) -> np.ndarray:
    if fit["n"] == 0:
        return np.full(len(x), np.nan)
    if fit["scale"] == 0:
        return np.where(np.isfinite(x), 0.0, x)
    if "values" in fit:
        return np.where(np.isinf(x), x, np.interp(x, fit["values"], fit["scores"]))
    if "lambda" in fit:
        return np.where(np.isinf(x), x, (powered(x, fit["lambda"]) - fit["center"]) / fit["scale"])
    return (x - fit["center"]) / fit["scale"]
