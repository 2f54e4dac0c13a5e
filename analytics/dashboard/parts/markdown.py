"""Text from a file shown as text: Streamlit's labels and messages read Markdown."""

import re
from datetime import datetime, time

from analytics.words import count as count

# What Streamlit's Markdown turns into a link even when every mark of it is escaped.
_LINKS = re.compile(r"(?i)(?<=http)(?=:)|(?<=https)(?=:)|(?<=www)(?=\.)|(?<=@)")
_WORD_JOINER = "\u2060"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")


def plain(value: object, *, width: int = 200) -> str:
    """``value`` on one line, cut to ``width``, with every Markdown character escaped.

    An invisible word joiner keeps addresses of the web and of mail from becoming links.
    """
    text = " ".join(str(value).split())
    text = text if len(text) <= width else text[: width - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", _LINKS.sub(_WORD_JOINER, text))


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
