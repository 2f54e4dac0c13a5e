"""Text from a file shown as text: Streamlit's labels and messages read Markdown."""

import re
from datetime import datetime, time

from analytics.words import count as count
from analytics.words import shortened

# What Streamlit's Markdown turns into something else even when every mark of it is escaped, and where an
# invisible joiner keeps it from that: addresses of the web and of mail; names between colons, which are
# emoji, icons and a logo (but not the minutes of a time); marks that stand alone, which are arrows and signs.
_LIVE = re.compile(
    r"(?i)(?<=http)(?=:)|(?<=https)(?=:)|(?<=www)(?=\.)|(?<=@)"
    r"|(?<=:)(?=[+-]?\w)(?!\d\d?(?!\w))"
    r"|(?<![^\s\ufeff][<>~-])(?<=[<>~-])(?=(?:->|>|-|=)(?![^\s\ufeff]))"
)
_WORD_JOINER = "\u2060"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&=^])")


def plain(value: object, *, width: int = 200) -> str:
    """``value`` on one line, cut to ``width``: every Markdown character escaped, nothing else live."""
    text = shortened(value, width=width)
    return _MARKDOWN.sub(r"\\\1", _LIVE.sub(_WORD_JOINER, text))


def digits(value: float, *, significant: int = 4) -> str:
    """A number with a sensible count of digits: ``0.001234``, ``1,235``, ``1.2e+09``."""
    if value != value:
        return "missing"
    if value == 0 or 1e-4 <= abs(value) < 1e9:
        return f"{value:,.{significant}g}" if abs(value) < 10**significant else f"{value:,.0f}"
    return f"{value:.{significant - 1}e}"


def about(value: float) -> str:
    """An expected count of rows, as exact as expectations are."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.05 else "0"


def named(value: object) -> str:
    """What a row is called by a cell of it: days without the midnight that comes with them."""
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value)
