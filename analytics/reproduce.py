"""Results as short scripts that make them again with nothing but pandas and a transform file."""

import io
import json
from dataclasses import dataclass, fields
from textwrap import dedent
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.errors import ZetascopeError
from analytics.numbers.outliers.decisions import Decisions
from analytics.numbers.outliers.report import OutlierReport
from analytics.numbers.standardizing.standardizer import Standardizer
from analytics.tables import ReadOptions, Table

NOTHING_DECIDED = Decisions()
READ_AS_FOUND = ReadOptions()
LARGEST_TRIED = 64 * 1024**2
MISSING_WORDS = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "-", "?", ".")


@dataclass(frozen=True)
class PandasReading:
    """How pandas alone makes the table: ``code`` is the call, ``file_name`` the file it reads.

    ``original`` tells whether that is the file as it was given, or its Parquet copy.
    """

    code: str
    file_name: str
    original: bool


def pandas_reading(table: Table, source: bytes, *, file_name: str) -> PandasReading:
    """A pandas call that reads ``source`` into exactly ``table.frame``, proven by making it.

    Where there is none (the file was mended, is no delimited text, or is too large to try), the call
    reads the table as it was read, saved by ``write_parquet`` beside the script.

    Raises:
        ZetascopeError: for a column that the script could not write as ``write_csv`` does.
    """
    for name in table.frame.columns:
        if not _can_be_written(table.frame[name].dtype):
            raise ZetascopeError(
                f"Column {name!r} holds {table.frame[name].dtype}, which no script repeats: drop it."
            )
    for settings in _candidates(table):
        if len(source) <= LARGEST_TRIED and _reads_alike(source, settings, table.frame):
            return PandasReading(f"pd.read_csv({_arguments(file_name, settings)})", file_name, original=True)
    copy = file_name.rsplit(".", 1)[0] + "_as_read.parquet"
    code = f'pd.read_parquet({json.dumps(copy)}, dtype_backend="numpy_nullable")'
    return PandasReading(code, copy, original=False)


def _can_be_written(dtype: Any) -> bool:
    plain = types.is_integer_dtype(dtype) or types.is_bool_dtype(dtype) or types.is_datetime64_dtype(dtype)
    timed = plain or types.is_timedelta64_dtype(dtype)
    return timed or dtype in ("float64", "Float64") or isinstance(dtype, pd.StringDtype)


def _candidates(table: Table) -> list[dict[str, Any]]:
    report = table.report
    if not report.delimiter or report.header_row is None or report.footer or report.repairs:
        return []
    frame = table.frame
    dates = [name for name in frame.columns if types.is_datetime64_dtype(frame[name].dtype)]
    settings: dict[str, Any] = {
        "sep": report.delimiter,
        "encoding": report.encoding,
        "skiprows": report.header_row - 1,
        "decimal": report.decimal or ".",
        "thousands": report.thousands,
        "dtype": {name: str(frame[name].dtype) for name in frame.columns if name not in dates},
        "parse_dates": dates,
        "keep_default_na": False,
    }
    numbers = [name for name in frame.columns if types.is_numeric_dtype(frame[name].dtype)]
    words = {name: list(MISSING_WORDS) if name in numbers else [""] for name in frame.columns}
    usual = {
        "sep": ",",
        "encoding": "utf-8",
        "skiprows": 0,
        "decimal": ".",
        "thousands": None,
        "parse_dates": [],
    }
    told = {name: value for name, value in settings.items() if name not in usual or usual[name] != value}
    return [told | {"na_values": [""]}, told | {"na_values": words}]


def _reads_alike(source: bytes, settings: dict[str, Any], frame: pd.DataFrame) -> bool:
    try:
        read = pd.read_csv(io.BytesIO(source), **settings, low_memory=False, float_precision="round_trip")
    except (ValueError, TypeError, OverflowError, LookupError, pd.errors.ParserError):
        return False
    return read.columns.tolist() == frame.columns.tolist() and read.equals(frame)


def _arguments(file_name: str, settings: dict[str, Any]) -> str:
    told = settings | {"float_precision": "round_trip"}
    return ", ".join([json.dumps(file_name), *(f"{name}={value!r}" for name, value in told.items())])


