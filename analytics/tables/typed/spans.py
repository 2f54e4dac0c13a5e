"""Typing lengths of time as programs and people write them: 26:30:00, 1h 20m, PT1H30M, 2 days 03:00:00."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import Cells
from analytics.tables.typed.doubts import Answer, Question, as_type, telling_rows
from analytics.tables.typed.typed import Typed, missing_note, text_column

_FRACTION = r"(?:[.,](?P<fraction>[0-9]{1,9}))?"
_PANDAS = (
    r"^(?P<days>-?[0-9]{1,12}) days?(?:,? \+?(?P<hours>[01]?[0-9]|2[0-3]):(?P<minutes>[0-5][0-9])"
    rf":(?P<seconds>[0-5][0-9]){_FRACTION})?$"
)
"""The time of day always counts forward from the (maybe negative) days, in pandas and in Python."""
_PYTHON = (
    r"^(?:(?P<days>-?[0-9]{1,12}) days?,? )?(?P<hours>[01]?[0-9]|2[0-3]):(?P<minutes>[0-5][0-9])"
    rf":(?P<seconds>[0-5][0-9]){_FRACTION}$"
)
"""Python names no days where there are none: below 1 day, 2:30:00 stands 0:15:00."""
CLOCK = (
    r"^(?P<sign>[+-])?(?:(?P<hours>[0-9]{1,6}):)?(?P<minutes>[0-9]{1,5}):(?P<seconds>[0-5][0-9])"
    rf"{_FRACTION}$"
)
_FRENCH = r"^(?P<sign>-)?(?P<hours>[0-9]{1,4}) ?h ?(?P<minutes>[0-5][0-9])$"
_N = r"[0-9]+(?:[.,][0-9]+)?"
ISO = (
    rf"^(?P<sign>[+-])?P(?:(?P<weeks>{_N})W)?(?:(?P<days>{_N})D)?"
    rf"(?:T(?:(?P<hours>{_N})H)?(?:(?P<minutes>{_N})M)?(?:(?P<seconds>{_N})S)?)?$"
)
_UNITS = {
    "weeks": (
        "weeks?|wks?|w|wochen?|semaines?|semanas?|settiman[ae]|tyg\\.?|tydzień|tygodnie|tygodni|ve?ck(?:a|or)"
        "|uger?"
    ),
    "days": (
        "days?|d|tage?n?|jours?|j|d[ií]as?|giorn[oi]|dni|dzień|dag(?:e|en|ar)?|dny|nap|päivää?|gün|дн\\.?|дня"
        "|дней|день"
    ),
    "hours": (
        "hours?|hrs?\\.?|h|stunden?|std\\.?|heures?|horas?|or[ae]|godz\\.?|godzin[ay]?|uur|uren|timer?|timm(?:e|ar)"
        "|hod\\.?|óra|tuntia?|saat|ч\\.?|час(?:а|ов)?"
    ),
    "minutes": (
        "minutes?|minuten?|mins?\\.?|minutos?|minut[oi]|minut[ay]?|minuter|minutt(?:er)?|m|dk|perc|мин\\.?"
        "|минут[аы]?"
    ),
    "seconds": (
        "seconds?|secs?\\.?|s|sekunden?|sek\\.?|secondes?|segundos?|second[oi]|sekund[ay]?|sekunder|sn|mp"
        "|сек\\.?|с"
    ),
    "millis": "ms|msecs?|milliseconds?|millisekunden?|millisecondes?|milisegundos?|millisecond[oi]",
}
_AND = r"(?:,? ?(?:and|und|et|y|e|i|og|och|en) |,? ?)"
WORDS = (
    "^(?P<sign>-)?(?i:"
    + _AND.join(f"(?:(?P<{unit}>{_N}) ?(?:{words}))?" for unit, words in _UNITS.items())
    + ")$"
)
_LENGTHS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1, "millis": 0.001}
_DURATION_NAMES = re.compile(
    r"(?i)duration|elapsed|runtime|run.?time|uptime|\blap|dauer|laufzeit|dur[ée]+e|duraci[oó]n|durata|dura[çc][ãa]o"
    r"|trwania|kesto|varighe[dt]|varaktighet|süre|длительность"
)
"""Headers that say that 11:45:10 is no time of day."""
_OTHER_NAMES = re.compile(
    r"(?i:(?:\b|_|run|up|down|life|play|over|wait|lead|screen)times?(?:\b|_|[0-9])|zeit|\btemps\b|tiempo|tempo\b"
    r"|czas|время|delay|d[ée]lai|latency|latenz|\bwait|interval|\bttl\b|timeout|timer)|[a-z]Time"
)
"""Headers that say so of 50s, but not of 11:45:10, which is a time of day under ``time``."""
_LETTER = (
    r"^-?(?:[0-9]+(?P<tight>[sShHdD])|[0-9.,]+ ?(?P<wide>[mwjMWJ]))$"  # 2 s, 1.5h are SI; 1.5 m is metres
)
"""One letter that may mean much else; other units in the column or its name tell."""
_MEANINGS = {"s": ("decades", "seconds"), "m": ("metres or months", "minutes")} | {
    "h": ("codes", "hours"), "d": ("codes", "days")
}  # fmt: skip
"""What the letter may mean, and the unit: ages in their 50s and years of the 1990s are no seconds."""
_PER_SECOND = {"s": 1, "us": 10**6, "ns": 10**9}
_MISSING = np.iinfo(np.int64).min
_TWO = "^[+-]?[0-9]+:[0-9]{2}$"


@dataclass(frozen=True)
class Spans:
    """Lengths of time (u,): whole seconds, nanoseconds of one more, and which cells are such (u,)."""

    seconds: np.ndarray
    nano: np.ndarray
    known: np.ndarray


def type_spans(cells: Cells, lines: np.ndarray | None) -> Typed | None:
    """The column as timedelta64; as text with a question if it may be times of day; else ``None``."""
    if cells.sample_share("[0-9]") < 1:
        return None
    pattern = next(
        (pattern for pattern in (_PANDAS, CLOCK, _PYTHON, ISO, WORDS, _FRENCH) if _all_fit(cells, pattern)),
        None,
    )
    if pattern is None or (pattern == WORDS and _are_sides(cells)):
        return None
    if pattern in (CLOCK, _FRENCH) and not _is_length(cells, pattern):
        return _asked_clock(cells, pattern, lines)
    if pattern == WORDS and (letter := _only_letter(cells)):
        return _asked_letter(cells, letter, lines) if letter in _MEANINGS else None
    spans = _spans(cells.trimmed, pattern, minutes_first=True)
    counts = _counts(spans)
    if counts is None or not (spans.known | cells.blank | cells.token).all():
        return None
    note = " Two numbers count minutes and seconds." if pattern == CLOCK and cells.matches(_TWO).any() else ""
    return _typed(cells, counts, "Lengths of time." + note, ())


def type_asked_spans(cells: Cells, form: str, lines: np.ndarray | None) -> Typed:
    """The column as lengths of time as asked; cells that are none are missing and listed."""
    size = len(cells.trimmed)
    every = Spans(np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, bool))
    for pattern in (_PANDAS, CLOCK, ISO, WORDS, _FRENCH):
        found = _spans(cells.trimmed, pattern, minutes_first=form == "%M:%S")
        new = found.known & ~every.known
        every = Spans(
            np.where(new, found.seconds, every.seconds),
            np.where(new, found.nano, every.nano),
            every.known | new,
        )
    counts = _counts(every)
    if counts is None:
        counts = np.full(size, "NaT", "timedelta64[us]")
    exceptions = cells.located(~(~np.isnat(counts) | cells.blank | cells.token), lines)
    return _typed(cells, counts, "Lengths of time, as asked.", exceptions)


def _typed(cells: Cells, counts: np.ndarray, sentence: str, exceptions: tuple[tuple[int, str], ...]) -> Typed:
    values = pd.TimedeltaIndex(cells.expand(counts)).array
    told = sentence + missing_note(cells, exceptions)
    return Typed(values, ColumnReading(cells.name, "number", told, exceptions, ("text",)))


def _all_fit(cells: Cells, pattern: str) -> bool:
    return cells.sample_share(pattern) == 1 and bool(
        (cells.matches(pattern) | cells.blank | cells.token).all()
    )


def _is_length(cells: Cells, pattern: str) -> bool:
    """Whether these are no times of day: by too many hours, a sign, stopped seconds or the name."""
    fitting = cells.matches(pattern)
    parts = pc.extract_regex(cells.trimmed, pattern)
    hours = _whole(pc.struct_field(parts, "hours"))
    if (hours[fitting] > 24).any() or cells.matches("^[+-]").any():
        return True
    two, three = cells.matches(_TWO), cells.matches("^[0-9]+:[0-9]+:[0-9]+")
    stopped = bool(cells.matches(r"[.,][0-9]+$").any())
    if pattern == _FRENCH or two.any():
        over = bool((_whole(pc.struct_field(parts, "minutes"))[two] >= 24).any())
        return pattern == CLOCK and (stopped or (over and bool(three.any())))
    unpadded = bool(cells.matches("^[0-9]:").any()) or not three.any()
    return bool(_DURATION_NAMES.search(cells.name)) or (unpadded and stopped)


def _asked_clock(cells: Cells, pattern: str, lines: np.ndarray | None) -> Typed:
    """Text that may be times of day or lengths of time, with the question."""
    forms = [("lengths of time", "duration")]
    if pattern == CLOCK and cells.matches(_TWO).any():
        forms = [
            ("lengths in hours and minutes", "duration:%H:%M"),
            ("lengths in minutes and seconds", "duration:%M:%S"),
        ]
    return _asked(cells, pattern, lines, "times of day", "No cell is over 24 hours, which would tell", forms)


def _are_sides(cells: Cells) -> bool:
    """Whether all numbers end in a capital S or H, some in each: Soll and Haben, debit and credit."""
    sides = [cells.matches(rf"^[+-]?[0-9.,]+ ?{letter}$") for letter in "SH"]
    return all(side.any() for side in sides) and bool((sides[0] | sides[1] | cells.blank | cells.token).all())


def _only_letter(cells: Cells) -> str:
    """The one letter behind all numbers that nothing proves to be a unit of time, or ""."""
    fitting = cells.matches(_LETTER)
    if _DURATION_NAMES.search(cells.name) or _OTHER_NAMES.search(cells.name):
        return ""
    if not (fitting | cells.blank | cells.token).all():
        return ""
    texts = cells.trimmed.filter(pa.array(fitting))
    letters = pc.utf8_lower(pc.utf8_slice_codeunits(texts, -1)).unique().to_pylist()
    return str(letters[0]) if len(letters) == 1 else ""


def _asked_letter(cells: Cells, letter: str, lines: np.ndarray | None) -> Typed:
    what, unit = _MEANINGS[letter]
    why = f"All end in {letter} alone, and neither other units nor the name of the column tell"
    return _asked(cells, _LETTER, lines, what, why, [(f"lengths of time in {unit}", "duration")])


def _asked(
    cells: Cells, pattern: str, lines: np.ndarray | None, what: str, why: str, forms: list[tuple[str, str]]
) -> Typed:
    """The column as text that may be ``what`` or lengths of time, with the question."""
    rows = telling_rows(cells, cells.matches(pattern))
    places = ", ".join(f"line {line:,}: {text}" for line, text in cells.shown(rows, lines))
    question = Question(
        cells,
        f"Does {cells.name} say {what}, or lengths of time?",
        f"{why}; {places}.",
        rows,
        Answer(f"{what}, as text", as_type(cells.name, "text")),
        tuple(Answer(label, as_type(cells.name, kind)) for label, kind in forms),
    )
    sentence = f"Text. Cells like {cells.shown(rows[:1], lines)[0][1]} may be {what} or lengths of time."
    typed = text_column(cells, sentence, alternatives=("duration",))
    return Typed(typed.values, typed.reading, (question,))


def _spans(texts: pa.Array, pattern: str, *, minutes_first: bool) -> Spans:
    """What the texts (u,) say; in two numbers without a fraction the first counts hours or minutes."""
    fields = pc.extract_regex(texts, pattern)
    part = {field.name: pc.struct_field(fields, field.name) for field in fields.type}
    known = fields.is_valid().to_numpy(zero_copy_only=False)
    if pattern in (ISO, WORDS):
        return _of_words(part, known)
    hours, minutes, seconds = (
        _whole(part[name]) if name in part else 0 for name in ("hours", "minutes", "seconds")
    )
    if pattern == CLOCK:
        alone = ~_given(part["hours"])
        known &= alone | (minutes < 60)
        if not minutes_first:
            as_hours = alone & ~_given(part["fraction"])
            hours = np.where(as_hours, minutes, hours)
            minutes, seconds = np.where(as_hours, seconds, minutes), np.where(as_hours, 0, seconds)
    total = (hours * 60 + minutes) * 60 + seconds
    total = total + (_whole(part["days"]) * 86_400 if "days" in part else 0)
    nano = np.zeros(len(known), np.int64)
    if "fraction" in part:
        nano = _whole(pc.utf8_slice_codeunits(pc.utf8_rpad(part["fraction"], 9, "0"), 0, 9))
    return _signed(part, np.asarray(total, np.int64), nano, known)


def _of_words(part: dict[str, pa.Array], known: np.ndarray) -> Spans:
    names = [name for name in _LENGTHS if name in part]
    known = known & np.logical_or.reduce([_given(part[name]) for name in names])
    total = sum(_decimal(part[name]) * _LENGTHS[name] for name in names)
    seconds = np.floor(total)
    nano = np.round((total - seconds) * 10**6).astype(np.int64) * 1000
    return _signed(part, seconds.astype(np.int64) + nano // 10**9, nano % 10**9, known)


def _signed(part: dict[str, pa.Array], seconds: np.ndarray, nano: np.ndarray, known: np.ndarray) -> Spans:
    if "sign" not in part:
        return Spans(seconds, nano, known)
    minus = pc.fill_null(pc.equal(part["sign"], "-"), False).to_numpy(zero_copy_only=False)
    borrowed = minus & (nano > 0)
    return Spans(np.where(minus, -seconds, seconds) - borrowed, np.where(borrowed, 10**9 - nano, nano), known)


def _counts(spans: Spans) -> np.ndarray | None:
    """timedelta64 (u,) in the widest of microseconds, nanoseconds and seconds that fits; ``None`` if none."""
    seconds, nano = np.where(spans.known, spans.seconds, 0), np.where(spans.known, spans.nano, 0)
    unit = "ns" if (nano % 1000).any() else "us" if _fits(seconds, "us") else "s"
    if not _fits(seconds, unit) or (unit == "s" and nano.any()):
        return None
    per_second = _PER_SECOND[unit]
    counts = np.where(spans.known, seconds * per_second + nano // (10**9 // per_second), _MISSING)
    return counts.astype(f"timedelta64[{unit}]")


def _fits(seconds: np.ndarray, unit: str) -> bool:
    """Whether these whole seconds and a part of one more can be counted in 64 bits."""
    most = np.iinfo(np.int64).max // _PER_SECOND[unit] - 1
    return len(seconds) == 0 or bool(-most <= seconds.min() and seconds.max() <= most)


def _given(field: pa.Array) -> np.ndarray:
    return pc.fill_null(pc.not_equal(field, ""), False).to_numpy(zero_copy_only=False)


def _whole(digits: pa.Array) -> np.ndarray:
    zero = pa.scalar("0", digits.type)
    filled = pc.fill_null(digits, zero)
    return pc.cast(pc.if_else(pc.equal(filled, ""), zero, filled), pa.int64()).to_numpy(zero_copy_only=False)


def _decimal(digits: pa.Array) -> np.ndarray:
    zero = pa.scalar("0", digits.type)
    filled = pc.replace_substring(pc.fill_null(digits, zero), ",", ".")
    return pc.cast(pc.if_else(pc.equal(filled, ""), zero, filled), pa.float64()).to_numpy(
        zero_copy_only=False
    )
