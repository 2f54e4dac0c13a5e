"""Digits, blanks, signs and marks of all scripts brought to the ASCII ones that the patterns know."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

LONGEST = 64
"""Bytes; numbers, dates and lengths of time are shorter, and sentences need not be searched."""

_ZEROS = "٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐０"
"""The zero of each script with its own digits; nine more follow it in Unicode."""

_CLASSES = (
    ("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " "),
    ("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]", ""),  # marks of direction
    ("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]", "-"),
    ("[\u2018\u2019\u02bc\uff07]", "'"),
    ("[٫．]", "."),
    ("[٬，]", ","),
    ("[٪％﹪]", "%"),
    ("：", ":"),
    ("／", "/"),
    ("（", "("),
    ("）", ")"),
    ("＋", "+"),
    ("＄", "$"),
    ("￥", "¥"),
    ("￡", "£"),
    ("∞", "inf"),
)
FRACTIONS = {
    "½": ".5", "¼": ".25", "¾": ".75", "⅓": ".3333333333333333", "⅔": ".6666666666666666",
    "⅕": ".2", "⅖": ".4", "⅗": ".6", "⅘": ".8", "⅙": ".16666666666666666", "⅚": ".8333333333333334",
    "⅛": ".125", "⅜": ".375", "⅝": ".625", "⅞": ".875",
}  # fmt: skip
"""Vulgar fractions as what stands behind the point."""

_LONE_FRACTION = f"^([^0-9]*)([{''.join(FRACTIONS)}])"
_DIGITS = "[" + "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS) + "]"
_ODD = "|".join((_DIGITS, *(pattern for pattern, _ in _CLASSES), _LONE_FRACTION))


def plain_glyphs(texts: pa.Array) -> pa.Array:
    """Short texts with ASCII digits, blanks, signs and marks, so that one pattern serves all scripts.

    ``½`` becomes ``0½``. For looking at cells only: what a table shows is the text of its file.
    """
    short = pc.less_equal(pc.binary_length(texts), LONGEST)
    odd = pc.fill_null(pc.and_(pc.invert(pc.string_is_ascii(texts)), short), False)
    if not pc.any(odd).as_py():
        return texts
    odd = pc.and_(odd, pc.fill_null(pc.match_substring_regex(texts, _ODD), False))
    if not pc.any(odd).as_py():
        return texts
    changed = texts.filter(odd)
    for zero in _ZEROS:
        if _holds(changed, f"[{zero}-{chr(ord(zero) + 9)}]"):
            for digit in range(10):
                changed = pc.replace_substring(changed, chr(ord(zero) + digit), str(digit))
    for pattern, plain in _CLASSES:
        if _holds(changed, pattern):
            changed = pc.replace_substring_regex(changed, pattern, plain)
    changed = pc.replace_substring_regex(changed, _LONE_FRACTION, r"\10\2")
    return pc.replace_with_mask(texts, odd, pc.utf8_trim_whitespace(changed))


def other_digits(texts: pa.Array) -> pa.Array:
    """Which texts hold digits of another script than ASCII; null counts as not."""
    return pc.fill_null(pc.match_substring_regex(texts, _DIGITS), False)


def _holds(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())
