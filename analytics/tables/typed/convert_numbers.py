"""Typing a column of written numbers, or keeping it as text where a number would lose something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import FEW, Cells, matches
from analytics.tables.typed.codes import CodeReason, reason_by_shape, reason_for_code
from analytics.tables.typed.dates.epochs import digit_dates_question
from analytics.tables.typed.doubts import Answer, Question, as_type
from analytics.tables.typed.glyphs import FRACTIONS, other_digits
from analytics.tables.typed.marks import ENOUGH, MOSTLY, NAMES, MarksFound, best_marks, choices
from analytics.tables.typed.number_questions import kept_as_text, questions_of_numbers
from analytics.tables.typed.numerals import Marks, Numerals
from analytics.tables.typed.sides import Sides
from analytics.tables.typed.typed import Typed, exceptions_note, missing_note, text_column
from analytics.tables.typed.units import MULTIPLIERS, unit_words

_OVER_64_BITS = 2.0**63
POINTED = r"[0-9][.eE]|\.[0-9]"
_SUSPICIOUS = r"^-?0[0-9]|[0-9]{16,}|[eE]"
"""What every text has that speaks against a column of numbers."""
_RARE = 0.05
"""Share of cells up to which what speaks against numbers may be a slip: of ZIP codes, 8 % begin with 0."""


@dataclass(frozen=True)
class Digits:
    """A column's cells as plain digits: ``texts`` (u,), and which are numbers, infinite or misfits (u,).

    ``whole``: no cell has a point or exponent. ``exceptions``: line and text of the misfits.
    """

    cells: Cells
    numerals: Numerals
    marks: Marks
    texts: pa.Array
    fits: np.ndarray
    misfits: np.ndarray
    whole: bool
    exceptions: tuple[tuple[int, str], ...]
    lines: np.ndarray | None

    @cached_property
    def numbers(self) -> np.ndarray:
        """The cells as float64 (u,), NaN where they do not fit."""
        return pc.cast(self.texts, pa.float64()).to_numpy(zero_copy_only=False)

    @property
    def good(self) -> int:
        """How many rows are numbers."""
        return self.cells.count(self.fits | self.numerals.infinite)

    @property
    def bad(self) -> int:
        """How many rows are neither numbers nor missing."""
        return self.cells.count(self.misfits)


def type_numbers(
    cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions, lines: np.ndarray | None
) -> Typed | None:
    """The column as numbers; as text with the reason if that is safer; ``None`` if it mostly is neither."""
    asked = options.type_of(cells.name)
    digits = _digits(cells, numerals, found, options, lines)
    good, bad = digits.good, digits.bad
    if not asked and (not good or good < MOSTLY * (good + bad)):
        return _of_several_ways(digits)
    if not asked and numerals.sides is not None and not numerals.sides.is_told:
        return _of_one_side(digits, numerals.sides)
    if not asked:
        text = _all_in_brackets(digits) if numerals.bracketed else _as_text(digits, found)
        if text is not None:
            return text
    typed = _integers(digits, asked=asked) if digits.whole else _floats(digits, asked=asked)
    if asked or typed.reading.kind == "text":
        return typed
    return replace(typed, questions=questions_of_numbers(cells, numerals, digits.texts, digits.whole, lines))


def _as_text(digits: Digits, found: MarksFound) -> Typed | None:
    """The column as text, where a number would lose something or its digits are a code."""
    cells = digits.cells
    code = _code(digits, found)
    powers = None if code else _powers_or_codes(digits)
    if powers is not None:
        return powers
    reason, against = (f"Text: {code.sentence}", None) if code else _reason_for_text(digits)
    if not reason:
        return None
    questions: tuple[Question, ...] = ()
    if code and not code.sure:
        questions = (
            kept_as_text(
                cells, f"Are the digits in {cells.name} numbers, or codes?", reason, digits.fits, digits.lines
            ),
        )
    elif against is not None and (digits.exceptions or cells.count(against) <= _RARE * digits.good):
        questions = (_against_question(digits, reason, against),)
    elif digits.whole:
        asked = digit_dates_question(cells, digits.lines, taken=Answer("text", as_type(cells.name, "text")))
        questions = (asked,) if asked else ()
    text = text_column(cells, reason, exceptions=digits.exceptions, alternatives=("number",))
    return replace(text, questions=questions)


def _of_several_ways(digits: Digits) -> Typed | None:
    """Text, where amounts in several currencies, or with both decimal marks, stand in one column."""
    numerals, cells = digits.numerals, digits.cells
    label = f"numbers with {NAMES[digits.marks.decimal]} before decimals, the others missing"
    if numerals.other_units:
        units = " and ".join((numerals.unit, *numerals.other_units[:3]))
        reason = f"Text: amounts in {units} are not one quantity."
        label = f"numbers in {numerals.unit}, the others missing"
    elif digits.good and {*".,"} <= numerals.marks_shown and _nearly(digits, numerals.valid):
        reason = "Text: numbers with a decimal point and with a decimal comma, or with other marks between."
    else:
        return None
    text = text_column(cells, reason, exceptions=digits.exceptions, alternatives=("number",))
    question = kept_as_text(
        cells,
        f"Are the cells of {cells.name} to be numbers?",
        reason,
        ~cells.blank,
        digits.lines,
        label=label,
    )
    return replace(text, questions=(question,))


def _nearly(digits: Digits, mask: np.ndarray) -> bool:
    """Whether the mask (u,) selects nearly all rows that are not missing."""
    return digits.cells.count(mask) >= MOSTLY * (digits.good + digits.bad)


def _against_question(digits: Digits, reason: str, against: np.ndarray) -> Question:
    return kept_as_text(
        digits.cells,
        f"Is {digits.cells.name} a column of numbers?",
        reason,
        against,
        digits.lines,
        also=digits.fits & ~against,
    )


def _code(digits: Digits, found: MarksFound) -> CodeReason | None:
    if digits.bad or digits.numerals.unit or digits.numerals.infinite.any():
        return None
    if digits.marks.thousands in (".", " ") or not digits.whole:
        return reason_by_shape(digits.cells, decimal_comma=found.comma_seen)
    return reason_for_code(digits.cells, digits.texts) if digits.whole else None


def _digits(
    cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions, lines: np.ndarray | None
) -> Digits:
    marks = _column_marks(cells, numerals, found, options)
    fits, infinite = numerals.fits(marks), numerals.infinite
    misfits = ~(fits | infinite | cells.blank | cells.token)
    texts = numerals.normalised(marks, fits)
    exceptions = cells.located(misfits, lines) if misfits.any() else ()
    pointed = marks.decimal == "." and not marks.thousands and matches(cells.sample, POINTED).any()
    whole = bool(fits.any()) and not (infinite.any() or pointed or _shows_decimals(texts))
    return Digits(cells, numerals, marks, texts, fits, misfits, whole, exceptions, lines)


def _shows_decimals(texts: pa.Array) -> bool:
    """Whether some number has a point or a power of ten: the first cells mostly tell."""
    parts = (texts[:FEW], texts) if len(texts) > FEW else (texts,)
    return any(matches(part, "[.eE]").any() for part in parts)


def _column_marks(cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions) -> Marks:
    """The file's marks, or others if only those make this column numbers."""
    told = options.form_of(cells.name) or options.decimal
    marks, share = best_marks(cells, numerals, choices(told or found.decimal, options.thousands))
    if share >= ENOUGH or told:
        return marks
    opposite = "," if marks.decimal == "." else "."
    other, better = best_marks(cells, numerals, choices(opposite, options.thousands))
    return other if better >= ENOUGH else marks


