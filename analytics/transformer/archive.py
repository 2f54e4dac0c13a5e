"""Arrays to take away: one compressed NPZ with a readme of names, shapes, checks and versions."""

from __future__ import annotations

import importlib.metadata
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from analytics.transformer.checks import Check


def archive(arrays: Mapping[str, np.ndarray], readme: str) -> bytes:
    """The arrays as NPZ, with ``readme`` as README.txt; ``numpy.load`` reads it without pickle."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", readme)
    return buffer.getvalue()


def made_with(*packages: str) -> str:
    """The versions of the packages that computed the arrays."""
    return "Made with: " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)


def array_lines(arrays: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Name, shape and type of each array."""
    width = max(map(len, arrays), default=0) + 2
    return (f"{name:{width}}{array.shape!s:18} {array.dtype}" for name, array in arrays.items())


def check_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Each check with its largest difference, under a heading."""
    yield from ("", "Checks:")
    for one in checks:
        yield f"{'passed' if one.passed else 'FAILED'}  {one.max_abs_error:.1e}  {one.name}"
