"""Tables that programs save as .xls but write as HTML, MHTML or Excel's XML of 2003."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from analytics.tables.budget import check_unpacked
from analytics.tables.errors import TableError
from analytics.tables.formats.grid import load_grid
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.sheet_xml import read_sheet_xml
from analytics.tables.formats.web.messages import pages_of_message
from analytics.tables.formats.web.tables import HtmlTable, html_tables
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.records.encoding import Decoded, decode
from analytics.tables.report import Decision

_HEAD, _BEGINNING = 4096, 1 << 16
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|table|style|div|center|font|title|frameset)\b", re.IGNORECASE
)
_MHTML = re.compile(r"(?:mime-version|from|message-id|content-type|x-[\w-]+|date|subject):", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_OF_BYTES = {codecs.lookup(f"{kind}{n}").name for kind in ("cp125", "iso8859-") for n in range(1, 9)}
"""Any bytes are text in these, so that fitting says nothing; what is valid UTF-8 is rarely so by chance."""
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,80})")


def markup_kind(data: Bytes) -> str | None:
    """html, mhtml, sheet xml or other xml, by the first bytes; ``None`` for anything else."""
    head = bytes(data[:_HEAD]).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1")
    if head.lstrip()[:1] == "<":
        start = _after_prologue(head)
        if "urn:schemas-microsoft-com:office:spreadsheet" in head and "<html" not in head.lower():
            return "sheet xml"
        if _HTML.match(start):
            return "html"
        return "xml" if head.lstrip().startswith("<?xml") or _closes_its_root(start, data) else None
    related = re.search(r"content-type:\s*(?:multipart/|text/html)", head, re.IGNORECASE)
    return "mhtml" if related and _MHTML.match(head.lstrip()) else None


def _closes_its_root(start: str, data: Bytes) -> bool:
    """Whether the file ends with the end of the element that it begins with."""
    root = re.match(r"<([A-Za-z_][\w.:-]*)[\s>]", start)
    tail = bytes(data[-_HEAD:]).replace(b"\x00", b"").decode("latin-1").rstrip()
    return root is not None and tail.endswith(f"</{root[1]}>")


def _after_prologue(head: str) -> str:
    """From the first element on, or the document type: declarations and comments stand before it."""
    ends = {"<?": ">", "<!--": "-->"}
    while True:
        head = head.lstrip()
        opened = next((mark for mark in ends if head.startswith(mark)), None)
        if opened is None:
            return head
        head = head.partition(ends[opened])[2]


def read_markup(data: bytes, *, options: ReadOptions) -> Loaded:
    """The largest table, or the one asked for by ``options.table``; cells are typed like those of a CSV.

    Nothing outside the file is ever opened: no entities, styles, frames or images.

    Raises:
        TableError: there is no table in it, or a limit is passed.
    """
    check_unpacked(len(data), options)
    kind = markup_kind(data)
    return _READERS[kind or "html"](data, options)


@dataclass(frozen=True)
class _Page:
    """An HTML text of a file, and how its bytes were read."""

    text: str
    decoded: Decoded | None


def _read_html(data: bytes, options: ReadOptions) -> Loaded:
    decoded = _decoded(data, options)
    return _load([_Page(decoded.text, decoded)], options, "html")


def _decoded(data: bytes, options: ReadOptions) -> Decoded:
    """The text by what the page says of itself, if that fits; else by its bytes."""
    said = _CHARSET.search(data[: 2 * _HEAD])
    if options.encoding is None and said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = said[1].decode("ascii").lower()
        try:
            text = data.decode(codecs.lookup(name).name)
        except (LookupError, UnicodeError):
            return decode(data, options=options)
        if codecs.lookup(name).name in _OF_BYTES and not data.isascii() and _is_utf8(data):
            decoded = decode(data, options=options)
            told = f"The page says that it is {name}, but all of its bytes are valid {decoded.encoding}."
            others = (name, *(other for other in decoded.decisions[0].alternatives if other != name))
            decision = Decision("encoding", decoded.encoding, told, "the bytes", others)
            return replace(decoded, decisions=(decision,))
        decision = Decision("encoding", name, f"The text is {name}: the page says so.")
        return Decoded(text, name, (decision,))
    return decode(data, options=options)


def _is_utf8(data: bytes) -> bool:
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _read_mhtml(data: bytes, options: ReadOptions) -> Loaded:
    pages = [_Page(text, None) for text in pages_of_message(data)]
    if not pages:
        raise TableError("The file is a MIME message without an HTML page; give the table itself.")
    return _load(pages, options, "mhtml")


def _load(pages: list[_Page], options: ReadOptions, form: str) -> Loaded:
    tables = [table for page in pages for table in html_tables(page.text, options)]
    if not tables:
        raise TableError(_no_table(pages, form))
    if options.table is not None and options.table >= len(tables):
        raise TableError(f"There is no table {options.table}; the page has {len(tables)}, counted from 0.")
    sizes = [table.filled for table in tables]
    chosen = sizes.index(max(sizes)) if options.table is None else options.table
    table = tables[chosen]
    loaded = load_grid(table.grid, _with_header(table, replace(options, table=None)))
    decoded = pages[0].decoded
    return replace(
        loaded,
        format=form,
        encoding=decoded.encoding if decoded else None,
        decisions=(
            *(decoded.decisions if decoded else ()), _which(tables, chosen, form), *loaded.decisions
        ),
        repairs=(*(decoded.repairs if decoded else ()), *table.notes, *loaded.repairs),
        doubts=(*(decoded.doubts if decoded else ()), *loaded.doubts),
    )  # fmt: skip


def _with_header(table: HtmlTable, options: ReadOptions) -> ReadOptions:
    """Rows of header cells are the header, where the page has them."""
    if options.header is not None or table.header is None:
        return options
    first, count = table.header
    return replace(options, header=first, header_rows=options.header_rows or count)


def _which(tables: list[HtmlTable], chosen: int, form: str) -> Decision:
    sentence = f"The file is {'a web page' if form == 'html' else 'a saved web page (MHTML)'}; "
    if len(tables) == 1:
        return Decision("table", "0", sentence + "its only table was read.")
    others = [f"{i}: {table.title}" for i, table in enumerate(tables) if i != chosen]
    shown = "; ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
    sentence += (
        f"of its {len(tables)} tables number {chosen} was read ({tables[chosen].title}). Others: {shown}."
    )
    return Decision(
        "table", str(chosen), sentence, alternatives=tuple(str(i) for i in range(len(tables)) if i != chosen)
    )


def _no_table(pages: list[_Page], form: str) -> str:
    text = pages[0].text[:_BEGINNING]
    title = re.search(r"<title[^>]{0,200}>([^<]{0,200})", text, re.IGNORECASE)
    named = f" ({' '.join(title[1].split())!r})" if title and title[1].strip() else ""
    kind = "web page" if form == "html" else "saved web page"
    if re.search(r"<frame\b|<x:worksheetsource", text, re.IGNORECASE):
        return f"The file is the frame of a saved workbook{named}; its tables are in other files: give one."
    return f"The file is a {kind}{named} without a table; save the table itself as CSV or Excel."


def _refuse_xml(data: bytes, options: ReadOptions) -> Loaded:
    head = decode(data[:_HEAD], options=options).text
    names = [found for found in _ROOT.findall(head) if found.lower() != "xml"]
    root = names[0] if names else "?"
    raise TableError(
        f"The file is XML (its root is {root!r}), not a table; export the table as CSV or Excel."
    )


_READERS: dict[str, Callable[[bytes, ReadOptions], Loaded]] = {
    "html": _read_html, "mhtml": _read_mhtml, "sheet xml": read_sheet_xml, "xml": _refuse_xml
}  # fmt: skip
