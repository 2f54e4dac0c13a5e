"""Which number columns measure something: years, codes and parts of a date are numbers that only name."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.numbers.basics.parameters import Label

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
"""The words of a name: ``EmployeeNumber``, ``employee_number`` and ``employee number`` have the same two."""
_YEARS = frozenset(
    "year years yr yrs yyyy jahr jahre annee année ano año anno jaar rok jahrgang baujahr".split()
)
_YEAR_ENDING = re.compile(r"(?:year|jahr)$")  # modelyear, geburtsjahr
_CODES = frozenset(
    "code codes zip zipcode plz postcode postal postleitzahl phone tel telefon telephone mobile fax fips iso "
    "naics sic iban konto ssn imei barcode ean isbn issn gtin sku id ids nr no number nummer numero numéro "
    "número num key pk uid account".split()
)
_CODE_ENDING = re.compile(r"(?:nummer|number|code|plz)$")  # Kundennummer, phonenumber, areacode
_PARTS = {
    "month": (1, 12), "monat": (1, 12), "mois": (1, 12), "mes": (1, 12), "mm": (1, 12),
    "quarter": (1, 4), "quartal": (1, 4), "trimestre": (1, 4),
    "week": (1, 53), "kw": (1, 53), "woche": (1, 53), "semaine": (1, 53),
    "weekday": (0, 7), "wochentag": (0, 7), "dayofweek": (0, 7), "dow": (0, 7), "weekofyear": (1, 53),
    "day": (1, 31), "tag": (1, 31), "dd": (1, 31), "dayofmonth": (1, 31), "dayofyear": (1, 366),
    "hour": (0, 24), "hourofday": (0, 24), "stunde": (0, 24), "heure": (0, 24), "minute": (0, 59),
}  # fmt: skip
"""Names of parts of a date or time, with the values that they can have."""
_RATES = frozenset({"per", "pro", "je", "a"})  # sales per month measure something
_SPANS = frozenset({"years", "yrs", "jahre"})  # years at the company: a length of time, where they are few
_EPOCH = frozenset("timestamp epoch unixtime unix ts".split())
_EPOCH_FROM = 86_400 * 365  # seconds: a year after 1970, below which a count of anything may lie


def not_measured(frame: pd.DataFrame, columns: Iterable[Label]) -> dict[Label, str]:
    """Those of the number ``columns`` that measure nothing, with what they are in words.

    Years, codes (postal codes, numbers of customers), parts of a date, and dates written as numbers: their
    sizes mean nothing, or nothing that a distance from the mean would tell. Only whole numbers are; names
    and values must both speak for it.
    """
    found = {name: _what(str(name), frame[name]) for name in columns}
    return {name: what for name, what in found.items() if what}


def _what(name: str, column: pd.Series) -> str:
    if types.is_bool_dtype(column.dtype) or not types.is_numeric_dtype(column.dtype):
        return ""
    values = column.dropna().to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    whole = len(values) and (np.mod(values, 1) == 0).all()
    return _what_whole(name, values) if whole else ""


def _what_whole(name: str, values: np.ndarray) -> str:
    low, high = float(values.min()), float(values.max())
    words = [word.lower() for word in _WORDS.findall(name)]
    whole = "".join(words)
    if (_YEARS & set(words) or _YEAR_ENDING.search(whole)) and _are_years(low, high, words):
        return "years"
    if _are_days(values, low, high):
        return "dates written as numbers"
    last = words[-1] if words else ""
    if (last in _EPOCH or whole in _EPOCH) and low >= _EPOCH_FROM:
        return "points in time"
    part = _PARTS.get(whole) or _PARTS.get(last)
    if part and part[0] <= low and high <= part[1] and not _RATES & set(words):
        return "a part of the date"
    return "codes" if last in _CODES or _CODE_ENDING.search(whole) else ""


def _are_years(low: float, high: float, words: list[str]) -> bool:
    """Of four digits, or of two, which in the plural are lengths of time."""
    return 1000 <= low <= high <= 3000 or (0 <= low <= high <= 99 and not _SPANS & set(words))


def _are_days(values: np.ndarray, low: float, high: float) -> bool:
    """Whether all read as year, month and day: 20240131."""
    if not 17000101 <= low <= high <= 22001231:
        return False
    month, day = values // 100 % 100, values % 100
    return bool(((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())
