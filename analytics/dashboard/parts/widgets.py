"""Pieces that several pages draw the same way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.typing import PlotlyState

from analytics.dashboard.parts import long_tables
from analytics.dashboard.parts.files import Content, content_of, stem_of, type_of
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server import datasets
from analytics.errors import ZetascopeError

ROWS_SHOWN = 1000

_SelectionMode = Literal["points", "box", "lasso"]

_CHART_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg"},
}


@contextmanager
def errors_told(file_name: str = "") -> Iterator[None]:
    """Show a ZetascopeError raised inside as one sentence, after the name of the file it is about."""
    try:
        yield
    except ZetascopeError as error:
        about = f"**{plain(file_name, width=80)}**: " if file_name else ""
        st.error(f"{about}{plain(error, width=600)}", icon=":material/error:")


def chart(
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    select: _SelectionMode | tuple[_SelectionMode, ...] | None = None,
    on_select: Callable[[], None] | Literal["rerun"] = "rerun",
) -> PlotlyState | None:
    """Draw a figure with the project's look; ``alt`` says in words what it shows.

    ``select`` is "points", "box", "lasso" or several: then the selection is returned, and it is lost when the
    figure changes, so copy the ids out of ``customdata`` into the session. ``on_select`` is a callback.
    """
    if select is None:
        st.plotly_chart(figure, key=key, alt=alt, config=_CHART_CONFIG)
        return None
    config = {**_CHART_CONFIG, "modeBarButtonsToRemove": ["autoScale2d"]}
    return st.plotly_chart(
        figure, key=key, alt=alt, config=config, on_select=on_select, selection_mode=select
    )


def table(
    frame: pd.DataFrame,
    *,
    key: str,
    alt: str,
    rows: int | None = None,
    numbered: bool = False,
    **options: Any,
) -> Any:
    """Show a frame; beyond ROWS_SHOWN rows a page at a time, with a search and an order over all of them.

    ``rows``: how many there are where ``frame`` holds the first ones only, which is then said. ``numbered``
    shows the number of each row, from 1; the index then is the row's position in the file. A table in which
    rows are selected shows its first ones, since those are counted by their place on the screen.
    """
    apart = frame.columns.map(str).is_unique and "on_select" not in options
    paged = rows is None and len(frame) > ROWS_SHOWN and apart
    shown = long_tables.page_of(frame, key=key, rows=ROWS_SHOWN) if paged else frame.head(ROWS_SHOWN)
    if numbered:
        shown = counted_from_one(shown)
    options["column_config"] = {**days_as_days(shown), **(options.get("column_config") or {})}
    options.setdefault("placeholder", "–")
    state = st.dataframe(shown, key=key, alt=alt, hide_index=not numbered, **options)
    rows = len(frame) if rows is None else rows
    if rows > len(shown) and not paged:
        st.caption(first_rows_words(len(shown), rows))
    return state


def days_as_days(frame: pd.DataFrame) -> dict[Any, Any]:
    """Column settings that show dates without the midnight that comes with them, where all are days."""
    return {
        name: st.column_config.DateColumn(format="YYYY-MM-DD")
        for name, dtype in zip(frame.columns, frame.dtypes, strict=True)
        if pd.api.types.is_datetime64_dtype(dtype)
        and frame.columns.is_unique
        and bool((frame[name].dropna().dt.normalize() == frame[name].dropna()).all())
    }


def first_rows_words(shown: int, rows: int) -> str:
    """What to say below a table that holds the first rows only, so that its own search does not lie."""
    return (
        f"The first {shown:,} of {rows:,} rows: searching and sorting see only these. "
        "The download has all of them."
    )


def counted_from_one(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its rows' positions in the file counted from 1, as people and every page count them."""
    return frame.set_axis(frame.index + 1)


def download(label: str, make: Callable[[], Content], *, file_name: str, key: str) -> None:
    """A download whose content is made when it is clicked, so that reruns stay quick.

    The ending of ``file_name`` says how a table is written.
    """
    st.download_button(
        label,
        data=lambda: content_of(make(), file_name),
        file_name=file_name,
        mime=type_of(file_name),
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def of_data(end: str) -> str:
    """A file's name that begins with the open data set's, so that downloads of two do not look alike."""
    return f"{stem_of(datasets.open_dataset().name)}_{end}"


def download_table(make: Callable[[], pd.DataFrame], *, stem: str, key: str, label: str = "") -> None:
    """A table as CSV and as Parquet, under the keys ``key_csv`` and ``key_parquet``."""
    for kind in ("CSV", "Parquet"):
        ending = kind.lower()
        named = f"{label} ({kind})" if label else kind
        download(named, make, file_name=f"{stem}.{ending}", key=f"{key}_{ending}")


def choose_columns(
    label: str, options: list[str], *, key: str, default: list[str] | None = None, wrap: bool | None = None
) -> list[str]:
    """Several columns; the choice survives other pages and stands in the link.

    A choice made on another data set is dropped where this one lacks the column. ``wrap`` shows every chosen
    one, on as many lines as they need.
    """
    default = options if default is None else default
    kept = st.session_state.get(key)
    if isinstance(kept, list) and not set(kept) <= set(options):
        st.session_state[key] = default  # said, because the browser keeps what is only forgotten here
    return st.multiselect(
        label,
        options,
        default=default,
        key=key,
        bind="query-params",
        wrap=wrap,
    )


def choose_one(label: str, options: list[Any], *, key: str, **settings: Any) -> Any:
    """One of ``options``; like ``choose_columns`` it survives, is linked, and forgets what is not offered."""
    if key in st.session_state and st.session_state[key] not in options and options:
        index = settings.get("index", 0)
        st.session_state[key] = None if index is None else options[index]  # said, as above
    return st.selectbox(label, options, key=key, bind="query-params", **settings)
