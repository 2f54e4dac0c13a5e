"""Which marks stand round cells of a text, and before quotes within them."""

from __future__ import annotations

import re
from collections import Counter

_QUOTES = ('"', "'", "`", "~", "^", "|", "$", "%", "*", "#", "´", "“")


def find_quote(text: str, delimiter: str) -> str:
    """The mark that opens and closes cells; the double quote where no other does so more often."""
    best, most = '"', 0
    for quote in _QUOTES:
        if quote not in text or quote in delimiter:
            continue
        opens, closes = _boundaries(text, quote, delimiter)
        pairs = min(opens, closes)
        loose = text.count(quote) - opens - closes
        # Apostrophes of prose seldom open and close in turn; as quotes they do but for a few.
        if quote != '"' and (pairs < 2 or max(opens, closes) > 1.4 * pairs + 1 or loose > 2 * pairs):
            continue
        if quote not in "\"'" and pairs < 4:
            continue
        if pairs > most:
            best, most = quote, pairs
    return best


def _boundaries(text: str, quote: str, delimiter: str) -> tuple[int, int]:
    mark, edge = re.escape(quote), re.escape(delimiter)
    before, after = (f"(?<!{edge})", f"(?!{edge}|$)") if delimiter else ("", "(?!$)")
    edge = f"{edge}|" if delimiter else ""
    opens = len(re.findall(rf"(?:{edge}^) ?{mark}(?!{mark}(?!{mark}))(?! ){after}", text, re.MULTILINE))
    closes = len(re.findall(rf"(?<![ \n]){before}{mark} ?(?={edge}$)", text, re.MULTILINE))
    return opens, closes


def find_escape(text: str, quote: str, delimiter: str) -> str:
    """The character before quotes inside quoted cells, where it is nearly always the same; "" if doubled."""
    if not quote or quote not in text:
        return ""
    mark, edge = re.escape(quote), re.escape(delimiter)
    inner = re.findall(rf"([^{mark}{edge}\n\r]){mark}(?=[^{mark}{edge}\n\r])", text)
    inner = [before for before in inner if before]
    if not inner:
        backslashes = re.findall(rf"\\{mark}(?={mark}(?:{edge}|$))", text, re.MULTILINE)
        return "\\" if backslashes and delimiter else ""
    before, count = Counter(inner).most_common(1)[0]
    if before.isalnum() or before in " ([{-_.,;:>=}])'“‘" or count < 0.8 * len(inner):
        return ""
    return before if before == "\\" or count > 1 else ""
