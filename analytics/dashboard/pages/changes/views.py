"""What the Changes page shows: sentences, columns, one column before and now, rows and cells."""

import json
from collections.abc import Hashable

import numpy as np
import pandas as pd
import streamlit as st

from analytics.comparison import RowChanges, TableComparison
from analytics.comparison.columns import column_changes
from analytics.dashboard.pages.changes.choices import Pair
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.figures.changes import level_bars, value_shares
from analytics.numbers.relations.words import p_text
from analytics.tables import Role
from analytics.tables.quantities import quantity

_SAID = 12  # sentences that stand open


def accepted_renames(pair: Pair) -> tuple[tuple[str, str], ...]:
    """Pairs that look renamed and that the visitor takes as one column."""
    found = _look_renamed(pair.before.key, pair.now.key, pair)
    if not found:
        return ()
    labels = {f"{before} → {now}": (before, now) for before, now in found}
    taken = widgets.choose_columns("Take as renamed", list(labels), key="changes_renamed", default=[])
    return tuple(labels[one] for one in taken)


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def _look_renamed(before: str, now: str, _pair: Pair) -> list[tuple[str, str]]:
    sides = _pair.before, _pair.now
    roles: list[dict[Hashable, Role]] = [
        {name: side.roles[str(name)] for name in side.frame.columns} for side in sides
    ]
    changes = column_changes(sides[0].frame, sides[1].frame, roles_old=roles[0], roles_new=roles[1])
    return [(str(one.before), str(one.now)) for one in changes.renamed]


def headline(found: TableComparison) -> str:
    """The answer in one line."""
    columns = found.columns
    changed = int((found.values["verdict"] == "changed").sum())
    parts = ["The same columns"]
    if columns.added or columns.gone:
        parts = [f"{count(len(columns.added), 'column')} added, {len(columns.gone):,} gone"]
    if columns.common:
        parts.append(
            f"values of {count(changed, 'column')} spread otherwise"
            if changed
            else "no column found to spread otherwise"
        )
    else:
        parts[0] = f"No column is in both files: {parts[0]}"
    if found.rows:
        rows = found.rows
        parts.append(
            f"{count(len(rows.added), 'row')} added, {len(rows.gone):,} gone, {rows.changed_rows:,} changed"
        )
    else:
        parts.append(f"{found.rows_before:,} rows before and {found.rows_now:,} now")
    return "; ".join(parts) + "."


def draw_found(pair: Pair, found: TableComparison) -> None:
    """Everything below the answer."""
    said = found.sentences()
    st.markdown("\n".join(f"- {plain(one, width=500)}" for one in said[:_SAID]))
    if said[_SAID:]:
        with st.expander(count(len(said) - _SAID, "more remark")):
            st.markdown("\n".join(f"- {plain(one, width=500)}" for one in said[_SAID:]))
    st.subheader("Values of each column", anchor=False)
    _draw_values(found)
    _draw_column(pair, found)
    if found.rows:
        st.subheader("Rows", anchor=False)
        _draw_rows(found.rows)
    st.subheader("Take it with you", anchor=False)
    _draw_downloads(pair, found)


def _draw_values(found: TableComparison) -> None:
    if found.values.empty:
        st.info("No column that both files have can be compared by its values.", icon=":material/info:")
        return
    shown = found.values.drop(columns=["sentence", "p"])
    shown["column"] = shown["column"].map(str)
    shown["p_adjusted"] = shown["p_adjusted"].map(lambda p: p_text(p).removeprefix("p = ").removeprefix("p "))
    shown = shown[
        ["column", "kind", "verdict", *[n for n in shown if n not in ("column", "kind", "verdict")]]
    ]
    number, percent = st.column_config.NumberColumn, "percent"
    widgets.table(
        shown.rename(columns=lambda name: _HEADINGS.get(name, name.replace("_", " "))),
        key="changes_values",
        alt="Every column with its missing share, mean, spread, PSI and Kolmogorov-Smirnov, before and now",
        column_config={
            "missing before": number(format=percent),
            "missing now": number(format=percent),
            "PSI": number(format="%.3f", help=hover("PSI")),
            "PSI by chance": number(
                format="%.3f", help="What PSI stays below by chance alone, in at least 95 of 100 cases."
            ),
            "KS": number(format="%.3f", help=hover("KS")),
            "sd before": number(help=hover("standard deviation")),
            "sd now": number(help=hover("standard deviation")),
            "corrected p": st.column_config.TextColumn(help=hover("Holm")),
        },
    )


