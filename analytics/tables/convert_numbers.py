"""Typing a column of written numbers, or keeping it as text where a number would lose something."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.cells import Cells, matches
from analytics.tables.marks import ENOUGH, MarksFound, best_marks, choices
from analytics.tables.numerals import INFINITE, Marks, Numerals
from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed import Typed, exceptions_note, missing_note, text_column

CODE_NAMES = re.compile(
    r"(?i)(?:^|[^a-z])(?:zip|zip_?code|post_?code|postal(?:_?code)?|plz|phone|telephone|tel|mobile|fax|isbn|ean|upc|gtin"
    r"|imei|iban|ssn)(?:[^a-z]|$)"
)
"""Headers of columns whose digits are a name, not a quantity."""

_HAS_DIGIT = "[0-9]"


@dataclass(frozen=True)
class Digits:
    """A column's cells as plain digits ``texts`` (u,), and which are numbers, infinite or misfits (u,)."""

    texts: pa.Array
    fits: np.ndarray
    infinite: np.ndarray
    misfits: np.ndarray
    marks: Marks


def type_numbers(
    cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions, lines: np.ndarray | None
) -> Typed | None:
    """The column as numbers; as text with the reason if that is safer; ``None`` if it mostly is neither."""
    asked = options.type_of(cells.name)
    digits = _digits(cells, numerals, found, options)
    good, bad = cells.count(digits.fits | digits.infinite), cells.count(digits.misfits)
    if (not asked and good < 0.5 * (good + bad)) or not good:
        return None
    exceptions = cells.located(digits.misfits, lines) if bad else ()
    if not asked:
        reason = _reason_for_text(cells, digits, good, bad, exceptions)
        if reason:
            return text_column(cells, reason, exceptions=exceptions, alternatives=("number",))
    whole = not digits.infinite.any() and not pc.any(pc.match_substring_regex(digits.texts, "[.eE]")).as_py()
    return (
        _integers(cells, digits, numerals, exceptions, asked)
        if whole
        else _floats(cells, digits, numerals, exceptions, asked)
    )


def _digits(cells: Cells, numerals: Numerals, found: MarksFound, options: ReadOptions) -> Digits:
    marks, share = best_marks(cells, numerals, choices(found.decimal, options.thousands))
    if share < ENOUGH and options.decimal is None:
        other, better = best_marks(
            cells, numerals, choices("," if marks.decimal == "." else ".", options.thousands)
        )
        marks = other if better >= ENOUGH else marks
    fits = numerals.fits(marks) & ~cells.blank
    infinite = cells.matches(INFINITE)
    misfits = ~(fits | infinite | cells.blank | cells.token)
    return Digits(numerals.normalised(marks, fits), fits, infinite, misfits, marks)


def _reason_for_text(
    cells: Cells, digits: Digits, good: int, bad: int, exceptions: tuple[tuple[int, str], ...]
) -> str | None:
    if bad and (
        bad > (1 - ENOUGH) * (good + bad) or matches(cells.trimmed, _HAS_DIGIT)[digits.misfits].any()
    ):
        share = f"{good:,} of {good + bad:,} cells are numbers"
        return f"Text: {share}, but not {exceptions_note(exceptions)}."
    texts = digits.texts
    zeros = matches(texts, "^-?0[0-9]")
    if zeros.any():
        example = cells.trimmed[int(np.flatnonzero(zeros)[0])].as_py()
        return f"Text: leading zeros as in {example!r} would be lost."
    whole = not pc.any(pc.match_substring_regex(texts, "[.eE]")).as_py()
    if whole and CODE_NAMES.search(cells.name) and not matches(texts, "^-|^[0-9]{1,3}$").any():
        return "Text: by its name these digits are a code, not a quantity."
    if matches(cells.trimmed, r"^\+[0-9]{7,}$").any():
        return "Text: a leading plus as in phone numbers would be lost."
    return None if whole else _reason_against_floats(cells, texts)


def _reason_against_floats(cells: Cells, texts: pa.Array) -> str | None:
    bare = matches(texts, "^-?[0-9]+[eE][0-9]+$")
    if bare.any() and not matches(texts, r"\.|[eE][+-]").any():
        example = cells.trimmed[int(np.flatnonzero(bare)[0])].as_py()
        return f"Text: cells like {example!r} may be codes rather than powers of ten."
    long = matches(texts, "^-?[0-9]{17,}(?:[.]|$)")
    if long.any():
        example = cells.trimmed[int(np.flatnonzero(long)[0])].as_py()
        return f"Text: {example!r} has more digits than a number with decimals can keep."
    if (
        matches(texts, "[eE]").any()
        and np.isinf(pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)).any()
    ):
        return "Text: a power of ten is too large for a number."
    return None


def _integers(
    cells: Cells,
    digits: Digits,
    numerals: Numerals,
    exceptions: tuple[tuple[int, str], ...],
    asked: str | None,
) -> Typed:
    try:
        values = pc.cast(pc.fill_null(digits.texts, "0"), pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        if asked:
            return _floats(cells, digits, numerals, exceptions, asked)
        return text_column(
            cells, "Text: some integers have more digits than 64 bits hold.", alternatives=("number",)
        )
    present = cells.expand(digits.fits)
    rows = cells.expand(values)
    sentence = _sentence("Whole numbers", cells, digits, numerals, exceptions)
    if present.all() and not rows.flags.owndata and not rows.flags.writeable:
        rows = rows.copy()
    reading = ColumnReading(cells.name, "integer", sentence, exceptions, ("text",) if exceptions else ())
    return Typed(rows if present.all() else pd.arrays.IntegerArray(rows.copy(), ~present), reading)


def _floats(
    cells: Cells,
    digits: Digits,
    numerals: Numerals,
    exceptions: tuple[tuple[int, str], ...],
    asked: str | None,
) -> Typed:
    values = pc.cast(digits.texts, pa.float64()).to_numpy(zero_copy_only=False)
    if digits.infinite.any():
        minus = matches(cells.trimmed, "^-")
        values = np.where(digits.infinite, np.where(minus, -np.inf, np.inf), values)
    rows = cells.expand(values)
    if (
        asked == "integer"
        and not (rows[np.isfinite(rows)] % 1).any()
        and np.isfinite(rows[~np.isnan(rows)]).all()
    ):
        rows = pd.array(rows).astype("Int64")
    elif not rows.flags.writeable:
        rows = rows.copy()
    sentence = _sentence("Numbers", cells, digits, numerals, exceptions)
    return Typed(
        rows, ColumnReading(cells.name, "number", sentence, exceptions, ("text",) if exceptions else ())
    )


def _sentence(
    what: str, cells: Cells, digits: Digits, numerals: Numerals, exceptions: tuple[tuple[int, str], ...]
) -> str:
    unit = {"": "", "%": " in percent (45% is 45)"}.get(numerals.unit, f" in {numerals.unit}")
    infinite = cells.count(digits.infinite)
    endless = f" {infinite:,} are infinite." if infinite else ""
    return f"{what}{unit}.{endless}{missing_note(cells, exceptions)}"
