"""Which points of a map lie in a region drawn on it."""

from collections.abc import Sequence

import numpy as np


def inside_polygon(points: np.ndarray, corners: Sequence[Sequence[float]]) -> np.ndarray:
    """Points (n, 2) inside a polygon, (n,) bool: a ray from them crosses its edges an odd number of times.

    Shimrat, "Algorithm 112: Position of point relative to polygon" (Communications of the ACM, 1962). A loop
    that crosses itself is taken by the same rule, so what it surrounds twice is outside.
    """
    polygon = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
    within = np.zeros(len(points), dtype=bool)
    if len(polygon) < 3:
        return within
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
    x, y = points[near].T.astype(np.float64)
    odd = np.zeros(len(near), dtype=bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            odd ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    within[near] = odd
    return within


def inside_box(points: np.ndarray, sides: Sequence[Sequence[float]]) -> np.ndarray:
    """Points (n, 2) inside a box, (n,) bool; ``sides`` are the ends along x and along y, in any order."""
    ends = np.sort(np.asarray(sides, dtype=np.float64), axis=1)
    (left, right), (bottom, top) = ends
    x, y = points.T
    return (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
