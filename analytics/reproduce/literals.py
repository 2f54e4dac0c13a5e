"""Values written as Python that gives them again, whatever names and cells hold."""

import dataclasses
import math
import unicodedata
from collections.abc import Iterable, Mapping
from functools import singledispatch
from textwrap import wrap

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.tables import ReadOptions
from analytics.tables.options import LIMITS

WIDTH = 88
"""What is longer stands on lines of its own; with a name and an indent it then fits the linter's 110."""
_SYMBOLS_FROM = "\u2000"
"""Signs below are those of Latin texts, as in °C or ©; above them stand emoji and dingbats."""


@dataclasses.dataclass(frozen=True)
class Code:
    """An expression that this package put together; every value in it went through ``literal``."""

    text: str
    bracketed: bool = False
    """Whether it stands in brackets of its own."""


@singledispatch
def literal(value: object) -> str:
    """Python that gives ``value`` again: plain values, containers of them, and dataclasses.

    What names and cells hold cannot end a string, run, or turn the direction of the text around it. Of
    dataclasses only what differs from the default is written.

    Raises:
        ZetascopeError: for any other kind of value.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return call(type(value).__name__, **_told(value)).text
    raise ZetascopeError(f"A script cannot hold {type(value).__name__} values: {value!r}.")


@literal.register
def _(value: Code) -> str:
    return value.text


@literal.register(type(None))
@literal.register(int)
def _(value: int | None) -> str:
    return repr(value)


@literal.register
def _(value: float) -> str:
    return repr(value) if math.isfinite(value) else f'float("{value}")'


@literal.register
def _(value: np.generic) -> str:
    return literal(value.item())


@literal.register
def _(value: str) -> str:
    return "".join(mark if _is_plain(mark) else ascii(mark)[1:-1] for mark in repr(str(value)))


@literal.register
def _(value: pd.Timestamp) -> str:
    return f"pd.Timestamp({literal(value.isoformat())})"


@literal.register
def _(value: pd.Timedelta) -> str:
    return f"pd.Timedelta({literal(str(value))})"


@literal.register
def _(value: list) -> str:
    return _bracketed("[", map(literal, value), "]")


@literal.register
def _(value: tuple) -> str:
    return f"({literal(value[0])},)" if len(value) == 1 else _bracketed("(", map(literal, value), ")")


@literal.register(Mapping)
def _(value: Mapping[object, object]) -> str:
    return _bracketed("{", (f"{literal(key)}: {literal(item)}" for key, item in value.items()), "}")


def call(function: str, *values: object, **named: object) -> Code:
    """The call of ``function`` with these arguments."""
    if len(values) == 1 and not named and isinstance(values[0], Code) and values[0].bracketed:
        return Code(f"{function}{values[0].text}")
    arguments = [*map(literal, values), *(f"{name}={literal(value)}" for name, value in named.items())]
    return Code(_bracketed(f"{function}(", arguments, ")"))


def attribute(value: Code, name: str, *values: object, **named: object) -> Code:
    """The call of a method of ``value`` with these arguments."""
    return call(f"{value.text}.{name}", *values, **named)


def joined(sign: str, *parts: Code) -> Code:
    """The parts with an operator between them, in brackets."""
    if len(parts) == 1:
        return parts[0]
    texts = [part.text for part in parts]
    line = f"({f' {sign} '.join(texts)})"
    if len(line) <= WIDTH and "\n" not in line:
        return Code(line, bracketed=True)
    rows = f"\n    {sign} ".join(text.replace("\n", "\n    ") for text in texts)
    return Code(f"(\n    {rows}\n)", bracketed=True)


def commented(text: str) -> str:
    """A comment, whatever names and cells stand in it."""
    shown = "".join(mark if _is_plain(mark) else ascii(mark)[1:-1] for mark in text)
    return "\n".join(f"# {line}" for line in wrap(shown, WIDTH))


def _told(value: object) -> dict[str, object]:
    """Fields to write. The limits of a reading protect the machine it ran on, and say nothing of the file."""
    given = {field.name: (field.default, getattr(value, field.name)) for field in dataclasses.fields(value)}  # type: ignore[arg-type]
    limits = isinstance(value, ReadOptions)
    return {
        name: held
        for name, (usual, held) in given.items()
        if held != usual and not (limits and name in LIMITS)
    }


def _is_plain(mark: str) -> bool:
    """Whether a character shows as itself: no control, no mark of direction, no emoji or part of one."""
    emoji = mark >= _SYMBOLS_FROM and unicodedata.category(mark) in ("So", "Sk", "Me")
    return mark.isprintable() and not emoji and not "\ufe00" <= mark <= "\ufe0f"


def _bracketed(opening: str, items: Iterable[str], closing: str) -> str:
    parts = list(items)
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    rows = "".join("    " + part.replace("\n", "\n    ") + ",\n" for part in parts)
    return f"{opening}\n{rows}{closing}"