def standardize_script(
    standardizer: Standardizer,
    *,
    reading: PandasReading,
    transform: str,
    target: str,
    mode: str = "add",
) -> str:
    """A script that reads the table, scores it by the transform file and writes the download again.

    A CSV comes out byte for byte as ``write_csv`` made it; a Parquet file with equal columns.

    Args:
        standardizer: fitted; its ``to_json`` must be saved as ``transform`` beside the script.
        reading: from ``pandas_reading``.
        transform: file name of the JSON.
        target: file name to write, ``.csv`` or ``.parquet``.
        mode: "add" for columns ``name_z``, or "replace".

    Raises:
        ZetascopeError: for a target or mode that there is not.
    """
    if mode not in ("add", "replace") or not target.endswith((".csv", ".parquet")):
        raise ZetascopeError(f"There is no script for {target!r} in mode {mode!r}: choose .csv or .parquet.")
    parameters = standardizer.parameters_
    said = f"Makes {target} again from {reading.file_name} and {transform}."
    parts = [
        f'"""{_plain(said)} Needs pandas only. Written by Zetascope."""',
        "import json",
        "import re\n" if target.endswith(".csv") else "",
        "import numpy as np\nimport pandas as pd\n",
        f"frame = {reading.code}",
        f'with open({json.dumps(transform)}, encoding="utf-8") as file:\n    transform = json.load(file)',
        _SCORES[parameters.method if parameters.method in _SCORES else "linear"],
        _GROUPED if parameters.by else _UNGROUPED,
        _PLACED[mode],
        _CSV_WRITER.replace("TARGET", json.dumps(target))
        if target.endswith(".csv")
        else f"frame.to_parquet({json.dumps(target)}, index=False)\n",
    ]
    return "\n".join(part for part in parts if part)


def outlier_script(
    report: OutlierReport,
    decisions: Decisions = NOTHING_DECIDED,
    *,
    file_name: str,
    options: ReadOptions = READ_AS_FOUND,
    target: str = "decided.csv",
) -> str:
    """A script that searches the file again, writes the reasons and applies the decisions.

    Args:
        report: what was found; its methods, thresholds, columns, groups and seed are written down.
        decisions: what to do with rows of that report.
        file_name: the file the report came from, as the script will find it.
        options: how it was read; limits are left to the script's machine.
        target: the CSV file of the table after the decisions.
    """
    told = [
        f"{field.name}={getattr(options, field.name)!r}"
        for field in fields(options)
        if getattr(options, field.name) != field.default and not field.name.startswith("max_")
    ]
    reading = f"{file_name!r}, options=ReadOptions({', '.join(told)})" if told else repr(file_name)
    finding = {
        "methods": list(report.methods),
        "thresholds": dict(report.thresholds),
        "columns": list(report.columns),
        "by": list(report.data.by),
        "seed": report.seed,
    }
    arguments = "".join(f"    {name}={value!r},\n" for name, value in finding.items())
    lines = [
        f'"""{_plain(f"Searches {file_name} for outliers again. Needs Zetascope, which wrote it.")}"""',
        "from math import inf\n" if any(np.isinf(value) for value in report.thresholds.values()) else "",
        "from analytics.numbers import find_outliers",
        "from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decisions_table",
        f"from analytics.tables import {'ReadOptions, ' * bool(told)}read_table, write_csv\n",
        f"frame = read_table({reading}).frame",
        f"report = find_outliers(\n    frame,\n{arguments})",
        "print(report.reasons.to_string())\n",
        f"decisions = Decisions.from_json({decisions.to_json()!r})",
        f"write_csv(apply_decisions(frame, report, decisions), {target!r})",
        'write_csv(decisions_table(report, decisions), "decisions.csv")\n',
    ]
    return "\n".join(line for line in lines if line)


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'")


def _block(text: str) -> str:
    return dedent(text).strip("\n") + "\n"


