"""What steps need that pandas has no word for; a script holds those that its steps call."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.recipe import SplitByUnit, ToUnit
from analytics.recipe.searching import rows_showing
from analytics.tables import ReadOptions, read_again


def compared(column: pd.Series, holds: Callable[[Any, Any], Any], other: Any) -> pd.Series:
    """Where a comparison holds; it never does for a missing value."""
    known = column.notna() & other.notna() if isinstance(other, pd.Series) else column.notna()
    return holds(column, other).fillna(False).astype(bool) & known


def texts_of(column: pd.Series) -> pa.Array:
    """The texts of a column, as Arrow holds them."""
    return pa.array(column.astype("string"), pa.large_string())


def contains(column: pd.Series, text: str, *, same_case: bool) -> np.ndarray:
    """Whether a text stands anywhere in a cell."""
    found = pc.match_substring(texts_of(column), text, ignore_case=not same_case)
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)


def matches(column: pd.Series, pattern: str) -> np.ndarray:
    """Whether a regular expression of RE2 is found anywhere in a cell."""
    found = pc.match_substring_regex(texts_of(column), pattern)
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)


def shows(columns: pd.DataFrame, text: str) -> np.ndarray:
    """Whether any cell of a row shows a text, in either case and with accents composed or not."""
    return rows_showing([columns[name] for name in columns.columns], text)


def as_type(column: pd.Series, kind: str) -> pd.Series:
    """The cells read again as another type, as Zetascope reads them in a file."""
    return read_again(column, ReadOptions(column_types={str(column.name): kind}))


def tidied(column: pd.Series, case: str = "keep") -> pd.Series:
    """No blanks at the ends, one where several stood, accents written in one way."""
    texts = pc.utf8_normalize(texts_of(column), "NFC")
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"[\s\pZ]+", " "))
    if case != "keep":
        texts = (pc.utf8_lower if case == "lower" else pc.utf8_upper)(texts)
    return texts.to_pandas().set_axis(column.index).astype("str")


def without_unit(column: pd.Series, unit: str) -> pd.Series:
    """Texts such as "5 kg" as numbers."""
    texts = pc.utf8_trim_whitespace(texts_of(column))
    ends = pc.utf8_slice_codeunits(texts, 0, -len(unit))
    texts = pc.if_else(pc.ends_with(texts, unit), ends, texts)
    starts = pc.utf8_slice_codeunits(texts, len(unit))
    texts = pc.if_else(pc.starts_with(texts, unit), starts, texts)
    bare = pc.utf8_trim_whitespace(texts).to_pandas().set_axis(column.index).astype("str")
    return as_type(bare.rename(column.name), "number")


def in_one_unit(frame: pd.DataFrame, column: str, unit: str, units: str | None = None) -> pd.DataFrame:
    """Numbers converted to one unit, from those that another column names or that stand behind them."""
    return ToUnit(column, unit, units).apply(frame).frame


def split_by_unit(frame: pd.DataFrame, column: str, units: str) -> pd.DataFrame:
    """A column of numbers for each unit that another column names."""
    return SplitByUnit(column, units).apply(frame).frame


def most_frequent(column: pd.Series) -> pd.Series:
    """The column, its missing cells filled with the value that most rows have."""
    counts = column.value_counts(sort=False)
    return column.fillna(counts.index[int(np.argmax(counts))]) if len(counts) else column


def sampled(frame: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """Some rows by chance, in their order."""
    if rows >= len(frame):
        return frame
    return frame.iloc[np.sort(np.random.default_rng(seed).choice(len(frame), rows, replace=False))]


def tagged(before: pd.Series, tags: dict[int, str]) -> pd.Series:
    """A column of tags by the row's number in the file, counted from 1; other rows keep what they have."""
    given = pd.Series({row - 1: tag for row, tag in tags.items()}, dtype="str").reindex(before.index)
    return given.where(given.notna(), before)


def with_numbers(column: pd.Series, numbers: dict[int, float]) -> pd.Series:
    """Other numbers for rows by their number in the file, counted from 1."""
    given = pd.Series({row - 1: number for row, number in numbers.items()}, dtype="float64")
    given = given.reindex(column.index)
    whole = pd.api.types.is_integer_dtype(column.dtype)
    return column.mask(given.notna(), given.astype("Int64") if whole else given)


def column_names(values: pd.Index) -> pd.Index:
    """Values as the names of columns."""
    return pd.Index(["missing" if pd.isna(value) else str(value) for value in values], dtype="str")


def finite(values: Any, index: pd.Index | None = None) -> pd.Series:
    """What has no result, such as a division by 0, is missing."""
    column = pd.Series(values, index)
    return column.where(np.isfinite(column))


def rounded(values: pd.Series, digits: pd.Series) -> pd.Series:
    """Numbers to so many decimals."""
    scale = 10.0 ** digits.to_numpy()
    return finite(np.round(values.to_numpy() * scale) / scale, values.index)


def smallest(*columns: pd.Series) -> pd.Series:
    """The smallest of several numbers, row by row."""
    return finite(np.minimum.reduce([column.to_numpy() for column in columns]), columns[0].index)


def largest(*columns: pd.Series) -> pd.Series:
    """The largest of several numbers, row by row."""
    return finite(np.maximum.reduce([column.to_numpy() for column in columns]), columns[0].index)


def zscore(column: pd.Series) -> pd.Series:
    """Distance from the mean in standard deviations (n)."""
    values = column.to_numpy()
    known = values[~np.isnan(values)]
    if not len(known):
        return column
    off = values - known.mean()
    off -= np.nanmean(off)
    return finite(off / np.sqrt(np.nanmean(off**2)), column.index)


def bins(column: pd.Series, wanted: pd.Series) -> pd.Series:
    """Number of the bin of equal width, from 1."""
    values, n = column.to_numpy(), wanted.to_numpy()[:1].sum()
    low, high = np.nanmin(values, initial=np.inf), np.nanmax(values, initial=-np.inf)
    return finite(np.clip(np.floor((values - low) / (high - low) * n), 0, n - 1) + 1, column.index)


def first_letters(texts: pd.Series, many: pd.Series) -> pd.Series:
    """The first so many characters."""
    return (texts.str[: int(many.iloc[0])] if len(many) else texts).astype("str")


def truth(column: pd.Series) -> pd.Series:
    """True or false, where missing is false."""
    return column.fillna(False).astype(bool)
