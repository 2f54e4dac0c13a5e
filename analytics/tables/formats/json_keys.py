"""Tables of JSON objects whose keys are names of columns or of rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from analytics.tables.formats.json_values import written
from analytics.tables.report import Decision

_ALIKE = 0.5
"""Share of its keys that an object of objects must have in common with the first for them to be rows."""
_DEEPEST = 4
"""Keys above a table, as above a list of records."""
_FEWEST_ROWS = 3
"""Values of lists that stand for columns; a record may hold two lists of two by chance."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9:.]{5,15}Z?)?)?")


@dataclass(frozen=True)
class Records:
    """Rows as dictionaries of JSON values, with their lines (empty where they are not known)."""

    rows: list[dict[str, Any]]
    lines: list[int]
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Rows as lists of JSON values, the first of which may be names."""

    rows: list[list[Any]]
    names: list[str] | None = None
    decisions: tuple[Decision, ...] = ()


def inner_keys(document: dict[str, Any]) -> Records | None:
    """The largest table of columns or rows under their names that stands under keys of the document."""
    found = [(path, table) for path, value in _objects(document, ()) if (table := _within(value)) is not None]
    if not found:
        return None
    path, table = max(found, key=lambda one: len(one[1].rows))
    where = f" at {'.'.join(path)!r}" if path else ""
    told = [key for key, value in document.items() if not isinstance(value, dict | list)]
    beside = ", ".join(f"{key} = {written(document[key])[:40]}" for key in told[:5])
    others = f" There are {len(found) - 1} more." if len(found) > 1 else ""
    sentence = f"The table is the object{where}.{others}{f' Beside it: {beside}.' if beside else ''}"
    return replace(table, decisions=(Decision("object", "", sentence), *table.decisions))


def of_arrays(document: Any) -> Records | None:
    """The columns of a document whose lists of single values, wherever they stand, have one length.

    So a chart's answer has times in one place and prices in another, each under lists of one object.
    """
    leaves = list(_leaves(document, ()))
    found = [(path, value) for path, value in leaves if isinstance(value, list)]
    lengths = Counter(len(values) for _, values in found if len(values) >= _FEWEST_ROWS)
    rows, columns = max(lengths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    if columns < 2:
        return None
    chosen = [(path, values) for path, values in found if len(values) == rows]
    last = Counter(path[-1] for path, _ in chosen)
    names = [path[-1] if last[path[-1]] == 1 else ".".join(path) for path, _ in chosen]
    if len(set(names)) < len(names):
        return None
    records = [
        dict(zip(names, row, strict=True)) for row in zip(*(values for _, values in chosen), strict=True)
    ]
    left = [".".join(path) for path, values in found if len(values) != rows]
    others = f" Lists of other lengths are left out: {', '.join(left[:5])}." if left else ""
    single = [(".".join(path[-2:]), value) for path, value in leaves if not isinstance(value, list)]
    beside = ", ".join(f"{name} = {written(value)[:40]}" for name, value in single[:8])
    about = f" Beside it: {beside}." if beside else ""
    sentence = f"The JSON has a list for each column, in several places.{others}{about}"
    return Records(records, [], (Decision("form", "columns", sentence),))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Single values that are not missing and lists of such, with the keys that lead to them, through objects
    and lists of one object."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0]
    if isinstance(value, dict):
        if len(path) <= _DEEPEST:
            for key, item in value.items():
                yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        if value and not any(isinstance(item, dict | list) for item in value):
            yield path, value
    elif value is not None:
        yield path, value


def _objects(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(value, dict) and len(path) < _DEEPEST:
        yield path, value
        for key, item in value.items():
            yield from _objects(item, (*path, key))


def _within(value: dict[str, Any]) -> Records | None:
    """A table of the object: what ``of_keys`` finds, or its lists of equal length beside single values."""
    lists = {key: item for key, item in value.items() if isinstance(item, list)}
    if len(value) > 1 and (found := of_keys(value)) is not None and len(found.rows) > 1:
        return found
    columns = (
        of_keys(lists)
        if len(lists) > 1 and not any(isinstance(item, dict) for item in value.values())
        else None
    )
    return columns if columns is not None and len(columns.rows) > 1 else None


def of_keys(document: dict[str, Any]) -> Records | None:
    """Columns or rows under their names: ``{"a": [1, 2]}``, ``{"a": {"0": 1}}``, ``{"Rome": {"a": 1}}``."""
    values = list(document.values())
    if len(values) > 0 and all(isinstance(value, list) for value in values):
        flat = not any(isinstance(item, dict | list) for value in values for item in value)
        if flat and len({len(value) for value in values}) == 1 and values[0]:
            rows = [dict(zip(document, row, strict=True)) for row in zip(*values, strict=True)]
            return Records(rows, [], (Decision("form", "columns", "The JSON has a list for each column."),))
    if (
        values
        and all(isinstance(value, dict) and value for value in values)
        and (len(values) > 1 or _are_labels(list(values[0])))
    ):
        return _of_objects(document)
    if (
        len(values) > 1
        and all(map(_DAY.fullmatch, document))
        and not any(isinstance(value, dict | list) for value in values)
    ):
        sentence = "The JSON has a value for each day; the day of each is the column key."
        rows = [{"key": key, "value": value} for key, value in document.items()]
        return Records(rows, [], (Decision("form", "rows", sentence),))
    return None


def _of_objects(document: dict[str, Any]) -> Records | None:
    first = set(next(iter(document.values())))
    if any(len(first & set(inner)) < _ALIKE * max(len(first), len(inner)) for inner in document.values()):
        return None
    if _are_labels(list(next(iter(document.values())))) or _kinds_by_object(document):
        labels = list(dict.fromkeys(label for inner in document.values() for label in inner))
        rows = [{name: inner.get(label) for name, inner in document.items()} for label in labels]
        if not _are_labels(labels):
            rows = [{"index": label, **row} for label, row in zip(labels, rows, strict=True)]
        sentence = "The JSON has an object for each column, with the rows under their names."
        return Records(rows, [], (Decision("form", "columns", sentence),))
    rows = [dict(inner) for inner in document.values()]
    if not _are_labels(list(document)):
        rows = [{"key": key, **row} for key, row in zip(document, rows, strict=True)]
    sentence = "The JSON has an object for each row; the key of each is the column key."
    return Records(rows, [], (Decision("form", "rows", sentence),))


def _are_labels(keys: list[str]) -> bool:
    """Whether the keys count rows from 0."""
    return keys == [str(number) for number in range(len(keys))]


def _kinds_by_object(document: dict[str, Any]) -> bool:
    """Whether each object holds one kind of value and the objects differ: then they are columns."""
    kinds = [{type(value) for value in inner.values() if value is not None} for inner in document.values()]
    return all(len(kind) <= 1 for kind in kinds) and len(set().union(*kinds)) > 1
