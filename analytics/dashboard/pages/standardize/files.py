"""What leaves and enters the Standardize page: downloads, formulas, a new file to score."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.standardize.scores import reading_for_script
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import FILE_TYPES, stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.scoring import Scored
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import open_table, open_transform, recipe_of_transform
from analytics.dashboard.server.settings import read_settings
from analytics.numbers import AppliedReport, StandardizeError, apply_to_file, with_scores
from analytics.recipe import Made, Recipe
from analytics.reproduce import PandasReading, cleaning, standardize_script
from analytics.tables import Table
from analytics.tables.options import LIMITS

MODES = {"beside the columns, as name_z": "add", "in place of the columns": "replace"}


def draw_downloads(dataset: DataSet, scored: Scored) -> None:
    """Data, transform and script, all of the same result."""
    placed = st.radio(
        "Put the scores", list(MODES), key="standardize_mode", bind="query-params", horizontal=True
    )
    mode, stem = MODES[placed], stem_of(dataset.name)

    def result(rows: int | None = None) -> pd.DataFrame:
        return with_scores(dataset.frame[:rows], scored.scores[:rows], mode=mode)

    with widgets.errors_told(), st.container(horizontal=True):
        result(0)  # a name that is taken is told now, and not when the file is wanted
        widgets.download_table(result, stem=f"{stem}_z", key="standardize")
        widgets.download(
            "Transform (JSON)",
            scored.standardizer.to_json,
            file_name=f"{stem}_transform.json",
            key="standardize_json",
        )
        _draw_script(dataset, scored, mode, stem)
    st.caption("In the CSV, text that starts like a spreadsheet formula gets an apostrophe in front.")


def _draw_script(dataset: DataSet, scored: Scored, mode: str, stem: str) -> None:
    reading = reading_for_script(dataset.key, dataset)
    if isinstance(reading, str):
        st.caption(plain(reading, width=300))
        return
    widgets.download(
        "Script (Python)",
        lambda: _script_of(dataset, scored, reading, mode, stem),
        file_name=f"{stem}_again.py",
        key="standardize_script",
    )
    if not reading.original:
        widgets.download(
            "Table for the script",
            lambda: dataset.read_table.frame,
            file_name=reading.file_name,
            key="standardize_as_read",
        )


def _script_of(dataset: DataSet, scored: Scored, reading: PandasReading, mode: str, stem: str) -> str:
    """The script that makes the CSV again."""
    return standardize_script(
        scored.standardizer,
        reading=reading,
        transform=f"{stem}_transform.json",
        target=f"{stem}_z.csv",
        mode=mode,
        steps=cleaning(dataset.recipe, dataset.read_table),
    )


def draw_formulas(dataset: DataSet, scored: Scored) -> None:
    """The transform as SQL, as spreadsheet formulas and as a script to read."""
    sql, sheet, script = st.tabs(["SQL", "Spreadsheet", "Python"])
    with sql, _reason_told():
        st.code(scored.standardizer.to_sql(stem_of(dataset.name)), language="sql", height=240)
    with sheet, _reason_told():
        formulas = scored.standardizer.to_spreadsheet_formula(list(dataset.frame.columns))
        st.caption("For row 2 of the sheet with the columns of this file; fill down. Sheets keep 15 digits.")
        st.dataframe(
            pd.DataFrame({"column": list(formulas), "formula": list(formulas.values())}),
            hide_index=True,
            alt="One formula per column",
        )
    with script:
        reading = reading_for_script(dataset.key, dataset)
        if isinstance(reading, str):
            st.caption(plain(reading, width=300))
        else:
            code = _script_of(dataset, scored, reading, "add", stem_of(dataset.name))
            st.code(code, language="python", height=300)


@contextmanager
def _reason_told() -> Iterator[None]:
    """That a method has no formula is no fault of the visitor's: say why, without alarm."""
    try:
        yield
    except StandardizeError as error:
        st.caption(plain(error, width=300))


def draw_apply(dataset: DataSet, scored: Scored) -> None:
    """Another file scored by this transform, or by one saved earlier."""
    first, second = st.columns(2)
    limit = read_settings().max_upload_mb
    with first:
        new = st.file_uploader("New file", type=FILE_TYPES, key="standardize_new", max_upload_size=limit)
    with second:
        saved = st.file_uploader(
            "Transform file (leave empty for the one above)",
            type=["json"],
            key="standardize_saved",
            max_upload_size=limit,
        )
    if new is None:
        st.caption("The statistics stay those of the first file; nothing is fitted again.")
        return
    with widgets.errors_told(saved.name if saved else new.name):
        standardizer = open_transform(saved.getvalue()) if saved else scored.standardizer
        recipe = recipe_of_transform(standardizer, reading=datasets.upload_limits()) if saved else None
        data = new.getvalue()
        made = _made_new(hashlib.sha256(data).hexdigest(), new.name, recipe or dataset.recipe, data)
        _tell_steps(made)
        seen = None if saved else dataset.frame.columns
        _draw_applied(made, apply_to_file(standardizer, made.frame, first=seen))


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _made_new(sha256: str, name: str, recipe: Recipe, _data: bytes) -> Made:
    """The new file read and treated as the first one was: what meant missing in it means missing here."""
    limits = datasets.upload_limits()
    options = replace(recipe.read, **{one: getattr(limits, one) for one in LIMITS})
    return recipe.apply(open_table(_data, name=name, options=options))


def _tell_steps(made: Made) -> None:
    if not made.account:
        return
    st.caption(
        f"Read as the first file was, then the recipe's {count(len(made.account), 'step')}: "
        f"{count(len(made.frame), 'row')} left."
    )
    for account in made.problems():
        st.warning(plain(account.sentence(), width=400), icon=":material/warning:")


def _draw_applied(table: Table, report: AppliedReport) -> None:
    """What fits, what is new, what has drifted, and the scored file."""
    moved = count(len(report.drifted), "column has", "columns have")
    head = f"{moved} drifted" if report.drifted else "Nothing has drifted"
    st.markdown(f"**{plain(table.name)}**, {count(report.rows, 'row')}: {head}.")
    st.markdown("\n".join(f"- {plain(sentence, width=400)}" for sentence in report.sentences()))
    widgets.table(
        _drift_frame(report),
        key="standardize_drift",
        alt="Mean, spread and missing share of every column, before and now",
        column_config={
            name: st.column_config.NumberColumn(format="percent")
            for name in ("missing before", "missing now", "beyond 3 sd")
        },
    )
    stem = stem_of(table.name)
    with st.container(horizontal=True):
        widgets.download_table(
            lambda: with_scores(table.frame, report.scores),
            stem=f"{stem}_z",
            key="standardize_applied",
            label="Scored file",
        )


def _drift_frame(report: AppliedReport) -> pd.DataFrame:
    """One row per column: before and now."""
    return pd.DataFrame(
        [
            {
                "column": one.column,
                "mean before": one.mean_before,
                "mean now": one.mean_now,
                "shift in sd": one.shift,
                "sd before": one.sd_before,
                "sd now": one.sd_now,
                "ratio of sd": one.ratio,
                "missing before": one.missing_before,
                "missing now": one.missing_now,
                "beyond 3 sd": one.beyond,
            }
            for one in report.drift
        ]
    )
