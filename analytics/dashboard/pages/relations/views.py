"""The Relations page's views of all pairs: a list, a matrix, against one column, missing together."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.relations import pair
from analytics.dashboard.pages.relations.study import ranking_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.relations import MOST_DRAWN, relation_matrix
from analytics.numbers.relations.columns import MOST_COLUMNS
from analytics.numbers.relations.relations import Relations
from analytics.numbers.relations.words import MEASURES, p_text

SIGNIFICANT = 0.05
_SHOWN = {"first": "column", "second": "and", "value": "strength", "low": "from", "high": "to"}


def draw_views(dataset: DataSet, found: Relations) -> None:
    """A tab for each view; only the open one is drawn."""
    tabs = st.tabs(list(_VIEWS), on_change="rerun", key="relations_view")
    for tab, draw_view in zip(tabs, _VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                draw_view(dataset, found)


def _draw_list(_dataset: DataSet, found: Relations) -> None:
    """All pairs, the strongest first; a click on a row shows the pair."""
    state = widgets.table(
        for_people(found.pairs),
        key="relations_list",
        alt="Every pair of columns, the strongest first, with its measure, interval and p",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(),
    )
    rows = state.selection.rows
    if rows:
        chosen = found.pairs.iloc[rows[0]]
        pair.pick("list", rows[0], str(chosen["first"]), str(chosen["second"]))
    st.caption("Choose a row to see its two columns below.")


def _draw_matrix(_dataset: DataSet, found: Relations) -> None:
    names = found.order
    state = widgets.chart(
        relation_matrix(found.matrix, names),
        key="relations_matrix",
        alt="Heat map of the strength of every pair, columns that hang together side by side",
        select="points",
    )
    if len(names) > MOST_DRAWN:
        st.caption(f"The first {MOST_DRAWN} of {len(names):,} columns in this order; the list has all.")
    st.caption("Rank correlations have a sign, the other measures none. Click a cell to see its two columns.")
    for point in getattr(getattr(state, "selection", None), "points", None) or []:
        row, column = (int(place) for place in point["customdata"])
        if row != column:
            pair.pick("matrix", (row, column), str(names[row]), str(names[column]))


def _draw_against(dataset: DataSet, found: Relations) -> None:
    """What the others tell about the column that the visitor chooses."""
    names = [str(name) for name in found.columns.names]
    target = widgets.choose_one("Against this column", names, key="relations_target")
    ranking = ranking_of(dataset.key, target, found)
    for sentence in ranking.sentences():
        st.markdown(f"- {plain(sentence, width=400)}")
    table = ranking.ranking
    shown = pd.DataFrame(
        {
            "column": table["column"].map(str),
            "tells": table["told"],
            "measure": table["measure"].map(MEASURES),
            "strength": table["value"],
            "from": table["low"],
            "to": table["high"],
            "p": table["p_adjusted"].map(_bare_p),
            "bent": table["bent"],
            "rows": table["n"],
        }
    )
    widgets.table(
        shown,
        key="relations_against",
        alt=f"All other columns by what they tell about {target}",
        column_config=_columns()
        | {
            "tells": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1, help=hover("explained share")
            ),
            "p": st.column_config.TextColumn("corrected p", help=hover("Holm")),
            "bent": st.column_config.CheckboxColumn(
                help="Groups of the column tell what no straight measure sees, such as a U."
            ),
        },
    )


def _draw_missing(_dataset: DataSet, found: Relations) -> None:
    """Which gaps go together."""
    table = found.missing
    if table.empty:
        st.info("Fewer than two columns have gaps: nothing can be missing together.", icon=":material/check:")
        return
    square = found.missing_matrix
    widgets.chart(
        relation_matrix(square, tuple(square.columns), measure="phi of their gaps"),
        key="relations_missing_matrix",
        alt="Heat map of phi: 1 where two columns lack values in the same rows, below 0 where in others",
    )
    if len(square) == MOST_COLUMNS:
        st.caption(f"Compared are the first {MOST_COLUMNS:,} columns with gaps.")
    shown = for_people(table).assign(both=table["both_missing"].to_numpy())
    widgets.table(
        shown.rename(columns={"both": "rows without both"}),
        key="relations_missing",
        alt="Pairs of columns by how far their gaps fall on the same rows",
        column_config=_columns(),
    )


def for_people(table: pd.DataFrame) -> pd.DataFrame:
    """The table of pairs with the names and words of the page."""
    shown = table[["first", "second", "value", "low", "high"]].rename(columns=_SHOWN)
    shown["column"], shown["and"] = shown["column"].map(str), shown["and"].map(str)
    for name in _SHOWN.values():
        if shown[name].dtype == "float64":
            shown[name] = shown[name].where(~shown[name].abs().lt(0.005), 0.0)  # else the table says -0.00
    shown["p"] = table["p"].map(_bare_p)
    shown["corrected p"] = table["p_adjusted"].map(_bare_p)
    shown["rows"] = table["n"]
    shown["measure"] = table["measure"].map({**MEASURES, "phi": "phi"})
    if "pearson" in table and table["pearson"].notna().any():
        shown["Pearson"] = table["pearson"].where(~table["pearson"].abs().lt(0.005), 0.0)
    return shown


def _bare_p(p: float) -> str:
    return p_text(p).removeprefix("p = ").removeprefix("p ")


def _columns() -> dict[str, object]:
    number = st.column_config.NumberColumn
    return {
        "measure": st.column_config.TextColumn(help=hover("effect size")),
        "strength": number(format="%.2f", help=hover("effect size")),
        "from": number(format="%.2f", help=hover("interval")),
        "to": number(format="%.2f", help=hover("interval")),
        "p": st.column_config.TextColumn(help=hover("p")),
        "corrected p": st.column_config.TextColumn(help=hover("false discovery rate")),
        "rows": number(format="localized", help="Rows that have both values."),
        "Pearson": number(format="%.2f", help=hover("Pearson")),
    }


_VIEWS: Mapping[str, Callable[[DataSet, Relations], None]] = {
    "List": _draw_list,
    "Matrix": _draw_matrix,
    "Against a column": _draw_against,
    "Missing together": _draw_missing,
}
