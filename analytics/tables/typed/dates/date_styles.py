"""The ways to write a date, as patterns with named parts, some of them made from forms of ``strptime``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_LETTER = "[A-Za-zªºÀ-ÖØ-öø-ʯΆ-ϿЀ-ӿḀ-ỿ]"
"""Ranges, because RE2 writes classes of Unicode otherwise than ``re``, and both run these patterns."""
_WORD = f"(?P<word>{_LETTER}(?:{_LETTER}|[\u0300-\u036f]){{2,14}})"
_WEEKDAY = f"(?:(?P<dayname>{_LETTER}{{2,15}})(?:-feira)?\\.?,? +)?"
_ZONE = (
    r"(?: ?(?:GMT|UTC)?(?P<zone>Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?|[A-Z]{3,4})"
    r"(?:\[[A-Za-z_/+-]+\]| \([^)]*\))?)?"
)
_BEHIND = r"(?P<half>(?i:[ap]\. ?m\.?|[ap]m)|[πΠμΜ]\.?[μΜ]\.?)"
_AHEAD = "(?:(?P<ahead>[AP]M|[上下]午|午[前後]|오[전후]) ?)?"
"""The half of the day, before noon or after it: Chinese, Japanese and Korean name it ahead of the hour."""
_CLOCK = (
    rf"{_AHEAD}"
    r"(?P<hour>[0-9]{1,2})(?:[:.hH](?P<minute>[0-9]{2})"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,:](?P<fraction>[0-9]{1,9}))?)?)?"
    rf"(?: ?{_BEHIND})?"
)
_TIME = rf"(?:(?:[Tt:]| +|, *| - )(?:(?i:at|um|à|às|alle|kl\.?|klo) +)?{_CLOCK}(?: (?:Uhr|h))?{_ZONE})?"
_LONG = "(?P<year>[0-9]{4})"
_SHORT = "(?P<year>[0-9]{2})"
_USUAL = "(?P<year>(?:1[5-9]|20|21)[0-9]{2})"
"""Years that a number of four digits may well be, where little else says that it is one."""
_GAP = r"(?: *[-/] *| +|\. *)"
_OF = r"(?:(?:de|del|of) +|d' ?)?"
"""With a blank behind it: the first letters of december are no word by themselves."""


@dataclass(frozen=True)
class DateStyle:
    """A way to write a date; the pattern's groups are the parts.

    ``a`` and ``b`` are month and day, in either order if ``is_open``; ``word`` is the name of the month.
    ``coarse`` is what the cell names in place of a day (its first day stands for it).
    """

    pattern: str
    separator: str = ""
    is_open: bool = False
    short_year: bool = False
    coarse: str = ""
    digits_only: bool = False

    @property
    def days(self) -> str:
        """The pattern without a time of day; the same one where that is no addition."""
        return self.pattern.replace(_TIME, "")

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the groups."""
        return tuple(re.compile(self.pattern).groupindex)


def _numeric() -> list[DateStyle]:
    found: list[DateStyle] = []
    for mark, expression in (("-", " ?- ?"), ("/", " ?/ ?"), (".", r"\. ?")):
        two = rf"(?P<a>[0-9]{{1,2}}){expression}{_DAY}{expression}"
        end = r"\.?" if mark == "." else ""
        iso = rf"{_LONG}{expression}(?P<a>[0-9]{{1,2}}){expression}{_DAY}{end}"
        found.append(DateStyle(rf"^{iso}{_TIME}$", mark))
        found.append(DateStyle(rf"^{_WEEKDAY}{two}{_LONG}{_TIME}$", mark, is_open=True))
        short = two if mark == "." else two.replace(expression, mark)  # 24 - 01 - 31 may be a score
        found.append(DateStyle(rf"^{short}{_SHORT}{_TIME}$", mark, is_open=True, short_year=True))
    return found