def _reason_for_text(digits: Digits) -> tuple[str, np.ndarray | None]:
    """Why the column should stay text, or "", and the cells (u,) that speak for it."""
    good, bad, cells, texts = digits.good, digits.bad, digits.cells, digits.texts
    if bad and (bad > (1 - ENOUGH) * (good + bad) or cells.matches("[0-9]")[digits.misfits].any()):
        share = f"{good:,} of {good + bad:,} cells are numbers"
        return f"Text: {share}, but not {exceptions_note(digits.exceptions)}.", digits.misfits
    if digits.numerals.simple:
        return "", None
    suspicious = matches(texts, _SUSPICIOUS).any()
    zeros = matches(texts, "^-?0[0-9]")
    if suspicious and zeros.any():
        return f"Text: leading zeros as in {_example(cells, zeros)!r} would be lost.", zeros
    plus = cells.matches(r"^\+[0-9]{7,}$")
    if plus.any():
        return "Text: a leading plus as in phone numbers would be lost.", plus
    return _reason_against_floats(digits) if suspicious and not digits.whole else ("", None)


def _powers_or_codes(digits: Digits) -> Typed | None:
    """The column as text where all powers of ten are written as codes are, 1E5; a question beside others."""
    texts, cells = digits.texts, digits.cells
    if digits.bad or digits.whole or digits.numerals.simple or digits.numerals.unit:
        return None
    codes = matches(texts, "^-?[0-9]+[eE][0-9]+$")
    if not codes.any() or matches(texts, r"\.|[eE][+-]|^-?0[0-9]").any():
        return None
    reason = f"Text: cells like {_example(cells, codes)!r} may be codes rather than powers of ten."
    text = text_column(cells, reason, alternatives=("number",))
    if (codes == digits.fits).all():
        return text
    question = f"Are the cells of {cells.name} numbers, or codes?"
    asked = kept_as_text(cells, question, reason, codes, digits.lines, also=digits.fits & ~codes)
    return replace(text, questions=(asked,))


