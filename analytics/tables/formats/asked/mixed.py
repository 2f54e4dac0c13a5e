"""Columns of numbers that are no one quantity: in several units, of several fields, in two directions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from analytics.tables.columns import is_numeric
from analytics.tables.records.head.units import is_unit
from analytics.tables.report import Decision
from analytics.tables.typed.units import CURRENCY
from analytics.words import count

_NAMES_OF_UNITS = re.compile(
    r"(?:\w*[_ ])?(?:units?|uom|unit of measure|(?:ma(?:ß|ss))?einheit(?:en)?|unités?|unidad(?:es)?"
    r"|unità|eenheid|jednostka|jednotka|enhet|единица|единицы|单位|単位|단위|currency|curr|ccy|währung|waehrung|devise"
    r"|moneda|moeda|valuta|waluta|měna|валюта|货币|通貨|통화)",
    re.IGNORECASE,
)
_MONEY = re.compile(CURRENCY)
_NAMES_OF_FIELDS = re.compile(
    r"(?:field|parameter|metric|measure|variable|indicator|attribute|property|quantity|analyte|measurement|test"
    r"|statistic|kennzahl|merkmal|messgröße|größe|kenngröße|paramètre|indicateur|grandeur|parámetro|indicador"
    r"|parametro|indicatore|parametr|wskaźnik|ukazatel|показатель|参数|指标|項目)(?:[_ ]?(?:name|code|id))?",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"(?:\w*[_ ])?(?:values?|val|wert|werte|messwert|valeur|valor|valore|waarde|wartość|hodnota|värde"
    r"|verdi|result|ergebnis|résultat|resultado|reading|значение|值|値)",
    re.IGNORECASE,
)
_PAIRS = tuple(
    frozenset(pair.split("/"))
    for pair in (
        "c/d, cr/dr, credit/debit, crdt/dbit, h/s, haben/soll, ma/wn, +/-, in/out, buy/sell, b/s, "
        "kauf/verkauf, eingang/ausgang, einnahme/ausgabe, einzahlung/auszahlung, gutschrift/lastschrift, "
        "income/expense, crédit/débit, crédito/débito, credito/debito, entrada/salida, entrata/uscita, "
        "af/bij, import/export, deposit/withdrawal, inflow/outflow, приход/расход, 借/贷, 入金/出金"
    ).split(", ")
)
"""What stands beside amounts without a sign and says in which direction they go."""
_HINTS = re.compile(
    r"c/?d|d/?c|s/?h|h/?s|cr|dr|soll|haben|debit|credit|side|sign|direction|kennz|indicator|typ|art|buchung|way|sens"
    r"|signo|segno|richtung",
    re.IGNORECASE,
)
"""In names of columns of single letters, which may be marks from C to D, too."""
_SHOWN = 4
_GLANCE = 50
"""Cells of which one must be one of a pair, before all are looked at."""
_WORDS = frozenset().union(*_PAIRS)


def mixed_quantities(frame: pd.DataFrame) -> tuple[Decision, ...]:
    """What is told of columns whose mean over all rows says nothing."""
    kinds = frame.dtypes.tolist()
    texts = [place for place, kind in enumerate(kinds) if kind.kind == "O"]
    if not texts or len(frame) < 2 or len(texts) == len(kinds):
        return ()
    return tuple(Decision("quantities", "", sentence) for sentence in _sentences(frame, texts))


def _sentences(frame: pd.DataFrame, texts: Sequence[int]) -> Iterator[str]:
    names = list(map(str, frame.columns))
    named = [
        place
        for place in texts
        if _NAMES_OF_UNITS.fullmatch(names[place]) or _NAMES_OF_FIELDS.fullmatch(names[place])
    ]
    sided = [place for place in texts if _may_be_sides(frame.iloc[:, place], names[place])]
    if not named and not sided:
        return
    numbers = [place for place in range(len(names)) if is_numeric(frame.iloc[:, place])]
    told: set[int] = set()
    for place in sorted(named, key=lambda place: not _NAMES_OF_UNITS.fullmatch(names[place])):
        beside = [one for one in _beside(names, place, numbers) if one not in told]
        known = frame.iloc[:, place].dropna().unique().tolist()
        by_unit = bool(_NAMES_OF_UNITS.fullmatch(names[place]))
        if not beside or len(known) < 2 or (by_unit and 2 * sum(map(_is_unit, known)) <= len(known)):
            continue
        told.update(beside)
        shown = ", ".join(map(str, known[:_SHOWN])) + (", ..." if len(known) > _SHOWN else "")
        what = "units" if by_unit else "quantities"
        listed = _listed(names, beside)
        yield (
            f"{names[place]} names {len(known):,} {what} ({shown}) for {listed}: a mean over all rows says "
            f"nothing, one for each {names[place]} does."
        )
    for place in sided:
        unsigned = [one for one in numbers if not bool((frame.iloc[:, one] < 0).any())]
        amounts = [one for one in unsigned if frame.dtypes.iloc[one].kind == "f"] or unsigned
        if amounts:
            sides = " or ".join(map(str, frame.iloc[:, place].dropna().unique().tolist()))
            yield (
                f"{names[place]} says {sides} beside numbers without a minus ({_listed(names, amounts)}): "
                "their sum and mean count both directions alike."
            )


def _is_unit(text: object) -> bool:
    return is_unit(str(text)) or _MONEY.fullmatch(str(text).strip()) is not None


def _listed(names: Sequence[str], places: Sequence[int]) -> str:
    more = f" and {count(len(places) - _SHOWN, 'more column')}" if len(places) > _SHOWN else ""
    return ", ".join(names[place] for place in places[:_SHOWN]) + more


def _beside(names: Sequence[str], place: int, numbers: Sequence[int]) -> list[int]:
    """The columns of numbers whose units or fields a column names: those called values, of one stem with it,
    or the only one there is."""
    stem = re.sub(r"[_ ]?[^_ ]*$", "", names[place])
    values = [one for one in numbers if _VALUES.fullmatch(names[one])]
    alike = [one for one in numbers if stem and names[one].startswith(stem)]
    if alike or values:
        return alike or values
    return list(numbers) if len(numbers) == 1 and _NAMES_OF_UNITS.fullmatch(names[place]) else []


def _may_be_sides(column: pd.Series, name: str) -> bool:
    """Whether a column has the two words of a pair and no other."""
    head = {
        str(text).strip().casefold().rstrip(".") for text in column.array[:_GLANCE] if isinstance(text, str)
    }
    if not head or not head <= _WORDS:
        return False
    known = {str(text).strip().casefold().rstrip(".") for text in column.dropna().unique().tolist()}
    short = all(len(word) == 1 and word.isalpha() for word in known)
    return known in _PAIRS and (not short or bool(_HINTS.search(name)))
