"""The sentence pairs of the memory view: where they come from, and what was corrected in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from analytics.app_files import app_folder
from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.parts import uploads, widgets
from analytics.dashboard.parts.files import FILE_TYPES
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import upload_limits
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.memory import give_back_soon
from analytics.dashboard.server.opening import open_table
from analytics.dashboard.server.settings import read_settings
from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.tables import column_roles, read_table
from analytics.transformer.memory.store import Memory
from analytics.transformer.tokens import TraceError
from analytics.words import count

_UPLOAD, _FILE, _EDITS = "decoder_walk_memory_upload", "decoder_walk_memory_file", "decoder_walk_memory_edits"
_REFUSED = "decoder_walk_memory_refused"
_SAMPLE, _MINE = "Sewing (sample)", "My own file"
SAMPLE_SENTENCE = "Cut the lining on the fold."
_QUICK = 500  # pairs: two seconds of work
_PAIR_BYTES = 35_000  # 21 entries of 530 bytes in a caption, as they came, corrected, and while that is made


@dataclass(frozen=True)
class Pairs:
    """Two columns of sentences; ``key`` names the file and the columns, ``origin`` says it in words."""

    key: tuple[str, str, str]
    sources: tuple[object, ...]
    targets: tuple[object, ...]
    origin: str


@dataclass(frozen=True)
class Edit:
    """A correction of the pair in ``row``; it is deleted where ``source`` is None."""

    row: int
    source: str | None
    target: str = ""


@st.cache_resource(max_entries=1, show_spinner=False)
def _sample() -> pd.DataFrame:
    return read_table(app_folder() / "sample_data" / "sewing_pairs.csv").frame


def ask_for_pairs() -> Pairs | None:
    """The sample, or two columns of a visitor's file; None until there is one."""
    chosen = widgets.choose_one("Sentence pairs", [_SAMPLE, _MINE], key="decoder_walk_memory_from", width=220)
    if chosen == _SAMPLE:
        frame = _sample()
        english, french = frame.columns[:2]
        origin = "Zetascope's own sentence pairs about sewing (CC0 1.0)."
        return Pairs((_SAMPLE, english, french), tuple(frame[english]), tuple(frame[french]), origin)
    _take_file()
    kept: tuple[str, str, pd.DataFrame] | None = st.session_state.get(_FILE)
    if kept is None:
        st.caption("A table with a column of English sentences and one of their French translations.")
        return None
    name, sha256, frame = kept
    columns = _text_columns(frame)
    with st.container(horizontal=True):
        source = widgets.choose_one("English", columns, key="decoder_walk_memory_source", width=220)
        others = [column for column in columns if column != source]
        target = widgets.choose_one("French", others, key="decoder_walk_memory_target", width=220)
    st.caption(f"{plain(name, width=80)}, {count(len(frame), 'row')}")
    origin = f"Columns {source} and {target} of the file {name}, SHA-256 {sha256}."
    return Pairs((sha256, source, target), tuple(frame[source]), tuple(frame[target]), origin)


def _take_file() -> None:
    limit = read_settings().max_upload_mb
    file = st.file_uploader(
        "A file of pairs", type=FILE_TYPES, key=uploads.uploader_key(_UPLOAD), max_upload_size=limit
    )
    uploads.tell_refused(_UPLOAD)
    if file is None:
        return
    with uploads.taking(_UPLOAD, file_name=file.name), st.spinner(f"Reading {plain(file.name)}"):
        table = open_table(file.getvalue(), name=file.name, options=upload_limits())
        if len(_text_columns(table.frame)) < 2:
            raise TraceError(
                "This table has fewer than two columns of text; sentences and translations are needed."
            )
        st.session_state[_FILE] = (file.name, table.sha256, table.frame)


def _text_columns(frame: pd.DataFrame) -> list[str]:
    """Columns that may hold sentences: repeated ones pass for categories or constants."""
    roles = column_roles(frame)
    return [str(name) for name, role in roles.items() if role.kind not in ("number", "time", "empty")]


