"""The report as one HTML page without network or script; everything from the file is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analytics.figures.profile import column_picture
from analytics.figures.svg import Markup, element, join
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.relations.words import signed
from analytics.report_file.content import Report
from analytics.report_file.scores import FAR
from analytics.report_file.style import STYLE
from analytics.tables import Alternative, ColumnProfile, Doubt
from analytics.words import count, neutral, number_text

_LONGEST = 400  # a cell or a sentence that goes on is cut with a mark; the JSON has it whole
_MOST = 200  # items of one list
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def report_page(report: Report) -> str:
    """The whole file."""
    title = f"{_shown(report.as_read.name)}: report"
    sections = [(key, name, part) for key, name, part in _sections(report) if part]
    links = join(element("li", element("a", name, href=f"#{key}")) for key, name, _ in sections)
    body = join(
        element("section", element("h2", name, id=key), part, aria_labelledby=key)
        for key, name, part in sections
    )
    head = join(
        [
            Markup("<meta charset='utf-8'>"),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            Markup("<meta name='viewport' content='width=device-width, initial-scale=1'>"),
            Markup("<meta name='color-scheme' content='light dark'>"),
            element("title", title),
            element("style", Markup(STYLE)),
        ]
    )
    main = element(
        "main",
        element("h1", _shown(report.as_read.name)),
        element("p", _summary(report), class_="lead"),
        element("nav", element("ul", links), aria_label="Sections"),
        body,
    )
    return f"<!doctype html>\n<html lang='en'>{element('head', head)}{element('body', main)}</html>\n"


def _sections(report: Report) -> Iterator[tuple[str, str, Markup]]:
    yield "reading", "How it was read", _reading(report)
    yield "recipe", "What was done to it", _recipe(report)
    yield "look", "Worth a look", _list(one.sentence for one in report.suggestions)
    yield "columns", "Columns", join(map(_column, report.profile.columns.values()))
    yield "relations", "What hangs together", _relations(report)
    yield "scores", "Standard scores", _scores(report)
    yield "unusual", "Unusual rows", _unusual(report)
    yield "script", "Script", _script(report)
    yield "versions", "Made with", _table(("part", "version"), list(report.made_with.items()), words=2)


def _summary(report: Report) -> str:
    frame, before = report.table.frame, report.as_read.frame
    size = f"{count(len(frame), 'row')} and {count(frame.shape[1], 'column')}"
    if report.recipe.steps:
        size += f", from {count(len(before), 'row')} and {count(before.shape[1], 'column')}"
        size += f" after {count(len(report.recipe.steps), 'step')}"
    cells = f"{count(report.profile.missing, 'cell')} of {frame.size:,} without a value"
    return f"{size}; {cells}. SHA-256 of the file: {report.as_read.sha256}."


def _reading(report: Report) -> Markup:
    told = report.as_read.report
    parts = [_list(told.sentences())]
    if report.answers:
        parts.append(_paragraph("Answered by whoever read it:"))
        parts.append(_list(f"{name}: {value!r}" for name, value in report.answers))
    if told.doubts:
        parts.append(element("h3", count(len(told.doubts), "reading") + " in doubt"))
        parts += map(_doubt, told.doubts[:_MOST])
    return join(parts)


def _doubt(doubt: Doubt) -> Markup:
    readings = [f"Taken: {_reading_words(doubt.taken)}"]
    readings += [f"Or: {_reading_words(other)}" for other in doubt.alternatives]
    return join(
        [
            element("h4", _shown(doubt.question)),
            _paragraph(doubt.evidence) if doubt.evidence else Markup(""),
            _list(readings),
        ]
    )


def _reading_words(one: Alternative) -> str:
    cells = "; ".join(f"{text!r} is {made}" for text, made in one.cells)
    return f"{one.label} ({cells})" if cells else one.label


def _recipe(report: Report) -> Markup:
    if not report.account:
        return _paragraph("Nothing: the table is as it was read.")
    items = []
    for account in report.account:
        inner = [Markup(_escaped(account.sentence()))]
        if account.examples:
            inner.append(_list(f"row {row:,}: {cell}" for row, cell in account.examples[:5]))
        items.append(element("li", *inner))
    return element("ol", join(items))


def _column(column: ColumnProfile) -> Markup:
    facts = join(
        join([element("dt", name), element("dd", value)]) for name, value in _facts(column) if value != ""
    )
    return element(
        "article",
        element("h3", _shown(str(column.name))),
        _paragraph(f"Used as {column.role.kind}: {column.role.reason}"),
        column_picture(column),
        element("dl", facts),
    )


def _facts(column: ColumnProfile) -> Iterator[tuple[str, str]]:
    share = f" ({column.missing / column.rows:.1%})" if column.missing and column.rows else ""
    yield "missing", f"{column.missing:,}{share}"
    yield "distinct", f"{column.distinct:,}"
    yield "smallest", _figure(column.minimum)
    if column.quartiles is not None:
        yield "quartiles", ", ".join(map(number_text, column.quartiles))
    yield "largest", _figure(column.maximum)
    yield "mean", _figure(column.mean)
    yield "SD (n - 1)", _figure(column.sd)
    yield "zeros", f"{column.zeros:,}" if column.zeros else ""
    yield "infinite", f"{column.infinities:,}" if column.infinities else ""
    yield "examples", _shown(", ".join(column.examples[:3]), most=120) if column.examples else ""


def _figure(value: float | int | str | None) -> str:
    if value is None:
        return ""
    return _shown(value) if isinstance(value, str) else number_text(value)


def _relations(report: Report) -> Markup:
    found = report.relations
    if not found.pairs:
        return _list(found.sentences)
    rows = [
        (
            one.first,
            one.second,
            one.measure,
            signed(one.value),
            "" if one.low is None or one.high is None else f"{signed(one.low)} to {signed(one.high)}",
            f"{one.n:,}",
        )
        for one in found.pairs
    ]
    names = ("column", "with", "measure", "value", "95% interval", "rows")
    return join([_list(found.sentences), _table(names, rows, words=3)])


def _scores(report: Report) -> Markup:
    if not report.scores:
        return Markup("")
    rows = [
        (
            one.name,
            number_text(one.mean),
            number_text(one.sd),
            number_text(one.lowest),
            number_text(one.highest),
            f"{one.far:,}",
        )
        for one in report.scores
    ]
    names = ("column", "mean", "SD", "z of the smallest", "z of the largest", f"beyond {FAR:g} SD")
    return join(
        [_paragraph("How many standard deviations (n - 1) values lie from the mean."), _table(names, rows)]
    )


def _unusual(report: Report) -> Markup:
    found = report.unusual
    parts = [_list(found.notes)] if found.notes else []
    if found.methods:
        labels = " and ".join(OUTLIER_METHODS[name].label for name in found.methods)
        parts.insert(0, _paragraph(f"{labels} flag {count(found.flagged, 'row')}."))
    if found.rows:
        rows = [
            (f"{one.number:,}", "" if one.line is None else f"{one.line:,}", f"{one.votes:,}", one.sentence)
            for one in found.rows
        ]
        if found.flagged > len(rows):
            parts.append(_paragraph(f"The {len(rows)} with most votes:"))
        parts.append(_table(("row", "line", "votes", "why"), rows, words=0))
    decided = report.account[report.decisions :]
    if decided:
        parts += [element("h3", "Decided"), _list(one.sentence() for one in decided)]
    return join(parts)


def _script(report: Report) -> Markup:
    told = "Reads the file and takes the steps again, with pandas."
    code = element("pre", element("code", report.script), tabindex=0, role="region", aria_label="Script")
    return join([_paragraph(told), code])


def _list(items: Iterable[str]) -> Markup:
    told = list(items)
    if not told:
        return Markup("")
    shown = [element("li", _shown(one)) for one in told[:_MOST]]
    if told[_MOST:]:
        shown.append(element("li", f"and {len(told) - _MOST:,} more, in the JSON"))
    return element("ul", join(shown))


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> Markup:
    """The first ``words`` columns hold words, the others numbers; without any, the last one does."""
    kinds = [
        None if place < words or (words == 0 and place == len(names) - 1) else "number"
        for place in range(len(names))
    ]
    head = join(
        element("th", name, scope="col", class_=kind) for name, kind in zip(names, kinds, strict=True)
    )
    body = join(
        element(
            "tr",
            join(element("td", _shown(cell), class_=kind) for cell, kind in zip(row, kinds, strict=True)),
        )
        for row in rows
    )
    table = element("table", element("thead", element("tr", head)), element("tbody", body))
    return element("div", table, class_="wide", tabindex=0, role="region", aria_label=f"Table: {names[0]}")


def _paragraph(text: str) -> Markup:
    return element("p", _shown(text))


def _escaped(text: str) -> Markup:
    return element("span", _shown(text))


def _shown(text: str, *, most: int = _LONGEST) -> str:
    """A text without power over what stands beside it; never empty, as an element needs its end."""
    told = neutral(text if len(text) <= most else f"{text[: most - 1]}…")
    return told or "\u00a0"
