"""The text cells of one column, reduced to its distinct values where that saves work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.arrow_columns import FEW, is_wide_and_short
from analytics.tables.typed.glyphs import plain_glyphs

SAMPLE = 500
"""Distinct values looked at before a whole column is: half of them may vary and half of one in 250 be odd."""
PROBE = 32
"""A kind that none of these spread-out values shows is not tried on the rest of the sample."""
_LONG_PATTERN = 300
"""Characters from which Arrow takes milliseconds to compile a pattern, each time; ``re`` keeps it."""
_MUCH_TEXT = 1 << 20
"""Bytes from which ``re`` is not used: for a repeated group it keeps 100 to 300 bytes a character."""
_FEWEST_EQUAL = 6
"""Pairs of equal values in a sample; fewer say too little about how many values there are."""
_SHOWN_EXCEPTIONS = 1000
"""As many as anybody reads; their number is counted in full."""

NA_TOKENS = frozenset(
    (
        "NA|N/A|n/a|na|N.A.|n.a.|N. A.|n. a.|#N/A|#NA|<NA>|NULL|Null|null|None|none|NONE|nil|NaN|nan|NAN|-NaN"
        "|-nan|NaT|ND|nd|N.D.|n.d.|n. d.|n/d|N/D|s/d|k.A.|k. A.|keine Angabe|unknown|Unknown"
        "|missing|Missing|MISSING|not available|Not available|-|--|---|–|—|?|.|..|...|*|\\N"
        "|#VALUE!|#DIV/0!|#REF!|#NUM!|#NAME?|#NULL!"
        "|1.#QNAN|-1.#QNAN|1.#IND|-1.#IND"
        "|0000-00-00|0000-00-00 00:00:00|00.00.0000|00/00/0000"
    ).split("|")
)
"""Cells that mean "missing" in a column whose other cells are numbers, dates or booleans."""


@dataclass(frozen=True)
class Cells:
    """One column of text. ``distinct`` and ``trimmed`` have u values, null among them.

    ``trimmed`` is for looking at: without blanks at the ends, and with ASCII digits, signs and marks.
    ``codes`` (n,) says which of them stands in each row; ``None`` means row i is value i. ``weights`` (u,)
    counts rows. ``blank`` (u,) are null, empty or only white space, ``token`` (u,) one of the words that mean
    missing, which are ``NA_TOKENS`` unless the reader was told others for this column.
    """

    name: str
    raw: pa.Array
    distinct: pa.Array
    trimmed: pa.Array
    codes: np.ndarray | None
    weights: np.ndarray
    blank: np.ndarray
    token: np.ndarray
    _known_shares: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def expand(self, values: np.ndarray) -> np.ndarray:
        """Values per distinct cell (u,) as values per row (n,)."""
        return values if self.codes is None else values[self.codes]

    def count(self, mask: np.ndarray) -> int:
        """How many rows hold a distinct value that the mask (u,) selects."""
        return int(self.weights[mask].sum())

    def matches(self, pattern: str) -> np.ndarray:
        """Which distinct values (u,) match a regular expression (RE2)."""
        if self.is_few(pattern):
            return _matching(self.texts, pattern)
        return matches(self.trimmed, pattern)

    def is_few(self, pattern: str) -> bool:
        """Whether a pattern is sought by ``re``."""
        return _is_few(self.trimmed, pattern)

    @cached_property
    def texts(self) -> list[str | None]:
        """``trimmed`` as Python's texts: for few cells, which many patterns are tried on."""
        return self.trimmed.to_pylist()

    @cached_property
    def sample(self) -> pa.Array:
        """Up to ``SAMPLE`` distinct values that are neither blank nor an NA token, evenly spread."""
        filled = ~(self.blank | self.token)
        if len(filled) <= SAMPLE and filled.all():
            return self.trimmed
        kept = np.flatnonzero(filled)
        step = max(1, -(-len(kept) // SAMPLE))
        return self.trimmed.take(pa.array(kept[::step]))

    def sample_share(self, pattern: str) -> float:
        """Share of the sample that matches; 0 if it is empty or a handful of its cells all fail."""
        if pattern not in self._known_shares:
            self._known_shares[pattern] = self._share(pattern)
        return self._known_shares[pattern]

    def _share(self, pattern: str) -> float:
        if not len(self.sample):
            return 0.0
        if self.sample is self.trimmed and self.is_few(pattern):
            search = re.compile(pattern).search
            if not any(map(search, self.texts[:: max(1, len(self.texts) // PROBE)])):  # type: ignore[arg-type]
                return 0.0
            return sum(search(text) is not None for text in self.texts) / len(self.texts)  # type: ignore[arg-type]
        if len(self.sample) > PROBE:
            handful = self.sample.take(pa.array(np.arange(0, len(self.sample), len(self.sample) // PROBE)))
            if not matches(handful, pattern).any():
                return 0.0
        return np.count_nonzero(matches(self.sample, pattern)) / len(self.sample)

    def rows_of(self, mask: np.ndarray, *, most: int = _SHOWN_EXCEPTIONS) -> np.ndarray:
        """The first rows whose distinct value the mask (u,) selects."""
        if self.codes is None or not mask.any():
            return np.flatnonzero(mask)[:most]
        return np.flatnonzero(self.expand(mask))[:most]

    def located(self, mask: np.ndarray, lines: np.ndarray | None) -> tuple[tuple[int, str], ...]:
        """Line and text of the first rows whose distinct value the mask (u,) selects."""
        return self.shown(self.rows_of(mask), lines)

    def shown(self, rows: np.ndarray, lines: np.ndarray | None) -> tuple[tuple[int, str], ...]:
        """Line and text of these rows; without ``lines``, row i stands on line i + 2."""
        numbers = rows + 2 if lines is None else np.asarray(lines)[rows]
        return tuple(zip(numbers.tolist(), self.raw.take(pa.array(rows)).to_pylist(), strict=True))


@cache
def _word_list(words: frozenset[str], kind: pa.DataType) -> pa.Array:
    return pa.array(sorted(words), kind)


def matches(texts: pa.Array, pattern: str) -> np.ndarray:
    """Which texts match; null does not. Few texts go through ``re``, which keeps its compiled expressions."""
    if _is_few(texts, pattern):
        return _matching(texts.to_pylist(), pattern)
    return pc.fill_null(pc.match_substring_regex(texts, pattern), False).to_numpy(zero_copy_only=False)


def _is_few(texts: pa.Array, pattern: str) -> bool:
    return len(texts) <= (FEW if len(pattern) < _LONG_PATTERN else SAMPLE) and texts.nbytes <= _MUCH_TEXT


def _matching(texts: list[str | None], pattern: str) -> np.ndarray:
    search = re.compile(pattern).search
    return np.array([text is not None and search(text) is not None for text in texts], bool)


def make_cells(
    name: str,
    column: pa.Array | pa.ChunkedArray,
    *,
    na_values: Sequence[str] = (),
    missing: Sequence[str] | None = None,
    repeats: bool | None = None,
) -> Cells:
    """Prepare a column of strings; cells equal to one of ``na_values`` become null.

    ``missing``: the words that mean missing here, in place of ``NA_TOKENS``: they become null, others stay.
    ``repeats``: whether equal cells are common enough for a dictionary; ``None`` to look.
    """
    raw = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    gone = (*na_values, *(missing or ()))
    if gone:
        mask = pc.is_in(pc.utf8_trim_whitespace(raw), pa.array(gone, raw.type))
        raw = pc.if_else(mask, pa.scalar(None, raw.type), raw)
    tokens = NA_TOKENS if missing is None else frozenset[str]()
    if not (_repeats(raw) if repeats is None else repeats):
        return _cells(name, raw, raw, None, np.ones(len(raw), np.int64), tokens)
    encoded = pc.dictionary_encode(raw)
    distinct = pa.concat_arrays([encoded.dictionary, pa.nulls(1, raw.type)])
    codes = pc.fill_null(encoded.indices, len(distinct) - 1).to_numpy(zero_copy_only=False)
    return _cells(name, raw, distinct, codes, np.bincount(codes, minlength=len(distinct)), tokens)


def _cells(
    name: str,
    raw: pa.Array,
    distinct: pa.Array,
    codes: np.ndarray | None,
    weights: np.ndarray,
    tokens: frozenset[str],
) -> Cells:
    trimmed = plain_glyphs(pc.utf8_trim_whitespace(distinct))
    blank = pc.fill_null(pc.equal(trimmed, ""), True).to_numpy(zero_copy_only=False)
    token = pc.is_in(trimmed, _word_list(tokens, trimmed.type)).to_numpy(zero_copy_only=False)
    return Cells(name, raw, distinct, trimmed, codes, weights, blank, token)


def make_all_cells(
    names: Sequence[str],
    columns: Sequence[pa.Array | pa.ChunkedArray],
    *,
    na_values: Sequence[str] = (),
    missing: Mapping[str, Sequence[str]] | None = None,
) -> list[Cells]:
    """``make_cells`` for every column; many short columns are trimmed and searched as one long array.

    ``missing``: by column name, the words that mean missing there.
    """
    missing = missing or {}
    if missing or not is_wide_and_short(columns) or len({column.type for column in columns}) > 1:
        pairs = zip(names, columns, strict=True)
        return [
            make_cells(name, column, na_values=na_values, missing=missing.get(name)) for name, column in pairs
        ]
    rows = len(columns[0])
    flat = pa.concat_arrays([part for column in columns for part in _chunks(column)])
    every = make_cells("", flat, na_values=na_values, repeats=False)
    weights = np.ones(rows, np.int64)
    found = []
    for start, name in zip(range(0, len(flat), rows), names, strict=True):
        raw, trimmed = every.raw.slice(start, rows), every.trimmed.slice(start, rows)
        blank, token = every.blank[start : start + rows], every.token[start : start + rows]
        found.append(Cells(name, raw, raw, trimmed, None, weights, blank, token))
    return found


def _chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _repeats(raw: pa.Array) -> bool:
    """Whether equal cells are so common that a dictionary pays.

    So it is if the distinct values of an even sample are under half of it, or if the pairs of equal ones
    in it (k² / 2N in a sample of k from N values) tell of a quarter as many values as rows.
    """
    sample = raw.take(pa.array(np.arange(0, len(raw), max(1, len(raw) // SAMPLE))))
    equal = len(sample) - pc.count_distinct(sample, mode="all").as_py()
    few = equal >= _FEWEST_EQUAL and 2 * len(sample) ** 2 < equal * len(raw)
    return bool(equal > 0.5 * len(sample) or few)
