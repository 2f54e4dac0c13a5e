"""What the Standardize page shows of a result: the scores, one cell in words, the statistics, the method."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.standardize.scores import most_unusual, rows_by_size, shapes_figure
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover, hover_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.rows import choose_row, name_of_row, row_names
from analytics.dashboard.parts.scoring import Choice, Scored, numeric_columns
from analytics.dashboard.server.datasets import DataSet
from analytics.figures import theme
from analytics.figures.standardize import MOST_COLUMNS, MOST_DRAWN, cell_in_column
from analytics.numbers.basics.parameters import ColumnFit
from analytics.numbers.basics.selection import float_values, group_index
from analytics.numbers.standardizing.accuracy import self_test
from analytics.numbers.standardizing.apply_to_file import listed_groups
from analytics.numbers.standardizing.methods import METHODS
from analytics.numbers.standardizing.words import (
    LIKE_NORMAL,
    CellMeaning,
    describe_cell,
    group_named,
    position_in_words,
)
from analytics.words import value_text

_ROWS = 200
_SHOWN = "standardize_shown"
ROW, COLUMN, ORDER = "standardize_row", "standardize_column", "standardize_order"
TABLE = "standardize_scores"
_DARK_TEXT = "#1c2b30"


def draw_headline(dataset: DataSet, choice: Choice, scored: Scored) -> None:
    """The answer in a sentence: which cell is furthest from typical."""
    found = most_unusual(dataset.key, choice, scored)
    groups = f", within {count(len(scored.parameters.groups), 'group')}" if choice.by else ""
    size = f"{count(len(choice.columns), 'column')} of {count(len(dataset.frame), 'row')}{groups}"
    if found is None or not scored.like_normal:
        scale = METHODS[choice.methods[0]].title
        said = (
            f"{size} on the scale {scale}" if len(choice.methods) == 1 else f"{size}, each on its own scale"
        )
        st.subheader(plain(said), anchor=False)
        return
    row, column = found
    score = float(scored.scores[column].iloc[row])
    place = position_in_words(score, choice.method_of(column), group=group_named(choice.by))
    named = name_of_row(dataset, row)
    st.subheader(
        plain(f"Furthest from typical: {column} of {named}, {place[0].lower()}{place[1:]}"), anchor=False
    )
    st.caption(plain(f"{size}; {_scores_say(choice)}."))


def _scores_say(choice: Choice) -> str:
    if len(choice.methods) > 1:
        titles = ", ".join(METHODS[method].title for method in choice.methods)
        return f"columns have methods of their own ({titles}), named in the table of centers and scales"
    method = choice.methods[0]
    return f"scores say how many {_unit(method)} a value lies from {_middle(method)}{_of_group(choice)}"


def _unit(method: str) -> str:
    return "robust standard deviations" if method == "robust" else "standard deviations"


def _of_group(choice: Choice) -> str:
    return f" of its {group_named(choice.by)}" if choice.by else ""


def _middle(method: str) -> str:
    return {"robust": "the median", "rank_gauss": "the middle rank"}.get(method, "the mean")


def draw_shapes(dataset: DataSet, choice: Choice, scored: Scored) -> None:
    """Distributions before, each on its own axis or all on one, and after on one."""
    common = st.toggle(
        "Values on one axis",
        key="standardize_common",
        bind="query-params",
        help="Off: each column on an axis of its own, in its own unit. On: all on one, which shows how far "
        "apart their units are.",
    )
    widgets.chart(
        shapes_figure(dataset.key, choice, common, dataset, scored),
        key="standardize_shapes",
        alt=f"Distributions of {count(len(choice.columns), 'column')}: left as they are, "
        f"{'on one axis' if common else 'each on its own axis'}, right as scores on one axis",
    )
    said = []
    if len(choice.columns) > MOST_COLUMNS:
        said.append(f"The first {MOST_COLUMNS} of {len(choice.columns)} columns.")
    if len(dataset.frame) > MOST_DRAWN:
        said.append(
            f"Shapes are drawn from {MOST_DRAWN:,} evenly spaced rows at most; scores are of all rows."
        )
    if said:
        st.caption(" ".join(said))


def draw_scores(dataset: DataSet, choice: Choice, scored: Scored) -> None:
    """The rows with the largest scores first; a click on a cell chooses it."""
    by_size = st.toggle("Largest scores first", value=True, key=ORDER, bind="query-params")
    rows = (
        rows_by_size(dataset.key, choice, _ROWS, scored)
        if by_size
        else list(range(min(_ROWS, len(dataset.frame))))
    )
    shown = scored.scores.iloc[rows].copy()
    shown.index = pd.Index(dataset.row_numbers[rows], name="row")
    names = [name for name in row_names(dataset).called_by if name not in shown]
    for place, name in enumerate(names):
        shown.insert(place, name, dataset.frame[name].iloc[rows].to_numpy())
    st.dataframe(
        shown.style.format(precision=2, na_rep="").map(_colour, subset=list(choice.columns)),
        key=TABLE,
        alt=f"Scores of {count(len(rows), 'row')}; colours run from blue (low) over white to orange (high)",
        height=320,
        placeholder="missing",
        column_config=widgets.days_as_days(shown),
        on_select=_take_cell,
        selection_mode="single-cell",
    )
    st.session_state["standardize_rows"] = dataset.row_numbers[rows].tolist()
    rest = (
        f"{count(len(rows), 'row')} of {len(dataset.frame):,}: searching and sorting "
        "see only these. The files below have all. "
        if len(rows) < len(dataset.frame)
        else ""
    )
    st.caption(f"{rest}Click a score to see below what it means.")


def _colour(score: object) -> str:
    if not isinstance(score, float) or np.isnan(score):
        return ""
    place = (min(max(score, -theme.Z_LIMIT), theme.Z_LIMIT) + theme.Z_LIMIT) / (2 * theme.Z_LIMIT)
    index = min(int(place * len(theme.DIVERGING)), len(theme.DIVERGING) - 1)
    text = "#ffffff" if index in (0, 1, 8, 9) else _DARK_TEXT
    return f"background-color: {theme.DIVERGING[index]}; color: {text}"


def _take_cell() -> None:
    """Copy the clicked cell into the two choices below the table."""
    cells = st.session_state[TABLE]["selection"]["cells"]
    rows = st.session_state.get("standardize_rows", [])
    if cells and cells[0][0] < len(rows):
        st.session_state[ROW] = rows[cells[0][0]]
        st.session_state[COLUMN] = cells[0][1]


def draw_cell(dataset: DataSet, choice: Choice, scored: Scored) -> None:
    """One cell: what its score means in words, and where it stands in its column."""
    row, column = _choose_cell(dataset, choice, scored)
    values = float_values(dataset.frame[column], column)
    told = _cell_meaning(dataset, choice, scored, row, column)
    words, picture = st.columns([2, 3], gap="medium")
    with words:
        st.metric(
            plain(f"{column} of {name_of_row(dataset, row)}"),
            f"{told.score:.2f}" if np.isfinite(told.score) else "no score",
            help=hover("z-score"),
        )
        st.markdown(f"Value **{plain(value_text(told.value))}**: {plain(told.sentence, width=400)}")
        if told.magnitude:
            st.caption(plain(f"A score of this size is {told.magnitude}.", width=300))
    with picture:
        if np.isfinite(told.score):
            widgets.chart(
                cell_in_column(
                    values,
                    scored.scores[column].to_numpy(),
                    value=told.value,
                    score=told.score,
                    column=column,
                    normal=choice.method_of(column) in LIKE_NORMAL,
                ),
                key="standardize_cell",
                alt=f"Histogram of the scores of {column} with this cell marked at {told.score:.2f}",
            )


def _choose_cell(dataset: DataSet, choice: Choice, scored: Scored) -> tuple[int, str]:
    found = most_unusual(dataset.key, choice, scored) or (0, choice.columns[0])
    _follow_headline(dataset, choice, found)
    first, second = st.columns(2)
    with first:
        row = choose_row(dataset, key=ROW, first=found[0])
    with second:
        column = widgets.choose_one(
            "Column", list(choice.columns), key=COLUMN, index=choice.columns.index(found[1])
        )
    return row, column


def _follow_headline(dataset: DataSet, choice: Choice, found: tuple[int, str]) -> None:
    """After a change of what is scored the card shows the headline's cell again; a cell of a link stays."""
    before, now = st.session_state.get(_SHOWN), (dataset.key, choice)
    if before is not None and before[0] == dataset.key and before != now:
        st.session_state[ROW], st.session_state[COLUMN] = int(dataset.row_numbers[found[0]]), found[1]
    st.session_state[_SHOWN] = now


