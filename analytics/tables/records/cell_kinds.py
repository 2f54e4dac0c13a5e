"""A quick look at what one cell seems to hold: for finding dialects and headers, not for typing."""

from __future__ import annotations

import re
from functools import lru_cache

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
    rf"|\d{{1,2}}[-/. ]{_MONTH}(?:[-/., ]+(?:\d{{4}}|\d{{2}}))?|{_MONTH}[-/. ]+\d{{1,2}},? +\d{{4}}"
    rf"|{_MONTH}[-/. ]+(?:\d{{4}}|\d{{2}})|\d{{4}}[-/. ]{_MONTH}(?:[-/. ]\d{{1,2}})?"
    r"|(?:1[6-9]|20)\d{2}(?::[01]?\d| ?Q[1-4]|M[01]?\d)"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:[ap]\.?m\.?)?(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?"
_MONEY = r"(?:[$€£¥₹]|usd|eur|gbp|chf|rs\.?)"
_APART = " '’\u00a0\u2000-\u200a\u202f\u205f\u3000"
"""Marks between thousands beside comma and point: blanks of all widths among them."""
_NUMBER = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    rf"|\d{{1,3}}(?:[{_APART}]\d{{3}})+(?:[.,]\d+)?"
    r"|(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?"
)
_NUMBERS = rf"(?:{_NUMBER})"
_MINUS = "−–-"  # the hyphen last, as classes of characters want it
_SHAPES = {
    "empty": r"",
    "missing": r"n/?a|#n/?a|<na>|nan|null|none|nil|-+|\?+|\.|\\n|n\.a\.|[-+]?inf",
    "integer": r"[-+]?\d+",
    # Behind it may stand a minus (50,00-) or a dash for no cents (12,–).
    "number": (
        rf"[+{_MINUS}]?{_MONEY}? ?[+{_MINUS}]?{_NUMBERS}[{_MINUS}]{{0,2}} ?(?:%|{_MONEY})?"
        rf"|\({_MONEY}? ?{_NUMBERS} ?%?\)|[+{_MINUS}]?\d*[½¼¾⅓⅔⅕⅛]"
    ),
    "boolean": r"true|false|yes|no",
    "date": rf"{_WEEKDAY}(?:{_DAY})",
    "clock": _CLOCK,
    "span": r"-?\d+ days?(?: \+?\d{2}:\d{2}:\d{2}(?:\.\d+)?)?|[-+]?\d{1,4}:\d{2}:\d{2}(?:[.,]\d+)?",
    "moment": rf"{_WEEKDAY}(?:{_DAY})(?:[t,]| +){_CLOCK}",
    "address": (
        r"(?:https?|ftp)://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?"
        r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}(?:[0-9a-f]{8,96})?"
    ),
    "code": r"[^\W_](?:[\w.\-/+@]*\w)?\.?",
    "words": r"[^\W\d][\w .'’&/()!?:+-]*",
}
_SHAPE = re.compile(r"\d|[^\W\d_]+")
_KINDS = re.compile(
    rf"\s*(?:{'|'.join(f'(?P<{kind}>{shape})' for kind, shape in _SHAPES.items())})\s*", re.IGNORECASE
)

# Most that begins with digits is a number, told by what stands behind it before dates and such are tried.
_NO_NUMBER = r"(?![-+]?\d{1,20}(?:\.\d{1,20})?(?![\w.:/@+ -]))"
_WITHIN = re.compile(
    rf"(?<![\w/.:-]){_NO_NUMBER}(?:{_DAY}|{_SHAPES['address']}|{_CLOCK}|(?:[A-Za-z]:)?(?:[\\/][\w.-]+){{2,}}[\\/]?)(?![\w/:-])",
    re.IGNORECASE,
)

_NEARLY = re.compile(rf"[<>≤≥~≈]=? ?[+{_MINUS}]?{_NUMBERS} ?%?|\d{{1,3}}(?:_\d{{3}})+")
TYPED = frozenset({"integer", "number", "boolean", "date", "clock", "span", "moment", "address"})
NUMERIC = frozenset({"integer", "number"})
_LONGEST_TYPED = 400  # characters; no number, date or address is longer, and the expressions stay quick


@lru_cache(maxsize=65_536)
def kind_of(cell: str) -> str:
    """empty, missing, integer, number, boolean, date, clock, span, moment, address, code, words or text."""
    if len(cell) > _LONGEST_TYPED:
        return "text"
    match = _KINDS.fullmatch(cell)
    return (match.lastgroup or "empty") if match else "text"


def is_nearly_number(cell: str) -> bool:
    """Whether a cell is a bound or a rough number (<0.5, ~5, 1_234): text, but in a table a value.

    As the first row of a table such cells may name its columns.
    """
    return _NEARLY.fullmatch(cell.strip()) is not None


def without_inner_marks(text: str) -> str:
    """The text with a letter for each date, time, address and path: marks within them part no cells."""
    return _WITHIN.sub("x", text)


@lru_cache(maxsize=65_536)
def group_of(cell: str) -> str:
    """The kind of a cell with all numbers taken together and everything untyped as "other"."""
    kind = kind_of(cell)
    if kind in ("empty", "missing"):
        return kind
    return "number" if kind in NUMERIC else kind if kind in TYPED else "other"


def fine_kind(cell: str) -> str:
    """The kind, with all untyped text without digits that may be a name or a label as "words"."""
    kind = kind_of(cell)
    worded = kind in ("code", "text") and not any(c.isdigit() for c in cell) and len(cell) < 40
    return "words" if worded else kind


def shape_of(cell: str) -> str:
    """The cell with every digit as 9 and every word as a."""
    return _SHAPE.sub(lambda found: "9" if found[0].isdigit() else "a", cell[:40])
