"""How numbers and counts are written in sentences, the same in every room."""

from functools import lru_cache
from math import floor, isfinite, isnan, log10


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``"1 row"``, ``"2,000 rows"``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


@lru_cache(maxsize=10_000)  # the same few thousand values stand in sentences, marks and their tooltips
def number_text(value: float) -> str:
    """A number in at most four significant digits, as people write it."""
    if not isfinite(value):
        return "missing" if isnan(value) else str(value)
    value += 0.0  # no negative zero
    size = abs(value)
    if size != 0 and not 1e-4 <= size < 1e15:
        return f"{value:.3g}".replace("-", "−")
    decimals = 0 if size >= 1000 or value == int(value) else max(0, 3 - floor(log10(size)))
    text = f"{value:,.{decimals}f}" if size >= 10_000 else f"{value:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