def _cell_meaning(dataset: DataSet, choice: Choice, scored: Scored, row: int, column: str) -> CellMeaning:
    """The cell among its column, or among its group's part of the column."""
    values = float_values(dataset.frame[column], column)
    fit, peers = scored.parameters.overall(column), np.arange(len(values))
    if choice.by:
        groups = group_index(dataset.frame, choice.by)
        fit = scored.parameters.of_groups(column)[groups.keys[groups.codes[row]]]
        peers = np.flatnonzero(groups.codes == groups.codes[row])
    return describe_cell(
        float(values[row]), float(scored.scores[column].iloc[row]), values[peers], fit,
        method=choice.method_of(column),
    )  # fmt: skip


def draw_interpretation(choice: Choice) -> None:
    """What 0, signs and sizes of a score mean under each method in use."""
    for method in choice.methods:
        if len(choice.methods) > 1:
            named = [name for name in choice.columns if choice.method_of(name) == method]
            st.markdown(f"**{METHODS[method].title}** ({plain(', '.join(named), width=200)})")
        st.markdown("\n".join(f"- {line}" for line in _interpreted(method, choice)))
    if len(choice.methods) == 1:
        st.markdown("- Scores have no unit, so columns of different units can be compared.")
    else:
        st.caption("Scores have no unit; sizes can be compared between columns of the same method.")


