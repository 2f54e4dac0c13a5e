"""Dates and times written by people, with the order of day and month decided by evidence only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import Cells, matches

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))"
)
_WEEKDAY = r"(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +)?"
_ZONE = r"(?P<zone>Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})"
_TIME = (
    r"(?:(?:[Tt]| +|, *)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    rf"(?: ?(?P<half>(?i:[ap]\.?m\.?)))? ?{_ZONE}?)?"
)


@dataclass(frozen=True)
class DateStyle:
    """A way to write a date. ``order`` is "ymd", "named" (the month is a word) or "numbers" (open)."""

    pattern: str
    order: str
    separator: str
    short_year: bool = False


def _styles() -> tuple[DateStyle, ...]:
    found: list[DateStyle] = []
    for mark, expression in (("-", "-"), ("/", "/"), (".", r"\.")):
        two = rf"(?P<a>[0-9]{{1,2}}){expression}(?P<b>[0-9]{{1,2}}){expression}"
        iso = rf"(?P<year>[0-9]{{4}}){expression}(?P<a>[0-9]{{1,2}}){expression}(?P<b>[0-9]{{1,2}})"
        found.append(DateStyle(rf"^{iso}{_TIME}$", "ymd", mark))
        found.append(DateStyle(rf"^{two}(?P<year>[0-9]{{4}}){_TIME}$", "numbers", mark))
        found.append(DateStyle(rf"^{two}(?P<year>[0-9]{{2}}){_TIME}$", "numbers", mark, short_year=True))
    gap = r"(?: +|-|/|\. *)"
    found.append(
        DateStyle(
            rf"^{_WEEKDAY}(?P<b>[0-9]{{1,2}}){gap}{_MONTH}\.?,?{gap}?(?P<year>[0-9]{{4}}){_TIME}$",
            "named",
            " ",
        )
    )
    found.append(
        DateStyle(
            rf"^{_WEEKDAY}{_MONTH}\.? +(?P<b>[0-9]{{1,2}}),? +(?P<year>[0-9]{{4}}){_TIME}$", "named", " "
        )
    )
    return tuple(found)


STYLES = _styles()
FEWEST_STEPS = 12
"""Fewer evenly spaced dates could be so by chance."""
_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?$"


@dataclass(frozen=True)
class Moments:
    """The cells of a column as dates; arrays have one entry per distinct cell (u,).

    ``valid`` says which cells are written in ``style``; ``parts`` are their numbers, 0 where absent, of which
    ``a`` and ``b`` are the two that may be month and day.
    """

    style: DateStyle
    valid: np.ndarray
    parts: dict[str, np.ndarray]
    zones: pa.Array

    @property
    def day_first(self) -> bool | None:
        """What numbers over 12 prove, which must be days; ``None`` if there are none, or in both places."""
        first, second = ((self.parts[part][self.valid] > 12).any() for part in ("a", "b"))
        return None if first == second else bool(first)

    @property
    def contradicts_itself(self) -> bool:
        """Whether both the first and the second number exceed 12 somewhere."""
        return all((self.parts[part][self.valid] > 12).any() for part in ("a", "b"))

    @property
    def has_time(self) -> bool:
        """Whether any cell has a time of day."""
        return bool(self.parts["timed"][self.valid].any())


def find_style(cells: Cells, *, short_year: bool = False) -> DateStyle | None:
    """The style in which at least half of a sample of the cells is written.

    Two-digit years count where ``short_year`` asks for them, and between strokes, as in 12/31/99; with points
    they could be versions, with hyphens parts of a number.
    """
    if not len(cells.sample) or not matches(cells.sample[:64], "[0-9]").any():
        return None
    for style in STYLES:
        if style.short_year and not short_year and style.separator != "/":
            continue
        if cells.sample_share(style.pattern) >= 0.5:
            return style
    return None


def find_moments(cells: Cells, style: DateStyle) -> Moments:
    """Take every cell apart as the style says."""
    fields = pc.extract_regex(cells.trimmed, style.pattern)
    names = {fields.type.field(i).name for i in range(fields.type.num_fields)}
    get = {name: pc.struct_field(fields, name) for name in names}
    parts = {
        name: _numbers(get[name]) for name in ("a", "b", "year", "hour", "minute", "second") if name in get
    }
    parts["nanosecond"] = _numbers(pc.utf8_slice_codeunits(pc.utf8_rpad(get["fraction"], 9, "0"), 0, 9))
    parts["timed"] = pc.fill_null(pc.not_equal(get["hour"], ""), False).to_numpy(zero_copy_only=False)
    if "month" in get:
        short = pc.utf8_lower(pc.utf8_slice_codeunits(get["month"], 0, 3))
        index = pc.index_in(short, pa.array(MONTHS, short.type))
        parts["a"] = pc.fill_null(index, -1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    if style.short_year:  # POSIX: 69 to 99 are 1969 to 1999
        parts["year"] = parts["year"] + np.where(parts["year"] < 69, 2000, 1900)
    parts["hour"] = _full_hours(parts["hour"], get["half"])
    valid = fields.is_valid().to_numpy(zero_copy_only=False)
    return Moments(style, valid, parts, get["zone"])


def _numbers(digits: pa.Array) -> np.ndarray:
    zero = pa.scalar("0", digits.type)
    filled = pc.if_else(pc.equal(pc.fill_null(digits, zero), ""), zero, pc.fill_null(digits, zero))
    return pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False)


def _full_hours(hour: np.ndarray, half: pa.Array) -> np.ndarray:
    letter = pc.fill_null(pc.utf8_lower(pc.utf8_slice_codeunits(half, 0, 1)), "")
    morning = pc.equal(letter, "a").to_numpy(zero_copy_only=False)
    evening = pc.equal(letter, "p").to_numpy(zero_copy_only=False)
    wrong = (morning | evening) & ((hour < 1) | (hour > 12))
    return np.where(wrong, 99, np.where(morning, hour % 12, np.where(evening, hour % 12 + 12, hour)))


def moments_to_datetimes(moments: Moments, *, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Datetimes (u,) as written, without zone, and which of them are real (u,): 30 February is not.

    The unit is microseconds, or nanoseconds where a cell needs them.
    """
    parts = moments.parts
    month, day = (
        (parts["b"], parts["a"])
        if day_first and moments.style.order == "numbers"
        else (parts["a"], parts["b"])
    )
    real = moments.valid & (parts["year"] >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    real &= (parts["hour"] < 24) & (parts["minute"] < 60) & (parts["second"] < 60)
    months = np.where(real, (parts["year"] - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(real, day - 1, 0)
    real &= days.astype("datetime64[M]") == months
    seconds = (parts["hour"] * 60 + parts["minute"]) * 60 + parts["second"]
    fine = bool((parts["nanosecond"][real] % 1000).any())
    unit, per_second = ("ns", 10**9) if fine else ("us", 10**6)
    if fine:
        real &= (parts["year"] > 1677) & (parts["year"] < 2262)
        days = np.where(real, days, np.datetime64(0, "D"))
    clock = seconds * per_second + parts["nanosecond"] // (10**9 // per_second)
    return days.astype(f"datetime64[{unit}]") + np.where(real, clock, 0).astype(f"timedelta64[{unit}]"), real


def even_order(moments: Moments) -> bool | None:
    """Whether the day comes first, where the dates are evenly spaced in one order only; else ``None``.

    1/1/85, 2/1/85 ... 1/1/86 are months with the month first, and eleven days and a gap with the day first.
    """
    even = [
        order for order in (True, False) if _evenly_spaced(*moments_to_datetimes(moments, day_first=order))
    ]
    return even[0] if len(even) == 1 else None


def _evenly_spaced(values: np.ndarray, real: np.ndarray) -> bool:
    """Whether dates (u,), in the order in which they first stand, go on by steps alike to a seventh."""
    steps = np.diff(values[real]).astype(np.int64)
    if len(steps) < FEWEST_STEPS or len(set(np.sign(steps))) > 1:
        return False
    sizes = np.abs(steps)
    return bool(sizes.min() > 0 and sizes.max() <= sizes.min() * 8 / 7)


def zone_offsets(moments: Moments) -> tuple[np.ndarray, np.ndarray]:
    """Offset of each cell from UTC in minutes (u,), and which cells state one (u,)."""
    stated = pc.fill_null(pc.not_equal(moments.zones, ""), False).to_numpy(zero_copy_only=False)
    digits = pc.replace_substring(moments.zones, ":", "")
    signed = matches(digits, r"^[+-][0-9]{4}$")
    number = _numbers(
        pc.if_else(pa.array(signed), pc.utf8_slice_codeunits(digits, 1, 5), pa.scalar("0", digits.type))
    )
    minutes = number // 100 * 60 + number % 100
    return np.where(matches(digits, "^-"), -minutes, minutes), stated


def fast_iso(cells: Cells) -> tuple[pa.Array, bool] | None:
    """A column of plain ISO dates or times as timestamp[us] (u,), and whether they are days only."""
    for pattern, days in ((_ISO_DAY, True), (_ISO_MOMENT, False)):
        if cells.sample_share(pattern) == 1:
            fitting = cells.matches(pattern)
            if not (fitting | cells.blank | cells.token).all():
                return None
            texts = pc.if_else(pa.array(fitting), cells.trimmed, pa.scalar(None, cells.trimmed.type))
            try:
                return pc.cast(texts, pa.timestamp("us")), days
            except pa.ArrowInvalid:  # a 30 February: the slow way finds it
                return None
    return None


def is_iso(cells: Cells) -> bool:
    """Whether a sample of the cells is all dates that begin with the year, as programs write them."""
    return cells.sample_share(STYLES[0].pattern) == 1


def with_zones(
    values: np.ndarray, real: np.ndarray, offsets: np.ndarray, stated: np.ndarray
) -> pd.DatetimeIndex | None:
    """Values (u,) as pandas times, missing where not real; ``None`` if only some of the cells state a zone.

    Naive without zones, at a fixed offset where all agree, else in UTC.
    """
    shown = np.where(real, values, np.datetime64("NaT"))
    if not stated[real].any():
        return pd.DatetimeIndex(shown)
    if not stated[real].all():
        return None
    utc = pd.DatetimeIndex(shown - np.where(real, offsets, 0).astype("timedelta64[m]")).tz_localize("UTC")
    distinct: Sequence[int] = np.unique(offsets[real]).tolist()
    if len(distinct) == 1 and distinct[0]:
        import datetime as dt

        return utc.tz_convert(dt.timezone(dt.timedelta(minutes=distinct[0])))
    return utc
