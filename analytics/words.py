"""How numbers, counts and texts from files are written in sentences and labels, the same in every room."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import floor, isfinite, isnan, log10

# Controls, halves of characters and what turns the direction of all that follows: no label needs them.
_ODD = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff]"
)
_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Blocks of the scripts that are written from right to left (Unicode Standard Annex 9, section 3.2)."""
_LEFTWARD_RUN = re.compile(f"[{_LEFTWARD}]+(?:[^\\w{_LEFTWARD}]{{1,3}}[{_LEFTWARD}]+)*")
_LOOKED_AT = 20
"""Times the width of a label: blanks in between count as one, and a cell may have 50 MB behind that."""
_ISOLATE, _POP = "\u2068", "\u2069"


def neutral(text: str) -> str:
    """The text without power over what stands beside it in a label.

    Words written from right to left stand in an isolate of their own, so that numbers and names after them
    keep their places; what is no sign to read is U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return _LEFTWARD_RUN.sub(rf"{_ISOLATE}\g<0>{_POP}", _ODD.sub("\ufffd", text))


def shortened(value: object, *, width: int = 60) -> str:
    """``value`` on one line, cut to ``width``, neutral; nothing is escaped."""
    whole = str(value)
    looked_at = whole[: _LOOKED_AT * width]
    text = " ".join(looked_at.split())
    return neutral(text if len(text) <= width and looked_at == whole else text[: width - 1] + "…")


def shortened_apart(values: Iterable[object], *, width: int = 60) -> list[str]:
    """Each value as ``shortened`` writes it, or "(empty)", none twice.

    Where two would read the same, they keep their ends and lose their middles; what is alike there too is
    numbered.
    """
    whole = [str(value) for value in values]
    made = [shortened(value, width=width) or "(empty)" for value in whole]
    alike = Counter(made)
    made = [_middle_cut(one, width) if alike[own] > 1 else own for one, own in zip(whole, made, strict=True)]
    alike, met = Counter(made), Counter[str]()
    for place, own in enumerate(made):
        if alike[own] > 1:
            met[own] += 1
            made[place] = f"{shortened(own, width=max(2, width - 4))} ({met[own]})"
    return made


def _middle_cut(whole: str, width: int) -> str:
    text = " ".join(whole.split()) if len(whole) <= _LOOKED_AT * width else whole
    if len(text) <= width:
        return shortened(text, width=width) or "(empty)"
    tail = " ".join(text[-(width // 2) :].split())
    return neutral(f"{shortened(text, width=width - len(tail))}{tail}")


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


def value_text(value: float) -> str:
    """A value of a column in six digits or more, none of a whole number left out: thousands are parted from
    10,000 on, so that years stay years."""
    if value != value:
        return "missing"
    if not 10_000 <= abs(value) < 1e15:
        return f"{value:.6g}"
    text = f"{value:,.{max(0, 5 - floor(log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def whole_value_text(value: float) -> str:
    """A value of a column with the fifteen digits that every float keeps, parted as ``value_text`` does."""
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return f"{value:,.15g}" if abs(value) >= 10_000 else f"{value:.15g}"
