"""The table as the CSV that Zetascope writes, byte for byte."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# How a spreadsheet's formula starts: with a sign, also a wide or small one, behind what has no width.
SKIPPED = (
    r"[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
FORMULA = re.compile(rf"'*(?:[\x00\t\n\r]|{SKIPPED}*{SIGNS})")


def number(x: float) -> str:
    if x == 0 or 1e-6 <= abs(x) < 1e10:
        return np.format_float_positional(x, trim="0")
    return np.format_float_scientific(x, trim="-", exp_digits=1) if np.isfinite(x) else str(x)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def safe(text: str) -> str:
    return "'" + text if FORMULA.match(text) else text


def moments(column: pd.Series) -> pd.Series:
    if (column == column.dt.normalize())[column.notna()].all():
        return column.dt.strftime("%Y-%m-%d")
    parts = column.dt.microsecond.dropna()
    cut = 7 if (parts == 0).all() else 3 if (parts % 1000 == 0).all() else 0
    return column.dt.strftime("%Y-%m-%d %H:%M:%S.%f").str[: -cut or None]


def span(x: pd.Timedelta) -> str:
    c = x.components
    clock = f"{c.hours:02}:{c.minutes:02}:{c.seconds:02}"
    fraction = f"{c.milliseconds:03}{c.microseconds:03}{c.nanoseconds:03}"
    return f"{c.days} days {'+' * (c.days < 0)}{clock}.{fraction}"


def spans(column: pd.Series) -> pd.Series:
    cells = column.dropna().map(span).astype("str")
    zeros = (10, "0" * 9), (6, "0" * 6), (3, "0" * 3)
    cut = next((length for length, end in zeros if cells.str.endswith(end).all()), 0)
    return cells.str[: -cut or None].reindex(column.index)


def texts(column: pd.Series) -> tuple[list[Any], bool, bool]:
    """The cells, whether their name is quoted as theirs are, and whether one was made safe."""
    gaps = column.isna() | (column != column).fillna(False)
    kind = column.dtype
    if pd.api.types.is_float_dtype(kind):
        cells = [None if gap else number(float(x)) for x, gap in zip(column, gaps, strict=True)]
    elif pd.api.types.is_bool_dtype(kind) or pd.api.types.is_integer_dtype(kind):
        cells = [None if gap else str(x).lower() for x, gap in zip(column, gaps, strict=True)]
    elif pd.api.types.is_datetime64_dtype(kind):
        cells = [None if gap else x for x, gap in zip(moments(column), gaps, strict=True)]
    elif pd.api.types.is_timedelta64_dtype(kind):
        cells = [None if gap else x for x, gap in zip(spans(column), gaps, strict=True)]
    else:
        kept = [None if gap else x for x, gap in zip(column, gaps, strict=True)]
        defused = any(safe(x) != x for x in kept if x is not None)
        return [None if x is None else quoted(safe(x)) for x in kept], True, defused
    return cells, bool(gaps.all()) and len(gaps) > 0, False


def write(frame: pd.DataFrame, target: str) -> None:
    columns = [texts(frame[name]) for name in frame]
    names = [
        quoted(safe(name))
        if is_text or safe(name) != name or re.search(r'[",\r\n]|^\s|\s$|^$|^[\d.+-]', name)
        else name
        for name, (_, is_text, _) in zip(map(str, frame), columns, strict=True)
    ]
    gap = "NA" if len(columns) == 1 else ""
    cells = [column for column, _, _ in columns]
    rows = [",".join(gap if cell is None else cell for cell in row) for row in zip(*cells, strict=True)]
    defused = any(mark for _, _, mark in columns) or any(safe(name) != name for name in map(str, frame))
    text = "\n".join([",".join(names), *rows]) + "\n" * (not defused)
    Path(target).write_text(text, encoding="utf-8", newline="")
