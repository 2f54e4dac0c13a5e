"""Which marks stand round cells of a text, and before quotes within them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from analytics.tables.options import ReadOptions
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.records import Lines
from analytics.tables.report import Repair

_QUOTES = ('"', "'", "`", "~", "^", "|", "$", "%", "*", "#", "´", "“")

_WRAPPED = re.compile(r'"[^"]*(?:""[^"]*)*" *')
_WITH_TAIL = re.compile(r'"([^"]*(?:""[^"]*)*)"[ ,;\t|]*')
"""A wrapped line with the empty cells that a spreadsheet saw behind it."""
_INNER = (",", ";", "\t", "|")
_USUAL = 0.8  # share of the other lines that must have as many cells: notes and open quotes stand beside them
_LOOKED_AT = 300  # lines of a file that are counted for it


def unwrapped(lines: Lines, options: ReadOptions) -> tuple[Lines, tuple[Repair, ...]]:
    """The lines without quotes round a whole record, ``"1,""Rome, IT"",x"``, as spreadsheets save them.

    Without them each must have as many cells as the others; a blank behind each mark makes it a text.
    """
    wrapped = [i for i, line in enumerate(lines.texts) if _is_wrapped(line)]
    inner = {i: lines.texts[i].rstrip(" ")[1:-1].replace('""', '"') for i in wrapped} or _with_tails(lines)
    if not inner or options.quote not in (None, '"') or options.escape or options.delimiter == "":
        return lines, ()
    marks = _INNER if options.delimiter is None else (options.delimiter,)
    if not any(_agree(lines, inner, Dialect(mark)) for mark in marks):
        return lines, ()
    texts = [inner.get(i, line) for i, line in enumerate(lines.texts)]
    count = len(inner)
    what = "1 line stood" if count == 1 else f"{count:,} lines stood"
    detail = f"{what} in quotes as a whole, which were taken off, first here"
    repair = Repair("wrapped line", min(inner) + 1, detail, count)
    return replace(lines, texts=texts), (repair,)


def _is_wrapped(line: str) -> bool:
    return line[:1] == '"' and line.rstrip(" ")[-1:] == '"' and _WRAPPED.fullmatch(line) is not None


def _with_tails(lines: Lines) -> dict[int, str]:
    """What the quotes of all lines hold, where empty cells stand behind each."""
    found: dict[int, str] = {}
    for i, line in enumerate(lines.texts):
        match = _WITH_TAIL.fullmatch(line)
        if match:
            found[i] = match[1].replace('""', '"')
        elif line.strip():
            return {}
    return found


def _agree(lines: Lines, inner: dict[int, str], dialect: Dialect) -> bool:
    """Whether records within quotes have as many cells as those without, two or more, by this mark."""
    widths = {1 if _is_prose(line, dialect.delimiter) else _width(line, dialect) for line in inner.values()}
    bare = [line for i, line in enumerate(lines.texts) if i not in inner and line.strip()]
    width = widths.pop() if len(widths) == 1 else 0
    if width < 2 or (not bare and len(inner) < 2):
        return False
    looked = bare[:: max(1, len(bare) // _LOOKED_AT)]
    return sum(_width(line, dialect) == width for line in looked) >= _USUAL * len(looked)


def _is_prose(line: str, mark: str) -> bool:
    return line.count(f"{mark} ") == line.count(mark)


def _width(line: str, dialect: Dialect) -> int:
    return len(dialect.split_quoted(line) or ())


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
