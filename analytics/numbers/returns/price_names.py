"""What names of price columns say, in the languages of exports: open, high, low, close, counts of trades."""

import re
from collections.abc import Iterable

# Whole names or pairs of words; a part of a word says nothing, or "iShares World" would count shares and
# "Novolipetsk" volumes.
_COUNTS = re.compile(
    r"\b(?:volume|volumes|turnover|open ?interest|shares (?:outstanding|traded)|n(?:umber|o) of trades|trades"
    r"|volumen|umsatz|stück|handelsvolumen|volumi|volúmen|成交量|成交額|成交额|出来高|売買高|거래량|объем|объём)\b"
)
ROW_NAMES = {"index", "id", "no", "nr", "row", "row number", "unnamed 0", "#", ""}
SHORT_VOLUMES = {"vol", "vol.", "qty", "shares", "wolumen", "объём"}

_BAR = (
    set(
        "open opening eröffnung eröffnungskurs erster anfang offen ouverture ouv apertura abertura otwarcie"
        " öppning otevření nyitó açılış открытие откр 始値 開盤 开盘 開盤價 开盘价 시가".split()
    ),
    set(
        "high hoch höchst höchstkurs tageshoch haut max massimo máximo máxima maximum maks najwyższy högst"
        " yüksek максимум макс 高値 最高 最高價 最高价 고가".split()
    ),
    set(
        "low tief tiefst tiefstkurs tagestief bas min minimo mínimo mínima minimum najniższy lägst düşük"
        " минимум мин 安値 最低 最低價 最低价 저가".split()
    ),
)
"""Words for the first, the highest and the lowest price of a day."""

_BESIDE = set("price preis kurs prix precio prezzo preço plus cena цена of the day tages".split())
"""Words that stand beside one of a bar without making it another thing."""

_EARLIER = set(
    "prev previous prior yesterday vortag vortagesschluss vortageskurs anterior précédent precedente veille"
    " poprzednie 前日終値 前收盘 前收盤 昨收 전일종가".split()
)
_ADJUSTED = {"adj", "adjusted", "adjclose", "bereinigt", "ajusté", "ajustado", "rettificato", "skorygowany"}
_RANKS = (
    (
        4,
        set(
            "close closing adjclose schluss schlusskurs clôture cierre chiusura fechamento zamknięcie"
            " stängning slutkurs zavírací záró kapanış закрытие 終値 收盘 收盤 收盘价 收盤價 종가".split()
        ),
    ),
    (3, {"price", "preis", "kurs", "prix", "precio", "prezzo", "preço", "cena", "цена"}),
    (2, set("last letzter dernier último ultimo settle settlement nav quote mid".split())),
    (1, {"value", "wert", "valeur", "valor", "valore"}),
)


def words_of(name: object) -> str:
    """The name in small letters with one blank between its words; CamelCase is taken apart."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", str(name))
    return " ".join(re.split(r"[\W_]+", apart.lower())).strip()


def counts_trades(name: object) -> bool:
    """Whether the name says that shares or trades are counted."""
    return bool(_COUNTS.search(words_of(name)))


def is_bar(names: Iterable[object]) -> bool:
    """Whether open, high and low are among the columns, so that they are prices of one asset."""
    words = [set(words_of(name).split()) - _BESIDE for name in names]
    return all(any(len(one) == 1 and one <= kind for one in words) for kind in _BAR)


def price_rank(name: object) -> tuple[int, int]:
    """How much a name says that it is the price to take returns of; of equal ones the shorter name counts."""
    words = set(words_of(name).split())
    if words & _EARLIER:
        return (-1, 0)
    rank = max((rank for rank, kind in _RANKS if words & kind), default=0)
    if rank < 4 and any(words - _BESIDE and words - _BESIDE <= kind for kind in _BAR):
        return (-1, 0)
    adjusted = is_adjusted(name) and (rank > 0 or len(words) == 1)
    return (rank + 10 * adjusted, -len(words))


def is_adjusted(name: object) -> bool:
    """Whether the name says that splits and dividends are taken out."""
    return bool(set(words_of(name).split()) & _ADJUSTED)
