"""Delimiters and quotes of labelled files: how many Zetascope and Python's ``csv.Sniffer`` find.

A list of labels is a TSV file with a header and the columns ``path`` (from the list's folder, or absolute),
``delimiter`` and ``quote`` (the mark, or nothing); more columns are passed over. The delimiter is a mark of
one or more characters or ``tab``, ``space`` (runs of blanks count as one), ``spaces`` (two or more) or
``none`` (each line is one cell); where several are right they stand with " or " between them.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

from analytics.tables import TableError, read_table

NAMES = {"tab": "\t", "space": " ", "spaces": "  ", "none": ""}
SNIFFED = 100_000


@dataclass(frozen=True)
class Label:
    """What a careful person says of a file: any of ``delimiters`` is right, "" is one cell per line."""

    path: Path
    delimiters: frozenset[str]
    quote: str


def read_labels(path: Path) -> list[Label]:
    """The labels of a list; see the module's description."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Label(
            path.parent / row["path"],
            frozenset(NAMES.get(mark, mark) for mark in row["delimiter"].split(" or ")),
            row["quote"] or "",
        )
        for row in rows
    ]


def found_by_us(path: Path) -> tuple[str, str] | None:
    """(delimiter, quote) as Zetascope reads the file; ``None`` where it does not read it as such text."""
    try:
        report = read_table(path).report
    except TableError:
        return None
    return None if report.delimiter is None else (report.delimiter, report.quote or "")


def found_by_sniffer(path: Path) -> tuple[str, str] | None:
    """(delimiter, quote) by ``csv.Sniffer`` from the first lines; ("", "") where it finds none."""
    data = path.read_bytes()
    text = _decoded(gzip.decompress(data) if path.suffix == ".gz" else data)
    head = text[:SNIFFED]
    if len(head) < len(text):
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    try:
        dialect = csv.Sniffer().sniff(head)
    except csv.Error:
        return "", ""
    return dialect.delimiter, dialect.quotechar or ""


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def score_labelled(path: Path) -> None:
    """Print both shares, and every file whose delimiter Zetascope gets wrong."""
    labels = read_labels(path)
    quoted = sum(bool(label.quote) for label in labels)
    print(f"{len(labels)} labelled files, {quoted} of them with quotes: delimiter right, quote right")
    for name, find in (("zetascope", found_by_us), ("csv.Sniffer", found_by_sniffer)):
        found = [find(label.path) for label in labels]
        pairs = list(zip(labels, found, strict=True))
        right = sum(_is_right(label, own) for label, own in pairs)
        quotes = sum(own is not None and bool(label.quote) and own[1] == label.quote for label, own in pairs)
        print(f"  {name:12} {right / len(labels):.4f} {quotes / max(quoted, 1):.4f}")
        if find is found_by_us:
            for label, own in pairs:
                if not _is_right(label, own):
                    mark = "not read as delimited text" if own is None else repr(own[0])
                    print(f"    {label.path.name}: {mark} instead of {sorted(label.delimiters)}")


def _is_right(label: Label, found: tuple[str, str] | None) -> bool:
    return found is not None and found[0] in label.delimiters
