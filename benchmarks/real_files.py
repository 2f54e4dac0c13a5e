"""Real files that break readers: ``collect`` gathers them, ``score`` says how many are read wholly right.

The labels stand in ``benchmarks/real_files/labels.jsonl``, one file a line; ``benchmarks/README.md`` says
how they were made. ``collect FOLDER`` takes each package by the client of its registry (``unearth`` for
Python sources, which downloads without building; ``npm pack``; ``apt-get download``) and writes the labelled
members as ``FOLDER/<first 12 of the sha256>.<ending>``. ``score FOLDER`` reads them with default options.
"""

from __future__ import annotations

import argparse
import codecs
import hashlib
import io
import itertools
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analytics.tables import ReadOptions, ReadReport, TableError, read_table

LABELS = Path(__file__).parent / "real_files" / "labels.jsonl"
UNNAMED = re.compile(r"(column|Column|unnamed|Unnamed)[_: ]*\d*$|\s*$")
ANSWERS = 4  # how many doubts one after the other may be answered before a file counts as wrong
TRIES = 20  # readings with an answer per file: wide tables ask about each column


@dataclass(frozen=True)
class Label:
    """What a careful person says of a file; every list of columns is in the file's order.

    ``header`` are line numbers from 1 (empty: none), ``kinds`` one of number, date, length, boolean, text or
    "?" (either would do), ``cells`` are (row from 0, column from 0, value), ``missing`` counts per column,
    ``totals`` how many rows at the end are sums of the rest (not counted in ``rows``), ``units`` by column.
    """

    source: str
    package: str
    version: str
    path: str
    sha256: str
    encoding: str | None
    delimiters: list[str] | None
    header: list[int] | None
    names: list[str] | None
    rows: int
    kinds: list[str]
    cells: list[tuple[int, int, str | float | bool]]
    missing: dict[str, int]
    totals: int = 0
    units: dict[str, str] = field(default_factory=dict)
    above: int = 0
    below: int = 0
    language: str = "en"
    program: str = ""
    difficulty: list[str] = field(default_factory=list)
    corrected: str = ""

    @property
    def file(self) -> str:
        """The name under which the file was collected."""
        return f"{self.sha256[:12]}.{self.path.rsplit('.', 1)[-1].lower()}"


