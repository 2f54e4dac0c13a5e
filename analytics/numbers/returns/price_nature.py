"""Whether a column holds prices or what else, and what names say of dividends, adjustment and currency."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.price_names import is_adjusted, price_rank, words_of
from analytics.numbers.returns.price_tables import PriceTable

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "zł": "PLN", "₽": "RUB"}
_CODES = set(
    "EUR USD GBP JPY CHF CNY HKD SEK NOK DKK PLN CZK HUF CAD AUD NZD INR KRW BRL MXN ZAR TRY RUB SGD ILS"
    " BTC ETH USDT".split()
)
_MEASURES = {
    "a share of something": set(
        "percent percentage pct prozent anteil ratio rate rates zins zinssatz interest yield"
        " rendite unemployment inflation taux tasso tasa taxa".split()
    ),
    "a count": set(
        "population pop count counts anzahl visitors besucher users passengers births deaths cases clicks"
        " views sales orders einwohner".split()
    ),
    "a measurement": set(
        "temperature temp temperatur temperatura température humidity feuchte luftfeuchte pressure druck"
        " luftdruck wind rain rainfall niederschlag precipitation speed geschwindigkeit voltage spannung"
        " power leistung level pegel weight gewicht height sensor co2 pm10 pm25 ppm vibration torque rpm"
        " noise lux brightness radiation pulse bpm".split()
    ),
    "a length of life or an age": set("expectancy lebenserwartung age espérance esperanza".split()),
}
_NEVER_TRADED = {
    "is an index of prices that nobody can buy": re.compile(
        r"\b(?:cpi|hcpi|hicp|ppi|rpi|deflator|verbraucherpreis\w*|erzeugerpreis\w*"
        r"|(?:consumer|producer|retail|house) prices?(?: index)?)\b"
    ),
    "is a ratio of a price to something else": re.compile(
        r"\b(?:pe ?\d+|p [ebs] ?\d*|cape|kgv|kuv|kbv|price (?:to )?(?:earnings|book|sales)|\w+ ratio)\b"
    ),
    "is what a company earns": re.compile(
        r"\b(?:earnings?|eps|ebitda?|net income|gewinn\w*|revenues?|umsatz)\b"
    ),
}
"""Words of finance that stand beside prices and are none, though one of them may be the word price."""
_UNITS = re.compile(
    r"(?:%|°\s?[CF]?|\b(?:hpa|mbar|bar|kpa|pa|mm|cm|km|km/h|m/s|kw|kwh|mw|mwh|volt|amp|hz|db|ppm|lux|rpm|celsius|"
    r"fahrenheit|kelvin|years?|jahre|hours|stunden)\b)",
    re.IGNORECASE,
)
_TRADED = set(
    "ticker tickers symbol isin wkn asset assets stock stocks share fund fonds etf security instrument coin"
    " crypto currency pair index aktie wertpapier titel action titre azione acción".split()
)
_DIVIDENDS = set(
    "dividend dividends dividende dividenden div dividendo dividendi distribution coupon".split()
)


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


def no_prices(table: PriceTable, layout: PriceLayout) -> dict[str, str]:
    """Columns of ``layout`` that are no prices, each with the reason in words that follow its name."""
    found = {}
    for name in layout.prices:
        values = (
            table.prices[str(name)] if layout.form == "wide" else pd.Series(table.prices.to_numpy().ravel())
        )
        why = why_no_price(name, values, asset_column=layout.asset_column)
        if why:
            found[str(name)] = why
    return found


def why_no_price(name: object, values: pd.Series, *, unit: str = "", asset_column: str | None = None) -> str:
    """Why a column is no price, as words that follow its name; empty where nothing speaks against it.

    Names are believed by whole words; a name that says price, a currency, or a column of tickers beside it
    speaks for a price and is believed before measurements and units are, but not before what finance itself
    calls otherwise. Without any word the values count: prices are not negative.
    """
    trusted = price_rank(name)[0] >= 2 or bool(_currencies(f"{name} {unit}"))
    by_ticker = asset_column is not None and bool(set(words_of(asset_column).split()) & _TRADED)
    told = _told_by_finance(name) or ("" if trusted or by_ticker else _told_as_measured(name, unit))
    return told or ("has values below zero" if _is_negative(values) else "")


def _told_by_finance(name: object) -> str:
    """What stands beside prices and is none, though one of its words may be price."""
    if is_dividend(name):
        return "is what is paid to holders"
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


def _is_negative(values: pd.Series) -> bool:
    return bool((values.to_numpy(dtype=np.float64, na_value=np.nan) < 0).any())
