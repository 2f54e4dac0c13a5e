"""Numbers written by people: signs, groups of thousands, decimal commas, currencies, percent, brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import PROBE, Cells, matches

PLAIN = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$"
SIMPLE = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?(?:[eE][+-][0-9]{1,2})?$"
INFINITE = r"^[+-]?(?i:inf|infinity)$"
CURRENCY = (
    r"[$€£¥₹₽₩₺₪฿₫₴₦]|(?:R|US|C|A)\$"
    r"|(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR|SEK|NOK|DKK|PLN|CZK|BRL|ZAR|kr)\b"
)
GAPS = " \u00a0\u202f\u2009"
_GAP = f"[{GAPS}]"
_BODY = rf"[0-9](?:[0-9.,'’]|{_GAP}[0-9])*|[.,][0-9]+"
WRITTEN = (
    rf"^(?P<first>{CURRENCY})?(?P<open>\()?(?P<sign>[+−-])?{_GAP}?(?P<before>{CURRENCY})?{_GAP}?(?P<inner>[−-])?"
    rf"(?P<body>{_BODY})(?P<exponent>[eE][+-]?[0-9]{{1,4}})?{_GAP}?(?P<after>%|{CURRENCY})?(?P<close>\))?$"
)
"""Anything that may be a number under some choice of marks."""

THOUSANDS = {"": "", ",": ",", ".": r"\.", " ": _GAP, "'": "['’]"}
"""Thousands mark to the expression that finds it; a space stands for all narrow and fixed spaces."""


@dataclass(frozen=True)
class Marks:
    """A way to write numbers: the decimal mark and the mark between thousands ("" for none)."""

    decimal: str = "."
    thousands: str = ""

    def body(self) -> str:
        """The expression of an unsigned number written this way."""
        point, group = THOUSANDS[self.decimal], THOUSANDS[self.thousands]
        lakhs = "|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}" if group == "," else ""
        whole = rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+{lakhs})" if group else "[0-9]+"
        return rf"^(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)$"


@dataclass(frozen=True)
class Numerals:
    """What the cells of a column are as numbers; arrays have one entry per distinct cell (u,).

    ``body`` is the unsigned digits with their marks, null where the cell is no number at all. If ``plain``,
    it is the whole cell with sign and exponent, as programs write it; if ``simple``, it is also safe: no
    leading zeros, at most 15 digits before the point.
    """

    body: pa.Array
    infinite: np.ndarray
    plain: bool = False
    simple: bool = False
    negative: np.ndarray | None = None
    exponent: pa.Array | None = None
    unit: str = ""
    _known_fits: dict[Marks, np.ndarray] = field(default_factory=dict, repr=False)

    @cached_property
    def valid(self) -> np.ndarray:
        """Which distinct cells (u,) may be numbers."""
        return self.body.is_valid().to_numpy(zero_copy_only=False)

    @cached_property
    def marks_shown(self) -> frozenset[str]:
        """Which of point, comma, space and apostrophe stand in some cell."""
        rare = _finds(self.body, "[^0-9.,+-]")
        return frozenset(
            mark
            for mark, pattern in THOUSANDS.items()
            if mark and (rare or mark in ".,") and _finds(self.body, pattern)
        )

    def fits(self, marks: Marks) -> np.ndarray:
        """Which distinct cells (u,) are numbers when written with these marks."""
        if marks not in self._known_fits:
            self._known_fits[marks] = self._find_fits(marks)
        return self._known_fits[marks]

    def _find_fits(self, marks: Marks) -> np.ndarray:
        if not self.plain:
            return matches(self.body, marks.body())
        if marks.decimal == ".":
            return self.valid
        grouped = r"|[1-9][0-9]{0,2}(?:\.[0-9]{3})+" if marks.thousands == "." else ""
        return matches(self.body, rf"^[+-]?(?:[0-9]+{grouped})$")

    def normalised(self, marks: Marks, fits: np.ndarray) -> pa.Array:
        """Digits with point, sign and exponent (u,) as every parser reads them; null where unfit."""
        body = _where(fits, self.body)
        if self.plain and not self.simple and _finds(body, r"^\+"):
            body = pc.replace_substring_regex(body, r"^\+", "")
        if self.plain and marks.decimal == ".":
            return body
        if marks.thousands in (",", "."):
            body = pc.replace_substring(body, marks.thousands, "")
        elif marks.thousands:
            body = pc.replace_substring_regex(body, THOUSANDS[marks.thousands], "")
        if marks.decimal != ".":
            body = pc.replace_substring(body, marks.decimal, ".")
        if self.plain:
            return body
        nothing = pa.scalar("", body.type)
        if self.exponent is None and (self.negative is None or not self.negative.any()):
            return body
        sign = pc.if_else(pa.array(self.negative), pa.scalar("-", body.type), nothing)
        end = nothing if self.exponent is None else self.exponent
        return pc.binary_join_element_wise(sign, body, end, nothing)


def find_numerals(cells: Cells, *, least: float = 0.5) -> Numerals | None:
    """Read a column's cells as written numbers, or ``None`` if under ``least`` of a sample may be numbers."""
    if cells.sample_share(f"{WRITTEN}|{INFINITE}") < least:
        return None
    uniform = _uniform(cells)
    if uniform:
        return uniform
    known = cells.matches(SIMPLE)
    infinite = np.zeros(len(known), bool)
    rest = np.flatnonzero(~(known | cells.blank | cells.token))
    if not len(rest):
        return Numerals(_where(known, cells.trimmed), infinite, plain=True, simple=True)
    others = cells.trimmed.take(pa.array(rest))
    infinite[rest] = matches(others, INFINITE)
    plain = matches(others, PLAIN)
    few = slice(0, PROBE)  # one number that is written otherwise is enough, and mostly soon found
    if any((matches(others[part], WRITTEN) & ~plain[part]).any() for part in (few, slice(None))):
        return _written(cells, infinite)
    known = known.copy()
    known[rest] = plain
    return Numerals(_where(known, cells.trimmed), infinite, plain=True, simple=not plain.any())