def _all_in_brackets(digits: Digits) -> Typed:
    """Text, where every number stands in brackets: amounts below zero, or numbers of notes, or errors."""
    cells = digits.cells
    reason = "Text: all numbers stand in brackets, as amounts below zero, numbers of notes and errors do."
    question = f"Are the numbers in {cells.name} below zero?"
    asked = kept_as_text(cells, question, reason, digits.fits, digits.lines, label="numbers below zero")
    text = text_column(cells, reason, exceptions=digits.exceptions, alternatives=("number",))
    return replace(text, questions=(asked,))


def _of_one_side(digits: Digits, sides: Sides) -> Typed:
    """Text, where only some amounts say their side: which sign the others have is said elsewhere."""
    cells, words = digits.cells, " and ".join(sides.words)
    reason = f"Text: {words} behind some amounts {'say' if len(sides.words) > 1 else 'says'} credit or debit."
    question = f"Are the amounts in {cells.name} to be numbers?"
    label = "numbers, those for debit below zero and all others above"
    asked = kept_as_text(cells, question, reason, sides.marked, digits.lines, also=sides.bare, label=label)
    return replace(text_column(cells, reason, alternatives=("number",)), questions=(asked,))


def _reason_against_floats(digits: Digits) -> tuple[str, np.ndarray | None]:
    texts, cells = digits.texts, digits.cells
    long = _loses_whole_digits(texts)
    if long.any():
        example = _example(cells, long)
        return f"Text: {example!r} has more digits than a number with decimals can keep.", long
    endless = np.isinf(digits.numbers)
    if endless.any():
        return "Text: a power of ten is too large for a number.", endless
    nothing = matches(texts, "^-?[0-9.]*[1-9]") & (digits.numbers == 0)
    return ("Text: a power of ten is too small for a number.", nothing) if nothing.any() else ("", None)


def _loses_whole_digits(texts: pa.Array) -> np.ndarray:
    """Which numbers (u,) with 16 digits or more before their point are others once they are floats."""
    long = matches(texts, r"^-?[0-9]{16,}(?:\.[0-9]*)?$")
    places = np.flatnonzero(long)
    if not len(places):
        return long
    shown = pc.utf8_rtrim(texts.take(pa.array(places)), ".")
    bare = pc.replace_substring_regex(shown, r"\.0*$", "")
    lost = matches(bare, r"\.|^-?[0-9]{19,}$")
    whole = pc.if_else(pa.array(lost), pa.scalar("0", bare.type), bare)
    exact = pc.cast(whole, pa.int64()).to_numpy(zero_copy_only=False)
    changed = lost | (exact.astype(np.float64).astype(object) != exact.astype(object))
    for place in np.flatnonzero(matches(bare, r"\.")):  # few: fractions behind 16 digits
        text = bare[int(place)].as_py()
        changed[place] = Decimal(text) != Decimal(repr(float(text)))
    long[places] = changed
    return long


def _example(cells: Cells, mask: np.ndarray) -> str:
    return str(cells.distinct[int(mask.argmax())].as_py()).strip()


