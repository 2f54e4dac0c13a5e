"""The cells of a column taken apart as dates, and put together as points in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import PROBE, Cells, matches
from analytics.tables.typed.dates.calendar_words import is_weekday, month_numbers
from analytics.tables.typed.dates.date_styles import STYLES, DateStyle
from analytics.tables.typed.dates.zones import zone_offsets

_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?$"
MOST_WORDS = 400
"""Distinct names of months; all of all languages are fewer than 800, and a file is in one or two."""


@dataclass(frozen=True)
class WrittenDates:
    """The cells of a column as dates; arrays have one entry per distinct cell (u,).

    ``valid`` says which cells are written in ``style``; ``parts`` are their numbers, 0 where absent, of which
    ``a`` and ``b`` are the two that may be month and day. ``offsets`` are minutes from UTC where ``stated``.
    ``problem`` says why none is a date after all.
    """

    style: DateStyle
    valid: np.ndarray
    parts: dict[str, np.ndarray]
    offsets: np.ndarray
    stated: np.ndarray
    problem: str = ""

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


def find_dates_in(cells: Cells, *, least: float = 0.5) -> WrittenDates | None:
    """The cells as dates of the first style in which at least this share of a sample is written."""
    handful = cells.sample[:64]
    if not len(handful) or np.mean(matches(handful, "^.{0,30}[0-9]{2}")) < least:
        return None
    style = next((style for style in STYLES if _share(cells, style) >= least), None)
    return take_apart(cells.trimmed, style) if style else None


def dates_as_most(cells: Cells) -> WrittenDates:
    """The cells as dates of the style in which most of a sample are written, if any is."""
    return take_apart(cells.trimmed, max(STYLES, key=lambda style: _share(cells, style)))


def _share(cells: Cells, style: DateStyle) -> float:
    """Share of a sample that is so written, its words being months and weekdays."""
    share = cells.sample_share(style.pattern)
    if not share or not {"word", "dayname"} & set(style.parts):
        return share
    dates = take_apart(cells.sample, style)
    return share if dates.problem else float(dates.valid.mean())


def take_apart(texts: pa.Array, style: DateStyle) -> WrittenDates:
    """Every text (u,) as the numbers that the style finds in it."""
    fields = _fields(texts, style)
    get = {field.name: pc.struct_field(fields, field.name) for field in fields.type}
    valid = fields.is_valid().to_numpy(zero_copy_only=False)
    nothing = np.zeros(len(valid), np.int64)
    parts = {
        name: _numbers(get[name]) if name in get else nothing
        for name in (
            *("year", "a", "b", "hour", "minute", "second"),
            *("quarter", "semester", "week", "weekday", "yearday"),
        )
    }
    parts["nanosecond"] = _nanoseconds(get["fraction"]) if "fraction" in get else nothing
    parts["timed"] = _given(get["hour"]) if "hour" in get else nothing.astype(bool)
    if "minute" in get:
        half = _given(get["half"]) if "half" in get else False
        valid &= ~parts["timed"] | _given(get["minute"]) | half
    if "half" in get:
        parts["hour"] = _full_hours(parts["hour"], get["half"], least=1)
    if "ahead" in get:
        parts["hour"] = _full_hours(parts["hour"], get["ahead"], least=0)  # Japan's noon is 午後0:00
        valid &= ~(_given(get["ahead"]) & _given(get["half"]))
    problem = ""
    if "word" in get:
        parts["a"], problem = _months(get["word"], valid)
        valid &= parts["a"] > 0
    if "dayname" in get:
        valid &= _by_word(get["dayname"], valid, _weekday_or_nothing) > 0
    if style.short_year:  # POSIX: 69 to 99 are 1969 to 1999
        parts["year"] = parts["year"] + np.where(parts["year"] < 69, 2000, 1900)
    offsets, stated = nothing, nothing.astype(bool)
    if "zone" in get:
        offsets, stated, known = zone_offsets(get["zone"])
        valid &= known
    return WrittenDates(style, valid, parts, offsets, stated, problem)


def _fields(texts: pa.Array, style: DateStyle) -> pa.Array:
    """The groups of the style's pattern, without those of the time, half the cost, where no cell has one."""
    if style.days != style.pattern and not matches(texts[:PROBE], "[0-9][:h][0-9]").any():
        fields = pc.extract_regex(texts, style.days)
        rest = texts.filter(pc.invert(fields.is_valid()))
        if not len(rest) or not matches(rest, style.pattern).any():
            return fields
    return pc.extract_regex(texts, style.pattern)


def _weekday_or_nothing(word: str) -> int:
    """1 for a weekday, and where none stands."""
    return int(not word or is_weekday(word))


def _numbers(digits: pa.Array) -> np.ndarray:
    zero = pa.scalar("0", digits.type)
    filled = pc.fill_null(digits, zero)
    return pc.cast(pc.if_else(pc.equal(filled, ""), zero, filled), pa.int64()).to_numpy(zero_copy_only=False)


def _nanoseconds(fraction: pa.Array) -> np.ndarray:
    if not pc.any(pc.not_equal(fraction, "")).as_py():
        return np.zeros(len(fraction), np.int64)
    return _numbers(pc.utf8_slice_codeunits(pc.utf8_rpad(fraction, 9, "0"), 0, 9))


