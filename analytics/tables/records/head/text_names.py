"""Tables of texts only, whose first row may name the columns or be their first record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.tables.options import NO_HEADER
from analytics.tables.records.head.names import form_of
from analytics.tables.records.layout import Layout
from analytics.tables.records.records import Records, Row
from analytics.tables.report import Alternative, Doubt

_SHOWN = 3
"""Cells shown with a question."""
_FEWEST = 2
"""Records below the first row: of one there is nothing to compare with."""
_USUAL = re.compile(
    r"(?i)(?:\w+[ _-])?(?:names?|ids?|no|nr|key|code|title|text|type|kind|class|category|group|label|tags?"
    r"|status|state|description|comments?|notes?|remarks?|address|street|city|town|country|region|language|email|e-mail|mail"
    r"|url|link|phone|gender|sex|author|user|question|answer|word|term|source|target|value|level|role|unit|brand|product"
    r"|item|company|artist|album|genre|species|color|colour|date|day|time|first|last|surname|path|file|sentence"
    r"|vorname|nachname|titel|stadt|ort|land|strasse|straße|sprache|bezeichnung|beschreibung|bemerkung|kategorie"
    r"|gruppe|klasse|wort|autor|firma|nom|prénom|ville|pays|rue|adresse|langue|titre|catégorie|auteur|nombre|apellidos?"
    r"|ciudad|país|calle|dirección|idioma|título|categoría|cognome|città|paese|lingua|naam|plaats|nazwa|imię|nazwisko"
    r"|miasto|kraj|jméno|město|země|namn|stad|navn|by|nimi|név|isim|имя|название|город|страна|名前|氏名|名称|姓名|城市|이름)"
)
"""Words that name columns, alone or behind another word."""
_MADE = re.compile(r"[a-z]_[a-z]|[a-z][A-Z]|[\[(][^()\[\]]*[\])]$|:$|^[#@]")
"""What names have that were made for machines or state a unit."""
_PROSE, _SHORT = 40, 3
"""Characters of a text that is none of names, and how many times shorter the name above is."""
_NEARLY = 0.9
"""Of the texts below one word are sentences, where it is a name."""
_FEWEST_REPEATS = 6


def text_names_doubt(records: Records, layout: Layout) -> tuple[Doubt, ...]:
    """Whether the first row of a table of texts is a record, where nothing but its place speaks for names."""
    if layout.header_rows != 1 or layout.width < 2 or layout.starts:
        return ()
    head = records.row(layout.header)
    body = records.sampled(layout.body, layout.end, layout.width)
    if len(body) < _FEWEST or len(head.cells) != layout.width or set(head.groups) != {"other"}:
        return ()
    if any(set(row.groups) - {"other", "empty", "missing"} for row in body) or _is_named(head, body):
        return ()
    line = records.lines[layout.header]
    cells = [value.strip() for value in head.values[:_SHOWN]]
    names = Alternative(
        "The names of the columns", (("header", layout.header),), tuple((cell, "a name") for cell in cells)
    )
    record = Alternative(
        "The first record", (("header", NO_HEADER),), tuple((cell, "a value") for cell in cells)
    )
    question = f"Does line {line:,} name the columns, or is it their first record?"
    evidence = f"All cells are texts, and those of line {line:,} look like those below them."
    return (Doubt(question, evidence, names, (record,)),)


def _is_named(head: Row, body: Sequence[Row]) -> bool:
    """Whether some cell of the first row tells that it names what stands below."""
    if head.quoted != body[0].quoted:
        return True
    columns = [[row.values[place].strip() for row in body] for place in range(len(head.cells))]
    cells = [value.strip() for value in head.values]
    return _is_written_apart(cells, columns) or any(map(_names, cells, columns))


def _is_written_apart(cells: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is in small letters or capitals throughout, and the rows below are not."""
    below = [text for column in columns for text in column if text]
    for is_alike in (str.islower, str.isupper):
        if all(map(is_alike, cells)) and 2 * sum(map(is_alike, below)) < len(below):
            return True
    return all(cell[:1].isupper() for cell in cells) and 2 * sum(t[:1].islower() for t in below) > len(below)


def _names(cell: str, column: Sequence[str]) -> bool:
    values = [value for value in column if value]
    if _USUAL.fullmatch(cell) or _MADE.search(cell):
        return True
    if not values:
        return False
    repeats = len(values) >= _FEWEST_REPEATS and 2 * len(set(values)) <= len(values)
    lengths = sorted(map(len, values))
    prose = lengths[len(lengths) // 2] >= max(_PROSE, _SHORT * len(cell))
    sentences = " " not in cell and sum(value.count(" ") > 1 for value in values) >= _NEARLY * len(values)
    enough = len(values) >= (
        3 if all(map(str.isupper, values)) else _FEWEST_REPEATS
    )  # names are alike by chance
    one_length = enough and lengths[0] == lengths[-1] != len(cell)
    digits = any(map(str.isdigit, "".join(values[:1]))) and all("9" in form_of(value) for value in values)
    written = digits and "9" not in form_of(cell)
    return (repeats and cell not in values) or prose or sentences or one_length or written
