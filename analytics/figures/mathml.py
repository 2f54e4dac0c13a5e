r"""Formulas as MathML, which browsers draw without a script: the part of LaTeX that this package writes.

Letters, numbers and signs; ``_`` and ``^``; ``\frac``, ``\sqrt``, ``\bar``, ``\text``, ``\mathrm``;
``\left`` and ``\right``; spaces; and the symbols below. Anything else is refused, so that a test finds a
formula that would be shown wrongly. latex2mathml 3.81 (tried in its place) writes ``\unknown``, ``\frac{a}``,
``{a`` and ``a}`` down without a word, and leaves ``<`` and ``&`` of a text unescaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from analytics.errors import ZetascopeError

_LETTERS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "varepsilon": "ε",
    "theta": "θ",
    "lambda": "λ",
    "tau": "τ",
}
_SIGNS = {
    "cdot": "⋅", "odot": "⊙", "mapsto": "↦", "mid": "|", "in": "∈", "pm": "±", "ldots": "…", "infty": "∞",
    "top": "⊤", "lVert": "‖", "rVert": "‖", "{": "{", "}": "}",
}  # fmt: skip
_BIG = {"sum": "∑"}
_NAMES = ("max", "min", "arg", "sin", "cos", "log", "ln", "exp")
_SPACES = {",": "0.17em", ";": "0.28em", " ": "0.28em", "quad": "1em", "qquad": "2em"}
_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)


class FormulaError(ZetascopeError):
    """A formula uses something that is not known here."""


def mathml(formula: str) -> str:
    """The formula as one block ``<math>`` element. Raises FormulaError for LaTeX outside the known part."""
    reader = _Reader(_TOKEN.findall(formula))
    row = reader.row(end=None)
    return f"<math display='block'>{row}</math>"


class _Reader:
    """Reads tokens from left to right, one element at a time."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def row(self, *, end: str | None) -> str:
        """Elements up to the token ``end``, which is taken too; None for the end of the formula."""
        parts: list[str] = []
        while (token := self._peek()) != end:
            if token is None:
                raise FormulaError(f"The formula stops where {end!r} is missing; close it.")
            parts.append(self._with_scripts())
        if end is not None:
            self._at += 1
        return f"<mrow>{''.join(parts)}</mrow>"

    def _peek(self) -> str | None:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        token = self._peek()
        if token is None:
            raise FormulaError("The formula stops where something must follow; complete it.")
        self._at += 1
        return token

    def _with_scripts(self) -> str:
        under = self._peek() in (r"\sum", r"\max", r"\min")
        base = self._element()
        scripts = {}
        while (sign := self._peek()) in ("_", "^"):
            self._at += 1
            scripts[sign] = self._element()
        if not scripts:
            return base
        kind = "under" if under else "sub"
        over = "over" if under else "sup"
        name = "m" + (kind if "_" in scripts else "") + (over if "^" in scripts else "")
        return f"<{name}>{base}{scripts.get('_', '')}{scripts.get('^', '')}</{name}>"

    def _element(self) -> str:
        token = self._take()
        if token == "{":
            return self.row(end="}")
        if token.startswith("\\"):
            return self._command(token[1:])
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        if token in "_^}&":
            raise FormulaError(f"{token!r} stands where an element must be; put something before it.")
        return f"<mo>{html.escape({'-': '−', '*': '∗'}.get(token, token))}</mo>"

    def _command(self, name: str) -> str:
        if name in _BUILDERS:
            return _BUILDERS[name](self)
        if name in _LETTERS:
            return f"<mi>{_LETTERS[name]}</mi>"
        if name in _NAMES:
            return f"<mi>{name}</mi>"
        if name in _SPACES:
            return f"<mspace width='{_SPACES[name]}'/>"
        if sign := _SIGNS.get(name) or _BIG.get(name):
            return f"<mo>{sign}</mo>"
        raise FormulaError(f"\\{name} is not a known command; add it to analytics.figures.mathml.")

    def words(self) -> str:
        """The raw text between braces."""
        if self._take() != "{":
            raise FormulaError("Text must stand in braces; add them.")
        start = self._at
        while self._at < len(self._tokens) and self._tokens[self._at] != "}":
            self._at += 1
        self._at += 1
        return "".join(self._tokens[start : self._at - 1])

    def fraction(self) -> str:
        return f"<mfrac>{self._element()}{self._element()}</mfrac>"

    def root(self) -> str:
        return f"<msqrt>{self._element()}</msqrt>"

    def bar(self) -> str:
        return f"<mover accent='true'>{self._element()}<mo>¯</mo></mover>"

    def text(self) -> str:
        return f"<mtext>{html.escape(self.words())}</mtext>"

    def upright(self) -> str:
        return f"<mi mathvariant='normal'>{html.escape(self.words())}</mi>"

    def fenced(self) -> str:
        first = self._element()
        inside = self.row(end=r"\right")
        return f"<mrow>{first}{inside}{self._element()}</mrow>"


_BUILDERS: dict[str, Callable[[_Reader], str]] = {
    "frac": _Reader.fraction,
    "sqrt": _Reader.root,
    "bar": _Reader.bar,
    "text": _Reader.text,
    "mathrm": _Reader.upright,
    "left": _Reader.fenced,
}
