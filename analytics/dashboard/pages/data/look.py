"""One column of the Data page looked at closely: its shape, its values, what is in doubt, its type."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data import retyping
from analytics.dashboard.pages.data.reading import key_for
from analytics.dashboard.pages.data.values import counts_of, detail_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, digits, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.figures import columns as figures
from analytics.recipe import Suggestion
from analytics.tables import ColumnDetail, ColumnProfile
from analytics.words import value_text, whole_value_text

KINDS = ["number", "category", "text", "time", "identifier", "constant", "empty"]
_NAMES = "category"
"""Numbers that name something have no mean and no shape, only values."""
_BARS = 12
_SHAPE_WIDTH, _FACTS_WIDTH = 450, 290  # side by side in a window of 1280 pixels
_MOST_ROWS_TOLD = 8


def look_key(dataset: DataSet) -> str:
    """Key of the column that is looked at."""
    return key_for(dataset, "look")


def draw_look(
    dataset: DataSet, profiles: dict[str, ColumnProfile], suggested: tuple[Suggestion, ...]
) -> None:
    """The choice of a column and, once there is one, all that is known of it."""
    key = look_key(dataset)
    if st.session_state.get(key) not in (None, *profiles):
        st.session_state[key] = None  # a step took it out or renamed it
    name = st.selectbox(
        "Column to look at",
        list(profiles),
        index=None,
        key=key,
        persist_state="session",
        placeholder="click it in the table, or choose it here",
        width=360,
    )
    if name is None:
        return
    about = profiles[name]
    with st.container(border=True, key="data_look"), widgets.errors_told():
        st.markdown(f"**{plain(name)}**: {_said(about)}")
        _draw_role(dataset, about)
        detail = detail_of(dataset.key, name, dataset.frame[name])
        with st.container(horizontal=True, gap="medium"):
            with st.container(width=_SHAPE_WIDTH):
                _draw_shape(dataset, about, detail)
            with st.container(width=_FACTS_WIDTH):
                _draw_facts(about, detail)
        if about.examples:
            st.caption("Examples: " + " · ".join(plain(text, width=60) for text in _examples(about)))
        _draw_missing(dataset, about, detail)
        _draw_values(dataset, about)
        _draw_open(dataset, name, suggested)
        retyping.draw_type(dataset, name)


def _said(about: ColumnProfile) -> str:
    said = f"{count(about.rows - about.missing, 'value')}, {about.distinct:,} of them different"
    if not about.missing:
        return f"{said}; every cell has one\\."
    return f"{said}; {count(about.missing, 'cell')} without one ({about.missing / max(1, about.rows):.2%})\\."


def _draw_role(dataset: DataSet, about: ColumnProfile) -> None:
    name = str(about.name)
    key = key_for(dataset, f"role_{name}")
    st.session_state[key] = about.role.kind
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Used as",
            KINDS,
            key=key,
            width=160,
            on_change=lambda: datasets.choose_role(dataset, name, st.session_state[key]),
        )
        st.caption(plain(about.role.reason, width=200))


def _draw_shape(dataset: DataSet, about: ColumnProfile, detail: ColumnDetail) -> None:
    name = str(about.name)
    if detail.histogram is not None and about.role.kind != _NAMES:
        _draw_numbers(about, detail)
    elif detail.days is not None and detail.day_counts is not None:
        figure = figures.calendar(detail.days, detail.day_counts)
        if figure is None and about.histogram is not None:
            figure = figures.time_histogram(about.histogram, name=name)
        if figure is not None:
            alt = f"Rows per day or month of {name}, from {about.minimum} to {about.maximum}"
            widgets.chart(figure, key="data_look_calendar", alt=alt)
    elif about.missing < about.rows:
        values = counts_of(dataset.key, name, dataset.frame[name])
        shown = min(_BARS, len(values))
        figure = figures.value_bars(values.texts(0, shown), values.counts[:shown].tolist(), rows=about.rows)
        widgets.chart(figure, key="data_look_bars", alt=f"The commonest values of {name} with their counts")
        if len(values) > shown:
            st.caption(f"The {shown} commonest of {len(values):,} values; all of them below.")


def _draw_numbers(about: ColumnProfile, detail: ColumnDetail) -> None:
    shape = detail.histogram
    if detail.inner is not None and st.checkbox(
        "Without the outermost half per cent at either end", key="data_look_inner", value=True
    ):
        shape = detail.inner
    assert shape is not None
    marks = [
        (said, value) for said, value in (("median", about.median), ("mean", about.mean)) if value is not None
    ]
    figure = figures.histogram(shape, name=str(about.name), marks=marks)
    alt = f"Histogram of {about.name}, from {about.minimum} to {about.maximum}, median {about.median}"
    widgets.chart(figure, key="data_look_histogram", alt=alt)


def _draw_facts(about: ColumnProfile, detail: ColumnDetail) -> None:
    frame = pd.DataFrame(list(_facts(about, detail)), columns=["", "value"])
    st.dataframe(
        frame,
        hide_index=True,
        key="data_look_facts",
        alt=f"Figures of {about.name}",
        height="content",
        column_config={"value": st.column_config.TextColumn(alignment="right")},
    )


def _facts(about: ColumnProfile, detail: ColumnDetail) -> Iterator[tuple[str, str]]:
    """Names and figures; only those that the column has."""
    quartiles = about.quartiles or (None, None, None)
    ends = ("smallest", "largest") if detail.days is None else ("earliest", "latest")
    numbers = {
        "mean": about.mean,
        "standard deviation": about.sd,
        ends[0]: about.minimum,
        "lower quartile": quartiles[0],
        "median": quartiles[1],
        "upper quartile": quartiles[2],
        ends[1]: about.maximum,
        "skewness": detail.skewness,
    }
    for name, value in numbers.items():
        if value is not None and (name in ends or about.role.kind != _NAMES):
            yield name, _shown(value, whole=name in ends)
    if detail.negative is not None:
        yield "zeros", f"{about.zeros:,}"
        yield "negative", f"{detail.negative:,}"
        yield "infinite", f"{about.infinities:,}"
    if detail.days is not None:
        yield "days that occur", f"{len(detail.days):,}"
    if detail.lengths is not None:
        for name, length in zip(("shortest", "middle", "longest"), detail.lengths, strict=True):
            yield f"{name} length", f"{digits(length)} characters"


def _examples(about: ColumnProfile) -> list[str]:
    """Some values; days without the midnight that comes with them."""
    midnight = " 00:00:00" if all(text.endswith(" 00:00:00") for text in about.examples) else ""
    return [text.removesuffix(midnight) for text in about.examples]


def _shown(value: str | float, *, whole: bool) -> str:
    if isinstance(value, str):
        return value.removesuffix("T00:00:00").replace("T", " ")
    return whole_value_text(value) if whole else value_text(value)


def _draw_missing(dataset: DataSet, about: ColumnProfile, detail: ColumnDetail) -> None:
    if not about.missing or about.missing == about.rows:
        return
    numbers = dataset.row_numbers[list(detail.missing_places[:_MOST_ROWS_TOLD])]
    more = "" if about.missing <= _MOST_ROWS_TOLD else " and others"
    st.markdown(
        f"Without a value: {'row' if about.missing == 1 else 'rows'} "
        f"{', '.join(f'{n:,}' for n in numbers)}{more}\\."
    )
    widgets.chart(
        figures.missing_strip(detail.missing_shares, rows=about.rows),
        key="data_look_missing",
        alt=f"Where in the file {about.name} has no value, from the first row to the last",
    )


def _draw_values(dataset: DataSet, about: ColumnProfile) -> None:
    if about.missing == about.rows:
        return
    box = st.expander(
        f"All {about.distinct:,} values with their counts",
        icon=":material/format_list_numbered:",
        on_change="rerun",
        key="data_look_values",
    )
    if not box.open:
        return
    with box:
        name = str(about.name)
        values = counts_of(dataset.key, name, dataset.frame[name])
        rarest = values.texts(max(0, len(values) - 5))
        if len(values) > 5 and int(values.counts[-1]) < int(values.counts[0]):
            st.caption(
                f"Rarest, {count(int(values.counts[-1]), 'row')}: "
                + " · ".join(plain(text, width=40) or "(empty)" for text in reversed(rarest))
            )
        frame = values.frame(about.rows)
        widgets.table(
            frame,
            key="data_look_values_table",
            alt=f"All values of {name}, commonest first",
            column_config={
                "rows": st.column_config.NumberColumn(format="localized"),
                "share": st.column_config.ProgressColumn(
                    format="percent", min_value=0.0, max_value=float(frame["share"].iloc[0])
                ),
            },
        )
        widgets.download(
            "These values (CSV)",
            lambda: frame,
            file_name=widgets.of_data(f"values_of_{stem_of(name)}.csv"),
            key="data_look_values_download",
        )


def _draw_open(dataset: DataSet, name: str, suggested: tuple[Suggestion, ...]) -> None:
    """What is in doubt about the column, and what might be done about it."""
    doubts = [doubt for doubt in dataset.report.doubts if doubt.column == name]
    for doubt in doubts:
        said = f"**In doubt**: {plain(doubt.question, width=300)} {plain(doubt.evidence, width=300)}"
        st.info(f"{said} Answer it above\\.", icon=":material/help:")
    for place, found in enumerate(one for one in suggested if name in one.columns):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**Worth a look**: {plain(found.sentence, width=400)}", width="content")
            for number, step in enumerate(found.steps):
                st.button(
                    plain(step.sentence(), width=80),
                    key=f"data_look_suggestion_{place}_{number}_{hash(step)}",
                    icon=":material/add:",
                    on_click=datasets.add_steps,
                    args=(dataset, step),
                )
