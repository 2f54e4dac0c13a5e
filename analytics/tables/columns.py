"""What each column of a frame is good for, with the reason in words."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.arguments import require_frame
from analytics.tables.errors import TableError

_SAMPLE_ROWS = 20_000  # rows that tell how varied a column is, to within a percent
_SHORTEST_COUNT = 10  # rows; fewer whole numbers in a row are chance (places in a race of eight)
_FEW_VALUES = 20  # as many as a legend can show: always categories
_MANY_VALUES = 1000  # as many as a list can be searched in: categories where they repeat

_ID_NAME = re.compile(
    r"(?:^|[_\W])(?:id|ids|uid|guid|uuid|key|pk|index|idx|serial|rownum|row_?n(?:o|r)|nr|no|code|zip|sku|isbn|ean)$"
    r"|^(?:id|index|uuid|guid|unnamed: ?0)(?:[_\W]|$)",
    re.IGNORECASE,
)
_CAMEL_ID = re.compile(r"[a-z](?:Id|ID)$")
_LABEL_NAME = re.compile(
    r"(?:^|[_\W])(?:class|label|type|group|cluster|category|cat|target|flag|sex|gender|species|origin|kind)$",
    re.IGNORECASE,
)
_YEAR_NAME = re.compile(r"(?:^|[_\W])(?:year|yr|jahr|annee|année|ano|año)(?:[_\W]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Role:
    """What a column is good for (number, category, text, time, identifier, constant, empty), and why."""

    kind: str
    reason: str


def column_roles(frame: pd.DataFrame) -> dict[Hashable, Role]:
    """Role of every column, in the order of the frame.

    Large text columns are judged by an even sample of ``_SAMPLE_ROWS`` rows; numbers by all rows.

    Raises:
        TableError: two columns have the same name, or a text holds halves of characters.
    """
    check_unique_names(frame)
    return {name: _checked_role(frame[name]) for name in frame.columns}


def number_columns(frame: pd.DataFrame, roles: Mapping[Hashable, Role] | None = None) -> list[Hashable]:
    """Names of the columns whose role is number."""
    require_frame(frame, error=TableError)
    known = column_roles(frame) if roles is None else checked_roles(roles)
    return [name for name in frame.columns if name in known and known[name].kind == "number"]


def checked_roles(roles: object) -> Mapping[Hashable, Role]:
    """Roles by the names of columns. Raises ``TableError`` for what is none."""
    if not isinstance(roles, Mapping) or not all(isinstance(role, Role) for role in roles.values()):
        raise TableError("Roles are given as column_roles gives them: a Role for each name of a column.")
    return roles


def check_unique_names(frame: pd.DataFrame) -> None:
    """Raise ``TableError`` if this is no table, or two columns share a name."""
    require_frame(frame, error=TableError)
    if not frame.columns.is_unique:
        name = frame.columns[frame.columns.duplicated()][0]
        raise TableError(f"Two columns are named {name!r}; rename one of them.")


def _checked_role(column: pd.Series) -> Role:
    try:
        return _column_role(column)
    except UnicodeEncodeError as problem:
        raise TableError(
            f"Column {column.name!r} holds text that is not valid Unicode; clean it first."
        ) from problem


def _column_role(column: pd.Series) -> Role:
    """Role of one column."""
    present = int(column.count())
    if not present:
        return Role("empty", "no row has a value" if len(column) else "there are no rows")
    if _is_time(column):
        spans = types.is_timedelta64_dtype(column.dtype)
        return Role("time", "lengths of time" if spans else "dates or times")
    if types.is_bool_dtype(column.dtype):
        same = present > 1 and column.dropna().nunique() == 1
        return _constant(column) if same else Role("category", "true or false")
    if is_numeric(column):
        return _number_role(column, present)
    return _words_role(column, present)


def _is_time(column: pd.Series) -> bool:
    spans = isinstance(column.dtype, pd.PeriodDtype) or types.is_timedelta64_dtype(column.dtype)
    return spans or bool(types.is_datetime64_any_dtype(column.dtype)) or _is_arrow_date(column.dtype)


def _is_arrow_date(dtype: object) -> bool:
    return isinstance(dtype, pd.ArrowDtype) and dtype.kind == "O" and "date" in str(dtype)


def is_numeric(column: pd.Series) -> bool:
    """Whether the column holds real numbers: integers or floats of any flavour, not truth values."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype):  # asked of every column of wide tables
        return dtype.kind in "iuf"
    if types.is_bool_dtype(dtype) or types.is_complex_dtype(dtype) or isinstance(dtype, pd.CategoricalDtype):
        return False
    return bool(types.is_numeric_dtype(dtype)) and not types.is_timedelta64_dtype(dtype)


