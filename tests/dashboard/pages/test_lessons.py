"""The Lessons page: nothing is shown before a prediction, the answer is measured, links open their places."""

from __future__ import annotations

import pytest

from analytics.dashboard.pages.lessons.course import LESSONS, address
from analytics.dashboard.pages.lessons.measured import Seen
from analytics.dashboard.pages.lessons.notes import teachers_notes

pytestmark = pytest.mark.slow


def words(at) -> str:
    return " ".join(one.value for one in [*at.markdown, *at.success, *at.warning]).replace("\\", "")


def test_there_is_nothing_to_see_before_a_prediction(open_page):
    at = open_page("lessons")
    assert not at.exception
    assert "then you see" in at.info[0].value
    assert not at.dataframe


@pytest.mark.parametrize("place", range(len(LESSONS)))
def test_a_link_opens_a_lesson_and_a_prediction_is_answered(open_page, place):
    lesson = LESSONS[place]
    at = open_page("lessons", data="Opinions", lessons_lesson=lesson.name)
    assert at.subheader[0].value == f"{place + 1}. {lesson.name}"
    at.radio(key=f"lessons_prediction_{place + 1}").set_value(lesson.options[0]).run()
    assert not at.exception
    assert len(at.success) + len(at.warning) == 1
    assert len(at.dataframe[0].value) >= 2
    assert "What stays." in words(at)


def test_next_leads_through_all_lessons(open_page):
    at = open_page("lessons")
    for lesson in LESSONS[1:]:
        at.button(key="lessons_after").click().run()
        assert at.selectbox(key="lessons_lesson").value == lesson.name
    assert at.button(key="lessons_after").disabled


def test_the_notes_hold_every_question_and_answer():
    import pandas as pd

    def made(lesson):
        return Seen(lesson.options[1], f"Measured for {lesson.name}.", pd.DataFrame({"a|b": [0.12345]}))

    notes = teachers_notes(made)
    for lesson in LESSONS:
        assert f"- [x] {lesson.options[1]}" in notes
        assert f"Measured for {lesson.name}." in notes
        assert all(address(look) in notes for look in lesson.looks)
    assert "| a\\|b |" in notes
    assert "0.123" in notes
