"""Whether a column holds prices or what else, and what names say of dividends, adjustment and currency."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analytics.numbers.returns.price_names import is_adjusted, plain, price_rank, words_of

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "zł": "PLN", "₽": "RUB"}
_CODES = set(
    "EUR USD GBP JPY CHF CNY HKD SEK NOK DKK PLN CZK HUF CAD AUD NZD INR KRW BRL MXN ZAR TRY RUB SGD ILS"
    " BTC ETH USDT".split()
)


def _words(text: str) -> set[str]:
    return set(plain(text).split())


_MEASURES = {
    "a share of something": _words(
        "percent percentage pct prozent anteil ratio rate rates zins zinssatz interest yield"
        " rendite unemployment inflation taux tasso tasa taxa"
    ),
    "a count": _words(
        "population pop count counts anzahl visitors besucher users passengers births deaths cases clicks"
        " views sales orders einwohner"
    ),
    "a measurement": _words(
        "temperature temp temperatur temperatura température humidity feuchte luftfeuchte pressure druck"
        " luftdruck wind rain rainfall niederschlag precipitation speed geschwindigkeit voltage spannung"
        " power leistung level pegel weight gewicht height sensor co2 pm10 pm25 ppm vibration torque rpm"
        " noise lux brightness radiation pulse bpm"
    ),
    "a length of life or an age": _words("expectancy lebenserwartung age espérance esperanza"),
}
_NEVER_TRADED = {
    "is an index of prices that nobody can buy": re.compile(
        r"\b(?:cpi|hcpi|hicp|ppi|rpi|deflator|verbraucherpreis\w*|erzeugerpreis\w*"
        r"|(?:consumer|producer|retail|house) prices?(?: index)?)\b"
    ),
    "is a ratio of a price to something else": re.compile(
        r"\b(?:pe ?\d+|p [ebs] ?\d*|cape|kgv|kuv|kbv|price (?:to )?(?:earnings|book|sales)|\w+ ratio)\b"
    ),
    "is an income": re.compile(r"\b(?:gdp|bip|pib|wages?|salary|salaries|gehalt|lohn|einkommen)\b"),
    "counts splits": re.compile(r"\bsplits?\b|\badj(?:ustment)? factor\b"),
    "is the worth of a whole fund or company": re.compile(
        r"\b(?:net assets|market ?cap(?:itali[sz]ation)?|assets under management|aum|fondsvermogen"
        r"|marktkapitalisierung|capitali[sz]ation boursiere|market value|시가총액|時価総額|总市值|市值)\b"
    ),
    "is what a company earns": re.compile(
        r"\b(?:earnings?|eps|ebitda?|net income|gewinn\w*|revenues?|umsatz)\b"
    ),
}
"""Words of finance that stand beside prices and are none, though one of them may be the word price."""
_RETURNS = _words("ret retx retd return returns rendite renditen rendement rendements rendimento")
_OF_RETURNS = _RETURNS | _words(
    "daily weekly monthly yearly annual log simple net gross total excess pct percent in tages tägliche"
    " monatliche"
)
"""Words for a return, and those beside them that leave it one; a total return index is a price."""
_UNITS = re.compile(
    r"(?:%|°\s?[CF]?|\b(?:hpa|mbar|bar|kpa|pa|mm|cm|km|km/h|m/s|kw|kwh|mw|mwh|volt|amp|hz|db|ppm|lux|rpm|celsius|"
    r"fahrenheit|kelvin|years?|jahre|hours|stunden)\b)",
    re.IGNORECASE,
)
_TRADED = _words(
    "ticker tickers symbol isin wkn asset assets stock stocks share fund fonds etf security instrument coin"
    " crypto currency pair index aktie wertpapier titel action titre azione acción"
)
_FEWEST_VALUES, _FOLLOWS = 60, 0.5
"""From so many values on, a rank correlation below this with the values before speaks against a price: of 60
steps of a random walk 99 in 100 have one above 0.65 (Dickey and Fuller's table)."""
_DIVIDENDS = _words("dividend dividends dividende dividenden div dividendo dividendi distribution coupon")


def is_dividend(name: object) -> bool:
    """Whether the name says that the column holds payments to holders."""
    words = set(words_of(name).split())
    return bool(words & _DIVIDENDS) and not words & {"yield", "rendite"}


def currency_of(names: Iterable[object], units: Iterable[str] = ()) -> str:
    """The one currency that names or units speak of, as a code; empty where none or several do."""
    found = {code for text in (*map(str, names), *units) for code in _currencies(text)}
    return found.pop() if len(found) == 1 else ""


def _currencies(text: str) -> set[str]:
    signs = {code for sign, code in _SIGNS.items() if sign in text}
    return signs | {word for word in re.split(r"[\W_]+", text) if word in _CODES}


def adjusted_words(names: Iterable[object]) -> str:
    """What the names of price columns say of dividends, in one sentence."""
    told = {is_adjusted(name) for name in names}
    if told == {True}:
        return (
            "The name says that prices are adjusted: splits, and with most sources dividends, are in them "
            "already."
        )
    if told == {False}:
        return (
            "Nothing in the name says that prices are adjusted: dividends count only where a column of them "
            "is chosen."
        )
    return "Some columns are named as adjusted and others not: their returns do not compare."


def why_no_price(name: object, values: pd.Series, *, unit: str = "", asset_column: str | None = None) -> str:
    """Why a column is no price, as words that follow its name; empty where nothing speaks against it.

    Names are believed by whole words; a name that says price, a currency, or a column of tickers beside it
    speaks for a price and is believed before measurements and units are, but not before what finance itself
    calls otherwise. Without any word the values count: prices are not negative, and each is near the one
    before. ``values`` stand in the order of time, asset after asset.
    """
    trusted = price_rank(name)[0] >= 2 or bool(_currencies(f"{name} {unit}"))
    by_ticker = asset_column is not None and bool(set(words_of(asset_column).split()) & _TRADED)
    told = told_by_finance(name) or ("" if trusted or by_ticker else _told_as_measured(name, unit))
    if not told and _is_negative(values):
        return "has values below zero"
    if not told and not (trusted or by_ticker) and not _follows_itself(values):
        return "has values that do not follow from the ones before"
    return told


def told_by_finance(name: object) -> str:
    """What stands beside prices and is none, though one of its words may be price."""
    if is_dividend(name):
        return "is what is paid to holders"
    words = set(words_of(name).split())
    if words & _RETURNS and words <= _OF_RETURNS:
        return "is a return already"
    return next((said for said, words in _NEVER_TRADED.items() if words.search(words_of(name))), "")


def _told_as_measured(name: object, unit: str) -> str:
    words = set(words_of(name).split())
    for kind, signs in _MEASURES.items():
        told = words & signs
        if told:
            return f"is {kind}, as {sorted(told)[0]!r} in its name says"
    if {"life", "exp"} <= words or "lifeexp" in words:
        return "is a length of life or an age, as its name says"
    found = _UNITS.search(unit) or _UNITS.search(re.sub(r"_", " ", _in_brackets(str(name))))
    return f"is measured in {found.group().strip()}" if found else ""


def _in_brackets(name: str) -> str:
    """What a name has in brackets or after its last comma, where units stand; a % sign anywhere."""
    inside = re.findall(r"[(\[]([^()\[\]]*)[)\]]", name)
    return " ".join([*inside, "%" if "%" in name else "", "°" if "°" in name else ""])


def _follows_itself(values: pd.Series) -> bool:
    """Whether values are near the ones before them; so it is taken to be where they are few."""
    known = values.dropna().reset_index(drop=True)
    if len(known) < _FEWEST_VALUES or known.nunique() < 3:
        return True
    ranks = known.rank()
    return bool(ranks.corr(ranks.shift()) >= _FOLLOWS)


def _is_negative(values: pd.Series) -> bool:
    return bool((values.to_numpy(dtype=np.float64, na_value=np.nan) < 0).any())
