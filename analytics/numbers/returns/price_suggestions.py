"""What is questionable in prices, as suggestions that can be taken or refused one by one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analytics.numbers.returns.price_calendar import duration, gaps
from analytics.numbers.returns.price_checks import PriceFinding, nearest_split, still_runs
from analytics.numbers.returns.price_decisions import Action, Decision, Kind, ratio_words
from analytics.numbers.returns.price_tables import PriceTable
from analytics.words import count, number_text


@dataclass(frozen=True)
class Suggestion:
    """One place that looks wrong, and what to do about it.

    ``taken`` and ``refused`` are the two decisions, ``taken_words`` and ``refused_words`` how to name them;
    ``advised``: whether it is suggested to take it; ``name`` ("the 1:4 split of A on 2024-01-31") stands in
    sentences, ``sentence`` says what was found.
    """

    taken: Decision
    refused: Decision
    taken_words: str
    refused_words: str
    name: str
    sentence: str
    advised: bool = True

    @property
    def kind(self) -> Kind:
        """What it looks like."""
        return self.taken.kind

    @property
    def asset(self) -> str | None:
        """Whose price it is; None for the whole table."""
        return self.taken.asset

    @property
    def best(self) -> Decision:
        """What is suggested."""
        return self.taken if self.advised else self.refused


def suggestions_of(
    table: PriceTable, findings: Sequence[PriceFinding], *, adjusted: bool = False
) -> tuple[Suggestion, ...]:
    """A suggestion for each split, mistyped value, run that stands still, gap, and asset with zeros.

    ``adjusted``: the prices are said to be adjusted for splits, so that what looks like one is suggested as
    a real move.
    """
    makers: dict[str, Callable[[PriceTable, PriceFinding], Iterator[Suggestion]]] = {
        "split": partial(_splits, adjusted=adjusted),
        "spike": _spikes,
        "zero": _zeros,
        "stale": _stale,
        "gap": _gaps,
    }
    return tuple(
        one for finding in findings if finding.kind in makers for one in makers[finding.kind](table, finding)
    )


def open_ones(suggestions: Sequence[Suggestion], decisions: Sequence[Decision]) -> tuple[Suggestion, ...]:
    """Those that nobody has decided."""
    decided = {one.place for one in decisions}
    return tuple(one for one in suggestions if one.taken.place not in decided)


def _decisions(
    kind: Kind,
    asset: str | None,
    first: pd.Timestamp,
    last: pd.Timestamp,
    *,
    action: Action = "missing",
    value: float | None = None,
) -> tuple[Decision, Decision]:
    ends = (first.isoformat(), last.isoformat())
    return Decision(kind, action, asset, *ends, value), Decision(kind, "keep", asset, *ends)


def _splits(table: PriceTable, finding: PriceFinding, *, adjusted: bool) -> Iterator[Suggestion]:
    asset = str(finding.asset)
    for date, before, there in _moves(table, finding):
        factor = nearest_split(float(np.log(there / before)))
        when, falls = table.frequencies[asset].date(date), there < before
        move = "fall" if falls else "rise"
        said = f"{number_text(before)} to {number_text(there)} on {when}, about {ratio_words(factor)}"
        if adjusted:
            said += f". The column is named as adjusted, so a split would be out of it: suggested as a {move}"
        yield Suggestion(
            *_decisions("split", asset, date, date, action="split", value=factor),
            "a split",
            f"a {move}",
            f"the {ratio_words(factor)} {'split' if falls else 'reverse split'} of {asset} on {when}",
            f"{said}. A split changes no value, a {move} does.",
            advised=not adjusted,
        )


def _spikes(table: PriceTable, finding: PriceFinding) -> Iterator[Suggestion]:
    asset = str(finding.asset)
    for date, before, there in _moves(table, finding):
        when = table.frequencies[asset].date(date)
        yield Suggestion(
            *_decisions("spike", asset, date, date),
            "mistyped",
            "a real value",
            f"the {number_text(there)} of {asset} on {when}",
            f"{number_text(there)} on {when} after {number_text(before)}, and back the next time: mistyped "
            "values look like this. Taken, it counts as missing.",
        )


def _moves(table: PriceTable, finding: PriceFinding) -> Iterator[tuple[pd.Timestamp, float, float]]:
    """Each date of a finding with the price before and the price there."""
    prices = table.prices[finding.asset]
    prices = prices[prices > 0]
    for date in finding.dates:
        place = int(prices.index.searchsorted(date))
        yield date, float(prices.iloc[place - 1]), float(prices.iloc[place])


def _zeros(_table: PriceTable, finding: PriceFinding) -> Iterator[Suggestion]:
    asset, dates = str(finding.asset), finding.dates
    yield Suggestion(
        *_decisions("zero", asset, dates[0], dates[-1]),
        "placeholders",
        "real values",
        f"{count(len(dates), 'zero')} of {asset}",
        f"{finding.message} They count as missing until you say that they are real, and from those no return "
        "can be taken.",
    )


def _stale(table: PriceTable, finding: PriceFinding) -> Iterator[Suggestion]:
    asset = str(finding.asset)
    frequency = table.frequencies[asset]
    for run in still_runs(table.prices[asset]):
        first, last = frequency.date(run[0]), frequency.date(run[-1])
        yield Suggestion(
            *_decisions("stale", asset, run[0], run[-1]),
            "carried forward",
            "real values",
            f"the standstill of {asset} from {first} to {last}",
            f"it stands still, {count(len(run), 'time')} from {first} to {last}: carried forward or "
            "interpolated values look like this, and calm down every figure. Taken, they count as missing.",
        )


def _gaps(table: PriceTable, _finding: PriceFinding) -> Iterator[Suggestion]:
    date = table.frequency.date
    found = gaps(pd.DatetimeIndex(table.prices.index), table.frequency)
    for after, before, days in zip(found["after"], found["before"], found["days"], strict=True):
        yield Suggestion(
            *_decisions("gap", None, before, before),
            "left out",
            "one return",
            f"the gap of {duration(days)} before {date(before)}",
            f"{duration(days)} without values, {date(after)} to {date(before)}: the return "
            f"across it is that of many {table.frequency.period}s. Taken, it does not count.",
        )
