"""A choice belongs to what it was made for: the next owner finds defaults, and the first its own again."""

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
    at.query_params["linked"] = "60"  # as a browser has it
    at.number_input(key="linked").set_value(60)
    at.radio(key="owner").set_value("b").run()
    assert chosen(at) == (5, False, "")
    at.radio(key="owner").set_value("a").run()
    assert chosen(at) == (60, False, "")


def test_a_part_has_its_own_and_leaves_the_rest_alone() -> None:
    at = opened(linked="60", within="words")
    at.radio(key="part").set_value("two").run()
    assert chosen(at) == (60, False, "")
    at.radio(key="part").set_value("one").run()
    assert chosen(at) == (60, False, "words")
