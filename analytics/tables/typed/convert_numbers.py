"""Typing a column of written numbers, or keeping it as text where a number would lose something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.cells import FEW, Cells, matches
from analytics.tables.typed.marks import ENOUGH, MOSTLY, MarksFound, best_marks, choices
from analytics.tables.typed.numerals import Marks, Numerals
from analytics.tables.typed.typed import Typed, exceptions_note, missing_note, text_column

CODE_NAMES = re.compile(
    r"(?i)(?:^|[^a-z])(?:zip|zip_?code|post_?code|postal(?:_?code)?|plz|phone|telephone|tel|mobile|fax|isbn|ean|upc|gtin"
    r"|imei|iban|ssn)(?:[^a-z]|$)"
)
"""Headers of columns whose digits are a name, not a quantity."""

POINTED = r"[0-9][.eE]|\.[0-9]"
SUSPICIOUS = r"^-?0[0-9]|^-?[0-9]{16,}|[eE]"
"""What every text has that speaks against a column of numbers."""


@dataclass(frozen=True)
class Digits:
    """A column's cells as plain digits: ``texts`` (u,), and which are numbers, infinite or misfits (u,).

    ``whole``: no cell has a point or exponent. ``exceptions``: line and text of the misfits.
    """

    cells: Cells
    texts: pa.Array
    fits: np.ndarray
    infinite: np.ndarray
    misfits: np.ndarray
    whole: bool
    simple: bool
    unit: str
    exceptions: tuple[tuple[int, str], ...]

    @cached_property
    def numbers(self) -> np.ndarray:
        """The cells as float64 (u,), NaN where they do not fit."""
        return pc.cast(self.texts, pa.float64()).to_numpy(zero_copy_only=False)

    @property
    def good(self) -> int:
        """How many rows are numbers."""
        return self.cells.count(self.fits | self.infinite)

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
    if not good or (not asked and good < MOSTLY * (good + bad)):
        return None
    reason = None if asked else _reason_for_text(digits)
    if reason:
        return text_column(cells, reason, exceptions=digits.exceptions, alternatives=("number",))
    return _integers(digits, asked=asked) if digits.whole else _floats(digits, asked=asked)


def _digits(
    cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions, lines: np.ndarray | None
) -> Digits:
    marks = _column_marks(cells, numerals, found, options)
    fits, infinite = numerals.fits(marks), numerals.infinite
    misfits = ~(fits | infinite | cells.blank | cells.token)
    texts = numerals.normalised(marks, fits)
    exceptions = cells.located(misfits, lines) if misfits.any() else ()
    pointed = marks.decimal == "." and not marks.thousands and matches(cells.sample, POINTED).any()
    whole = not (
        infinite.any() or pointed or matches(texts[:FEW], "[.eE]").any() or matches(texts, "[.eE]").any()
    )
    return Digits(cells, texts, fits, infinite, misfits, whole, numerals.simple, numerals.unit, exceptions)


def _column_marks(cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions) -> Marks:
    """The file's marks, or others if only those make this column numbers."""
    marks, share = best_marks(cells, numerals, choices(found.decimal, options.thousands))
    if share >= ENOUGH or options.decimal is not None:
        return marks
    opposite = "," if marks.decimal == "." else "."
    other, better = best_marks(cells, numerals, choices(opposite, options.thousands))
    return other if better >= ENOUGH else marks


def _reason_for_text(digits: Digits) -> str | None:
    """Why the column should stay text, if so."""
    good, bad, cells, texts = digits.good, digits.bad, digits.cells, digits.texts
    if bad and (bad > (1 - ENOUGH) * (good + bad) or cells.matches("[0-9]")[digits.misfits].any()):
        share = f"{good:,} of {good + bad:,} cells are numbers"
        return f"Text: {share}, but not {exceptions_note(digits.exceptions)}."
    if digits.whole and CODE_NAMES.search(cells.name) and not matches(texts, "^-|^[0-9]{1,3}$").any():
        return "Text: by its name these digits are a code, not a quantity."
    if digits.simple:
        return None
    suspicious = matches(texts, SUSPICIOUS).any()
    zero = _example(cells, matches(texts, "^-?0[0-9]")) if suspicious else None
    if zero:
        return f"Text: leading zeros as in {zero!r} would be lost."
    if cells.matches(r"^\+[0-9]{7,}$").any():
        return "Text: a leading plus as in phone numbers would be lost."
    return _reason_against_floats(digits) if suspicious and not digits.whole else None


def _reason_against_floats(digits: Digits) -> str | None:
    texts = digits.texts
    code = _example(digits.cells, matches(texts, "^-?[0-9]+[eE][0-9]+$"))
    if code and not matches(texts, r"\.|[eE][+-]").any():
        return f"Text: cells like {code!r} may be codes rather than powers of ten."
    long = _example(digits.cells, matches(texts, "^-?[0-9]{16,}$"))
    if long:
        return f"Text: {long!r} has more digits than a number with decimals can keep."
    if np.isinf(digits.numbers).any():
        return "Text: a power of ten is too large for a number."
    return None


def _example(cells: Cells, mask: np.ndarray) -> str | None:
    return cells.trimmed[int(mask.argmax())].as_py() if mask.any() else None


def _integers(digits: Digits, *, asked: str | None) -> Typed:
    try:
        values = pc.cast(pc.fill_null(digits.texts, "0"), pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        if asked:
            return _floats(digits, asked="number")
        reason = "Text: some integers have more digits than 64 bits hold."
        return text_column(digits.cells, reason, alternatives=("number",))
    present = digits.cells.expand(digits.fits)
    rows = _own(digits.cells.expand(values))
    reading = _reading(digits, "integer", "Whole numbers")
    return Typed(rows if present.all() else pd.arrays.IntegerArray(rows, ~present), reading)


def _floats(digits: Digits, *, asked: str | None) -> Typed:
    cells = digits.cells
    values = digits.numbers
    if digits.infinite.any():
        values = np.where(digits.infinite, np.where(cells.matches("^-"), -np.inf, np.inf), values)
    rows = _own(cells.expand(values))
    if asked == "integer":
        return _forced_integers(digits, rows)
    return Typed(rows, _reading(digits, "number", "Numbers"))


def _forced_integers(digits: Digits, rows: np.ndarray) -> Typed:
    """Integers as asked; numbers with decimals become missing."""
    whole = np.isfinite(rows) & (rows % 1 == 0) & (np.abs(rows) < 2**53)
    left = int((~whole & ~np.isnan(rows)).sum())
    integers = np.where(whole, rows, 0).astype(np.int64)
    note = f" {left:,} numbers that are not whole taken as missing." if left else ""
    reading = _reading(digits, "integer", "Whole numbers, as asked", note)
    return Typed(pd.arrays.IntegerArray(integers, ~whole), reading)


def _own(rows: np.ndarray) -> np.ndarray:
    """The array itself or, where Arrow owns the memory, a copy that may be written to."""
    return rows if rows.flags.writeable else rows.copy()


def _reading(digits: Digits, kind: str, what: str, note: str = "") -> ColumnReading:
    unit = {"": "", "%": " in percent (45% is 45)"}.get(digits.unit, f" in {digits.unit}")
    infinite = digits.cells.count(digits.infinite)
    endless = f" {infinite:,} {'is' if infinite == 1 else 'are'} infinite." if infinite else ""
    sentence = f"{what}{unit}.{endless}{note}{missing_note(digits.cells, digits.exceptions)}"
    alternatives = ("text",) if digits.exceptions or digits.unit else ()
    return ColumnReading(digits.cells.name, kind, sentence, digits.exceptions, alternatives)
