"""A choice belongs to what it was made for: the next owner finds defaults, and the first its own again."""

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import LIMIT


def page() -> None:
    import streamlit as st

    from analytics.dashboard.parts import choices

    owner = st.radio("Owner", ["a", "b"], key="owner")
    with choices.belonging_to(owner, scope="page"):
        st.number_input("Linked", 0, 100, 5, key="linked", bind="query-params")
        st.toggle("Not linked", key="not_linked")
        part = st.radio("Part", ["one", "two"], key="part")
        with choices.belonging_to(f"{owner} {part}", scope="part"):
            st.text_input("Within", key="within", bind="query-params")


def chosen(at: AppTest) -> tuple[object, ...]:
    return (
        at.number_input(key="linked").value,
        at.toggle(key="not_linked").value,
        at.text_input(key="within").value,
    )


def opened(**query: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=LIMIT)
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


@pytest.mark.slow
def test_another_owner_finds_defaults() -> None:
    at = opened()
    at.number_input(key="linked").set_value(60)
    at.toggle(key="not_linked").set_value(True)
    at.text_input(key="within").set_value("words").run()
    assert chosen(at) == (60, True, "words")
    at.radio(key="owner").set_value("b").run()
    assert chosen(at) == (5, False, "")
    assert not at.exception


@pytest.mark.slow
def test_an_owner_finds_what_its_link_asked_for_again_and_the_other_does_not() -> None:
    at = opened(linked="60", within="words")
    assert chosen(at) == (60, False, "words")
    at.radio(key="owner").set_value("b").run()
    assert chosen(at) == (5, False, "")
    at.radio(key="owner").set_value("a").run()
    assert chosen(at) == (60, False, "words")


def test_a_value_that_comes_with_another_owner_is_the_first_ones() -> None:
    at = opened()
    at.number_input(key="linked").set_value(60)
    at.text_input(key="within").set_value("words")
    at.radio(key="owner").set_value("b").run()
    assert chosen(at) == (5, False, "")
    at.radio(key="owner").set_value("a").run()
    assert chosen(at) == (60, False, "words")


def pages() -> None:
    """The widgets of an owner stand on the second page only."""
    import datetime as dt

    import streamlit as st

    from analytics.dashboard.parts import choices

    st.radio("Owner", ["a", "b"], key="owner")
    if st.radio("Page", ["first", "second"], key="page") == "second":
        with choices.belonging_to(st.session_state["owner"], scope="page"):
            st.number_input("Number", 0, 100, None, key="number", bind="query-params")
            st.multiselect("Several", ["x", "y", "z"], key="several", bind="query-params")
            st.selectbox("One", [1, 2], 0, format_func=lambda n: f"the {n}.", key="one", bind="query-params")
            st.date_input("Day", dt.date(2020, 1, 1), key="day", bind="query-params")
            st.slider("Range", 0.0, 1.0, (0.0, 1.0), key="range", bind="query-params")
            st.toggle("On", True, key="on", bind="query-params")


def test_a_value_that_comes_with_another_page_is_kept_for_its_owner() -> None:
    at = AppTest.from_function(pages, default_timeout=LIMIT).run()
    at.radio(key="page").set_value("second").run()
    at.number_input(key="number").set_value(60)
    at.multiselect(key="several").set_value(["z", "x"])
    at.selectbox(key="one").set_value(2)
    at.date_input(key="day").set_value(dt.date(2021, 2, 3))
    at.slider(key="range").set_value((0.25, 0.5))
    at.toggle(key="on").set_value(False)
    at.radio(key="page").set_value("first").run()
    at.radio(key="owner").set_value("b").run()
    at.radio(key="page").set_value("second").run()
    assert at.number_input(key="number").value is None
    assert at.toggle(key="on").value
    at.radio(key="owner").set_value("a").run()
    assert at.number_input(key="number").value == 60
    assert at.multiselect(key="several").value == ["z", "x"]
    assert at.selectbox(key="one").value == 2
    assert at.date_input(key="day").value == dt.date(2021, 2, 3)
    assert at.slider(key="range").value == (0.25, 0.5)
    assert not at.toggle(key="on").value


def test_the_address_says_what_the_widgets_hold() -> None:
    """A browser's own word of it is lost where the server sends an address in the same moment."""
    at = opened(other="stays")
    at.number_input(key="linked").set_value(60)
    at.text_input(key="within").set_value("words & more").run()
    assert dict(at.query_params) == {"other": "stays", "linked": "60", "within": "words & more"}
    at.number_input(key="linked").set_value(5).run()
    assert dict(at.query_params) == {"other": "stays", "within": "words & more"}


def test_a_part_has_its_own_and_leaves_the_rest_alone() -> None:
    at = opened(linked="60", within="words")
    at.radio(key="part").set_value("two").run()
    assert chosen(at) == (60, False, "")
    at.radio(key="part").set_value("one").run()
    assert chosen(at) == (60, False, "words")
