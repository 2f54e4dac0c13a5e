"""The Data page's own pieces: taking a file, and reading it another way."""

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data import large_files
from analytics.dashboard.parts import browser_memory, making_room, projects, uploads
from analytics.dashboard.parts.arrivals import UPLOADER, open_file
from analytics.dashboard.parts.files import FILE_TYPES
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.widgets import counted_from_one, errors_told
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import open_table, sheets_of
from analytics.dashboard.server.settings import read_settings
from analytics.tables import ENCODINGS, ReadOptions, ReadReport, Table

_PREVIEW_BYTES = 1_000_000

T = TypeVar("T")

_DETECTED = "as detected"
_ENCODINGS = {f"{name} · {group}": name for group, names in ENCODINGS.items() for name in names}
_QUOTES = {'"': '"', "'": "'", "none": ""}
_DELIMITERS = {",": ",", ";": ";", "tab": "\t", "|": "|", "space": " ", "none": ""}
_HEADERS = {"no header": -1, **{f"row {number}": number - 1 for number in range(1, 6)}}
_DECIMALS = {".": ".", ",": ","}
_ORDERS = {"day first": True, "month first": False}
_THOUSANDS = {"none": "", ",": ",", ".": ".", "'": "'", "space": " ", "no-break space": "\u00a0"}
_PACKED = (b"\x1f\x8b", b"PK", b"\x28\xb5\x2f\xfd")


def take_upload() -> None:
    """Draw the uploader; a file that can be read becomes the open data set."""
    browser_memory.draw_missing()
    browser_memory.tell_outcome()
    making_room.tell_next_to_go()
    limit = read_settings().max_upload_mb
    file = st.file_uploader(
        "Your file",
        type=[*FILE_TYPES, projects.ENDING],
        key=uploads.uploader_key(UPLOADER),
        on_change=uploads.note,
        args=(UPLOADER,),
        max_upload_size=limit,
        help="CSV and other delimited text, also gzip, zip, zstd; Parquet; Excel, ODS; JSON; web pages; "
        "and projects saved here.",
    )
    uploads.tell_refused(UPLOADER)
    file = file or uploads.come(UPLOADER)
    if file is not None:
        # A fresh uploader lets go of Streamlit's own copy of the file.
        large_files.taken(file, partial(open_file, file), uploader=UPLOADER)


def key_for(dataset: DataSet, control: str) -> str:
    """Key of a control of the Data page: another file under the same name starts with its own guesses."""
    return f"data_{control}_{dataset.name}_{dataset.table.sha256}"


def draw_reading(report: ReadReport) -> None:
    """What was decided while reading, and what was repaired, in words."""
    said = [plain(decision.sentence, width=400) for decision in report.decisions]
    said += [
        f"**{plain(reading.name)}**: {plain(reading.sentence, width=400)}"
        for reading in report.column_readings
        if reading.exceptions
    ]
    if not report.repairs:
        said.append("Nothing had to be repaired\\.")
    st.markdown("\n".join(f"- {sentence}" for sentence in said))
    if not report.repairs:
        return
    total = sum(repair.count for repair in report.repairs)
    with st.expander(f"{count(total, 'repair')}: every one with its line", icon=":material/build:"):
        st.dataframe(_repairs_frame(report), hide_index=True, alt="What was repaired, with line numbers")


def _repairs_frame(report: ReadReport) -> pd.DataFrame:
    """One row per repair: line (missing where it is all over the file), what, how often."""
    rows = [(repair.line, repair.detail, repair.count) for repair in report.repairs]
    return pd.DataFrame(rows, columns=["line", "what was repaired", "times"]).astype({"line": "Int64"})


def draw_other_reading(dataset: DataSet) -> None:
    """Controls that override each guess, with a preview that follows at once."""
    options = _chosen_options(dataset)
    if options == dataset.options:
        st.caption("Change a setting to see a preview here; nothing changes until you use it.")
        return
    draw_preview(dataset, options, key="data_use_reading")


def draw_preview(dataset: DataSet, options: ReadOptions, *, key: str) -> None:
    """The first rows of the file as ``options`` read it, and the button ``key`` that uses this reading."""
    with errors_told():
        tried = _preview(dataset.key, options, dataset)
        part = " of the first part of the file" if _is_cut(dataset) else ""
        st.markdown(f"**Preview**{part}: " + plain(" ".join(tried.report.sentences()[:4]), width=600))
        first = counted_from_one(tried.frame.head(20))
        st.dataframe(first, alt="The first rows, read with these settings", height=240)
        st.button("Use this reading", key=key, type="primary", on_click=use_reading, args=(dataset, options))


