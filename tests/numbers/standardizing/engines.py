"""Engines that people paste our SQL and formulas into: DuckDB, SQLite, PostgreSQL and LibreOffice."""

import csv
import datetime as dt
import io
import math
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pytest

Value = float | int | bool | str | dt.date | Decimal | None


def values_of(column: pd.Series) -> list[Value]:
    """The cells as Python's own, None where missing; NaN among floats stays."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return [None if pd.isna(cell) else cell.to_pydatetime() for cell in column]
    keep_nan = pd.api.types.is_float_dtype(column.dtype)
    return [None if pd.isna(cell) and not keep_nan else cell for cell in column.astype(object)]


def literal(value: Value) -> str:
    """A value as PostgreSQL and DuckDB write it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and not math.isfinite(value):
        return f"CAST('{value}' AS DOUBLE PRECISION)"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def script(frame: pd.DataFrame, types: dict[str, str]) -> str:
    """CREATE TABLE and INSERT of a frame, with its row number in front."""
    columns = [values_of(frame[name]) for name in frame]
    rows = ", ".join(
        f"({', '.join(literal(cell) for cell in (number, *row))})"
        for number, row in enumerate(zip(*columns, strict=True))
    )
    named = ", ".join(f'"{name}" {types[name]}' for name in frame)
    return f'CREATE TABLE t ("row" INTEGER, {named}); INSERT INTO t VALUES {rows}'


def number(cell: object) -> float:
    return math.nan if cell in (None, "") else float(cell)  # type: ignore[arg-type]


def by_duckdb(frame: pd.DataFrame, types: dict[str, str], query: str, wanted: str) -> list[float]:
    import duckdb

    with duckdb.connect() as connection:
        for statement in script(frame, types).split("; ", 1):
            connection.execute(statement)
        found = connection.execute(f'SELECT "{wanted}" FROM ({query}) s ORDER BY "row"').fetchall()
    return [number(cell) for (cell,) in found]


def by_sqlite(frame: pd.DataFrame, types: dict[str, str], query: str, wanted: str) -> list[float]:
    """SQLite knows no NaN (it is NULL there) and keeps dates as texts."""
    connection = sqlite3.connect(":memory:")
    # Python's own build may lack the mathematical functions that SQLite has had since 3.35.
    for name in ("exp", "sinh", "atanh", "ln"):
        function = math.log if name == "ln" else getattr(math, name)
        connection.create_function(
            name, 1, lambda value, function=function: None if value is None else function(value)
        )
    named = ", ".join(f'"{name}" {types[name]}' for name in frame)
    connection.execute(f'CREATE TABLE t ("row" INTEGER, {named})')
    unknown = (dt.date, Decimal)  # to SQLite
    columns = [[str(c) if isinstance(c, unknown) else c for c in values_of(frame[name])] for name in frame]
    marks = ", ".join("?" * (len(columns) + 1))
    rows = [(place, *row) for place, row in enumerate(zip(*columns, strict=True))]
    connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
    found = connection.execute(f'SELECT "{wanted}" FROM ({query}) s ORDER BY "row"').fetchall()
    return [number(cell) for (cell,) in found]


@contextmanager
def postgres() -> Iterator["Postgres"]:
    """A PostgreSQL of its own, without a network; fails where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.fail("needs PostgreSQL: make engines installs it, or says what to install")
    with tempfile.TemporaryDirectory() as folder:
        server = Postgres(found[-1].parent, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Postgres:
    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries, self.folder = binaries, folder
        # It refuses to run as root; its package brings a user.
        self.user = "postgres" if os.geteuid() == 0 else None

    def start(self) -> None:
        if self.user:
            shutil.chown(self.folder, self.user)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "zeta", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def _run(self, command: str, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [str(self.binaries / command), *arguments], input=text, user=self.user, cwd=self.folder,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scores(self, frame: pd.DataFrame, types: dict[str, str], query: str, wanted: str) -> list[float]:
        asked = f'COPY (SELECT "{wanted}" FROM ({query}) s ORDER BY "row") TO STDOUT (FORMAT csv)'
        text = f"SET extra_float_digits = 3; DROP TABLE IF EXISTS t; {script(frame, types)}; {asked};"
        out = self._run(
            "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "zeta", "postgres",
            text=text,
        )  # fmt: skip
        return [number(line) for line in out.splitlines()]


def by_libreoffice(folder: Path, sheets: Sequence[tuple[pd.DataFrame, str]]) -> list[list[str]]:
    """What LibreOffice shows for each (frame, formula of row 2), filled down; fails where it is absent."""
    if not shutil.which("soffice"):
        pytest.fail("needs LibreOffice: make engines installs it, or says what to install")
    for place, (frame, formula) in enumerate(sheets):
        (folder / f"sheet{place}.xlsx").write_bytes(workbook(frame, formula))
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false", "--outdir", str(folder),
            *(str(folder / f"sheet{place}.xlsx") for place in range(len(sheets))),
        ],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return [shown(folder / f"sheet{place}.csv") for place in range(len(sheets))]


def shown(file: Path) -> list[str]:
    return [row[-1] for row in csv.reader(file.read_text().splitlines()[1:])]


def workbook(frame: pd.DataFrame, formula: str) -> bytes:
    """A workbook of one sheet: the frame's cells and the formula beside them."""
    from analytics.numbers.standardizing.expressions import column_letters

    columns = [values_of(frame[name]) for name in frame]
    rows = [f"<row r='1'>{''.join(cell(f'{column_letters(i)}1', n) for i, n in enumerate(frame))}</row>"]
    for line, row in enumerate(zip(*columns, strict=True), start=2):
        cells = "".join(cell(f"{column_letters(i)}{line}", value) for i, value in enumerate(row))
        own = f"{column_letters(len(row))}{line}"
        filled = escape(down(formula, line, len(row)).removeprefix("="))
        rows.append(f"<row r='{line}'>{cells}<c r='{own}'><f>{filled}</f></c></row>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        f"<Override PartName='/w.xml' ContentType='{kind}.sheet.main+xml'/>"
        f"<Override PartName='/s.xml' ContentType='{kind}.worksheet+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'>"
        f"<Relationship Id='r1' Type='{office}/officeDocument' Target='w.xml'/></Relationships>",
        "w.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets>"
        "<sheet name='t' sheetId='1' r:id='r1'/></sheets></workbook>",
        "_rels/w.xml.rels": f"<Relationships xmlns='{package}/relationships'>"
        f"<Relationship Id='r1' Type='{office}/worksheet' Target='s.xml'/></Relationships>",
        "s.xml": f"<worksheet xmlns='{main}'><sheetData>{''.join(rows)}</sheetData></worksheet>",
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def cell(place: str, value: Value) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return f"<c r='{place}' t='b'><v>{int(value)}</v></c>"
    if isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        value = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    if isinstance(value, str):
        return f"<c r='{place}' t='inlineStr'><is><t>{escape(value)}</t></is></c>"
    return f"<c r='{place}'><v>{float(value)!r}</v></c>" if math.isfinite(value) else ""


def down(formula: str, line: int, columns: int) -> str:
    """The formula of row 2 as filling down writes it in another row; texts in quotes stay."""
    from analytics.numbers.standardizing.expressions import column_letters

    parts = formula.split('"')
    for place in range(0, len(parts), 2):
        for column in range(columns):
            letters = column_letters(column)
            parts[place] = parts[place].replace(f"{letters}2", f"{letters}{line}")
    return '"'.join(parts)
