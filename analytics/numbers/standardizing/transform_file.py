"""The transform file: fitted parameters as plain JSON, checked field by field when read back.

Nothing in it is ever executed. The layout is versioned; a file of a later version is refused.
"""

import json
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, TypeGuard

from analytics.numbers.basics.parameters import (
    LABEL_KINDS,
    MIXED,
    ColumnFit,
    Key,
    Label,
    LabelKind,
    Mark,
    Shape,
    StandardizeError,
    TransformParameters,
)
from analytics.numbers.standardizing.methods import METHODS
from analytics.words import count

_FORMAT = "zetascope-transform"
_VERSION = 1
_LARGEST_TEXT = 200_000_000


def parameters_to_json(parameters: TransformParameters) -> str:
    """Everything that was fitted, as JSON text with a line for each fit. Floats keep all their digits."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "method": parameters.method,
        **_formulas(parameters),
        "ddof": parameters.ddof,
        "columns": list(parameters.columns),
        "by": list(parameters.by),
        "by_kinds": list(parameters.by_kinds),
        "rows": parameters.rows,
        "source": {"name": parameters.source_name, "sha256": parameters.source_sha256},
        "versions": parameters.versions,
    }
    if parameters.recipe:
        document["recipe"] = json.loads(parameters.recipe)
    head = json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False).removesuffix("\n}")
    line = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode
    fits = ",\n  ".join(line(_fit_to_dict(fit)) for fit in parameters.fits)
    return f'{head},\n "fits": [\n  {fits}\n ]\n}}'


def _formulas(parameters: TransformParameters) -> dict[str, Any]:
    """What the methods compute, for a reader of the file; with methods of their own, those of the columns."""
    if not parameters.methods:
        return {"formula": METHODS[parameters.method].formula}
    return {
        "methods": list(parameters.methods),
        "formulas": {name: METHODS[name].formula for name in sorted(set(parameters.methods))},
    }


def _fit_to_dict(fit: ColumnFit) -> dict[str, Any]:
    shape = fit.shape
    document: dict[str, Any] = {
        "column": fit.column,
        "group": None if fit.group is None else list(fit.group),
        "dtype": fit.dtype,
        "n": fit.n,
        "missing": fit.missing,
        "infinite": fit.infinite,
        "mean": fit.mean,
        "sd": fit.sd,
        "center": shape.center,
        "scale": shape.scale,
    }
    if shape.exponent is not None:
        document["lambda"] = shape.exponent
    if shape.values:
        document |= {"values": list(shape.values), "scores": list(shape.scores)}
    if fit.marks:
        document["marks"] = [list(mark) for mark in fit.marks]
    return document | {"note": shape.note}


def parameters_from_json(text: str | bytes) -> TransformParameters:
    """Read a transform file.

    Raises:
        StandardizeError: for text that is not such a file; the sentence names the field and its value.
    """
    document = _parse(text)
    if document.get("format") != _FORMAT:
        raise StandardizeError(
            "This is not a transform file: choose the JSON that was downloaded with the scores."
        )
    if document.get("version") != _VERSION:
        raise StandardizeError(
            f"The transform file has version {document.get('version')!r}; "
            f"only version {_VERSION} can be read."
        )
    method = _text(document, "method", "the file")
    columns, by = _labels(document, "columns"), _labels(document, "by")
    methods = _methods(document, columns) if method == MIXED else (_known(method),) * len(columns)
    method_of = dict(zip(columns, methods, strict=True))
    fits = tuple(_fit(entry, method_of, by) for entry in _list(document, "fits", "the file"))
    _complete(columns, by, fits)
    source = document.get("source") or {}
    versions = document.get("versions") or {}
    if not isinstance(source, dict) or not isinstance(versions, dict):
        raise StandardizeError("In the transform file, 'source' and 'versions' must be objects.")
    return TransformParameters(
        method=method,
        ddof=_count(document, "ddof", "the file", highest=1),
        columns=columns,
        by=by,
        fits=fits,
        rows=_count(document, "rows", "the file"),
        source_name=_optional_text(source, "name"),
        source_sha256=_optional_text(source, "sha256"),
        versions={str(name): str(version) for name, version in versions.items()},
        by_kinds=_kinds(document, by),
        recipe=_recipe(document),
        methods=methods if method == MIXED else (),
    )


def _known(method: object) -> str:
    if not isinstance(method, str) or method not in METHODS:
        raise StandardizeError(
            f"The transform file asks for method {method!r:.80}; known are {', '.join(METHODS)}."
        )
    return method


def _methods(document: Mapping[str, Any], columns: tuple[Label, ...]) -> tuple[str, ...]:
    """The method of each column, in their order."""
    methods = _list(document, "methods", "the file")
    if len(methods) != len(columns):
        raise _bad(methods, "methods", "the file", "a list with one method for each of 'columns'")
    return tuple(map(_known, methods))


def _kinds(document: Mapping[str, Any], by: tuple[Label, ...]) -> tuple[LabelKind, ...]:
    """What each column of ``by`` holds; nothing in files from before it was noted."""
    kinds = document.get("by_kinds") or []
    known = isinstance(kinds, list) and len(kinds) in (0, len(by))
    if not known or not all(isinstance(kind, str) and kind in LABEL_KINDS for kind in kinds):
        raise _bad(kinds, "by_kinds", "the file", f"one of {', '.join(LABEL_KINDS)} for each column of 'by'")
    return tuple(kinds)


def _recipe(document: Mapping[str, Any]) -> str:
    """The recipe as text, for whoever knows recipes; files from before it was noted have none."""
    recipe = document.get("recipe")
    if recipe is None:
        return ""
    if not isinstance(recipe, dict):
        raise _bad(recipe, "recipe", "the file", "an object")
    return json.dumps(recipe, ensure_ascii=False)


def _parse(text: str | bytes) -> dict[str, Any]:
    if not isinstance(text, str | bytes | bytearray):
        raise StandardizeError(f"A {type(text).__name__} is no transform file: give its text.")
    if len(text) > _LARGEST_TEXT:
        raise StandardizeError(
            f"The transform file has {len(text):,} bytes; at most {_LARGEST_TEXT:,} are read."
        )
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if isinstance(error, StandardizeError):
            raise
        raise StandardizeError(f"The transform file is not valid JSON: {str(error)[:120]}.") from error
    if not isinstance(document, dict):
        raise StandardizeError("This is not a transform file: its JSON is not an object.")
    return document


def _refuse_constant(name: str) -> float:
    raise StandardizeError(f"The transform file holds {name}; numbers there must be finite.")


def _fit(entry: object, method_of: Mapping[Label, str], by: tuple[Label, ...]) -> ColumnFit:
    if not isinstance(entry, dict):
        raise StandardizeError(f"In the transform file, 'fits' holds {entry!r} where an object belongs.")
    column = entry.get("column")
    if isinstance(column, bool) or not isinstance(column, (str, int)) or column not in method_of:
        raise StandardizeError(f"The transform file has a fit for {column!r}, which 'columns' does not list.")
    where = f"column {column!r}"
    n = _count(entry, "n", where)
    return ColumnFit(
        column=column,
        group=_group(entry, by, where),
        dtype=_text(entry, "dtype", where),
        n=n,
        missing=_count(entry, "missing", where),
        infinite=_count(entry, "infinite", where),
        mean=_number(entry, "mean", where, optional=n == 0),
        sd=_number(entry, "sd", where, optional=n == 0, lowest=0.0),
        shape=_shape(entry, method_of[column], where, empty=n == 0),
        marks=_marks(entry, where),
    )


def _marks(entry: Mapping[str, Any], where: str) -> tuple[Mark, ...]:
    """Value, share below, share up to; files from before there were marks have none."""
    marks = entry.get("marks", [])
    wanted = "a list of [value, share below, share up to], rising, with shares between 0 and 1"
    if not isinstance(marks, list):
        raise _bad(marks, "marks", where, wanted)
    for mark in marks:
        if not isinstance(mark, list) or len(mark) != 3 or not all(map(_is_finite, mark)):
            raise _bad(mark, "marks", where, wanted)
    shares = [0.0, *(share for _, *shares in marks for share in shares), 1.0]
    values = [value for value, *_ in marks]
    if sorted(shares) != shares or sorted(set(values)) != values:
        raise _bad(marks, "marks", where, wanted)
    return tuple((float(value), float(below), float(up_to)) for value, below, up_to in marks)


def _shape(entry: Mapping[str, Any], method: str, where: str, *, empty: bool) -> Shape:
    note = _text(entry, "note", where)
    if empty:
        return Shape(note=note)
    if method == "rank_gauss" and entry.get("scale") != 0:
        values, scores = _rising(entry, "values", where), _rising(entry, "scores", where)
        if len(values) != len(scores):
            raise StandardizeError(
                f"In the transform file, {where} has {count(len(values), 'value')} but "
                f"{count(len(scores), 'score')}."
            )
        return Shape(values=values, scores=scores, note=note)
    center = _number(entry, "center", where)
    scale = _number(entry, "scale", where, lowest=0.0)
    bent = method == "yeo_johnson" and scale != 0
    return Shape(center, scale, exponent=_number(entry, "lambda", where) if bent else None, note=note)


def _complete(columns: tuple[Label, ...], by: tuple[Label, ...], fits: tuple[ColumnFit, ...]) -> None:
    """Every column has one fit over all rows, and every group one for every column."""
    seen = {(fit.column, fit.group) for fit in fits}
    groups = {fit.group for fit in fits} | {None}
    if len(seen) < len(fits):
        raise StandardizeError("The transform file holds two fits for the same column and group.")
    for column in columns:
        for group in groups:
            if (column, group) not in seen:
                of_group = "" if group is None else f" in group {group!r}"
                raise StandardizeError(f"The transform file has no fit for column {column!r}{of_group}.")
    if by and set(by) & set(columns):
        raise StandardizeError("In the transform file, a column of 'by' is also one of 'columns'.")


def _bad(value: object, name: str, where: str, wanted: str) -> StandardizeError:
    return StandardizeError(
        f"In the transform file, {name!r} of {where} is {value!r:.80}; it must be {wanted}."
    )


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise _bad(value, name, where, "text")
    return value


def _optional_text(entry: Mapping[str, Any], name: str) -> str | None:
    return None if entry.get(name) is None else _text(entry, name, "the source")


def _list(entry: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = entry.get(name)
    if not isinstance(value, list):
        raise _bad(value, name, where, "a list")
    return value


def _labels(document: Mapping[str, Any], name: str) -> tuple[Label, ...]:
    labels = _list(document, name, "the file")
    if any(isinstance(label, bool) or not isinstance(label, (str, int)) for label in labels):
        raise _bad(labels, name, "the file", "a list of column names")
    if len(set(labels)) < len(labels):
        raise _bad(labels, name, "the file", "a list without repetition")
    return tuple(labels)


def _count(entry: Mapping[str, Any], name: str, where: str, *, highest: float = math.inf) -> int:
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        raise _bad(value, name, where, "a whole number, 0 or more" if highest > 1 else "0 or 1")
    return value


def _is_finite(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e308


def _number(
    entry: Mapping[str, Any], name: str, where: str, *, optional: bool = False, lowest: float = -math.inf
) -> float | None:
    value = entry.get(name)
    if value is None and optional:
        return None
    if not _is_finite(value) or value < lowest:
        raise _bad(value, name, where, "a finite number" + (", 0 or more" if lowest == 0 else ""))
    return float(value)


def _rising(entry: Mapping[str, Any], name: str, where: str) -> tuple[float, ...]:
    values = _list(entry, name, where)
    rising = all(map(_is_finite, values)) and all(a < b for a, b in pairwise(values))
    if not values or not rising:
        raise _bad(values, name, where, "a list of numbers that rise")
    return tuple(map(float, values))


def _group(entry: Mapping[str, Any], by: tuple[Label, ...], where: str) -> Key | None:
    value = entry.get("group")
    if value is None:
        return None
    fits = isinstance(value, list) and len(value) == len(by) and bool(by)
    if not fits or not all(part is None or isinstance(part, (str, int, float)) for part in value):
        raise _bad(value, "group", where, f"a list of {len(by)} labels, one for each column of 'by'")
    return tuple(value)
