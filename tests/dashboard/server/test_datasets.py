"""What is open in a session: roles that were changed, and files that fit the memory."""

import pytest
from streamlit.testing.v1 import AppTest


def change_a_role() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets

    before = datasets.open_dataset()
    datasets.choose_role(before, "hue", "category")
    after = datasets.open_dataset()
    st.session_state.seen = (
        "hue" in before.columns("number"),
        "hue" in after.columns("category"),
        after.roles["hue"].reason,
        before.key != after.key,
        before.columns("category") == ["cultivar"],
    )


def test_a_changed_role_is_seen_by_every_page_and_changes_the_key() -> None:
    at = AppTest.from_function(change_a_role).run(timeout=600)
    assert not at.exception
    assert at.session_state.seen == (True, True, "chosen by you", True, True)


def change_roles_one_after_the_other() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets

    datasets.choose_role(datasets.open_dataset(), "hue", "category")
    datasets.choose_role(datasets.open_dataset(), "ash", "identifier")
    st.session_state.uses = dict(datasets.open_dataset().uses)


def test_a_second_change_keeps_the_first() -> None:
    at = AppTest.from_function(change_roles_one_after_the_other).run(timeout=60)
    assert not at.exception
    assert at.session_state.uses == {"hue": "category", "ash": "identifier"}


def keep_within_budget() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets

    line = b"1,2,3,4,5,6,7,8\n"
    for name in ("first.csv", "second.csv", "third.csv"):
        try:
            datasets.open_upload(name, b"a,b,c,d,e,f,g,h\n" + line * 70_000)
        except datasets.RoomNeededError as needed:
            st.session_state.before = list(datasets.uploads())
            datasets.agree_to_let_go(needed.leaving)
            datasets.open_upload(name, b"a,b,c,d,e,f,g,h\n" + line * 70_000)
    st.session_state.kept = list(datasets.uploads())


@pytest.mark.slow
def test_a_session_keeps_what_fits_its_memory(monkeypatch) -> None:
    monkeypatch.setenv("ZETASCOPE_SESSION_MB", "12")
    at = AppTest.from_function(keep_within_budget).run(timeout=600)
    assert not at.exception
    assert at.session_state.before == ["first.csv", "second.csv"]  # none goes before that is known
    assert at.session_state.kept == ["second.csv", "third.csv"]
