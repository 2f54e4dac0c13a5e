"""Answers that the owner's language model writes, each sentence checked against what it cites."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from analytics.dashboard.pages.ask.source import Ready
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.settings import Settings, read_settings
from analytics.retrieval import Hits
from analytics.retrieval.local_writing import LocalModel, write_locally
from analytics.retrieval.support import check_support
from analytics.retrieval.writing import Endpoint, Message, prompt_of, write_answer
from analytics.words import count

_PASSAGES = 5  # that the model is given: some 1,500 tokens, which every model reads
_WRITTEN = "zetascope_ask_written"
_ASKED = "zetascope_ask_asked"


def draw_written(ready: Ready, question: str, hits: Hits) -> None:
    """A written answer on request, where the owner has named what writes; else nothing is drawn or sent."""
    writer = _writer(read_settings())
    if writer is None or not len(hits):
        return
    st.subheader("Written answer", anchor=False)
    passages = [hit.text for hit in hits][:_PASSAGES]
    st.caption(_about(writer, len(passages)))
    alone = st.toggle("Also without the passages, for comparison", key="ask_alone", bind="query-params")
    key = (ready.source, question, tuple(passages), alone)
    st.button("Write an answer", key="ask_write", icon=":material/edit_note:", on_click=_ask_for, args=(key,))
    if st.session_state.pop(_ASKED, None) == key:
        prompts = [prompt_of(question, passages), *([prompt_of(question, [])] if alone else [])]
        with widgets.errors_told():
            st.session_state[_WRITTEN] = (key, prompts, [_streamed(writer, one) for one in prompts])
    kept = st.session_state.get(_WRITTEN)
    if kept and kept[0] == key:
        _draw_kept(ready, hits, passages, kept[1], kept[2])


def _ask_for(key: tuple[object, ...]) -> None:
    st.session_state.pop(_WRITTEN, None)
    st.session_state[_ASKED] = key


def _writer(settings: Settings) -> Endpoint | LocalModel | None:
    if settings.llm_url:
        return Endpoint(settings.llm_url, settings.llm_model, settings.llm_key)
    return LocalModel(settings.llm_folder) if settings.llm_folder else None


def _about(writer: Endpoint | LocalModel, passages: int) -> str:
    given = f"the question and {count(passages, 'passage')}"
    if isinstance(writer, LocalModel):
        return f"{plain(Path(writer.folder).name)} writes it on this server from {given}; nothing leaves it."
    return (
        f"{plain(writer.model)} writes it at an endpoint that this server's owner named; {given} are sent "
        "there."
    )


def _streamed(writer: Endpoint | LocalModel, prompt: list[Message]) -> str:
    place, text = st.empty(), ""
    pieces = write_locally(writer, prompt) if isinstance(writer, LocalModel) else write_answer(writer, prompt)
    for piece in pieces:
        text += piece
        place.text(text)  # as it is: nothing of it is Markdown
    place.empty()
    return text


def _draw_kept(
    ready: Ready, hits: Hits, passages: list[str], prompts: list[list[Message]], texts: list[str]
) -> None:
    for number, column in enumerate(st.columns(len(texts))):
        with column:
            if number:
                st.markdown("**Without the passages**")
                st.html(f'<div dir="auto">{html.escape(texts[number])}</div>')
                st.caption("Nothing of this is checked: it rests on no passage.")
            else:
                _draw_checked(ready, hits, passages, texts[0])
    with st.expander("What was sent", icon=":material/outgoing_mail:"):
        st.code("\n\n".join(f"{one['role']}: {one['content']}" for one in prompts[0]), language=None)


def _draw_checked(ready: Ready, hits: Hits, passages: list[str], text: str) -> None:
    lines = []
    for one in check_support(text, passages, encoder=ready.index.encoder):
        rows = ", ".join(f"{ready.numbers[hits.found[number - 1].document]:,}" for number in one.cited)
        said = (
            f"row {rows}; cosine {one.cosine:.2f}, {one.overlap:.0%} of its words"
            if rows
            else "cites nothing"
        )
        mark = "supported" if one.supported else "**not supported**"
        lines.append(f"- {plain(one.text, width=800)} :small[{mark}: {said}]")
    st.markdown("\n".join(lines) or "The answer is empty.")
