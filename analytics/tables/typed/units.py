"""What stands beside a number: currencies, percent, words that multiply."""

from __future__ import annotations

import re
from functools import cache

CURRENCY = (
    r"(?:[$€£¥₹₽₩₺₪฿₫₴₦₸₼₾₡₲₵₱₭₮﷼֏]|(?:R|US|C|CA|A|AU|NZ|HK|S|NT|MX|Z)\$"
    r"|(?i:usd|eur|gbp|jpy|chf|cad|aud|nzd|cny|rmb|hkd|sgd|inr|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|hrk|rsd|uah|rub"
    r"|try|ils|brl|mxn|ars|clp|cop|zar|krw|thb|idr|myr|php|vnd|aed|sar|egp|ngn|kes|euros?|sfr\.?)"
    r"|DM|[Kk]r\.?|kr:-|zł|Kč|Ft|лв\.?|грн\.?|руб\.?|р\.|lei|Rp\.?|RM|Rs\.?|Fr\.|元|円|원)"
)
PERCENT = "[%‰‱]"
WORDS = {"%": "percent (45% is 45)", "‰": "per mille (45‰ is 45)", "‱": "basis points"}

_TIMES = {
    3: "k K Tsd Tsd. tys. tys tis. тыс тыс. хил. 千",
    4: "万 萬 만",
    5: "lakh lac",
    6: (
        "M MM Mio Mio. Mill. mill. mln mln. milj. milj mil. million millions Millionen Million millones"
        " milioni млн млн."
    ),
    7: "crore crores Cr cr",
    8: "亿 億 억",
    9: (
        "B bn Bn BN Mrd Mrd. Mia Mia. mld mld. md Md mrd. billion billions Milliarden Milliarde milliards"
        " млрд млрд."
    ),
    12: "tn Bio Bio. trillion trn",
}
"""Power of ten to the words for it. Single letters that are units as well (m, g, t) are none of them, and
words that differ between languages (mil, a thousand in Spanish) count with their point."""

MULTIPLIERS = {word: power for power, words in _TIMES.items() for word in words.split()}


@cache
def multiplier_pattern() -> str:
    """The longest words first, for a search that takes the first that fits."""
    return "(?:" + "|".join(map(re.escape, sorted(MULTIPLIERS, key=len, reverse=True))) + ")"


def unit_words(unit: str) -> str:
    """A unit in a sentence: ``percent (45% is 45)``, ``€``."""
    return WORDS.get(unit, unit.rstrip("."))