_HEADINGS = {
    "psi": "PSI",
    "psi_chance": "PSI by chance",
    "psi_means": "PSI means",
    "ks": "KS",
    "p_adjusted": "corrected p",
}


def _draw_column(pair: Pair, found: TableComparison) -> None:
    """One column before and now."""
    names = [str(name) for name in found.values["column"]]
    if not names:
        return
    name = widgets.choose_one("Column", names, key="changes_column")
    row = found.values[found.values["column"].map(str) == name].iloc[0]
    st.markdown(plain(row["sentence"], width=500))
    if row["column"] in found.levels:
        widgets.chart(
            level_bars(found.levels[row["column"]], name=name),
            key="changes_shares",
            alt=f"Shares of the levels of {name} before and now, the largest change first",
        )
        return
    before = {now: old for old, now in accepted_of(pair)}
    sides = [pair.before.frame[before.get(name, name)], pair.now.frame[name]]
    values = [quantity(side).values for side in sides]
    if {side.dtype.kind for side in values} - set("mM"):
        values = [side.astype(np.float64) for side in values]
    widgets.chart(
        value_shares(*values, name=name),
        key="changes_shape",
        alt=f"Shares of the rows along {name}, before and now",
    )


def accepted_of(pair: Pair) -> list[tuple[str, str]]:
    """The renames that stand chosen."""
    chosen = st.session_state.get("changes_renamed", [])
    return [
        one for one in _look_renamed(pair.before.key, pair.now.key, pair) if f"{one[0]} → {one[1]}" in chosen
    ]


def _draw_rows(rows: RowChanges) -> None:
    st.markdown("\n".join(f"- {plain(one, width=500)}" for one in rows.sentences()[:1]))
    if rows.changed_cells:
        by_column = rows.by_column[rows.by_column > 0].sort_values(ascending=False)
        told = ", ".join(f"{name} {n:,}" for name, n in by_column.head(12).items())
        st.caption(plain(f"Changed cells by column: {told}.", width=500))
        widgets.table(rows.cells, key="changes_cells", alt="Every changed cell with its value before and now")
    for numbers, what, where in ((rows.added, "added", "now"), (rows.gone, "gone", "before")):
        if len(numbers):
            listed = ", ".join(f"{number:,}" for number in numbers[:20])
            more = f" and {len(numbers) - 20:,} more" if len(numbers) > 20 else ""
            st.caption(f"Rows {what}, by their number in the file {where}: {listed}{more}.")


def _draw_downloads(pair: Pair, found: TableComparison) -> None:
    stem = f"{stem_of(pair.before.name)}_{stem_of(pair.now.name)}"
    with st.container(horizontal=True):
        widgets.download_table(
            lambda: found.values, stem=f"{stem}_values", key="changes_values", label="Columns"
        )
        if found.rows:
            rows = found.rows
            widgets.download_table(
                lambda: rows.cells, stem=f"{stem}_cells", key="changes_cells", label="Changed cells"
            )
            if len(rows.added):
                widgets.download_table(
                    lambda: _rows_of(pair.now.frame, rows.added),
                    stem=f"{stem}_added",
                    key="changes_added",
                    label="Added rows",
                )
            if len(rows.gone):
                widgets.download_table(
                    lambda: _rows_of(pair.before.frame, rows.gone),
                    stem=f"{stem}_gone",
                    key="changes_gone",
                    label="Gone rows",
                )
        widgets.download(
            "All as JSON",
            lambda: json.dumps(found.to_data(), indent=2, allow_nan=False),
            file_name=f"{stem}_changes.json",
            key="changes_json",
        )


def _rows_of(frame: pd.DataFrame, numbers: np.ndarray) -> pd.DataFrame:
    """Rows by their number, which stands in front."""
    made = frame.loc[numbers - 1]
    return made.set_axis(pd.Index(numbers, name="row"))
