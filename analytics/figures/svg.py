"""Our own pictures as SVG: no text can become markup, as what was not made here is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable


class Markup(str):
    """SVG that is put in as it is, because it was made here or is a constant of this package."""

    __slots__ = ()


def element(name: str, *content: object, **attributes: object) -> Markup:
    """``<name attributes>content</name>``, contents and values escaped unless they are Markup.

    ``_`` in an attribute's name is written ``-``, one at its end is dropped (``class_``). Attributes that are
    None are left out. Numbers are written as short as ``:g`` does.
    """
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}='{_written(value, quote=True)}'"
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(_written(part, quote=False) for part in content)
    return Markup(f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>")


def _written(value: object, *, quote: bool) -> str:
    if isinstance(value, Markup):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    return html.escape(str(value), quote=quote)


def join(parts: Iterable[Markup]) -> Markup:
    """Parts one after the other."""
    return Markup("".join(parts))


def picture(
    kind: str,
    size: tuple[float, float],
    style: str,
    *content: Markup,
    alt: str,
    role: str = "img",
    fixed: bool = False,
    yielding: bool = False,
) -> Markup:
    """A whole picture of class ``kind`` with the style of that class, told in words by ``alt``.

    It is as wide as its place, or with ``fixed`` as ``size`` says, in pixels. A ``yielding`` one becomes
    narrower without becoming smaller: what is in it stands at shares of its width.
    """
    width, height = size
    return element(
        "svg",
        element("style", Markup(style)),
        *content,
        class_=kind,
        width=width if fixed or yielding else None,
        height=height if fixed or yielding else None,
        viewBox=None if yielding else f"0 0 {width:g} {height:g}",
        role=role,
        aria_label=alt,
    )


def standing_alone(drawn: str) -> str:
    """The same picture as a file of its own, which needs a namespace and the colour of its text."""
    return drawn.replace("<svg ", "<svg xmlns='http://www.w3.org/2000/svg' color='#31333f' ", 1)