def read_labels(path: Path = LABELS) -> list[Label]:
    """The labels, in the order of the list."""
    return [Label(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def faults(label: Label, table: Read) -> list[tuple[str, str]]:
    """(aspect, what is wrong) of one reading, empty where it is wholly right."""
    frame = table.frame
    blank = frame.isna() | frame.map(lambda cell: isinstance(cell, str) and not cell.strip())
    empty = [UNNAMED.match(str(name)) is not None for name in frame.columns] & blank.all().to_numpy()
    filled = ~blank.loc[:, ~empty].all(axis=1)
    frame = frame.loc[:, ~empty]  # columns without name and value may stay or go, and rows without a value
    table = replace(table, frame=frame if len(frame) == label.rows else frame[filled])
    found = [*_dialect_faults(label, table), *_shape_faults(label, table)]
    return found if any(what == "columns" for what, _ in found) else [*found, *_value_faults(label, table)]


def _dialect_faults(label: Label, table: Read) -> Iterator[tuple[str, str]]:
    report = table.report
    if label.encoding and not _same_encoding(label.encoding, report.encoding, table.data):
        yield "encoding", f"{report.encoding} instead of {label.encoding}"
    if label.delimiters is not None and report.delimiter not in label.delimiters:
        yield "delimiter", f"{report.delimiter!r} instead of {label.delimiters}"
    if label.header is not None and label.delimiters is not None:
        wanted = label.header[0] if label.header else None
        if report.header_row != wanted and report.header_row not in label.header:
            yield "header", f"line {report.header_row} instead of {wanted}"
    if label.units:
        words = " ".join(report.sentences()).lower()
        told = [unit for unit in label.units.values() if unit.lower() in words]
        if len(told) < len(label.units):
            yield "units", f"{len(told)} of {len(label.units)} units told"


def _shape_faults(label: Label, table: Read) -> Iterator[tuple[str, str]]:
    frame = table.frame
    columns = [str(name).strip() for name in frame.columns]
    if len(columns) != len(label.kinds):
        yield "columns", f"{len(columns)} instead of {len(label.kinds)}"
    elif label.names is not None:
        wanted = [" ".join(name.split()) for name in label.names]
        single = Counter(wanted)
        odd = [
            (own, name)
            for own, name in zip(columns, wanted, strict=True)
            if name and single[name] == 1 and " ".join(own.split()) != name
        ]
        if odd:
            yield "names", f"{odd[0][0]!r} instead of {odd[0][1]!r}"
    if len(frame) != label.rows:
        what = "total" if label.totals and len(frame) == label.rows + label.totals else "rows"
        yield what, f"{len(frame)} rows instead of {label.rows}"


def _value_faults(label: Label, table: Read) -> Iterator[tuple[str, str]]:
    frame = table.frame
    for number, kind in enumerate(label.kinds):
        own = kind_of(frame.iloc[:, number])
        if kind != "?" and own != kind and not frame.iloc[:, number].isna().all():
            yield "kind", f"{frame.columns[number]!r} is {own} instead of {kind}"
    for key, count in label.missing.items():
        own_count = int(frame.iloc[:, int(key)].isna().sum())
        if own_count != count and len(frame) == label.rows:
            yield "missing", f"{own_count} in {frame.columns[int(key)]!r} instead of {count}"
    for row, place, value in label.cells:
        if row < len(frame) and not same_value(value, frame.iloc[row, place]):
            where = f"row {row} of {frame.columns[place]!r}"
            yield "cell", f"{where}: {frame.iloc[row, place]!r}, not {value!r}"


def kind_of(column: pd.Series) -> str:
    """The kind of a column of a frame, in the words of the labels."""
    types = pd.api.types
    if types.is_bool_dtype(column.dtype):
        return "boolean"
    if types.is_numeric_dtype(column.dtype):
        return "number"
    if types.is_datetime64_any_dtype(column.dtype):
        return "date"
    return "length" if types.is_timedelta64_dtype(column.dtype) else "text"


def same_value(wanted: object, own: object) -> bool:
    """Whether a cell holds what the label says: numbers to 1e-12, dates by their ISO text, texts trimmed."""
    if wanted is None or own is None or own is pd.NA or own != own:
        return wanted is None and bool(pd.isna(own))  # type: ignore[call-overload]
    if isinstance(wanted, bool):
        return str(own).lower() in ({"true", "1", "yes"} if wanted else {"false", "0", "no"})
    if isinstance(wanted, int | float):
        try:
            return math.isclose(float(own), wanted, rel_tol=1e-12, abs_tol=1e-300)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False
    if isinstance(own, pd.Timestamp):
        return str(wanted)[:19] in (own.isoformat()[:19], str(own)[:19], str(own.date()))
    return " ".join(str(own).split()) == " ".join(str(wanted).split())


def _same_encoding(wanted: str, own: str | None, data: bytes) -> bool:
    if own is None:
        return False
    try:
        return data.decode(own).lstrip("\ufeff") == data.decode(wanted).lstrip("\ufeff")
    except (LookupError, UnicodeError):
        return codecs.lookup(own) == codecs.lookup(wanted)


@dataclass(frozen=True)
class Read:
    """A reading with the bytes beside it, for the comparison of encodings."""

    frame: pd.DataFrame
    report: ReadReport
    data: bytes


def _read(path: Path, options: ReadOptions, label: Label) -> Read:
    table = read_table(path, name=Path(label.path).name, options=options)
    return Read(table.frame, table.report, path.read_bytes())


@dataclass(frozen=True)
class Verdict:
    """``right``, ``told`` (an answer to a doubt gives the right reading), ``silent``, ``refused``."""

    label: Label
    outcome: str
    faults: list[tuple[str, str]]


def judge(label: Label, folder: Path) -> Verdict:
    """Read one file with default options and say how that went; errors count as faults of their own."""
    path = folder / label.file
    try:
        table = _read(path, ReadOptions(), label)
    except TableError as error:
        return Verdict(label, "refused", [("refused", str(error)[:160])])
    except Exception as error:
        return Verdict(label, "silent", [("crash", f"{type(error).__name__}: {error}"[:160])])
    wrong = faults(label, table)
    if not wrong:
        return Verdict(label, "right", [])
    return Verdict(label, "told" if _told(label, path, table, len(wrong)) else "silent", wrong)


def _told(label: Label, path: Path, table: Read, wrong: int) -> bool:
    """Whether answers to the doubts, each the one that mends most, lead to the right reading."""
    options, readings = ReadOptions(), 0
    for _ in range(ANSWERS):
        tries: list[tuple[int, int, ReadOptions, Read]] = []
        for doubt in getattr(table.report, "doubts", ()):
            for other in doubt.alternatives:
                if (readings := readings + 1) > TRIES:
                    break
                try:
                    answered = other.chosen(options)
                    again = _read(path, answered, label)
                except Exception:
                    continue
                tries.append((len(faults(label, again)), len(tries), answered, again))
        if not tries:
            return False
        left, _, options, table = min(tries, key=lambda each: each[:2])
        if left == 0:
            return True
        if left >= wrong:
            return False
        wrong = left
    return False


def score(folder: Path, only: str | None) -> None:
    """Print the shares, all and by kind of difficulty and language, and each file that is silently wrong."""
    labels = [label for label in read_labels() if only is None or only in label.sha256 + label.path]
    there = [label for label in labels if (folder / label.file).exists()]
    verdicts = []
    for label in there:
        verdicts.append(judge(label, folder))
        print(".", end="", file=sys.stderr, flush=True)
    programs = {verdict.label.program for verdict in verdicts} - {""}
    foreign = sum(verdict.label.language != "en" for verdict in verdicts)
    print(f"{len(there)} of {len(labels)} files there, of {len(programs)} programs, {foreign} not in English")
    _print_share("all", verdicts)
    text = [verdict for verdict in verdicts if verdict.label.delimiters is not None]
    found = [v for v in text if not any(what in ("delimiter", "refused", "crash") for what, _ in v.faults)]
    print(f"delimiters right: {len(found) / max(len(text), 1):.4f} of {len(text)} delimited files")
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        for kind in verdict.label.difficulty:
            groups[kind].append(verdict)
        groups["language " + verdict.label.language].append(verdict)
    for name, members in sorted(groups.items(), key=lambda item: (item[0].startswith("language"), item[0])):
        _print_share(name, members)
    aspects = Counter(what for verdict in verdicts for what in {what for what, _ in verdict.faults})
    print("files by aspect that is wrong or told:", dict(aspects.most_common()))
    for verdict in verdicts:
        if verdict.outcome != "right":
            name = verdict.label.program or verdict.label.package
            why = "; ".join(f"{what}: {words}" for what, words in verdict.faults[:2])
            print(f"{verdict.outcome:8} {verdict.label.file} {name}, {Path(verdict.label.path).name}: {why}")


def _print_share(name: str, verdicts: list[Verdict]) -> None:
    counts = Counter(verdict.outcome for verdict in verdicts)
    total = max(len(verdicts), 1)
    good = counts["right"] / total
    told = (counts["right"] + counts["told"]) / total
    rest = f"{counts['silent']:3} silently wrong, {counts['refused']:2} refused"
    print(f"  {name:28} {len(verdicts):4} files  right {good:.3f}  right or told {told:.3f}  {rest}")


def collect(folder: Path, only: str | None) -> None:
    """Fetch every labelled package once and write its labelled members; say what was not found."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [label for label in read_labels() if only is None or only in label.sha256 + label.path]
    order = sorted(wanted, key=lambda label: (label.source, label.package, label.version))
    for key, members in itertools.groupby(order, key=lambda each: (each.source, each.package, each.version)):
        missing = [label for label in members if not (folder / label.file).exists()]
        if not missing:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            _fetch(*key, Path(scratch))
            left = {label.sha256: label for label in missing}
            for archive in Path(scratch).iterdir():
                for data in _members(archive):
                    label = left.pop(hashlib.sha256(data).hexdigest(), None)
                    if label is not None:
                        (folder / label.file).write_bytes(data)
        for label in left.values():
            print(f"not found: {label.package} {label.version} {label.path}", file=sys.stderr)


def _fetch(source: str, package: str, version: str, folder: Path) -> None:
    commands = {
        "pypi": ["unearth", "--no-binary", "--download", ".", f"{package}=={version}"],
        "wheel": ["unearth", "--only-binary", "--download", ".", f"{package}=={version}"],
        "npm": ["npm", "pack", "--silent", f"{package}@{version}"],
        "deb": ["apt-get", "download", package],
        "debsrc": ["apt-get", "source", "--download-only", package],
    }
    subprocess.run(commands[source], cwd=folder, check=False, stdout=subprocess.DEVNULL)


def _members(archive: Path) -> Iterator[bytes]:
    """The bytes of every file in an archive; a Debian package by ``dpkg-deb``."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            yield from (zipped.read(name) for name in zipped.namelist())
        return
    data = archive.read_bytes()
    if archive.suffix == ".deb":
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], capture_output=True, check=True).stdout
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed:
                file = packed.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield file.read()
    except tarfile.TarError:
        return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("collect", "score"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", help="part of a sha256 or path")
    given = parser.parse_args()
    if given.what == "collect":
        collect(given.folder, given.only)
    else:
        score(given.folder, given.only)


if __name__ == "__main__":
    main()
