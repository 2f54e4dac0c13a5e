"""Recomputed values against the model's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analytics.errors import ZetascopeError


@dataclass(frozen=True)
class Check:
    """One recomputation.

    ``max_abs_error`` is the largest absolute difference between the model's values and ours, NaN when
    either side holds one (a check that meets a NaN never passes). ``passed`` says whether it is
    within ``tolerance``.
    """

    name: str
    formula: str
    max_abs_error: float
    tolerance: float
    passed: bool


def check(
    name: str, formula: str, shown: ArrayLike, recomputed: ArrayLike, *, tolerance: float = 1e-5
) -> Check:
    """Compare what is shown with what the formula gives; both of one shape, any numeric dtype.

    ``tolerance`` is absolute for values up to 1 in size and relative to the largest size above that:
    float32 carries about seven digits whatever the unit.
    """
    try:
        a, b = np.asarray(shown, dtype=np.float64), np.asarray(recomputed, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise ZetascopeError(f"{name}: only numbers can be compared.") from problem
    if a.shape != b.shape:
        raise ZetascopeError(f"{name}: cannot compare shapes {a.shape} and {b.shape}.")
    error = largest_difference(a, b)
    finite = np.abs(a[np.isfinite(a)])
    allowed = tolerance * max(1.0, float(finite.max(initial=0.0)))
    return Check(name, formula, error, allowed, bool(error <= allowed))


def largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    """Largest |a - b|; equal infinities count as no difference, a lone NaN or infinity gives NaN or inf."""
    if a.size == 0:
        return 0.0
    with np.errstate(invalid="ignore"):
        difference = np.where(a == b, 0.0, np.abs(a - b))
    return float(difference.max())


def all_passed(checks: tuple[Check, ...]) -> bool:
    return all(one.passed for one in checks)


def worst(checks: tuple[Check, ...]) -> Check | None:
    """The check that uses most of its tolerance, failures first; None when there is none."""
    return max(checks, key=lambda one: (not one.passed, _used(one)), default=None)


def _used(check: Check) -> float:
    """Share of the tolerance; a check that must be exact (tolerance 0) uses none unless it fails."""
    return check.max_abs_error / check.tolerance if check.tolerance else check.max_abs_error