def _integers(digits: Digits, *, asked: str | None) -> Typed:
    try:
        values = pc.cast(pc.fill_null(digits.texts, "0"), pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        if asked:
            return _floats(digits, asked=asked)
        return _too_long(digits)
    present = digits.cells.expand(digits.fits)
    rows = _own(digits.cells.expand(values))
    reading = _reading(digits, "integer", "Whole numbers")
    return Typed(rows if present.all() else pd.arrays.IntegerArray(rows, ~present), reading)


def _too_long(digits: Digits) -> Typed:
    reason = "Text: some integers have more digits than 64 bits hold."
    text = text_column(digits.cells, reason, alternatives=("number",))
    long = digits.fits & (np.abs(digits.numbers) >= _OVER_64_BITS)
    if digits.cells.count(long) > _RARE * digits.good:
        return text
    return replace(text, questions=(_against_question(digits, reason, long),))


def _floats(digits: Digits, *, asked: str | None) -> Typed:
    cells = digits.cells
    values = digits.numbers
    infinite = digits.numerals.infinite
    if infinite.any():
        values = np.where(infinite, np.where(cells.matches("^-"), -np.inf, np.inf), values)
    if asked == "integer":
        return _forced_integers(digits, values)
    return Typed(_own(cells.expand(values)), _reading(digits, "number", "Numbers"))


def _forced_integers(digits: Digits, values: np.ndarray) -> Typed:
    """Integers as asked, from values (u,); numbers with decimals become missing and are listed."""
    whole = np.isfinite(values) & (values % 1 == 0) & (np.abs(values) < 2**53)
    left = ~whole & ~np.isnan(values)
    count = digits.cells.count(left)
    numbers = "1 number that is" if count == 1 else f"{count:,} numbers that are"
    note = f" {numbers} not whole taken as missing." if count else ""
    exceptions = digits.cells.located(left | digits.misfits, digits.lines)
    reading = _reading(replace(digits, exceptions=exceptions), "integer", "Whole numbers, as asked", note)
    integers = _own(digits.cells.expand(np.where(whole, values, 0).astype(np.int64)))
    return Typed(pd.arrays.IntegerArray(integers, ~digits.cells.expand(whole)), reading)


def _own(rows: np.ndarray) -> np.ndarray:
    """The array itself or, where Arrow owns the memory, a copy that may be written to."""
    return rows if rows.flags.writeable else rows.copy()


def _cells(count: int) -> str:
    return "1 cell has" if count == 1 else f"{count:,} cells have"


def _reading(digits: Digits, kind: str, what: str, note: str = "") -> ColumnReading:
    cells, numerals = digits.cells, digits.numerals
    infinite = cells.count(numerals.infinite)
    endless = f" {infinite:,} {'is' if infinite == 1 else 'are'} infinite." if infinite else ""
    unit, partly = _unit_notes(digits)
    ways = f"{partly}{_times_note(numerals)}{_ways_note(digits)}"
    sentence = f"{what}{unit}.{ways}{endless}{note}{missing_note(cells, digits.exceptions)}"
    alternatives = ("text",) if digits.exceptions or numerals.unit or numerals.times else ()
    return ColumnReading(cells.name, kind, sentence, digits.exceptions, alternatives)


def _unit_notes(digits: Digits) -> tuple[str, str]:
    """The unit that most cells carry, and what to add where some do and some do not."""
    unit, united, cells = digits.numerals.unit, digits.numerals.united, digits.cells
    if not unit or united is None:
        return (f" in {unit_words(unit)}", "") if unit else ("", "")
    good = digits.good
    with_unit = cells.count(united & digits.fits)
    if 2 * with_unit > good:
        lines = _some_lines(digits, digits.fits & ~united)
        return f" in {unit_words(unit)}", f" {_cells(good - with_unit)} no {unit} ({lines})."
    return (
        "",
        f" {_cells(with_unit)} {unit}, which is left out ({_some_lines(digits, united & digits.fits)}).",
    )


def _some_lines(digits: Digits, mask: np.ndarray) -> str:
    return exceptions_note(digits.cells.located(mask, digits.lines))


def _times_note(numerals: Numerals) -> str:
    parts = [f"{word!r} as times {10 ** MULTIPLIERS[word]:,} ({count:,})" for word, count in numerals.times]
    return f" Read {', '.join(parts)}." if parts else ""


def _ways_note(digits: Digits) -> str:
    """Signs and digits that are not the usual ones."""
    cells, turned = digits.cells, digits.numerals.turned
    note = ""
    if turned is not None and (turned & digits.fits).any():
        count = cells.count(turned & digits.fits)
        cells_are = "1 cell is" if count == 1 else f"{count:,} cells are"
        by = "brackets or a minus behind" if digits.numerals.sides is None else "the word for debit behind"
        note = f" {cells_are} negative by {by}."
    if not pc.all(pc.string_is_ascii(cells.distinct)).as_py():
        count = cells.count(other_digits(cells.distinct).to_numpy(zero_copy_only=False) & digits.fits)
        note += f" {_cells(count)} digits of another script." if count else ""
        parts = cells.count(matches(cells.distinct, f"[{''.join(FRACTIONS)}]") & digits.fits)
        note += f" {_cells(parts)} a fraction such as ½." if parts else ""
    return note
