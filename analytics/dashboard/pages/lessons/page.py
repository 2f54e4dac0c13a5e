"""The Lessons page: predict first, then see what the model really does."""

from __future__ import annotations

from functools import partial

# The model imports it when it loads; here it loads beside the page.
import sentence_transformers  # noqa: F401
import streamlit as st
from transformers import MarianMTModel  # noqa: F401

from analytics.dashboard.pages.lessons import measured
from analytics.dashboard.pages.lessons.course import LESSONS, Lesson
from analytics.dashboard.pages.lessons.notes import teachers_notes
from analytics.dashboard.parts import links, widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.loading import is_loaded, load_now, shared_encoder
from analytics.text import text_column
from analytics.text.model_files import PACKAGED_NAME
from analytics.transformer.translator.loading import Translator, load_translator

_LESSON = "lessons_lesson"
_MOST_TEXTS = 24
"""Texts read for the patterns of heads: more change the second digit no more on the samples."""
_LONGEST = 400
"""Characters of a text that are read for them, some 80 tokens."""


@st.cache_resource(max_entries=1, show_spinner="Opening the translator")
def _translator() -> Translator:
    return load_translator()


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    names = [lesson.name for lesson in LESSONS]
    st.caption("Six lessons of five minutes. Predict first; then the models of this server give the answer.")
    chosen = widgets.choose_one("Lesson", names, key=_LESSON)
    place = names.index(chosen)
    lesson = LESSONS[place]
    st.subheader(f"{place + 1}. {lesson.name}", anchor=False)
    st.markdown(lesson.told)
    st.markdown(f"**Predict.** {lesson.question}")
    predicted = st.radio(
        lesson.question,
        lesson.options,
        index=None,
        key=f"lessons_prediction_{place + 1}",
        bind="query-params",
        label_visibility="collapsed",
    )
    if predicted is None:
        st.info("Choose what you think: then you see.", icon=":material/psychology:")
    else:
        with widgets.errors_told():
            _draw_seen(lesson, predicted, dataset)
    st.divider()
    _draw_ways(place)


def _draw_seen(lesson: Lesson, predicted: str, dataset: DataSet) -> None:
    if not _is_ready(lesson):
        return
    texts = _open_texts(dataset) if lesson.measure is measured.heads else ()
    seen = job_result(
        f"lessons_{lesson.name}",
        (lesson.name, texts),
        lambda _progress: _measure(lesson, texts),
        label="Asking the model",
    )
    if seen is None:
        return
    if predicted == seen.answer:
        st.success("As you predicted.", icon=":material/check:")
    else:
        st.warning(f"The model says otherwise: **{plain(seen.answer)}**.", icon=":material/lightbulb:")
    st.markdown(plain(seen.said, width=1000))
    widgets.table(seen.numbers, key="lessons_numbers", alt=f"Numbers of the lesson {lesson.name}")
    st.markdown("**Look for yourself**")
    with st.container(horizontal=True):
        for number, look in enumerate(lesson.looks):
            if st.button(look.label, key=f"lessons_look_{number}", icon=":material/arrow_forward:"):
                links.go_to(look.page, **look.choices)
    st.markdown(f"**What stays.** {lesson.stays}")


def _is_ready(lesson: Lesson) -> bool:
    if lesson.of_decoder:
        return is_loaded("translator of the lessons", _translator)
    return is_loaded(f"encoder {PACKAGED_NAME}", lambda: shared_encoder(PACKAGED_NAME).model)


def _measure(lesson: Lesson, texts: tuple[str, ...] = ()) -> measured.Seen:
    if lesson.of_decoder:
        load_now("translator of the lessons", _translator)
        return lesson.measure(lesson.options, _translator())
    encoder = shared_encoder(PACKAGED_NAME)
    if texts:
        return measured.heads(lesson.options, encoder, texts)
    return lesson.measure(lesson.options, encoder)


def _open_texts(dataset: DataSet) -> tuple[str, ...]:
    """The first texts of the open data's first text column, spread over the file; none where it has none."""
    columns = dataset.columns("text")
    if not columns or not len(dataset.frame):
        return ()
    found = text_column(dataset.frame[columns[0]]).texts
    every = max(1, len(found) // _MOST_TEXTS)
    return tuple(text[:_LONGEST] for text in found[::every][:_MOST_TEXTS])


def _draw_ways(place: int) -> None:
    """To the lessons before and after, and the teacher's notes."""
    names = [lesson.name for lesson in LESSONS]
    with st.container(horizontal=True):
        st.button(
            "Lesson before",
            key="lessons_before",
            icon=":material/arrow_back:",
            disabled=place == 0,
            on_click=_open,
            args=(names[max(place - 1, 0)],),
        )
        st.button(
            "Next lesson",
            key="lessons_after",
            icon=":material/arrow_forward:",
            disabled=place == len(names) - 1,
            on_click=_open,
            args=(names[min(place + 1, len(names) - 1)],),
        )
        widgets.download(
            "Teacher's notes and answers",
            partial(teachers_notes, _measure),
            file_name="lessons.md",
            key="lessons_notes",
        )
    st.caption("The address of this page holds the lesson and your prediction. The notes hold all answers.")


def _open(name: str) -> None:
    st.session_state[_LESSON] = name
