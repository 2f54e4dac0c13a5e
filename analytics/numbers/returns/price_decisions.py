"""What somebody decided about questionable prices, and the prices after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from analytics.arguments import is_real
from analytics.errors import ZetascopeError

Kind = Literal["split", "spike", "zero", "stale", "gap"]
Action = Literal["split", "missing", "set", "keep"]
_ACTIONS = ("split", "missing", "set", "keep")


@dataclass(frozen=True)
class Decision:
    """What is done about one place: ``first`` to ``last``, ISO dates, of ``asset`` (None: of the table).

    ``split``: earlier prices are divided by ``value``, new shares for an old one. ``missing``: the prices do
    not count; at a gap, the return across it does not. ``set``: the price is ``value``. ``keep``: the file is
    right. What is not decided stays as the file has it, but for placeholder zeros, which are missing until
    somebody keeps them.
    """

    kind: Kind
    action: Action
    asset: str | None
    first: str
    last: str
    value: float | None = None

    @property
    def place(self) -> tuple[str, str | None, str]:
        """What it is about: of two decisions about one place the later one counts."""
        return (self.kind, self.asset, self.first)

    @property
    def span(self) -> slice:
        """Its dates, both ends included."""
        return slice(pd.Timestamp(self.first), pd.Timestamp(self.last))

    def sentence(self) -> str:
        """What it does, for lists."""
        first, last = (date.removesuffix("T00:00:00") for date in (self.first, self.last))
        when = first if first == last else f"{first} to {last}"
        who = f"{self.asset}, {when}" if self.asset else when
        if self.action == "split" and self.value:
            return f"{who}: {ratio_words(self.value)} split, earlier prices divided by {self.value:g}"
        if self.action == "set":
            return f"{who}: the value is {self.value:g}"
        if self.action == "missing":
            return (
                f"{who}: {'the return across the gap' if self.kind == 'gap' else 'the value'} does not count"
            )
        return f"{who}: kept as it is in the file"


_DECISION = TypeAdapter(Decision)


def ratio_words(factor: float) -> str:
    """``1:4``: four new shares for one old; ``10:1`` for a reverse split, ``2:3`` for three for two."""
    for old in (1, 2, 3):
        if abs(factor * old - round(factor * old)) < 1e-9 and round(factor * old) >= 1:
            return f"{old}:{round(factor * old)}"
    return f"{1 / factor:.4g}:1" if factor < 1 else f"1:{factor:.4g}"


def with_decision(decisions: Sequence[Decision], made: Decision) -> tuple[Decision, ...]:
    """The decisions with one more, in place of an earlier one about the same place."""
    return (*(one for one in decisions if one.place != made.place), made)


def without_place(decisions: Sequence[Decision], place: tuple[str, str | None, str]) -> tuple[Decision, ...]:
    """The decisions but for that about a place, which is open again."""
    return tuple(one for one in decisions if one.place != place)


def decided_prices(
    prices: pd.DataFrame, decisions: Sequence[Decision], *, zeros_are_values: bool = False
) -> pd.DataFrame:
    """Prices (T, assets) after the decisions; zeros stay where they are kept and are missing elsewhere.

    ``zeros_are_values``: they stay, as in measurements that are no prices. Values are set and taken out
    first, as the file writes them, and splits are applied to what is left.
    """
    _check(decisions)
    made = prices.copy()
    for name in made.columns:
        if not zeros_are_values and not keeps_zeros(decisions, name):
            made[name] = made[name].mask(made[name] == 0)
    for one in decisions:
        if one.asset in made.columns and one.action in ("missing", "set") and one.kind != "zero":
            made.loc[one.span, one.asset] = np.nan if one.action == "missing" else one.value
    return split_adjusted(made, decisions)


def split_adjusted(values: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """Prices or payments of each share as of the last date: those before a split divided by its ratio."""
    made = values.copy()
    for one in decisions:
        if one.action == "split" and one.value and one.asset in made.columns:
            made.loc[made.index < pd.Timestamp(one.first), one.asset] /= one.value
    return made


def keeps_zeros(decisions: Sequence[Decision], asset: str) -> bool:
    """Whether somebody said that zeros of the asset are prices."""
    return any(one.kind == "zero" and one.action == "keep" and one.asset == asset for one in decisions)


def without_gaps(returns: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """Returns but for those across gaps that shall not count."""
    ends = {pd.Timestamp(one.last) for one in decisions if one.kind == "gap" and one.action == "missing"}
    return returns.mask(np.repeat(returns.index.isin(list(ends))[:, None], returns.shape[1], axis=1))


def idle(decisions: Sequence[Decision], prices: pd.DataFrame) -> tuple[Decision, ...]:
    """Decisions about assets or dates that these prices do not have."""
    return tuple(
        one
        for one in decisions
        if (one.asset is not None and one.asset not in prices.columns) or prices.loc[one.span].empty
    )


def decision_to_json(one: Decision) -> str:
    """A decision as text that ``decision_of_json`` reads."""
    return _DECISION.dump_json(one).decode()


def decision_of_json(text: str) -> Decision:
    """A decision from elsewhere; raises ZetascopeError where it cannot be used."""
    try:
        made = _DECISION.validate_json(text, strict=True)
        for day in (made.first, made.last):
            date.fromisoformat(day[:10])
            pd.Timestamp(day)
    except ValueError as error:
        raise ZetascopeError("A decision about prices cannot be used: decide it again.") from error
    _check((made,))
    return made


def _check(decisions: Sequence[Decision]) -> None:
    for one in decisions:
        if one.action not in _ACTIONS:
            raise ZetascopeError(f"{one.action!r} is no decision: choose from {', '.join(_ACTIONS)}.")
        if one.action in ("split", "set") and not (is_real(one.value) and 0 < (one.value or 0) < np.inf):
            raise ZetascopeError(
                f"The {one.action} of {one.asset} on {one.first} needs a number above 0, not {one.value!r}."
            )
