"""The text cells of one column, reduced to its distinct values where that saves work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SAMPLE = 500
PROBE = 32
FEW = 100
SHOWN_EXCEPTIONS = 1000

NA_TOKENS = frozenset(
    (
        "NA|N/A|n/a|na|N.A.|n.a.|N. A.|n. a.|#N/A|#NA|<NA>|NULL|Null|null|None|none|NONE|nil|NaN|nan|NAN|-NaN"
        "|-nan|NaT|ND|nd|N.D.|n.d.|n. d.|n/d|N/D|s/d|k.A.|k. A.|keine Angabe|unknown|Unknown"
        "|missing|Missing|MISSING|not available|Not available|-|--|---|–|—|?|.|..|...|*|\\N"
        "|#VALUE!|#DIV/0!|#REF!|#NUM!|#NAME?|#NULL!"
        "|1.#QNAN|-1.#QNAN|1.#IND|-1.#IND"
    ).split("|")
)
"""Cells that mean "missing" in a column whose other cells are numbers, dates or booleans."""


@dataclass(frozen=True)
class Cells:
    """One column of text. ``distinct`` and ``trimmed`` have u values, null among them.

    ``codes`` (n,) says which of them stands in each row; ``None`` means row i is value i.
    ``weights`` (u,) counts rows.
    """

    name: str
    raw: pa.Array
    distinct: pa.Array
    trimmed: pa.Array
    codes: np.ndarray | None
    weights: np.ndarray

    def expand(self, values: np.ndarray) -> np.ndarray:
        """Values per distinct cell (u,) as values per row (n,)."""
        return values if self.codes is None else values[self.codes]

    def count(self, mask: np.ndarray) -> int:
        """How many rows hold a distinct value that the mask (u,) selects."""
        return int(self.weights[mask].sum())

    def matches(self, pattern: str) -> np.ndarray:
        """Which distinct values (u,) match a regular expression (RE2)."""
        return matches(self.trimmed, pattern)

    @cached_property
    def blank(self) -> np.ndarray:
        """Which distinct values (u,) are null, empty or only white space."""
        return pc.fill_null(pc.equal(self.trimmed, ""), True).to_numpy(zero_copy_only=False)

    @cached_property
    def token(self) -> np.ndarray:
        """Which distinct values (u,) are one of ``NA_TOKENS``."""
        return pc.is_in(self.trimmed, _tokens(self.trimmed.type)).to_numpy(zero_copy_only=False)

    @cached_property
    def sample(self) -> pa.Array:
        """Up to ``SAMPLE`` distinct values that are neither blank nor an NA token, evenly spread."""
        kept = np.flatnonzero(~(self.blank | self.token))
        step = max(1, -(-len(kept) // SAMPLE))
        return self.trimmed.take(pa.array(kept[::step]))

    def sample_share(self, pattern: str) -> float:
        """Share of the sample that matches; 0 if it is empty or a handful of its cells all fail."""
        handful = self.sample.take(
            pa.array(np.arange(0, len(self.sample), max(1, len(self.sample) // PROBE)))
        )
        if not matches(handful, pattern).any():
            return 0.0
        return float(matches(self.sample, pattern).mean())

    def located(self, mask: np.ndarray, lines: np.ndarray | None) -> tuple[tuple[int, str], ...]:
        """Line and text of the first rows whose distinct value the mask (u,) selects."""
        rows = np.flatnonzero(self.expand(mask))[:SHOWN_EXCEPTIONS]
        numbers = rows + 2 if lines is None else np.asarray(lines)[rows]
        return tuple(zip(numbers.tolist(), self.raw.take(pa.array(rows)).to_pylist(), strict=True))


@cache
def _tokens(kind: pa.DataType) -> pa.Array:
    return pa.array(sorted(NA_TOKENS), kind)


def matches(texts: pa.Array, pattern: str) -> np.ndarray:
    """Which texts match; null does not. Few texts go through ``re``, which keeps its compiled expressions."""
    if len(texts) <= FEW:
        search = re.compile(pattern).search
        return np.array([text is not None and search(text) is not None for text in texts.to_pylist()], bool)
    return pc.fill_null(pc.match_substring_regex(texts, pattern), False).to_numpy(zero_copy_only=False)


def make_cells(name: str, column: pa.Array | pa.ChunkedArray, *, na_values: Sequence[str] = ()) -> Cells:
    """Prepare a column of strings; cells equal to one of ``na_values`` become null."""
    raw = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if na_values:
        gone = pc.is_in(pc.utf8_trim_whitespace(raw), pa.array(list(na_values), raw.type))
        raw = pc.if_else(gone, pa.scalar(None, raw.type), raw)
    if not _repeats(raw):
        return Cells(name, raw, raw, pc.utf8_trim_whitespace(raw), None, np.ones(len(raw), np.int64))
    encoded = pc.dictionary_encode(raw)
    distinct = pa.concat_arrays([encoded.dictionary, pa.nulls(1, raw.type)])
    codes = pc.fill_null(encoded.indices, len(distinct) - 1).to_numpy(zero_copy_only=False)
    weights = np.bincount(codes, minlength=len(distinct))
    return Cells(name, raw, distinct, pc.utf8_trim_whitespace(distinct), codes, weights)


def _repeats(raw: pa.Array) -> bool:
    """Whether the distinct values of an even sample are under half of it: then a dictionary pays."""
    sample = raw.take(pa.array(np.arange(0, len(raw), max(1, len(raw) // SAMPLE))))
    return len(raw) > 0 and pc.count_distinct(sample, mode="all").as_py() < 0.5 * len(sample)