def remembered(pairs: Pairs, *, model: str) -> Memory | None:
    """The memory of these pairs as they came, made beside the page; None until it is there.

    Raises TraceError for more pairs than this server lets a session hold.
    """
    most = read_settings().session_mb * 1024**2 // _PAIR_BYTES
    if len(pairs.sources) > most:
        raise TraceError(f"{len(pairs.sources):,} pairs are too many for this server; give {most:,} at most.")
    translator = walk.translator(model)

    def work(progress: Progress) -> Memory:
        return Memory.from_pairs(pairs.sources, pairs.targets, translator=translator, progress=progress)

    return job_result(
        "decoder_walk_memory",
        (model, *pairs.key),
        work,
        label=f"Remembering {count(len(pairs.sources), 'pair')}",
        quick=len(pairs.sources) <= _QUICK,
    )


def edits_of(pairs: Pairs) -> tuple[Edit, ...]:
    """What was corrected in these pairs, in this session."""
    key, edits = st.session_state.get(_EDITS, (None, ()))
    return edits if key == pairs.key else ()


@st.cache_resource(scope="session", max_entries=1, show_spinner=False, on_release=give_back_soon)
def edited(key: tuple[str, ...], edits: tuple[Edit, ...], model: str, _memory: Memory) -> Memory:
    """The memory with all corrections; raises TraceError for one that cannot be."""
    for edit in edits:
        if edit.source is None:
            _memory = _memory.without(edit.row)
        else:
            _memory = _memory.corrected(
                edit.row, source=edit.source, target=edit.target, translator=walk.translator(model)
            )
    return _memory


def ask_for_corrections(pairs: Pairs, memory: Memory, rows: list[int], *, base: Memory, model: str) -> None:
    """One of the pairs that were found, to be corrected or deleted."""
    named = {f"Row {row}: {memory.pair(row).source}": row for row in rows}
    chosen = st.selectbox("Correct or delete a pair", list(named), key="decoder_walk_memory_row")
    if chosen not in named:
        return
    pair = memory.pair(named[chosen])
    turn = len(edits_of(pairs))
    fields = [f"decoder_walk_memory_{side}_{pair.row}_{turn}" for side in ("source", "target")]
    for label, value, key in zip(("English", "French"), (pair.source, pair.target), fields, strict=True):
        st.text_input(label, value, key=key, max_chars=walk.LONGEST_TEXT)
    refusal = st.session_state.pop(_REFUSED, "")
    if refusal:
        st.error(plain(refusal, width=600), icon=":material/error:")
    change = partial(_change, pairs, edits_of(pairs), pair.row, base, model)
    with st.container(horizontal=True):
        st.button(
            "Correct",
            icon=":material/edit:",
            key=f"decoder_walk_memory_correct_{pair.row}_{turn}",
            on_click=change,
            args=(fields,),
        )
        st.button(
            "Delete",
            icon=":material/delete:",
            key=f"decoder_walk_memory_delete_{pair.row}_{turn}",  # a second click is none on another pair
            on_click=change,
        )
        if turn:
            st.button(
                "Undo all corrections",
                icon=":material/undo:",
                key="decoder_walk_memory_undo",
                on_click=_forget,
            )
    if turn:
        st.caption(f"{count(turn, 'correction')} so far; the file itself is not changed.")


def _change(
    pairs: Pairs, drawn: tuple[Edit, ...], row: int, base: Memory, model: str, fields: Sequence[str] = ()
) -> None:
    """Callback: the texts of the fields in place of the pair, or nothing where there is no field.

    ``drawn`` are the corrections that were seen: a quick second click makes no other.
    """
    if edits_of(pairs) != drawn:
        return
    texts = [str(st.session_state[field]) for field in fields]
    edits = (*edits_of(pairs), Edit(row, *texts) if texts else Edit(row, None))
    try:
        edited((model, *pairs.key), edits, model, base)
    except ZetascopeError as error:
        st.session_state[_REFUSED] = str(error)
    else:
        st.session_state[_EDITS] = (pairs.key, edits)


def _forget() -> None:
    st.session_state.pop(_EDITS, None)