_HEAD = """

def score(x, fit):
    if fit["n"] == 0:
        return np.full(len(x), np.nan)
    if fit["scale"] == 0:
        return np.where(np.isfinite(x), 0.0, x)
"""
_SCORES = {
    "linear": _HEAD + '    return (x - fit["center"]) / fit["scale"]\n\n',
    "rank_gauss": _HEAD
    + '    return np.where(np.isinf(x), x, np.interp(x, fit["values"], fit["scores"]))\n\n',
    "yeo_johnson": _HEAD
    + _block(
        """
        ____power, mirrored, high = fit["lambda"], 2.0 - fit["lambda"], x >= 0
        ____up, down, y = np.log1p(x[high]), np.log1p(-x[~high]), np.empty_like(x)
        ____y[high] = up if abs(power) < 1e-12 else np.expm1(power * up) / power
        ____y[~high] = -down if abs(mirrored) < 1e-12 else -np.expm1(mirrored * down) / mirrored
        ____return np.where(np.isinf(x), x, (y - fit["center"]) / fit["scale"])
        """
    ).replace("____", "    ")
    + "\n",
}
_UNGROUPED = _block(
    """
    scores = {}
    for fit in transform["fits"]:
        scores[fit["column"]] = score(frame[fit["column"]].to_numpy("float64", na_value=np.nan), fit)
    """
)
_GROUPED = _block(
    """
    def label(value):
        if pd.isna(value):
            return None
        value = value.item() if isinstance(value, np.generic) else value
        return value if isinstance(value, (str, int, float, bool)) else str(value)


    fits = {(fit["column"], fit["group"] and tuple(fit["group"])): fit for fit in transform["fits"]}
    groups = {}
    for row, values in enumerate(zip(*(frame[name] for name in transform["by"]))):
        groups.setdefault(tuple(map(label, values)), []).append(row)
    scores = {}
    for column in transform["columns"]:
        x = frame[column].to_numpy("float64", na_value=np.nan)
        scores[column] = np.full(len(x), np.nan)
        for group, rows in groups.items():
            fit = fits.get((column, group), fits[column, None])
            scores[column][rows] = score(x[rows], fit)
    """
)
_PLACED = {
    "add": 'for column in transform["columns"]:\n    frame[column + "_z"] = scores[column]\n',
    "replace": 'for column in transform["columns"]:\n    frame[column] = scores[column]\n',
}
_CSV_WRITER = """

def number(x):
    if x == 0 or 1e-6 <= abs(x) < 1e10:
        return np.format_float_positional(x, trim="0")
    return np.format_float_scientific(x, trim="-", exp_digits=1) if np.isfinite(x) else str(x)


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def safe(text):
    return "'" + text if re.match(r"'*[=+\\-@\\t\\r]", text) else text


def moment(column):
    if (column == column.dt.normalize())[column.notna()].all():
        return column.dt.strftime("%Y-%m-%d")
    parts = column.dt.microsecond.dropna()
    cut = 7 if (parts == 0).all() else 3 if (parts % 1000 == 0).all() else 0
    return column.dt.strftime("%Y-%m-%d %H:%M:%S.%f").str[: -cut or None]


def span(x):
    c = x.components
    clock = f"{c.hours:02}:{c.minutes:02}:{c.seconds:02}"
    fraction = f"{c.milliseconds:03}{c.microseconds:03}{c.nanoseconds:03}"
    return f"{c.days} days {'+' * (c.days < 0)}{clock}.{fraction}"


def spans(column):
    cells = column.dropna().map(span).astype("str")
    zeros = (10, "0" * 9), (6, "0" * 6), (3, "0" * 3)
    cut = next((length for length, end in zeros if cells.str.endswith(end).all()), 0)
    return cells.str[: -cut or None].reindex(column.index)


def texts(column):
    gaps = column.isna() | (column != column).fillna(False)
    kind = column.dtype
    if pd.api.types.is_float_dtype(kind):
        cells = [None if gap else number(float(x)) for x, gap in zip(column, gaps)]
    elif pd.api.types.is_bool_dtype(kind) or pd.api.types.is_integer_dtype(kind):
        cells = [None if gap else str(x).lower() for x, gap in zip(column, gaps)]
    elif pd.api.types.is_datetime64_dtype(kind):
        cells = [None if gap else x for x, gap in zip(moment(column), gaps)]
    elif pd.api.types.is_timedelta64_dtype(kind):
        cells = [None if gap else x for x, gap in zip(spans(column), gaps)]
    else:
        kept = [None if gap else x for x, gap in zip(column, gaps)]
        defused = any(safe(x) != x for x in kept if x is not None)
        return [None if x is None else quoted(safe(x)) for x in kept], True, defused
    return cells, gaps.all() and len(gaps) > 0, False


columns = [texts(frame[name]) for name in frame]
names = [
    quoted(safe(name))
    if is_text or safe(name) != name or re.search(r\'[",\\r\\n]|^\\s|\\s$|^$|^[\\d.+-]\', name)
    else name
    for name, (_, is_text, _) in zip(frame, columns)
]
gap = "NA" if len(columns) == 1 else ""
cells = [cells for cells, _, _ in columns]
rows = [",".join(gap if cell is None else cell for cell in row) for row in zip(*cells)]
defused = any(mark for _, _, mark in columns) or any(safe(name) != name for name in frame)
with open(TARGET, "w", encoding="utf-8", newline="") as file:
    file.write("\\n".join([",".join(names), *rows]) + "\\n" * (not defused))
"""
