"""Numbers written by people: signs, thousands, decimal commas, units, brackets, fractions, multipliers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import PROBE, Cells, matches
from analytics.tables.typed.glyphs import FRACTIONS
from analytics.tables.typed.sides import Sides, find_sides
from analytics.tables.typed.units import CURRENCY, MULTIPLIERS, PERCENT, multiplier_pattern

PLAIN = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$"
_SIMPLE = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?(?:[eE][+-][0-9]{1,2})?$"
_INFINITE = r"^[+-]?(?:(?i:inf|infinity|infinite|unendlich)|1\.#INF)$"
_BODY = r"[0-9](?:[0-9.,']| [0-9])*|[.,][0-9]+"
WRITTEN = (
    rf"^(?P<first>{CURRENCY})?(?P<open>\()?(?P<sign>[+-])? ?(?P<before>{CURRENCY})? ?(?P<inner>-)? ?"
    rf"(?P<body>{_BODY})(?P<dash>--?)?(?P<exponent>[eE][+-]?[0-9]{{1,4}})?"
    rf" ?(?P<fraction>[{''.join(FRACTIONS)}])? ?(?P<times>{multiplier_pattern()})?"
    rf" ?(?P<after>{PERCENT}|{CURRENCY})? ?(?P<trail>[+-])?(?P<close>\))?$"
)
"""Anything that may be a number under some choice of marks."""
_LONGEST = 4_000
"""Characters of a cell that is looked at for its unit; no number that anybody writes has as many."""
_RARE = ("open", "inner", "dash", "exponent", "fraction", "times", "trail")
"""Parts that numbers of one column rarely have."""

THOUSANDS = {"": "", ",": ",", ".": r"\.", " ": " ", "'": "'"}
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
    leading zeros, at most 15 digits before the point. ``united`` says which cells carry the ``unit``
    (``None``: all), ``other_units`` stand in cells that are no numbers here, ``times`` says which words
    multiply and in how many rows, ``turned`` which cells are negative by brackets or a minus behind;
    ``bracketed`` if all stand in brackets; ``sides`` where words for credit and debit stand behind amounts.
    """

    body: pa.Array
    infinite: np.ndarray
    plain: bool = False
    simple: bool = False
    negative: np.ndarray | None = None
    exponent: pa.Array | None = None
    fraction: pa.Array | None = None
    unit: str = ""
    united: np.ndarray | None = None
    other_units: tuple[str, ...] = ()
    times: tuple[tuple[str, int], ...] = ()
    turned: np.ndarray | None = None
    bracketed: bool = False
    sides: Sides | None = None
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

    def shows(self, mark: str) -> bool:
        """Whether a mark stands in some cell."""
        return mark in self.marks_shown if "marks_shown" in self.__dict__ else _finds(self.body, mark)

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
        if marks.thousands in (",", ".") or marks.thousands:
            body = pc.replace_substring(body, marks.thousands, "")
        if marks.decimal != ".":
            body = pc.replace_substring(body, marks.decimal, ".")
        if self.plain:
            return body
        nothing = pa.scalar("", body.type)
        ends = [part for part in (self.fraction, self.exponent) if part is not None]
        if not ends and (self.negative is None or not self.negative.any()):
            return body
        sign = pc.if_else(pa.array(self.negative), pa.scalar("-", body.type), nothing)
        return pc.binary_join_element_wise(sign, body, *ends, nothing)


