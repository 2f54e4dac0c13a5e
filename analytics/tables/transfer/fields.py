"""Frozen dataclasses as JSON values by the types of their fields, and back with every value checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_PLAIN = (str, bool, int, float, NoneType)


class MalformedError(ValueError):
    """Plain data that stands for no such object."""


def to_plain(value: Any) -> Any:
    """A dataclass, or anything in one, as JSON has it: objects by the names of fields, tuples as lists."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {"": [[to_plain(key), to_plain(item)] for key, item in value.items()]}
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """The object of class ``kind`` that ``to_plain`` was given.

    Raises:
        MalformedError: a field is missing, unknown or of another type.
    """
    hints = _hints(kind)  # type: ignore[arg-type]
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise MalformedError(kind.__name__)
    try:
        return kind(**{name: _as(hint, value[name]) for name, hint in hints.items()})
    except (TypeError, RecursionError) as problem:
        raise MalformedError(kind.__name__) from problem


@cache
def _hints(kind: type) -> dict[str, Any]:
    known = get_type_hints(kind)
    return {field.name: known[field.name] for field in fields(kind)}


def _as(hint: Any, value: Any) -> Any:
    if hint is object or hint is Any:
        return _anything(value)
    if is_dataclass(hint):
        return from_plain(hint, value)  # type: ignore[arg-type]
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _first_of(get_args(hint), value)
    if origin is tuple:
        return _items(get_args(hint), value)
    if hint in _PLAIN and (type(value) is hint or (hint is float and type(value) is int)):
        return value
    raise MalformedError(f"{value!r:.40} is no {hint}")


def _first_of(hints: tuple[Any, ...], value: Any) -> Any:
    """As the first of several types that fits; what is read as a tuple may have been given as a mapping."""
    for hint in hints:
        try:
            return _as(hint, value)
        except MalformedError:
            continue
    raise MalformedError(f"{value!r:.40} is none of {hints}")


def _items(hints: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise MalformedError(f"{value!r:.40} is no list")
    if hints[1:] == (...,):
        return tuple(_as(hints[0], item) for item in value)
    if len(value) != len(hints):
        raise MalformedError(f"{len(value)} items in place of {len(hints)}")
    return tuple(_as(hint, item) for hint, item in zip(hints, value, strict=True))


def _anything(value: Any) -> Any:
    """Tuples, mappings and plain values, however they are nested."""
    if isinstance(value, list):
        return tuple(map(_anything, value))
    if isinstance(value, dict):
        return {_anything(key): _anything(item) for key, item in value[""]}
    return value
