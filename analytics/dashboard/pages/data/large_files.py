"""A file with more rows than this server holds: what is in it, and a part of it to go on with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.dashboard.pages.data.condition_forms import as_number
from analytics.dashboard.parts import making_room, uploads
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import look_over_large, part_of_large
from analytics.dashboard.server.settings import read_settings
from analytics.errors import ZetascopeError
from analytics.recipe import Compare
from analytics.recipe.conditions import OPERATORS
from analytics.recipe.steps import Keep
from analytics.recipe.values import Value
from analytics.tables.errors import LimitError

if TYPE_CHECKING:
    from analytics.scale.part import LargeFile

_LARGE = "zetascope_large_file"
_PARTS = "zetascope_parts_of_files"
_SOME_ROWS = 200_000  # enough for any figure that a page shows, and every page is quick with them
_ALL = "all rows"
_KEYS = tuple(f"large_{name}" for name in ("rows", "column", "op", "value", "columns"))


@dataclass(frozen=True)
class _Wanted:
    """The part that somebody wants of a file."""

    rows: int
    keep: Keep | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class _Waiting:
    """A file that waits in its uploader, why it was not opened whole, and the part that is to be opened."""

    file: str
    why: str
    wanted: _Wanted | None = None


def taken(file: UploadedFile, take: Callable[[], None], *, uploader: str) -> None:
    """Take the file in an uploader; where it is too large, offer a part of it instead."""
    waiting = st.session_state.get(_LARGE)
    if waiting is None or waiting.file != file.file_id:
        try:
            making_room.taken(file, lambda: _whole(file, take), uploader=uploader)
            return
        except uploads.WaitsError as error:
            waiting = st.session_state[_LARGE] = _Waiting(file.file_id, str(error))
    with st.container(border=True, key="large_file"):
        _draw_offer(file, waiting, uploader)
        wanted = waiting.wanted
        if wanted is None:
            return
        with errors_told():
            try:
                making_room.taken(file, lambda: _open_part(file, wanted), uploader=uploader)
            except uploads.WaitsError:
                st.session_state[_LARGE] = replace(waiting, wanted=None)
                raise


def tell_origin(dataset: DataSet) -> None:
    """Which rows of a larger file these are."""
    origin = st.session_state.get(_PARTS, {}).get(dataset.table.sha256)
    if origin:
        st.caption(plain(origin, width=500))


def _whole(file: UploadedFile, take: Callable[[], None]) -> None:
    try:
        take()
    except LimitError as error:
        from analytics.scale.part import can_look

        if not can_look(file.name):
            raise
        raise uploads.WaitsError(str(error)) from error


def _draw_offer(file: UploadedFile, waiting: _Waiting, uploader: str) -> None:
    """What is in the file, and the choice of a part."""
    st.markdown(
        rf"**{plain(file.name)}** is too large to be opened whole\. {plain(waiting.why, width=400)} "
        r"Choose the rows to go on with; DuckDB finds them, and reads CSV by its own rules\. "
        r"For all rows, use the command line (README: “When one machine is not enough”)\."
    )
    with errors_told():
        with st.spinner("Counting rows and columns"):
            large = _looked_over(file.file_id, file)
        st.markdown(f"It holds {count(large.rows, 'row')} and {count(len(large.columns), 'column')}:")
        st.dataframe(_shown(large), hide_index=True, height=240, alt="What is in each column")
        _draw_choice(large)
    st.button("Leave it", key="large_leave", on_click=uploads.let_go, args=(uploader,))


def _shown(large: LargeFile) -> pd.DataFrame:
    """A line for each column; what a column of its kind has not is left empty."""
    lines = pd.DataFrame(large.columns)
    for name in ("minimum", "mean", "maximum"):
        lines[name] = [
            "" if value is None else f"{value:,.6g}" if isinstance(value, float) else str(value)
            for value in lines[name].astype(object).where(lines[name].notna(), None)
        ]
    return lines[["name", "kind", "missing", "distinct", "minimum", "mean", "maximum"]]


@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def _looked_over(file_id: str, _file: UploadedFile) -> LargeFile:
    return look_over_large(_file.getvalue(), name=_file.name)


def _draw_choice(large: LargeFile) -> None:
    names = [str(line["name"]) for line in large.columns]
    with st.form("large_part", border=False):
        most = min(large.rows, read_settings().max_rows)
        st.number_input(
            "Rows, drawn at random",
            min_value=1,
            max_value=most,
            value=min(_SOME_ROWS, most),
            key=_KEYS[0],
            help="Every row has the same chance, and the same ones are drawn again next time.",
        )
        left, middle, right = st.columns(3)
        left.selectbox("Out of", [_ALL, *names], key=_KEYS[1], help="Rows that one column chooses, or all.")
        middle.selectbox("that", list(OPERATORS), format_func=OPERATORS.__getitem__, key=_KEYS[2])
        right.text_input("value", key=_KEYS[3])
        st.multiselect("Columns", names, placeholder="all columns", key=_KEYS[4])
        st.form_submit_button("Open this part", type="primary", on_click=_want, args=(large,))


def _want(large: LargeFile) -> None:
    """Callback: the part that the form describes is opened in this run, or once others may go for it."""
    waiting = st.session_state.get(_LARGE)
    if waiting is None:  # it was opened by the first of two clicks
        return
    rows, column, op, typed, columns = (st.session_state[key] for key in _KEYS)
    kinds = {str(line["name"]): line["kind"] for line in large.columns}
    with errors_told():
        keep = None if column == _ALL else Keep(Compare(column, op, _value(typed, kinds[column])))
        wanted = _Wanted(int(rows), keep, tuple(columns))
        st.session_state[_LARGE] = replace(waiting, wanted=wanted)


def _value(typed: str, kind: str) -> Value:
    """A number where the column holds numbers, else the text."""
    number = as_number(typed) if kind in ("number", "identifier") else None
    return typed if number is None else number


def _open_part(file: UploadedFile, wanted: _Wanted) -> None:
    try:
        part = part_of_large(
            file.getvalue(), name=file.name, rows=wanted.rows, keep=wanted.keep, columns=wanted.columns
        )
    except ZetascopeError as error:
        raise uploads.WaitsError(str(error)) from error
    made = datasets.open_upload(f"part of {stem_of(file.name)}.parquet", part.parquet)
    where = f" where {wanted.keep.where.sentence()}" if wanted.keep else ""
    drawn = "all" if part.taken == part.matching else f"{part.taken:,} drawn at random"
    told = (
        f"A part of {file.name}, which has {count(part.rows, 'row')}: of {count(part.matching, 'row')}"
        f"{where}, {drawn}. Row numbers count the rows of this part."
    )
    st.session_state[_PARTS] = {**st.session_state.get(_PARTS, {}), made.table.sha256: told}
    st.session_state.pop(_LARGE, None)
    datasets.open_next(made.name)