def known_numbers(column: pd.Series) -> np.ndarray:
    """The non-missing values of a numeric column, as int64, uint64 or float64 (m,)."""
    values = column.dropna() if column.hasnans else column
    if types.is_unsigned_integer_dtype(column.dtype):
        return values.to_numpy(dtype=np.uint64)
    return values.to_numpy(dtype=np.int64 if types.is_integer_dtype(column.dtype) else np.float64)


def _constant(column: pd.Series) -> Role:
    return Role("constant", f"every row that has a value says {column.dropna().iloc[0]!s}")


def _number_role(column: pd.Series, present: int) -> Role:
    values = known_numbers(column)
    low, high = values.min(), values.max()
    if present > 1 and low == high:
        return _constant(column)
    if values.dtype.kind == "f":
        head = values[:1000]
        decimals = bool((head[np.isfinite(head)] % 1 != 0).any())
        return Role("number", "numbers with decimals" if decimals else "numbers")
    return _whole_role(str(column.name), values, int(low), int(high), gaps=present < len(column))


def _whole_role(name: str, values: np.ndarray, low: int, high: int, *, gaps: bool) -> Role:
    if _YEAR_NAME.search(name) and 1000 <= low <= high <= 3000:
        return Role("number", "years")
    if max(abs(low), abs(high)) > 2**53:
        return Role("identifier", "whole numbers too long for a quantity")
    named = _sounds_like_key(name)
    role = _identifier_role(values, low, high, named=named) if named or not gaps else None
    if role:
        return role
    if high - low < _FEW_VALUES and _LABEL_NAME.search(name):
        return Role("category", f"few whole numbers, and {name!r} sounds like a label")
    return Role("category", "only 0 and 1") if (low, high) == (0, 1) else Role("number", "whole numbers")


def _sounds_like_key(name: str) -> bool:
    return bool(_ID_NAME.search(name) or _CAMEL_ID.search(name))


def _identifier_role(values: np.ndarray, low: int, high: int, *, named: bool) -> Role | None:
    """Identifier for a counter, or for a name that says so where most values differ.

    The order of the rows says nothing: whatever a table is sorted by is sorted.
    """
    size = len(values)
    if size >= _SHORTEST_COUNT and high - low + 1 == size and _each_once(values, low):
        return Role("identifier", "whole numbers that count the rows, each once")
    if not named or size < 2:
        return None
    distinct = len(np.unique(values[:: max(1, size // _SAMPLE_ROWS)]))
    share = distinct / min(size, _SAMPLE_ROWS)
    if share < 0.5 and distinct <= _FEW_VALUES:
        return Role("category", "few whole numbers that name something")
    return Role("identifier", "whole numbers that by their name tell rows or things apart")


def _each_once(values: np.ndarray, low: int) -> bool:
    """Whether whole numbers (m,) from ``low`` to ``low + m - 1`` are all different."""
    seen = np.zeros(len(values), dtype=bool)
    seen[values - values.dtype.type(low)] = True
    return bool(seen.all())


def _words_role(column: pd.Series, present: int) -> Role:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return (
            _constant(column)
            if present > 1 and column.nunique() == 1
            else Role("category", "set as categories")
        )
    step = max(1, len(column) // _SAMPLE_ROWS)
    sample = column.iloc[::step].dropna()
    sample = column.dropna() if sample.empty else sample
    words = sample.map(str).astype("str")
    distinct, size = int(words.nunique()), len(words)
    if distinct == 1 and present > 1 and (step == 1 or column.nunique() == 1):
        return _constant(column)
    if not isinstance(column.dtype, pd.StringDtype) and not all(isinstance(one, Hashable) for one in sample):
        return Role("text", "lists or records, which cannot be counted as they are")
    return _by_variety(
        str(column.name), words, distinct, size, "" if step == 1 else f" in a sample of {size:,}"
    )


def _by_variety(name: str, words: pd.Series, distinct: int, size: int, where: str) -> Role:
    """Text if long, identifier if all differ, category if few values repeat."""
    lengths = float(words.str.len().mean())
    spaces = float(words.str.count(r"\s").mean())
    share = distinct / size
    if (spaces >= 4 or lengths >= 60) and share > 0.2:
        return Role("text", f"sentences of about {lengths:.0f} characters")
    named = _sounds_like_key(name)
    if size > 1 and distinct == size and (size >= 10 or named):
        return Role("identifier", f"every value is different{where}")
    if named and share > 0.5:
        return Role("identifier", f"most values are different{where}, and {name!r} sounds like a key")
    if distinct <= _FEW_VALUES or (share <= 0.5 and distinct <= _MANY_VALUES):
        return Role("category", f"{distinct:,} different values{where}")
    return Role("text", f"{distinct:,} different values{where}")
