"""Where the table lies in a JSON document: lists under keys, GeoJSON, and the forms that pandas writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from analytics.tables.errors import TableError
from analytics.tables.formats.json_keys import Records, Rows, inner_keys, of_arrays, of_keys
from analytics.tables.formats.json_values import Number, item_lines, written
from analytics.tables.options import ALL_TABLES, ReadOptions
from analytics.tables.report import Decision

_DEEPEST_LIST = 4
"""Keys above a list of records: an answer of a web service has two or three (``response.data.items``)."""
_NAMES = ("name", "label", "id", "field", "title", "text", "key")
"""Under what the objects that describe columns say their names, the first that all have."""
_SPEAKS_OF_COLUMNS = re.compile("col|field|head|name|label|variable|schema|key|spalte|feld", re.IGNORECASE)
"""What the key of a list of names says; other lists beside rows may be as long by chance."""
_NO_TABLES = (
    ({"dimension", "id", "size", "value"}, "a cube (JSON-stat)"),
    ({"type", "objects", "arcs"}, "a map (TopoJSON)"),
    ({"dataSets", "structure"}, "a cube (SDMX)"),
)
"""Keys of documents whose lists would pass for tables, and hold places or parts of them."""


def find_table(document: Any, text: str, options: ReadOptions) -> Records | Rows:
    """The table of a document that holds one value.

    Raises:
        TableError: there is none in it, or not the one asked for.
    """
    if isinstance(document, list):
        return _of_list(document, text, ())
    if isinstance(document, dict):
        return _of_object(document, text, options)
    raise TableError(
        f"The JSON is a single value ({written(document)[:40]}), not a table; give a list of objects."
    )


def _of_list(items: list[Any], text: str, path: Sequence[str]) -> Records | Rows:
    if not items:
        raise TableError("The JSON is an empty list; there is no row in it.")
    inner = _answer(items)
    if inner is not None:
        return inner
    only = items[0] if len(items) == 1 and isinstance(items[0], list) else []
    if only and all(isinstance(row, dict) for row in only):
        return Records(only, [])
    kinds = {kind: sum(isinstance(item, kind) for item in items) for kind in (dict, list)}
    most = max(kinds, key=lambda kind: kinds[kind])
    if not kinds[most]:
        return _of_scalars(items, text, path)
    left = len(items) - kinds[most]
    decisions: tuple[Decision, ...] = ()
    if left:
        kind = "objects" if most is dict else "lists"
        detail = f"{left:,} of {len(items):,} items of the list are no {kind}; left out."
        decisions = (Decision("items", "", detail),)
    if most is list:
        return Rows([item for item in items if isinstance(item, list)], None, decisions)
    lines = item_lines(text, path)
    kept = [i for i, item in enumerate(items) if isinstance(item, dict)]
    return Records([items[i] for i in kept], [lines[i] for i in kept], decisions)


def _answer(items: list[Any]) -> Records | None:
    """The rows of an answer like the World Bank's: what it says of itself, and the list of records."""
    if len(items) != 2 or not isinstance(items[0], dict) or not isinstance(items[1], list):
        return None
    about, rows = items
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    sentence = f"The rows are the list within the list. Beside it: {written(about)[:200]}."
    return Records(rows, [], (Decision("items", "", sentence),))


def _of_scalars(items: list[Any], text: str, path: Sequence[str]) -> Records:
    decision = Decision("column", "value", "The JSON is a list of single values, read as one column.")
    return Records([{"value": item} for item in items], item_lines(text, path), (decision,))


def _of_object(document: dict[str, Any], text: str, options: ReadOptions) -> Records | Rows:
    if options.table == ALL_TABLES:  # of lists side by side one is read, as where nothing is asked
        options = replace(options, table=None)
    if _is_collection(document):
        return _features(document, text)
    if _is_split(document):
        return _split(document)
    for keys, what in _NO_TABLES:
        if keys <= document.keys():
            raise TableError(f"The JSON is {what}, which is no list of records; get the same data as CSV.")
    if options.table is None:
        keyed = of_keys(document) or (of_arrays(document) if _holds_one(document) else None)
        if keyed is not None:
            return keyed
    paths = [path for path in _lists(document, ()) if path != ("schema", "fields")]
    if paths:
        return _chosen(document, text, paths, options)
    inner = inner_keys(document) if options.table is None else None
    if inner is not None:
        return inner
    if any(not isinstance(value, dict | list) for value in document.values()):
        decision = Decision("rows", "1", "The JSON is a single object, read as one row.")
        return Records([document], [1], (decision,))
    raise TableError(
        "The JSON holds no list of records: it is an object of "
        f"{', '.join(map(repr, list(document)[:5])) or 'nothing'}; give a list of objects."
    )


