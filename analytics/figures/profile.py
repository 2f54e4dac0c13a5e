"""What a column holds, drawn: a histogram of numbers and times, bars of the commonest values."""

from analytics.figures.svg import Markup, element, join, picture
from analytics.tables import ColumnProfile
from analytics.words import count, neutral, number_text

_WIDTH, _HEIGHT = 300.0, 72.0
_ROW, _NAMES, _COUNTS = 18.0, 120.0, 60.0
_LETTERS = 18  # what fits beside the bars
_STYLE = """
.profile { width: 100%; max-width: 22rem; height: auto; font: 12px system-ui, sans-serif; }
.profile rect { fill: #3796a5; }
.profile text { fill: currentColor; font-variant-numeric: tabular-nums; }
"""


def column_picture(column: ColumnProfile) -> Markup:
    """The column's histogram or bars; empty where it has neither, or no value twice."""
    if column.histogram is not None:
        return _histogram(column)
    return _bars(column) if column.top and column.top[0][1] > 1 else Markup("")


def _histogram(column: ColumnProfile) -> Markup:
    assert column.histogram is not None
    counts = column.histogram.counts
    wide, tall = _WIDTH / len(counts), max(int(counts.max()), 1)
    bars = join(
        element(
            "rect",
            x=place * wide,
            y=_HEIGHT - (high := max(_HEIGHT * int(n) / tall, 1.0)),
            width=max(wide - 1, 0.5),
            height=high,
        )
        for place, n in enumerate(counts)
        if n
    )
    first, last = _end(column.minimum), _end(column.maximum)
    ends = join(
        element("text", neutral(text), x=x, y=_HEIGHT + 16, text_anchor=anchor)
        for text, x, anchor in ((first, 0.0, "start"), (last, _WIDTH, "end"))
    )
    named = neutral(str(column.name))
    alt = f"Histogram of {named} from {first} to {last}; the tallest bar has {count(tall, 'row')}"
    return picture("profile", (_WIDTH, _HEIGHT + 20), _STYLE, bars, ends, alt=alt)


def _bars(column: ColumnProfile) -> Markup:
    most = max(n for _, n in column.top)
    room = _WIDTH - _NAMES - _COUNTS
    rows = []
    for place, (value, n) in enumerate(column.top):
        middle = place * _ROW + _ROW / 2
        text = neutral(value if len(value) <= _LETTERS else value[: _LETTERS - 1] + "…") or "(empty)"
        rows += [
            element("text", text, x=0.0, y=middle + 4),
            element("rect", x=_NAMES, y=middle - 6, width=max(room * n / most, 1.0), height=12.0),
            element("text", f"{n:,}", x=_NAMES + max(room * n / most, 1.0) + 4, y=middle + 4),
        ]
    shown = (
        f"the {len(column.top)} commonest of {column.distinct:,}"
        if column.distinct > len(column.top)
        else "all"
    )
    commonest = f"the commonest is {neutral(column.top[0][0])[:60]!r} with {count(column.top[0][1], 'row')}"
    alt = f"Values of {neutral(str(column.name))}, {shown}; {commonest}"
    return picture("profile", (_WIDTH, len(column.top) * _ROW), _STYLE, join(rows), alt=alt)


def _end(value: float | int | str | None) -> str:
    if isinstance(value, str):
        return value.removesuffix("T00:00:00").replace("T", " ")
    return "" if value is None else number_text(value)