def find_numerals(cells: Cells, *, least: float = 0.5) -> Numerals | None:
    """Read a column's cells as written numbers, or ``None`` if under ``least`` of a sample may be numbers."""
    all_plain = cells.sample_share(PLAIN) == 1
    sides = None if all_plain else find_sides(cells)
    if sides is not None:
        found = _written(sides.cells, np.zeros(len(cells.trimmed), bool))
        return None if found is None else replace(found, sides=sides)
    if not all_plain and cells.sample_share(f"{WRITTEN}|{_INFINITE}") < least:
        return None
    uniform = None if all_plain else _uniform(cells)
    if uniform:
        return uniform
    known = cells.matches(_SIMPLE)
    infinite = np.zeros(len(known), bool)
    rest = np.flatnonzero(~(known | cells.blank | cells.token))
    if not len(rest):
        return Numerals(_where(known, cells.trimmed), infinite, plain=True, simple=True)
    others = cells.trimmed.take(pa.array(rest))
    infinite[rest] = matches(others, _INFINITE)
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
    step = max(1, len(cells.sample) // (4 * PROBE))  # all cells are compared with what it shows
    unit = _sampled_unit(cells.sample.take(pa.array(np.arange(0, len(cells.sample), step))))
    if unit is None:
        return None
    before, after = unit
    start = f"{re.escape(before)} ?" if before else ""
    end = f" ?{re.escape(after)}" if after else ""
    shape = rf"^-?{start}(?:{_BODY}){end}$"
    valid = cells.matches(shape)
    others = cells.trimmed.take(pa.array(np.flatnonzero(~(valid | cells.blank | cells.token))))
    if matches(others, f"{WRITTEN}|{_INFINITE}").any():
        return None
    negative = pc.fill_null(pc.starts_with(cells.trimmed, "-"), False).to_numpy(zero_copy_only=False) & valid
    body = _where(valid, cells.trimmed)
    if before or negative.any():
        body = pc.utf8_ltrim(body, f"-{before} ")
    if after:
        body = pc.utf8_rtrim(body, f"{after} ")
    infinite = np.zeros(len(valid), bool)
    return Numerals(body, infinite, negative=negative, unit=before or after)


def _sampled_unit(sample: pa.Array) -> tuple[str, str] | None:
    """The mark before and the one after every number of a sample that is not plain; ``None`` if they vary."""
    others = sample.filter(pa.array(~matches(sample, PLAIN)))
    if not len(others):
        return None
    if not any(matches(part, WRITTEN).any() for part in (others[:PROBE], others)):
        return None
    search = re.compile(WRITTEN).search
    texts = (text for text in sample.to_pylist() if len(text) <= _LONGEST)
    found = [part for part in map(search, texts) if part]
    if any(part[name] for part in found for name in _RARE):
        return None
    before = {(part["first"] or "") + (part["before"] or "") for part in found}
    after = {part["after"] or "" for part in found}
    if len(before) != 1 or len(after) != 1 or len(max(before) + max(after)) > 1:
        return None
    return before.pop(), after.pop()


def _written(cells: Cells, infinite: np.ndarray) -> Numerals | None:
    fields = pc.extract_regex(cells.trimmed, WRITTEN)
    part = {field.name: pc.struct_field(fields, field.name) for field in fields.type}
    valid = fields.is_valid().to_numpy(zero_copy_only=False)
    opened, closed = _given(part["open"]), _given(part["close"])
    flat, behind = _dashes(part)
    minus = [_one_of(part["sign"], "-"), _given(part["inner"]), behind, opened]
    valid &= (opened == closed) & (sum(sign.astype(np.int8) for sign in minus) <= 1)
    credit = _one_of(part["trail"], "+")
    valid &= ~((behind | credit) & _given(part["sign"])) & (flat | behind | ~_given(part["dash"]))
    fraction, exponent, both = _ends(part)
    valid &= ~both & ~(credit & (not behind.any()))  # without a minus behind any, 65+ is 65 or more
    if not valid.any():
        return None
    valid, unit, united, others = _one_unit(
        cells, valid, [part[name] for name in ("first", "before", "after")]
    )
    negative = np.logical_or.reduce(minus)
    body = _where(valid, part["body"])
    times = _times(cells, part["times"], valid)
    return Numerals(
        body, infinite, negative=negative, exponent=exponent, fraction=fraction, unit=unit, united=united,
        other_units=others, times=times, turned=(opened | behind) & valid,
        bracketed=not (valid & ~opened).any(),
    )  # fmt: skip


def _dashes(part: dict[str, pa.Array]) -> tuple[np.ndarray, np.ndarray]:
    """Where a dash stands for no cents, as in 5,- and 12,-- €, and where it is the number's sign (u,)."""
    dash, ends = _given(part["dash"]), matches(part["body"], "[.,]$")
    return dash & ends, _one_of(part["trail"], "-") | (_one_of(part["dash"], "-") & ~ends)


def _ends(part: dict[str, pa.Array]) -> tuple[pa.Array | None, pa.Array | None, np.ndarray]:
    """Decimals and exponent behind the body (u,), and where they exclude each other (u,)."""
    kind = part["body"].type
    nothing = pa.scalar("", kind)
    halves, powers, times = _given(part["fraction"]), _given(part["exponent"]), _given(part["times"])
    both = (halves & (powers | matches(part["body"], "[.,]"))) | (powers & times)
    fraction = exponent = None
    if halves.any():
        fraction = _looked_up(part["fraction"], FRACTIONS, kind)
    if times.any():
        exponent = _looked_up(
            part["times"], {word: f"e+{power}" for word, power in MULTIPLIERS.items()}, kind
        )
        exponent = pc.binary_join_element_wise(pc.fill_null(part["exponent"], nothing), exponent, nothing)
    elif powers.any():
        exponent = part["exponent"]
    return fraction, exponent, both


def _looked_up(texts: pa.Array, table: dict[str, str], kind: pa.DataType) -> pa.Array:
    """What the table says of each text (u,), "" where it is none of the table's."""
    places = pc.index_in(texts, pa.array(list(table), texts.type))
    return pc.take(pa.array([*table.values(), ""], kind), pc.fill_null(places, len(table)))


def _times(cells: Cells, words: pa.Array, valid: np.ndarray) -> tuple[tuple[str, int], ...]:
    if not _given(words).any():
        return ()
    distinct = [word for word in words.drop_null().unique().to_pylist() if word]
    counts = ((word, cells.count(valid & _one_of(words, word))) for word in distinct)
    return tuple((word, count) for word, count in counts if count)


def _one_unit(
    cells: Cells, valid: np.ndarray, places: list[pa.Array]
) -> tuple[np.ndarray, str, np.ndarray | None, tuple[str, ...]]:
    """Keep the cells of the commonest unit and bare numbers.

    Which are kept (u,), the unit, which carry it (u,), and the other units.
    """
    empty = pa.scalar("", places[0].type)
    filled = [pc.fill_null(place, empty) for place in places]
    unit = pc.binary_join_element_wise(*filled, empty)
    several = sum(_given(place).astype(np.int8) for place in places) > 1
    valid = valid & ~several
    seen = {name: cells.count(valid & _one_of(unit, name)) for name in pc.unique(unit).to_pylist() if name}
    if not any(seen.values()):
        return valid, "", None, ()
    chosen = max(seen, key=lambda name: seen[name])
    united = valid & _one_of(unit, chosen)
    valid = valid & _one_of(unit, chosen, "")
    others = tuple(name for name, count in seen.items() if count and name != chosen)
    return valid, chosen, None if (united == valid).all() else united, others


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
    parts = (texts[:PROBE], texts) if len(texts) > PROBE else (texts,)
    return any(bool(pc.any(find(part, sought)).as_py()) for part in parts)