_AFTER_DAY = r"(?:er|st|nd|rd|th|re|º|ª|\.º)?"
_AFTER_YEAR = r"(?: ?г\.?| р\.?|\.)?"
_DAY = "(?P<b>[0-9]{1,2})"
_NAMED = (
    rf"^{_WEEKDAY}{_DAY}{_AFTER_DAY}{_GAP}?{_OF}{_WORD}\.?,?{_GAP}?{_OF}{_LONG}{_AFTER_YEAR}{_TIME}$",
    rf"^{_WEEKDAY}{_WORD}\.?{_GAP}{_DAY}(?:st|nd|rd|th)?(?:, *|{_GAP}){_LONG}{_TIME}$",
    rf"^{_LONG}\.?{_GAP}{_WORD}\.?{_GAP}{_DAY}\.?{_TIME}$",
    rf"^{_WEEKDAY}{_WORD} +{_DAY} +{_CLOCK}{_ZONE} +{_LONG}$",
    rf"^{_WEEKDAY}{_WORD} +{_DAY} +{_CLOCK} +{_LONG}{_ZONE}$",
    rf"^{_LONG} ?年 ?(?P<a>[0-9]{{1,2}}) ?月 ?{_DAY} ?日{_TIME}$",
    rf"^{_LONG}년 ?(?P<a>[0-9]{{1,2}})월 ?{_DAY}일{_TIME}$",
)
_NAMED_SHORT = (
    rf"^{_DAY}{_GAP}?{_WORD}\.?{_GAP}?'?{_SHORT}{_TIME}$",
    rf"^{_WORD}\.?{_GAP}{_DAY}(?:, *)'?{_SHORT}{_TIME}$",
)
_MONTH = "(?P<a>0[1-9]|1[0-2])"
_QUARTERS = "(?i:q|t|quartal|quarter|qtr|trimestre|kw)"
_WEEKS = r"(?i:w|kw|cw|week|woche|semaine|sem\.?|vecka|uge|uke)"
_COARSE = (
    ("month", rf"^{_WORD}\.?,?[ /-]*{_OF}{_USUAL}{_AFTER_YEAR}$"),
    ("month", rf"^{_USUAL}\.?[ /-]?{_WORD}\.?$"),
    ("month", rf"^{_USUAL}[/-]{_MONTH}$"),
    ("month", rf"^(?P<a>0?[1-9]|1[0-2])[/-]{_USUAL}$"),
    ("month", rf"^{_USUAL}-?[Mm](?P<a>[0-9]{{1,2}})$"),
    ("month", rf"^{_LONG} ?[年년] ?(?P<a>[0-9]{{1,2}}) ?[月월]$"),
    ("quarter", rf"^{_USUAL}[ /.-]{{0,3}}[QqTtKk](?P<quarter>[1-4])$"),
    ("quarter", rf"^[QqTtKk](?P<quarter>[1-4])[ /.'-]{{0,3}}{_USUAL}$"),
    ("quarter", rf"^(?P<quarter>[1-4])\.? ?{_QUARTERS}\.?[ /.'-]{{0,3}}{_USUAL}$"),
    ("half year", rf"^{_USUAL}[ /-]?[HSB](?P<semester>[12])$"),
    ("half year", rf"^[HS](?P<semester>[12])[ /-]?{_USUAL}$"),
    ("week", rf"^{_USUAL}[ /-]?(?:W|w|KW|CW)[ -]?(?P<week>[0-9]{{1,2}})(?:-?(?P<weekday>[1-7]))?$"),
    ("week", rf"^{_WEEKS}[ .]?(?P<week>[0-9]{{1,2}})[ ,/-]{{1,2}}{_USUAL}$"),
)  # fmt: skip
_COARSE_SHORT = (
    ("month", rf"^{_WORD}\.?[ '-]{{1,2}}{_SHORT}$"),
    ("quarter", rf"^[Qq](?P<quarter>[1-4])[ /'-]{{1,2}}{_SHORT}$"),
    ("quarter", rf"^(?P<quarter>[1-4])[Qq]{_SHORT}$"),
)
_DIGITS = (
    rf"^{_USUAL}(?P<a>0[1-9]|1[0-2])(?P<b>0[1-9]|[12][0-9]|3[01])"
    r"(?:[Tt: _-]?(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})"
    r"(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    rf"{_ZONE})?$"
)


def _styles() -> tuple[DateStyle, ...]:
    named = [DateStyle(pattern, " ") for pattern in _NAMED]
    short = [DateStyle(pattern, " ", short_year=True) for pattern in _NAMED_SHORT]
    coarse = [DateStyle(pattern, coarse=unit) for unit, pattern in _COARSE]
    coarse_short = [DateStyle(pattern, coarse=unit, short_year=True) for unit, pattern in _COARSE_SHORT]
    digits = DateStyle(_DIGITS, digits_only=True)
    return (*_numeric(), *named, *coarse, digits, *short, *coarse_short)


STYLES = _styles()
YEAR_FIRST = {
    mark: DateStyle(
        rf"^{_SHORT}{part}(?P<a>[0-9]{{2}}){part}(?P<b>[0-9]{{2}}){_TIME}$", mark, short_year=True
    )
    for mark, part in (("-", "-"), ("/", "/"), (".", r"\."))
}
"""24-01-31 by its separator: the same shape as 31-01-24, told apart by which dates lie together."""
COMPACT = next(style for style in STYLES if style.digits_only)

_DIRECTIVES = {
    "d": "(?P<b>[0-9]{1,2})", "m": "(?P<a>[0-9]{1,2})", "y": _SHORT, "Y": _LONG, "G": _LONG,
    "H": "(?P<hour>[0-9]{1,2})", "I": "(?P<hour>[0-9]{1,2})", "M": "(?P<minute>[0-9]{1,2})",
    "S": "(?P<second>[0-9]{1,2})", "f": "(?P<fraction>[0-9]{1,9})",
    "p": _BEHIND, "z": r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2}|[A-Z]{3,4})",
    "a": f"(?P<dayname>{_LETTER}{{2,15}})\\.?", "A": f"(?P<dayname>{_LETTER}{{2,15}})",
    "b": f"{_WORD}\\.?", "B": _WORD,
    "j": "(?P<yearday>[0-9]{1,3})", "V": "(?P<week>[0-9]{1,2})", "u": "(?P<weekday>[1-7])",
}  # fmt: skip


@cache
def style_of(form: str) -> DateStyle:
    """The style that a form of ``strptime`` describes; blanks stand for one blank or more."""
    pieces: list[str] = []
    rest = iter(form)
    for letter in rest:
        if letter == "%":
            following = next(rest)
            pieces.append("%" if following == "%" else _DIRECTIVES[following])
        else:
            pieces.append(" +" if letter == " " else re.escape(letter))
    letters = {form[i + 1] for i, letter in enumerate(form[:-1]) if letter == "%"}
    coarse = "" if letters & set("dju") else "week" if "V" in letters else "month"
    coarse = coarse if letters & set("mbBV") or coarse == "" else "year"
    return DateStyle("^" + "".join(pieces) + "$", " ", short_year="y" in letters, coarse=coarse)
