"""What names of price columns say, in the languages of exports: open, high, low, close, counts of trades."""

import re
import unicodedata

_STROKES = str.maketrans("łøđı", "lodi")
_ADJUSTED_SIGNS = re.compile("調整済み?|調整後?|调整后?|修正|[复復][权權]|수정")
"""Words for adjusted that stand before a word for a price without a blank."""


def plain(text: str) -> str:
    """Small letters without accents, as many exports write their names, and full-width ones as usual."""
    parts = unicodedata.normalize("NFKD", text.lower()).translate(_STROKES)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _words(text: str) -> set[str]:
    return set(plain(text).split())


# Whole names or pairs of words; a part of a word says nothing, or "iShares World" would count shares and
# "Novolipetsk" volumes.
_COUNTS = re.compile(
    plain(
        r"\b(?:volume|volumes|turnover|open ?interest|shares (?:outstanding|traded)|shr ?out"
        r"|n(?:umber|o) of trades|trades"
        r"|volumen|umsatz|stück|handelsvolumen|volumi|volúmen|成交量|成交額|成交额|出来高|売買高|거래량|объем)\b"
    )
)
ROW_NAMES = {"index", "id", "no", "nr", "row", "row number", "unnamed 0", "#", ""}
SHORT_VOLUMES = _words("vol qty shares wolumen объём")

BAR = (
    _words(
        "open opening eröffnung eröffnungskurs erster anfang offen ouverture ouv apertura abertura otwarcie"
        " öppning otevření nyitó açılış открытие откр 始値 開盤 开盘 開盤價 开盘价 開市價 开市价 시가"
        " eröffn"
    ),
    _words(
        "high hoch höchst höchstkurs tageshoch haut max massimo máximo máxima maximum maks najwyższy högst"
        " yüksek максимум макс 高値 最高 最高價 最高价 고가"
    ),
    _words(
        "low tief tiefst tiefstkurs tagestief bas min minimo mínimo mínima minimum najniższy lägst düşük"
        " минимум мин 安値 最低 最低價 最低价 저가"
    ),
)
"""Words for the first, the highest and the lowest price of a day."""

BESIDE = _words("price preis kurs prix precio prezzo preço plus cena цена of the day tages")
"""Words that stand beside one of a bar without making it another thing."""

_EARLIER = _words(
    "prev previous prior yesterday 1d vortag vortagesschluss vortageskurs anterior précédent precedente"
    " veille poprzednie 前日終値 前收盘 前收盤 昨收 전일종가"
)
ADJUSTED = _words("adj adjusted adjclose closeadj bereinigt ajusté ajustado rettificato skorygowany")
_RANKS = (
    (
        4,
        _words(
            "close closing adjclose schluss schlusskurs clôture clot cierre chiusura fechamento zamknięcie"
            " stängning slutkurs zavírací záró kapanış закрытие 終値 收盘 收盤 收盘价 收盤價 收市價"
            " 收市价 종가 closeadj"
        ),
    ),
    (3, _words("price preis kurs prix precio prezzo preço cena цена settle settlement")),
    (2, _words("last zuletzt prc letzter dernier último ultimo nav quote mid")),
    (1, _words("value wert valeur valor valore")),
)
"""How much a word says that it is the price of a day; a settlement comes before the last trade."""
_ASSETS = _words(
    "ticker tickers symbol isin wkn valoren cusip sedol permno gvkey code"
    " 銘柄 コード 銘柄コード 代码 代碼 股票代码 证券代码 證券代號 종목코드"
)


def words_of(name: object) -> str:
    """The name in small letters without accents, one blank between its words; CamelCase is taken apart, and
    the number of a column (1. open) left out."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", re.sub(r"^\s*[0-9]{1,2}[.)]\s+", "", str(name)))
    apart = _ADJUSTED_SIGNS.sub(" adjusted ", apart)
    return " ".join(re.split(r"[\W_]+", plain(apart))).strip()


def counts_trades(name: object) -> bool:
    """Whether the name says that shares or trades are counted."""
    return bool(_COUNTS.search(words_of(name)))


def names_asset(name: object) -> bool:
    """Whether the name says that the column tells assets apart, with numbers for names too."""
    return bool(set(words_of(name).split()) & _ASSETS)


def price_rank(name: object, *, beside: frozenset[str] = frozenset()) -> tuple[int, int]:
    """How much a name says that it is the price to take returns of; of equal ones the shorter name counts.

    ``beside`` are words of the name that say of which asset it is.
    """
    words = set(words_of(name).split()) - beside
    if words & _EARLIER:
        return (-1, 0)
    rank = max((rank for rank, kind in _RANKS if words & kind), default=0)
    if rank < 4 and any(words - BESIDE and words - BESIDE <= kind for kind in BAR):
        return (-1, 0)
    adjusted = bool(words & ADJUSTED) and (rank > 0 or len(words) == 1)
    return (rank + 10 * adjusted, -len(words))


def is_close(words: set[str]) -> bool:
    """Whether words say close, and not that of another day."""
    return bool(words & _RANKS[0][1]) and not words & _EARLIER


def is_adjusted(name: object) -> bool:
    """Whether the name says that splits and dividends are taken out."""
    return bool(set(words_of(name).split()) & ADJUSTED)