def _interpreted(name: str, choice: Choice) -> list[str]:
    method, among = METHODS[name], group_named(choice.by) or "column"
    zero = {
        "minmax": f"the smallest value of its {among}",
        "maxabs": "zero itself",
        "rank_gauss": f"the middle of its {among} by rank",
    }.get(name, f"exactly the {method.center_name} of its {among}")
    lines = [f"**0** means {plain(zero)}."]
    if name == "minmax":
        lines.append("**1** is the largest value; values between are in proportion.")
    else:
        lines.append("**Positive** is above that, **negative** below.")
    if name in LIKE_NORMAL:
        lines.append(
            "**Size**: within 1 is usual (68% of a normal distribution), within 2 not unusual (95%), "
            "beyond 2 unusual (5%), beyond 3 rare (0.3%). Real columns often have more far values."
        )
    return lines


def draw_statistics(dataset: DataSet, choice: Choice, scored: Scored) -> None:
    """Center and scale of every column and group, with accuracy and notes."""
    summary = scored.standardizer.summary()
    if choice.by:
        summary = pd.concat([summary[summary["group"].notna()], summary[summary["group"].isna()]])
        summary["group"] = summary["group"].fillna("(all rows)")
    center, scale = ("center", "scale") if len(choice.methods) > 1 else _names_of(choice.methods[0])
    summary["method"] = [METHODS[choice.method_of(name)].title for name in summary["column"]]
    shown = ["column", "group", "center", "scale", "lambda", "n", "missing", "infinite", "note", "accuracy"]
    if len(choice.methods) > 1:
        shown.insert(1, "method")
    empty = [name for name in ("lambda", "group", "note", "center", "scale") if not summary[name].any()]
    widgets.table(
        summary[[name for name in shown if name not in empty]],
        key="standardize_summary",
        alt="Center, scale, counts and notes of every column",
        column_config={
            "center": st.column_config.NumberColumn(center, format="%.9g", help=hover_of(center)),
            "scale": st.column_config.NumberColumn(scale, format="%.9g", help=hover_of(scale)),
            "lambda": st.column_config.NumberColumn("lambda", format="%.4f"),
            "note": st.column_config.TextColumn("note", width="medium"),
        },
    )
    left = [name for name in numeric_columns(dataset) if name not in (*choice.columns, *choice.by)]
    if left:
        st.caption(plain(f"Numbers left out: {', '.join(left)}.", width=400))


def _names_of(method: str) -> tuple[str, str]:
    """What the method subtracts and divides by."""
    return METHODS[method].center_name, METHODS[method].scale_name


def draw_method(choice: Choice) -> None:
    """The formula, the policy for awkward columns, and how exact the arithmetic is."""
    for method in choice.methods:
        st.latex(METHODS[method].formula)
    st.markdown(
        "- Missing stays missing. Infinite values are counted, left out of the statistics, and kept.\n"
        "- A column whose values are all equal, or differ only by rounding, scores 0: it has no spread.\n"
        "- Where the MAD or the interquartile range is 0 though values differ, 1.2533 × the mean absolute "
        "deviation takes its place, scaled alike.\n"
        "- A row whose group is missing belongs to a group of its own; groups not seen at fitting are scored "
        "with the statistics over all rows.\n"
        "- Means and deviations are computed in two passes in double precision. The table shows how many "
        "digits of NIST's certified values (Statistical Reference Datasets) that gives here, now."
    )
    st.dataframe(_certified(), hide_index=True, alt="Correct digits on the eight NIST univariate sets")


def _certified() -> pd.DataFrame:
    rows = [(one.name, one.n, one.certified_sd, one.mean_digits, one.sd_digits) for one in self_test()]
    names = ["data set", "n", "certified sd", "correct digits of the mean", "correct digits of the sd"]
    return pd.DataFrame(rows, columns=names).round({names[3]: 1, names[4]: 1})


def fits_with_notes(scored: Scored) -> list[ColumnFit]:
    """The fits that say something a reader should know."""
    return [fit for fit in scored.parameters.fits if fit.shape.note]


def note_sentence(fit: ColumnFit) -> str:
    """Column, group and note."""
    group = "" if fit.group is None else f" ({listed_groups((fit.group,))})"
    return f"{fit.column}{group}: {fit.shape.note}."
