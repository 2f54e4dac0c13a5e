"""A row of units below the names: what each column is measured in, and no value of any."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.tables.records.cell_kinds import group_of

_BRACKETED = re.compile(r"[\[(<{]\s*([^\[\](){}<>]{0,24}?)\s*[\])>}]")
_PREFIXED = r"(?:da|[yzafpnµμumcdhkMGTPEZY])?"
_ONE = (
    rf"(?:{_PREFIXED}(?:m|g|s|A|K|V|W|J|N|Pa|Hz|bar|[lL]|mol|cd|lx|lm|F|H|Ω|[Oo]hm|T|S|C|Bq|Gy|Sv|B|bit|byte|VA|var|eV"
    r"|Wh|Ah|cal|t|pc|rad|sr|M)|°\s?[CF]?|deg[CF]?|%|‰|ppm|ppb|min|sec|h|hr|hrs|d|day|days|wk|mo|yr|a|mmHg|psi|atm"
    r"|ft|in|mi|yd|kn|kt|mph|kph|rpm|gal|oz|lbs?|ha|acre|dBA?|dBm|px|pt|pH|EUR|USD|GBP|CHF|JPY|[€$£¥])"
    r"(?:[²³]|\^?-?[1-9])?"
)
_CAPITALS = re.compile(  # as devices of the eighties write them, and cycle computers still do (L_SEC, KM/H)
    r"(?:[A-Z]_)?(?:M?SEC|MIN|HOURS?|HR|DAYS?|WATTS?|VOLTS?|AMPS?|[KCM]?M|METERS?|FEET|MILES?|KM/?H|MI/H|[KM]PH|BPM"
    r"|RPM|K?G|LBS?|K?CAL|K?PA|M?BAR|K?HZ|DEG|PCT|NUM|COUNTS?)"
)
_LABELS = frozenset(
    ("unit", "units", "einheit", "einheiten", "unité", "unités", "unidad", "unidades", "unità")
)
"""In the first cell of a row of units."""
_UNIT = re.compile(rf"{_ONE}(?:\s?[/·*.]\s?{_ONE}|/\([^()]+\)|\s{_ONE})*|1?/{_ONE}")
_SIGN = re.compile(r"[%‰€$£¥]|°\s?[CF]")
"""Alone above numbers as sure a unit as one in brackets."""
_FLAT = re.compile("[A-Z][0-9]")
_NOTHING = frozenset(("", "-", "–", "—"))
"""In brackets or alone: a column without a unit."""


def units_of(cells: Sequence[str], groups: Sequence[str]) -> tuple[str, ...] | None:
    """The unit of each column ("" for none), or ``None`` where the cells are no units.

    ``groups`` are the kinds of the columns: bare letters are units only above numbers (an m above words may
    be a word), brackets anywhere. One unit without brackets in a wide table is not enough.
    """
    units: list[str] = []
    bracketed = bare = doubtful = 0
    for cell, group in zip(cells, groups, strict=False):
        text = cell.strip()
        inner = _BRACKETED.fullmatch(text)
        if inner and group_of(text) != "number":
            bracketed += 1
            units.append("" if inner[1] in _NOTHING else inner[1])
        elif text in _NOTHING or (not units and text.lower() in _LABELS):
            units.append("")
        elif (_UNIT.fullmatch(text) or _CAPITALS.fullmatch(text)) and group != "boolean":
            bare += group != "other"
            bracketed += group != "other" and _SIGN.fullmatch(text) is not None
            doubtful += group == "other"  # a column without values, if not one of words
            units.append(text)
        else:
            return None
    measured = any(unit and group != "other" for unit, group in zip(units, groups, strict=False))
    enough = measured and (bracketed > 0 or bare > 1 or len(cells) <= 2) and 2 * doubtful <= bare
    return tuple(units) if enough and len(units) == len(groups) else None


def is_unit(text: str) -> bool:
    """Whether a text by itself is a unit; A1 and B2 are flats rather than powers of amperes."""
    bare = text.strip()
    return bool(_UNIT.fullmatch(bare) or _CAPITALS.fullmatch(bare)) and not _FLAT.fullmatch(bare)
