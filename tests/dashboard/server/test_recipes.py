"""The recipe of the open file: what steps make of it, and how one comes back."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

SOURCE = b"city,price,note\n" + b"".join(
    b"%s,%d,word %d\n" % (b"Rome" if i % 3 else b"Oslo", i, i % 7) for i in range(60)
)


def seen(script) -> AppTest:
    at = AppTest.from_function(script)
    at.session_state.source = SOURCE
    at.run(timeout=600)
    assert not at.exception
    return at


def steps_one_by_one() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets, recipes
    from analytics.recipe import Compare, Keep, Rename

    def look() -> None:
        dataset = datasets.open_dataset()
        frame = dataset.frame
        numbers = dataset.row_numbers.tolist()[:3]
        st.session_state.looks.append((dataset.key, len(frame), list(frame.columns), numbers, dataset.steps))

    st.session_state.looks = []
    made = datasets.open_upload("cities.csv", st.session_state.source)
    st.session_state[datasets.CHOICE] = made.name
    file = made.table.sha256
    look()
    datasets.add_steps(datasets.open_dataset(), Keep(Compare("city", "==", "Oslo")))
    look()
    datasets.add_steps(datasets.open_dataset(), Rename("price", "cost"))
    look()
    recipes.undo(file)
    look()
    recipes.undo(file)
    look()
    recipes.redo(file)
    look()


@pytest.mark.slow
def test_steps_change_the_table_and_can_be_undone_and_redone() -> None:
    looks = seen(steps_one_by_one).session_state.looks
    sizes = [size for _, size, *_ in looks]
    assert sizes == [60, 20, 20, 20, 60, 20]
    assert looks[1][3] == [1, 4, 7]
    assert looks[2][2] == ["city", "cost", "note"]
    assert looks[3] == looks[1] == looks[5] and looks[4] == looks[0]
    assert len({key for key, *_ in looks}) == 3


def types_and_uses() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets
    from analytics.recipe import LeaveOut, SetType

    made = datasets.open_upload("cities.csv", st.session_state.source)
    st.session_state[datasets.CHOICE] = made.name
    datasets.choose_role(datasets.open_dataset(), "price", "identifier")
    before = datasets.open_dataset()
    datasets.add_steps(before, SetType("price", "text"))
    after = datasets.open_dataset()
    datasets.add_steps(after, LeaveOut(("price",)))
    left_out = datasets.open_dataset()
    st.session_state.before = [
        {name: role.kind for name, role in datasets.before_step(left_out, place).roles.items()}
        for place in (0, 1, 2)
    ]
    datasets.choose_role(datasets.open_dataset(), "note", "text")
    last = datasets.open_dataset()
    st.session_state.uses = [dict(one.roles) for one in (before, after, last)]
    st.session_state.dtype = str(after.frame["price"].dtype)


@pytest.mark.slow
def test_a_type_by_a_step_takes_the_place_of_what_was_chosen() -> None:
    state = seen(types_and_uses).session_state
    before, after, last = state.uses
    assert before["price"].kind == "identifier" and before["price"].reason == "chosen by you"
    assert after["price"].kind == "text" and after["price"].reason == "chosen by a step"
    assert state.dtype == str(pd.Series(["a"]).dtype)
    assert "price" not in last and last["note"].kind == "text"
    assert [kinds.get("price") for kinds in state.before] == ["identifier", "text", None]


def another_reading() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets
    from analytics.recipe import Compare, Keep

    made = datasets.open_upload("cities.csv", st.session_state.source)
    st.session_state[datasets.CHOICE] = made.name
    datasets.add_steps(datasets.open_dataset(), Keep(Compare("city", "==", "Oslo")))
    options = made.options.__class__(column_types={"price": "text"})
    datasets.keep_options(made, options)
    dataset = datasets.open_dataset()
    st.session_state.seen = (len(dataset.frame), str(dataset.frame["price"].dtype), dataset.recipe)


@pytest.mark.slow
def test_steps_stay_when_the_file_is_read_in_another_way() -> None:
    rows, dtype, recipe = seen(another_reading).session_state.seen
    assert rows == 20 and dtype == "str"
    assert len(recipe.steps) == 1 and dict(recipe.read.column_types) == {"price": "text"}


def many_steps() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets, recipes
    from analytics.recipe import Compare, Keep

    made = datasets.open_upload("cities.csv", b"n,m\n" + b"".join(b"%d,1\n" % i for i in range(40_000)))
    st.session_state[datasets.CHOICE] = made.name
    for most in range(39_999, 39_979, -1):
        datasets.add_steps(datasets.open_dataset(), Keep(Compare("n", "<", most)))
        last = datasets.open_dataset()
    kept = st.session_state[recipes._MADE]
    st.session_state.seen = (len(last.frame), len(kept), last.steps in [steps for _, steps in kept])


@pytest.mark.slow
def test_tables_between_steps_are_let_go_where_they_fit_no_more(monkeypatch) -> None:
    monkeypatch.setenv("ZETASCOPE_SESSION_MB", "5")
    rows, kept, last = seen(many_steps).session_state.seen
    assert rows == 39_980 and last
    assert 1 <= kept < 20


def a_recipe_of_another_file() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets
    from analytics.recipe import Compare, DropNumbers, Keep, Recipe

    made = datasets.open_upload("cities.csv", st.session_state.source)
    st.session_state[datasets.CHOICE] = made.name
    taken = Recipe(made.options, (DropNumbers((1, 2)), Keep(Compare("city", "==", "Oslo"))), "0" * 64)
    datasets.take_recipe(datasets.open_dataset(), taken)
    first = datasets.open_dataset()
    datasets.add_steps(first, DropNumbers((4,)))
    second = datasets.open_dataset()
    before = datasets.before_step(second, 1)
    st.session_state.seen = [
        (len(one.frame), [account.problem for account in one.account], one.row_numbers[:2].tolist(), one.key)
        for one in (first, second, before, datasets.before_step(second, 0))
    ]
    st.session_state.places = [second.place_of(number) for number in (1, 4, 7, 10, 60)]


@pytest.mark.slow
def test_row_numbers_of_another_file_are_passed_over_and_told() -> None:
    state = seen(a_recipe_of_another_file).session_state
    first, second, before, start = state.seen
    assert first[0] == 20 and first[1] == ["The row numbers are those of another file.", ""]
    assert second[0] == 19 and second[1] == ["", ""] and second[2] == [1, 7]
    assert (before[0], start[0]) == (20, 60)
    assert len({key for *_, key in state.seen}) == 4
    assert state.places == [0, None, 1, 2, None]


def a_step_that_fills_too_much() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets
    from analytics.recipe import Derive

    made = datasets.open_upload("cities.csv", st.session_state.source)
    st.session_state[datasets.CHOICE] = made.name
    step = Derive("long", f"'{'x' * 9000}'")
    at_trial, _ = datasets.tried(datasets.open_dataset(), step)
    for number in range(3):
        datasets.add_steps(datasets.open_dataset(), Derive(f"long{number}", f"'{'x' * 9000}'"))
    st.session_state.told = [at_trial.problem, *(one.problem for one in datasets.open_dataset().account)]


@pytest.mark.slow
def test_what_steps_make_fits_into_what_a_visitor_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_SESSION_MB", "1")
    first, *told = seen(a_step_that_fills_too_much).session_state.told
    assert first == ""
    assert told[0] == ""
    assert "the limit is 2 MB" in told[-1]


def the_table_before_decisions() -> None:
    import streamlit as st

    from analytics.dashboard.server import datasets
    from analytics.recipe import Decide, DropNumbers, SetMissing

    made = datasets.open_upload("cities.csv", st.session_state.source)
    st.session_state[datasets.CHOICE] = made.name
    keys = [datasets.open_dataset().key]
    for step in (SetMissing("city", ("Oslo",)), DropNumbers((1, 2)), Decide((4,), "mark")):
        datasets.add_steps(datasets.open_dataset(), step)
        keys.append(datasets.open_dataset().key)
    last = datasets.open_dataset()
    st.session_state.seen = (keys, [datasets.before_step(last, place).key for place in range(4)])


def test_the_table_before_a_step_is_known_as_it_was_before_it_was_taken() -> None:
    before, again = seen(the_table_before_decisions).session_state.seen
    assert again == before and len(set(again)) == 4
