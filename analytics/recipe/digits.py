"""Which numbers may show some digits, told from the numbers themselves: their texts take fifty times as long.

A needle such as ``12.5`` is sought in the digits of every number by whole-number arithmetic. That finds all
that show it and a few more, of which the texts decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_NEEDLE = re.compile(r"(-?)([0-9]*)(?:(\.)([0-9]*))?")
_PLAIN = 1e-3, 1e10
"""Numbers between these have no exponent (Arrow: 1e-6 to 1e10), and 64 bits hold their digits."""
_SIGNIFICANT = 17  # no float64 needs more to be read back
_MOST_DIGITS = 12  # of a needle: more are left to the texts, since 10^12 windows of 64 bits stay apart
_FEW = 256  # numbers of one magnitude that are sooner written than looked at
_FEW_DECIMALS = 2, 4  # as prices and most measured numbers have
_ONE = 2.0**64


def may_show(values: np.ndarray, needle: str) -> np.ndarray:
    """Whether the text of each number (n,), int64 or float64, may contain ``needle``; (n,) bool.

    False is certain. NaN shows nothing.
    """
    parts = _NEEDLE.fullmatch(needle)
    if values.dtype.kind == "f":
        return _floats(values, parts)
    if not parts or parts[3]:
        return np.zeros(len(values), dtype=bool)
    signed = values < 0 if parts[1] else np.ones(len(values), dtype=bool)
    return signed if not parts[2] else signed & _in_whole(np.abs(values).view(np.uint64), parts[2])


def _floats(values: np.ndarray, parts: re.Match[str] | None) -> np.ndarray:
    size = np.abs(values)
    odd = ~(size < _PLAIN[1]) | ((size < _PLAIN[0]) & (size > 0))
    odd &= values == values
    if not parts:
        return odd
    asked = _Asked(parts[2], parts[4] or "", bool(parts[3]))
    if asked.is_long:
        return values == values
    plain = ~odd & (values == values)
    if parts[1]:
        plain &= np.signbit(values)  # -0.0 is written with its sign
    found = odd
    for places in _by_magnitude(size, plain):
        found[places] = len(places) <= _FEW or asked.shown_in(size[places])
    return found


@dataclass(frozen=True)
class _Asked:
    """The digits before and after the point; without a point all of them are ``before``."""

    before: str
    after: str
    pointed: bool

    @property
    def is_long(self) -> bool:
        return max(len(self.before), len(self.after)) > _MOST_DIGITS

    def shown_in(self, size: np.ndarray) -> np.ndarray:
        """Of positive numbers of one power of ten, or of zeros and such below it."""
        whole = np.floor(size)
        # Exact: from 1e-3 on, no bit of a float64 stands behind the 64th of its fraction.
        rest = ((size - whole) * _ONE).astype(np.uint64)
        units = whole.astype(np.uint64)
        if self.pointed:
            found = np.ones(len(size), dtype=bool)
            if self.before:
                base = np.uint64(10 ** len(self.before))
                found &= units % base == np.uint64(int(self.before))
            return found & _in_fraction(rest, self.after, size, shifts=1) if self.after else found
        if not self.before:
            return np.ones(len(size), dtype=bool)
        return _in_whole(units, self.before) | _in_fraction(rest, self.before, size, shifts=_SIGNIFICANT + 2)


def _by_magnitude(size: np.ndarray, plain: np.ndarray) -> list[np.ndarray]:
    """Places of the plain numbers, those of each power of ten together."""
    places = np.flatnonzero(plain)
    powers = np.searchsorted(10.0 ** np.arange(-2, 10), size[places], side="right")
    counts = np.bincount(powers, minlength=1)
    if np.count_nonzero(counts) <= 1:
        return [places] if len(places) else []
    order = np.argsort(powers.astype(np.uint8), kind="stable")
    return [part for part in np.split(places[order], np.cumsum(counts)[:-1]) if len(part)]


def _in_whole(units: np.ndarray, digits: str) -> np.ndarray:
    """Whether whole numbers have these digits in a row, zeros in front taken as there."""
    found = np.zeros(len(units), dtype=bool)
    if not len(units):
        return found
    base, wanted, left = np.uint64(10 ** min(len(digits), 19)), np.uint64(int(digits[-19:])), units
    for _ in range(max(1, len(str(int(units.max()))) - len(digits) + 1)):
        found |= left % base == wanted
        left = left // np.uint64(10)
    return found


def _in_fraction(rest: np.ndarray, digits: str, size: np.ndarray, *, shifts: int) -> np.ndarray:
    """Whether fractions, in 2^-64, may have these digits in a row at one of the first ``shifts`` places.

    The text of a number is within half the distance to its neighbour, which blurs its last digits.
    """
    found = np.zeros(len(rest), dtype=bool)
    if not len(rest):
        return found
    largest = float(size.max())
    blur = int(np.spacing(largest) * _ONE) + 1
    most = _decimals(size, largest) if shifts > 1 else _SIGNIFICANT
    window = int(_ONE) // 10 ** len(digits) + 1
    first = int(digits) * int(_ONE) // 10 ** len(digits)
    for _ in range(min(shifts, max(1, most - len(digits) + 1))):
        width = window + 2 * blur
        if width >= int(_ONE):
            return np.ones(len(rest), dtype=bool)
        low = np.uint64((first - blur) % int(_ONE))
        found |= (rest - low) <= np.uint64(width)
        rest, blur = rest * np.uint64(10), blur * 10
    return found


def _decimals(size: np.ndarray, largest: float) -> int:
    """The most digits behind the point in the text of any of these numbers, which are of one power of ten."""
    for few in _FEW_DECIMALS:
        shifted = np.rint(size * 10.0**few)
        if largest * 10.0**few < 2**53 and (shifted / 10.0**few == size).all():
            return few
    return _SIGNIFICANT - int(np.floor(np.log10(largest or 1.0) - 1e-9)) - 1  # 1e-9: rounding of log10
