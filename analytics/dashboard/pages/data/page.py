"""The Data page: how the file was read, what each column holds, and the rows."""

import streamlit as st

from analytics.dashboard.pages.data import (
    columns,
    doubts,
    from_hub,
    guide,
    keeping,
    large_files,
    publishing,
    reading,
    recipe_panel,
    rows,
    worth_a_look,
)
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import Suggestion


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    guide.draw_welcome()
    reading.take_upload()
    from_hub.draw_from_hub()
    _draw_columns(dataset)

    recipe_panel.draw_recipe(dataset)

    st.subheader("How it was read", anchor=False)
    reading.draw_reading(dataset.read_table.report)
    other = st.expander(
        "Read it another way", icon=":material/tune:", on_change="rerun", key="data_other_reading"
    )
    if other.open:
        with other:
            reading.draw_other_reading(dataset)

    rows.draw_rows(dataset)
    keeping.draw_keeping(dataset)
    publishing.draw_publishing(dataset)


def _draw_columns(dataset: DataSet) -> None:
    frame = dataset.frame
    profiled = columns.profile(dataset.key, frame, dataset.roles)
    missing = "No cell is missing"
    if profiled.missing:
        is_missing = "is missing" if profiled.missing == 1 else "are missing"
        missing = f"{count(profiled.missing, 'cell')} of {len(frame) * frame.shape[1]:,} {is_missing}"
    st.markdown(
        f"**{plain(dataset.name)}** has {count(len(frame), 'row')} and {count(frame.shape[1], 'column')}: "
        + ", ".join(f"{n} {kind}" for n, kind in columns.kinds_of(dataset))
        + f". {missing}\\."
    )
    from_hub.tell_origin(dataset)
    large_files.tell_origin(dataset)
    guide.draw_next(dataset)
    doubts.draw_doubts(dataset)
    found: tuple[Suggestion, ...] = ()
    with widgets.errors_told():
        found = worth_a_look.draw_suggestions(dataset)
    st.subheader("Columns", anchor=False)
    st.caption(
        "Click a column to see all of it. Zetascope guesses what each is for; change **used as** where it "
        "is wrong, and every page follows."
    )
    with widgets.errors_told():
        columns.draw_columns(dataset, profiled, found)