def use_reading(dataset: DataSet, options: ReadOptions) -> None:
    """Callback: read the open file with ``options`` from now on."""
    with errors_told():
        datasets.keep_options(dataset, options)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _preview(key: str, options: ReadOptions, _dataset: DataSet) -> Table:
    source = datasets.source_of(_dataset)
    return open_table(_head(source) if _is_cut(_dataset) else source, name=_dataset.name, options=options)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _sheets(key: str, _dataset: DataSet) -> list[str]:
    return sheets_of(datasets.source_of(_dataset))


def _is_cut(dataset: DataSet) -> bool:
    source = datasets.source_of(dataset)
    wide = (dataset.report.encoding or "").lower().startswith(("utf-16", "utf-32"))
    text = dataset.report.format == "text" and not wide and not source.startswith(_PACKED)
    return text and len(source) > _PREVIEW_BYTES


def _head(source: bytes) -> bytes:
    return source[: source.rfind(b"\n", 0, _PREVIEW_BYTES) + 1 or _PREVIEW_BYTES]


def _chosen_options(dataset: DataSet) -> ReadOptions:
    ask = {"text": _text_options, "spreadsheet": _sheet_options}.get(dataset.report.format, _typed_options)
    return ask(dataset)


def _typed_options(dataset: DataSet) -> ReadOptions:
    st.caption("This format states its types itself, so there is little to choose.")
    return _type_options(dataset, dataset.options)


def _text_options(dataset: DataSet) -> ReadOptions:
    report = dataset.report
    first, second, third, fourth = st.columns(4)
    picked: dict[str, object] = {}
    with first:
        picked["encoding"] = _choice("Encoding", report.encoding, _ENCODINGS, dataset)
        picked["quote"] = _choice("Quote mark", report.quote, _QUOTES, dataset)
    with second:
        picked["delimiter"] = _choice("Delimiter", report.delimiter, _DELIMITERS, dataset)
        picked["header"] = _choice("Header", None, _HEADERS, dataset)
    with third:
        picked["decimal"] = _choice("Decimal mark", report.decimal, _DECIMALS, dataset)
        picked["day_first"] = _choice("Dates such as 03/04/2024", None, _ORDERS, dataset)
    with fourth:
        picked["thousands"] = _choice("Thousands mark", report.thousands, _THOUSANDS, dataset)
        missing = st.text_input(
            "Words that mean missing",
            key=key_for(dataset, "missing"),
            placeholder="NA, n/a, -",
            persist_state="page",
            help="With commas between; leave empty for the usual ones.",
        )
    picked["na_values"] = tuple(word.strip() for word in missing.split(",") if word.strip()) or None
    changes: dict[str, Any] = {name: value for name, value in picked.items() if value is not None}
    return _type_options(dataset, dataclasses.replace(dataset.options, **changes))


def _sheet_options(dataset: DataSet) -> ReadOptions:
    sheets = _sheets(dataset.key, dataset)
    sheet = st.selectbox("Sheet", sheets, key=key_for(dataset, "sheet"), persist_state="page")
    same = dataset.options.sheet is None and sheet == sheets[0]
    return _type_options(
        dataset, dataset.options if same else dataclasses.replace(dataset.options, sheet=sheet)
    )


def _type_options(dataset: DataSet, options: ReadOptions) -> ReadOptions:
    names = [str(name) for name in dataset.frame.columns]
    kept = dict(options.column_types)
    texts = st.multiselect(
        "Columns to keep as text",
        names,
        default=[name for name in names if kept.get(name) == "text"],
        key=key_for(dataset, "texts"),
        persist_state="page",
    )
    numbers = st.multiselect(
        "Columns to read as numbers; what is no number becomes missing",
        [name for name in names if name not in texts],
        default=[name for name in names if kept.get(name) == "number" and name not in texts],
        key=key_for(dataset, "numbers"),
        persist_state="page",
    )
    types = {**dict.fromkeys(texts, "text"), **dict.fromkeys(numbers, "number")}
    return dataclasses.replace(options, column_types=tuple(types.items()))


def _choice(label: str, detected: str | None, values: Mapping[str, T], dataset: DataSet) -> T | None:
    """What the word chosen stands for, or None where the guess stays."""
    shown = next((word for word, value in values.items() if value == detected), detected)
    first = f"{_DETECTED}: {shown}" if detected else _DETECTED
    offered: dict[str, T | None] = {first: None, **values}
    key = key_for(dataset, label)
    return offered.get(st.selectbox(label, list(offered), key=key, persist_state="page"))
