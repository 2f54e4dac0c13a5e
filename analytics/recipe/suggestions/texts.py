"""Columns of text that are something else: numbers, numbers with a unit, dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from analytics.recipe.measures import quantity_of
from analytics.recipe.steps.columns import SetType
from analytics.recipe.steps.units import ToUnit
from analytics.recipe.steps.values import StripUnit
from analytics.recipe.suggestions.codes import WORDS
from analytics.recipe.suggestions.dates import two_formats
from analytics.recipe.suggestions.suggestion import Suggestion
from analytics.tables.columns import Role
from analytics.words import count

_SHARE = 0.8
"""Of the cells of a column: fewer, and what the others say is what the column is about."""
_MIXED = 0.2
"""Of the cells of a column that holds numbers and text: fewer of either are slips among the others."""
_LABELS = 6
"""Different cells up to which digits before a word are labels (1Fam, 2Story), if the word is no unit."""
_SAMPLE = 20_000
_WITH_UNIT = re.compile(
    r"[-+]?\d[\d.,]*\s?([^\W\d_]{1,6}|[%\u20ac$\u00a3\u00b0][CF]?|[^\W\d_]{1,3}/[^\W\d_]{1,3})"
)
_UNITS = frozenset(
    (
        "kg g mg t lb lbs oz km m cm mm mi ft in l ml cl gal \u00b0c \u00b0f % \u20ac $ \u00a3 "
        "eur usd gbp chf ms s sec min mins h hr hrs hours d day days weeks months years yrs "
        "kb mb gb tb hz khz mhz ghz kw mw "
        "kwh mwh kv ma pa hpa kpa bar mbar psi km/h m/s mph g/l mg/l kg/m"
    ).split()
)
"""What numbers are counted in: two of these in one column are no codes such as 12a and 12b."""
_IN_ORDER = re.compile(r"\d+(st|nd|rd|th|er|re|\u00e8me|a|o)", re.IGNORECASE)


def texts(frame: pd.DataFrame, roles: Mapping[str, Role]) -> Iterator[Suggestion]:
    """One suggestion at most for each column of text, categories or identifiers."""
    for name, role in roles.items():
        column = frame[name]
        if role.kind not in ("text", "category", "identifier") or not pd.api.types.is_string_dtype(
            column.dtype
        ):
            continue
        known = column.dropna()
        if len(known):
            yield from _of_column(name, _sampled(known), size=len(known), kind=role.kind)


def _sampled(known: pd.Series) -> pd.Series:
    """Some of the cells with a value, evenly out of all of them."""
    return known.iloc[:: max(1, len(known) // _SAMPLE)]


def _of_column(name: str, known: pd.Series, *, size: int, kind: str) -> Iterator[Suggestion]:
    """``known`` are the cells with a value, or some of them; ``size`` is how many there are."""
    units = _units_in(known)
    unit, times = units.most_common(1)[0] if units else ("", 0)
    if times >= _SHARE * len(known):
        if unit.casefold() in _UNITS or times == len(known) or known.nunique() > _LABELS:
            sentence = f"{name!r} is text, as its numbers have their unit ({unit}) with them: "
            others = _without_value(len(known) - times, size / len(known))
            cell = next(text for text in known if text.strip().endswith(unit))
            yield Suggestion("unit", f"{sentence}{cell!r}.{others}", size, (name,), (StripUnit(name, unit),))
        return
    measured = [one for one, _ in units.most_common(2) if one.casefold() in _UNITS]
    if len(measured) > 1 and sum(units.values()) >= _SHARE * len(known):
        said = ", ".join(f"{one} ({times:,})" for one, times in units.most_common(5))
        sentence = (
            f"{name!r} has numbers with different units: {said}. They cannot be compared as they stand."
        )
        most = measured[0]
        quantity = quantity_of(most)
        alike = quantity is not None and all(quantity_of(one) == quantity for one in units)
        yield Suggestion("units", sentence, size, (name,), (ToUnit(name, most),) if alike else ())
        return
    dates = tuple(two_formats(name, known, size))
    if dates:
        yield from dates
        return
    yield from _as_another_type(name, known, size=size, kind=kind)


def _units_in(known: pd.Series) -> Counter[str]:
    """What stands beside the numbers in texts, and how often."""
    return Counter(
        match[1]
        for text in known
        if (match := _WITH_UNIT.fullmatch(text.strip())) and not _IN_ORDER.fullmatch(text)
    )


def unit_in(column: pd.Series) -> str:
    """The unit that most texts of a column have beside their number, or nothing where most have none."""
    seen = _sampled(column.dropna()).astype("str")
    unit, times = next(iter(_units_in(seen).most_common(1)), ("", 0))
    return unit if 2 * times > len(seen) else ""


def _as_another_type(name: str, known: pd.Series, *, size: int, kind: str) -> Iterator[Suggestion]:
    known = known[~known.str.strip().str.lower().isin(WORDS)]
    if not len(known) or _is_code(known):
        return
    for to, words in (("number", "numbers"), ("time", "dates")):
        step = SetType(name, to)
        outcome = step.apply(known.to_frame(name))
        if outcome.failures <= (1 - _SHARE) * len(known):
            other = _without_value(
                outcome.failures,
                size / len(known),
                such_as=outcome.examples[0][1] if outcome.failures else "",
            )
            sentence = f"{name!r} is text, and its cells read as {words}.{other}"
            yield Suggestion(f"{to} as text", sentence, size, (name,), (step,))
            return
        if to == "number" and _MIXED * len(known) <= outcome.failures <= (1 - _MIXED) * len(known):
            is_number = outcome.frame[name].notna()
            if not _is_code(known[is_number]):
                yield _mixed(name, known, is_number, size=size, kind=kind)
            return


def _mixed(name: str, known: pd.Series, is_number: pd.Series, *, size: int, kind: str) -> Suggestion:
    """Numbers and text in one column: neither reading keeps all, so both are offered."""
    share, number, other = is_number.mean(), known[is_number].iloc[0], known[~is_number].iloc[0]
    sentence = (
        f"{name!r} holds numbers and text: {share:.0%} of its cells read as numbers, such as "
        f"{number!r}, the others do not, such as {other!r}. As numbers, "
        "the others have no value; as text, nothing is computed from it."
    )
    as_text = (SetType(name, "text"),) if kind == "identifier" else ()
    return Suggestion("numbers and text", sentence, size, (name,), (SetType(name, "number"), *as_text))


def _without_value(failed: int, scale: float, *, such_as: str = "") -> str:
    """How many cells a step leaves without a value; ``scale`` is how many each one seen stands for."""
    if not failed:
        return ""
    about = "About " if scale > 1 else ""
    example = f", such as {such_as!r}" if such_as else ""
    return f" {about}{count(round(failed * scale), 'cell')} would have no value{example}."


def _is_code(known: pd.Series) -> bool:
    """Whether digits are names: zeros in front, or many digits of one width."""
    widths = known.str.strip().str.len()
    return bool(known.str.match(r"\s*0\d").any()) or bool(
        widths.min() == widths.max() >= 5 and known.str.isdigit().all()
    )