def _given(field: pa.Array) -> np.ndarray:
    return pc.fill_null(pc.not_equal(field, ""), False).to_numpy(zero_copy_only=False)


def _full_hours(hour: np.ndarray, half: pa.Array, *, least: int) -> np.ndarray:
    if not pc.any(pc.not_equal(half, "")).as_py():
        return hour
    word = pc.fill_null(pc.utf8_lower(half), "")
    morning = matches(word, "^(?:a|π|上|午前|오전)")
    evening = matches(word, "^(?:p|μ|下|午後|오후)")
    wrong = (morning | evening) & ((hour < least) | (hour > 12))
    return np.where(wrong, 99, np.where(morning, hour % 12, np.where(evening, hour % 12 + 12, hour)))


def _months(words: pa.Array, valid: np.ndarray) -> tuple[np.ndarray, str]:
    distinct = words.filter(pa.array(valid)).unique()
    if len(distinct) > MOST_WORDS:
        return np.zeros(len(words), np.int64), ""
    numbers, problem = month_numbers(distinct.to_pylist())
    return _by_word(words, valid, lambda word: numbers.get(word, 0)), problem


def _by_word(words: pa.Array, valid: np.ndarray, number: Callable[[str], int]) -> np.ndarray:
    """What ``number`` says of each word (u,), asked once per distinct word; 0 where not valid."""
    encoded = pc.dictionary_encode(pc.if_else(pa.array(valid), words, pa.scalar(None, words.type)))
    if len(encoded.dictionary) > MOST_WORDS:
        return np.zeros(len(words), np.int64)
    numbers = np.array([*map(number, encoded.dictionary.to_pylist()), 0], np.int64)
    return numbers[pc.fill_null(encoded.indices, len(numbers) - 1).to_numpy(zero_copy_only=False)]


def points_in_time(dates: WrittenDates, *, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Datetimes (u,) as written, without zone, and which of them are real (u,): 30 February is not.

    The unit is microseconds, or nanoseconds where a cell needs them. 24:00 is the end of its day.
    """
    parts = dates.parts
    days, real = _days(dates, day_first=day_first)
    midnight = (
        (parts["hour"] == 24) & (parts["minute"] == 0) & (parts["second"] == 0) & (parts["nanosecond"] == 0)
    )
    real &= ((parts["hour"] < 24) | midnight) & (parts["minute"] < 60) & (parts["second"] < 60)
    seconds = (parts["hour"] * 60 + parts["minute"]) * 60 + parts["second"]
    fine = bool((parts["nanosecond"][real] % 1000).any())
    unit, per_second = ("ns", 10**9) if fine else ("us", 10**6)
    if fine:
        real &= (parts["year"] > 1677) & (parts["year"] < 2262)
        days = np.where(real, days, np.datetime64(0, "D"))
    clock = seconds * per_second + parts["nanosecond"] // (10**9 // per_second)
    return days.astype(f"datetime64[{unit}]") + np.where(real, clock, 0).astype(f"timedelta64[{unit}]"), real


def _days(dates: WrittenDates, *, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """The day (u,) of each cell, the first one of a longer time, and which are in the calendar (u,)."""
    parts, names = dates.parts, dates.style.parts
    real = dates.valid & (parts["year"] >= 1)
    if "week" in names:
        return _days_of_weeks(parts, real)
    if "yearday" in names:
        return _days_of_years(parts, real)
    month, day = (parts["b"], parts["a"]) if day_first and dates.style.is_open else (parts["a"], parts["b"])
    if "quarter" in names or "semester" in names:
        month = parts["quarter"] * 3 - 2 if "quarter" in names else parts["semester"] * 6 - 5
    if dates.style.coarse:
        month, day = (np.ones_like(month) if dates.style.coarse == "year" else month), np.ones_like(month)
    real = real & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(real, (parts["year"] - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(real, day - 1, 0)
    return days, real & (days.astype("datetime64[M]") == months)


def _days_of_weeks(parts: dict[str, np.ndarray], real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Monday of the ISO week, or the weekday stated: week 1 holds 4 January."""
    fourth = np.where(real, parts["year"] - 1970, 0).astype("datetime64[Y]").astype("datetime64[D]") + 3
    monday = fourth - (fourth.astype(np.int64) + 3) % 7
    days = monday + np.where(real, (parts["week"] - 1) * 7 + np.maximum(parts["weekday"] - 1, 0), 0)
    thursday = days - (days.astype(np.int64) + 3) % 7 + 3
    year = thursday.astype("datetime64[Y]").astype(np.int64) + 1970
    return days, real & (parts["week"] >= 1) & (year == parts["year"])


def _days_of_years(parts: dict[str, np.ndarray], real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    years = np.where(real, parts["year"] - 1970, 0).astype("datetime64[Y]")
    days = years.astype("datetime64[D]") + np.where(real, parts["yearday"] - 1, 0)
    return days, real & (parts["yearday"] >= 1) & (days.astype("datetime64[Y]") == years)


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
            except pa.ArrowInvalid:  # a 30 February or 24:00: the slow way finds it
                return None
    return None


def is_iso(cells: Cells) -> bool:
    """Whether a sample of the cells is all dates that begin with the year, as programs write them."""
    return cells.sample_share(STYLES[0].pattern) == 1