def _holds_one(document: dict[str, Any]) -> bool:
    """Whether there are lists of objects, with one object each, so that they are no rows."""
    paths = list(_lists(document, ()))
    return bool(paths) and all(len(_at(document, path)) == 1 for path in paths)


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to lists of objects or of lists."""
    if (
        isinstance(value, list)
        and value
        and sum(isinstance(item, dict | list) for item in value) * 2 > len(value)
    ):
        if path:
            yield path
    elif isinstance(value, dict) and len(path) < _DEEPEST_LIST:
        for key, item in value.items():
            yield from _lists(item, (*path, key))


def _chosen(
    document: dict[str, Any], text: str, paths: list[tuple[str, ...]], options: ReadOptions
) -> Records | Rows:
    """The longest of several lists, or the one asked for."""
    lists = [_at(document, path) for path in paths]
    if options.table is not None and options.table >= len(paths):
        raise TableError(f"There is no table {options.table}; the file has {len(paths)}, counted from 0.")
    sizes = [
        (not _describes(document, path, paths), len(items)) for path, items in zip(paths, lists, strict=True)
    ]
    chosen = sizes.index(max(sizes)) if options.table is None else options.table
    names = [".".join(path) for path in paths]
    sentence = f"The rows are the list at {names[chosen]!r}."
    others = [
        f"{name!r} with {len(items):,}"
        for i, (name, items) in enumerate(zip(names, lists, strict=True))
        if i != chosen
    ]
    if others:
        sentence += f" There are {len(others)} more: {', '.join(others[:5])}."
    beside = [key for key, value in document.items() if not isinstance(value, dict | list)]
    if beside:
        shown = ", ".join(f"{key} = {written(document[key])[:40]}" for key in beside[:5])
        sentence += f" Beside it: {shown}."
    alternatives = tuple(str(i) for i in range(len(paths)) if i != chosen)
    found = _of_list(lists[chosen], text, paths[chosen])
    decision = Decision("table", str(chosen), sentence, alternatives=alternatives)
    found = replace(found, decisions=(decision, *found.decisions))
    if not isinstance(found, Rows):
        return found
    near = [
        (key, items) for key, items in _at(document, paths[chosen][:-1]).items() if isinstance(items, list)
    ]
    return _with_names(found, [*near, *((path[-1], items) for path, items in zip(paths, lists, strict=True))])


def _with_names(found: Rows, candidates: Sequence[tuple[str, list[Any]]]) -> Rows:
    """The rows with the names that stand in a list of as many texts or objects beside them or elsewhere."""
    widths = {len(row) for row in found.rows}
    lists = [value for key, value in candidates if len(value) in widths and _SPEAKS_OF_COLUMNS.search(key)]
    named = (names for names in map(_names, lists) if names)
    names = next(named, None) if len(widths) == 1 else None
    if names is None:
        return found
    decision = Decision("header", "", "The names of the columns stand in a list of their own.")
    return replace(found, names=names, decisions=(*found.decisions, decision))


def _describes(document: dict[str, Any], path: tuple[str, ...], paths: Sequence[tuple[str, ...]]) -> bool:
    """Whether a list names the columns of a list of lists beside it or elsewhere in the document."""
    names = _at(document, path)
    rows = [value for value in (_at(document, other) for other in paths) if value and value is not names]
    wide = any(all(isinstance(row, list) and len(row) == len(names) for row in value) for value in rows)
    return wide and bool(_SPEAKS_OF_COLUMNS.search(path[-1])) and _names(names) is not None


def _names(items: list[Any]) -> list[str] | None:
    """The texts of a list, or what its objects are called, where no two are the same; else ``None``."""
    objects = all(isinstance(item, dict) for item in items)
    key = next((key for key in _NAMES if objects and all(key in item for item in items)), None)
    names = [item[key] for item in items] if objects and key else items
    if not all(isinstance(name, str) and not isinstance(name, Number) for name in names):
        return None
    return [str(name) for name in names] if len(set(names)) == len(names) else None


def _at(value: Any, path: Sequence[str]) -> Any:
    for key in path:
        value = value[key]
    return value


def _is_collection(document: dict[str, Any]) -> bool:
    return document.get("type") == "FeatureCollection" and isinstance(document.get("features"), list)


def _features(document: dict[str, Any], text: str) -> Records:
    """GeoJSON: properties and identifier of each feature, points as longitude and latitude, else as text."""
    features = [(i, item) for i, item in enumerate(document["features"]) if isinstance(item, dict)]
    if not features:
        raise TableError("The GeoJSON has no feature; there is no row in it.")
    shapes = [feature.get("geometry") or {} for _, feature in features]
    points = all(_is_point(shape) for shape in shapes if shape)
    lines = item_lines(text, ("features",))
    rows = [_feature(feature, shape, points) for (_, feature), shape in zip(features, shapes, strict=True)]
    sentence = "The file is GeoJSON: one row for each feature, its geometry as " + (
        "longitude and latitude." if points else "JSON text."
    )
    return Records(rows, [lines[i] for i, _ in features], (Decision("form", "GeoJSON", sentence),))


def _is_point(shape: Any) -> bool:
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return False
    place = shape.get("coordinates")
    return isinstance(place, list) and len(place) in (0, 2, 3) and not any(isinstance(x, list) for x in place)


def _feature(feature: dict[str, Any], shape: Any, points: bool) -> dict[str, Any]:
    own = {key: value for key, value in feature.items() if key not in ("type", "geometry", "bbox")}
    if not isinstance(shape, dict):
        return own
    own["geometry.type"] = shape.get("type")
    if not points:
        own["geometry"] = written(shape) if shape else None
        return own
    place = shape.get("coordinates") or []
    return own | dict(zip(("lon", "lat", "altitude"), place, strict=False))


def _is_split(document: dict[str, Any]) -> bool:
    names, rows = document.get("columns"), document.get("data")
    return (
        isinstance(names, list) and isinstance(rows, list) and len(rows) > 0
        and all(isinstance(row, list) and len(row) == len(names) for row in rows)
    )  # fmt: skip


def _split(document: dict[str, Any]) -> Rows:
    """What ``to_json(orient="split")`` writes: names, row names and rows apart."""
    names = [name if isinstance(name, str) else written(name) for name in document["columns"]]
    rows, index = document["data"], document.get("index")
    decision = Decision("form", "split", "The JSON has column names and rows apart (columns, data).")
    counted = [str(number) for number in range(len(rows))]
    if (
        isinstance(index, list)
        and len(index) == len(rows)
        and [written(x).strip('"') for x in index] != counted
    ):
        names, rows = ["index", *names], [[label, *row] for label, row in zip(index, rows, strict=True)]
    return Rows(rows, names, (decision,))