def _uniform(cells: Cells) -> Numerals | None:
    """A column whose numbers all have one unit, or none, on the same side, and no sign but a minus.

    Most that are not plain are such; taking each cell apart by ``WRITTEN`` would cost eight times more.
    """
    unit = _sampled_unit(cells.sample)
    if unit is None:
        return None
    before, after = unit
    start = f"{re.escape(before)}{_GAP}?" if before else ""
    end = f"{_GAP}?{re.escape(after)}" if after else ""
    shape = rf"^-?{start}(?:{_BODY}){end}$"
    valid = cells.matches(shape)
    others = cells.trimmed.take(pa.array(np.flatnonzero(~(valid | cells.blank | cells.token))))
    if matches(others, f"{WRITTEN}|{INFINITE}").any():
        return None
    negative = pc.fill_null(pc.starts_with(cells.trimmed, "-"), False).to_numpy(zero_copy_only=False) & valid
    body = _where(valid, cells.trimmed)
    if before or negative.any():
        body = pc.utf8_ltrim(body, f"-{before}{GAPS}")
    if after:
        body = pc.utf8_rtrim(body, f"{after}{GAPS}")
    infinite = np.zeros(len(valid), bool)
    return Numerals(body, infinite, negative=negative, unit=before or after)


def _sampled_unit(sample: pa.Array) -> tuple[str, str] | None:
    """The mark before and the one after every number of a sample that is not plain; ``None`` if they vary."""
    if not (matches(sample, WRITTEN) & ~matches(sample, PLAIN)).any():
        return None
    fields = pc.extract_regex(sample, WRITTEN).drop_null()
    part = {field.name: pc.struct_field(fields, field.name) for field in fields.type}
    if any(_given(part[name]).any() for name in ("open", "inner", "exponent")):
        return None
    nothing = pa.scalar("", sample.type)
    before = pc.binary_join_element_wise(part["first"], part["before"], nothing).unique().to_pylist()
    after = part["after"].unique().to_pylist()
    if len(before) > 1 or len(after) > 1 or len(before[0] + after[0]) > 1:
        return None
    return before[0], after[0]


def _written(cells: Cells, infinite: np.ndarray) -> Numerals | None:
    fields = pc.extract_regex(cells.trimmed, WRITTEN)
    names = ("first", "open", "sign", "before", "inner", "body", "exponent", "after", "close")
    part = {name: pc.struct_field(fields, name) for name in names}
    valid = fields.is_valid().to_numpy(zero_copy_only=False)
    opened, closed = _given(part["open"]), _given(part["close"])
    minus = _one_of(part["sign"], "-", "−")
    inner = _given(part["inner"])
    valid &= (opened == closed) & ~(opened & (minus | inner)) & ~(minus & inner)
    if not (valid & ~opened).any():
        return None
    valid, unit = _one_unit(cells, valid, [part[name] for name in ("first", "before", "after")])
    negative = opened | minus | inner
    body = _where(valid, part["body"])
    return Numerals(body, infinite, negative=negative, exponent=part["exponent"], unit=unit)


def _one_unit(cells: Cells, valid: np.ndarray, places: list[pa.Array]) -> tuple[np.ndarray, str]:
    """Keep the cells of the commonest unit: all in percent, or one currency with bare numbers between."""
    empty = pa.scalar("", places[0].type)
    filled = [pc.fill_null(place, empty) for place in places]
    unit = pc.binary_join_element_wise(*filled, empty)
    several = sum(_given(place).astype(np.int8) for place in places) > 1
    seen = {name: cells.count(valid & _one_of(unit, name)) for name in pc.unique(unit).to_pylist()}
    signed = {name: count for name, count in seen.items() if name}
    if not signed:
        return valid, ""
    chosen = max(signed, key=lambda name: signed[name])
    if chosen == "%" and seen.get("", 0) > signed[chosen]:
        chosen = ""
    kept = _one_of(unit, chosen) if chosen in ("%", "") else _one_of(unit, chosen, "")
    return valid & kept & ~several, chosen


def _given(field: pa.Array) -> np.ndarray:
    return pc.fill_null(pc.not_equal(field, ""), False).to_numpy(zero_copy_only=False)


def _one_of(field: pa.Array, *texts: str) -> np.ndarray:
    return pc.is_in(field, pa.array(texts, field.type)).to_numpy(zero_copy_only=False)


def _where(mask: np.ndarray, texts: pa.Array) -> pa.Array:
    return texts if mask.all() else pc.if_else(pa.array(mask), texts, pa.scalar(None, texts.type))


def _finds(texts: pa.Array, pattern: str) -> bool:
    """Whether any text has a match; a plain text is searched for as such, which is faster."""
    plain = pattern.removeprefix("\\")
    find = pc.match_substring if len(plain) == 1 else pc.match_substring_regex
    sought = plain if len(plain) == 1 else pattern
    return any(bool(pc.any(find(part, sought)).as_py()) for part in (texts[:PROBE], texts))
