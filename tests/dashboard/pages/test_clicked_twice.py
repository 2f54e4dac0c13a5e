"""Buttons that are clicked twice before the page is drawn anew, or that an earlier run has drawn."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from analytics.dashboard.pages.data import filters, large_files, recipe_panel
from analytics.dashboard.pages.decoder_walk import memory_pairs, walk
from analytics.dashboard.pages.outliers import decisions as outlier_decisions
from analytics.dashboard.pages.returns import decisions as return_decisions
from analytics.dashboard.pages.text_map import reading, state, tag_state, tags, topic_edits, topics
from analytics.dashboard.parts import making_room
from analytics.dashboard.server import datasets, jobs, recipes
from analytics.numbers.returns.price_decisions import Decision
from analytics.numbers.returns.price_suggestions import Suggestion
from analytics.recipe import Compare, Drop, DropNumbers, Keep, LeaveOut, Recipe, Rename, SetType, Step
from analytics.recipe.steps import Decide

STEPS = (Rename("alcohol", "strength"), LeaveOut(("ash",)), LeaveOut(("hue",)))


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What callbacks find in place of a visitor's session."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def drawn(*steps: Step) -> datasets.DataSet:
    """The sample with these steps, as a page has drawn it."""
    if steps:
        datasets.add_steps(datasets.open_dataset(), *steps)
    return datasets.open_dataset()


def steps_now() -> tuple[Step, ...]:
    return datasets.open_dataset().steps


def past() -> int:
    return len(recipes.history_of(datasets.open_dataset().table.sha256).past)


def test_a_step_is_added_once_and_others_are_added_still() -> None:
    dataset = drawn(STEPS[0])
    for _ in range(2):
        datasets.add_steps(dataset, STEPS[1])
    assert steps_now() == STEPS[:2]
    datasets.add_steps(dataset, *STEPS[1:])  # all of a kind, of which one was taken
    assert steps_now() == STEPS
    datasets.add_steps(datasets.open_dataset(), STEPS[1])  # seen again, and wanted again
    assert steps_now() == (*STEPS, STEPS[1])
    assert past() == 4


def test_a_step_that_names_rows_of_this_file_is_added_once_to_steps_for_another() -> None:
    file = datasets.open_dataset().table.sha256
    recipes.change(file, Recipe(steps=(DropNumbers((7,)), STEPS[0]), file="another"))
    dataset = datasets.open_dataset()
    for _ in range(2):
        datasets.add_steps(dataset, DropNumbers((4,)))
    assert steps_now() == (STEPS[0], DropNumbers((4,)))


def test_the_same_recipe_again_is_nothing_to_undo() -> None:
    file = drawn(*STEPS).table.sha256
    for _ in range(2):
        recipes.change(file, Recipe(file=file))
    assert not steps_now() and past() == 2
    recipes.undo(file)
    assert steps_now() == STEPS


@pytest.mark.parametrize("place", range(3))
def test_the_bin_of_a_step_takes_that_step_only(place: int) -> None:
    dataset = drawn(*STEPS)
    out = recipe_panel._change(dataset, place, Recipe.without)
    out()
    out()
    assert steps_now() == STEPS[:place] + STEPS[place + 1 :]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("change", [(Recipe.moved, 0), (Recipe.moved, 2), (Recipe.switched,)])
def test_what_was_drawn_for_a_step_that_is_gone_does_nothing(place: int, change: tuple[Any, ...]) -> None:
    dataset = drawn(*STEPS)
    stale = recipe_panel._change(dataset, place, *change)
    recipes.change(dataset.table.sha256, Recipe(file=dataset.table.sha256))
    stale()
    assert not steps_now()
    recipe_panel._take(dataset, LeaveOut(("proline",)), place)
    assert not steps_now()


def test_a_step_is_changed_among_those_that_came_since() -> None:
    dataset = drawn(*STEPS[:2])
    datasets.add_steps(dataset, STEPS[2])
    for _ in range(2):
        recipe_panel._take(dataset, LeaveOut(("proline",)), 1)
    assert steps_now() == (STEPS[0], LeaveOut(("proline",)), STEPS[2])


def test_conditions_are_added_once_and_removed_from_those_that_are_there(session: dict[str, Any]) -> None:
    session[filters._place("key")] = ()
    for seen in range(2):
        before = session[filters._place("key")]
        for _ in range(2):
            filters._add("key", before, is_group=False)
        assert len(session[filters._place("key")]) == seen + 1
    first, second = (one.number for one in session[filters._place("key")])
    for number in (first, first, second):
        filters._remove("key", number)
    assert session[filters._place("key")] == ()


def suggestion(asset: str) -> Suggestion:
    taken, refused = (
        Decision("zero", action, asset, "2024-01-01", "2024-01-01") for action in ("missing", "keep")
    )
    return Suggestion(taken, refused, "missing", "as it is", f"the zero of {asset}", "A zero.")


def test_decisions_about_prices_join_those_made_since_the_page_was_drawn(session: dict[str, Any]) -> None:
    first, second = suggestion("a"), suggestion("b")
    for one in (first, second, second):  # both drawn before anything was decided
        session["key"] = one.refused_words
        return_decisions._take_choice("key", "file", one)
    assert return_decisions.decisions_of("file") == (first.refused, second.refused)
    return_decisions._reopen("file", first.taken.place)
    for _ in range(2):
        return_decisions._decide_open("file", (first, second), best=True)
    assert set(return_decisions.decisions_of("file")) == {first.taken, second.refused}
    assert len(return_decisions._history("file").past) == 4


def test_decisions_about_prices_are_undone_and_redone_no_further_than_they_go() -> None:
    made = suggestion("a").taken
    return_decisions._decide("file", made)
    for act, left in ((return_decisions._undo, ()), (return_decisions._redo, (made,))):
        for _ in range(2):
            act("file")
        assert return_decisions.decisions_of("file") == left


def test_undo_beside_the_outliers_undoes_decisions_only() -> None:
    dataset = drawn(STEPS[0])
    datasets.add_steps(dataset, Decide((3,), "drop"))
    for _ in range(2):
        outlier_decisions._undo(dataset.table.sha256)
    assert steps_now() == STEPS[:1]


def made_map() -> Any:
    """What the callbacks of the Text map need of one: three topics."""
    clusters = SimpleNamespace(made_of=((0,), (1,), (2,)), sizes=np.array([9, 8, 7]), names=("a", "b", "c"))
    return SimpleNamespace(
        clusters=clusters, found=clusters, edits=topic_edits.UNCHANGED, edits_key=("file", "map")
    )


@pytest.mark.parametrize("way", topics._WAYS, ids=lambda way: way.label)
def test_topics_are_edited_once(way: Any, session: dict[str, Any]) -> None:
    made = made_map()
    session |= {topics._NAME: "new", topics._PARTS: 2}
    chosen = [0, 1][: way.most]
    session[topics._CHOSEN] = chosen
    topics._edit(made, way)
    edits = topic_edits.edits_of(made.edits_key, made.found)
    assert edits != topic_edits.UNCHANGED and session[topics._CHOSEN] == []
    topics._edit(made, way)
    session[topics._CHOSEN] = chosen  # as the browser still has it
    topics._edit(made, way)
    assert topic_edits.edits_of(made.edits_key, made.found) == edits
    assert topics._PROBLEM not in session
    topic_edits.undo(made.edits_key)
    assert topic_edits.edits_of(made.edits_key, made.found) == topic_edits.UNCHANGED


def test_a_tag_that_is_given_or_taken_twice_is_undone_at_once(session: dict[str, Any]) -> None:
    owner, session[tags._NAME] = ("file", "column"), "word"
    for act in (lambda: tags._give(owner, [1, 2]), lambda: tag_state.take(owner, [1, 2])):
        act()
        act()
    tag_state.undo(owner)
    assert tag_state.tags_of(owner) == {1: "word", 2: "word"}
    for _ in range(3):
        tag_state.undo(owner)
    assert not tag_state.tags_of(owner)


def test_a_row_of_a_longer_list_than_there_is_opens_and_selects_nothing(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("read", "select_rows"):
        monkeypatch.setattr(state, name, lambda *_: pytest.fail("nothing was chosen"))
    for key in ("list", topics._TABLE, tags._TABLE):
        session[key] = {"selection": {"rows": [3]}}
    reading._open_picked(made_map(), np.arange(3), "found", "list")
    topics._select_topic(made_map())
    tags._select_tag(made_map(), np.array(["one", "two"]))


def test_a_job_that_has_begun_anew_is_not_begun_again(session: dict[str, Any]) -> None:
    ended, begun = (jobs.Job("key", "Work", "", jobs.Queue(1)) for _ in range(2))
    session[jobs.JOBS] = {"slot": ended, "other": ended}
    jobs._forget("slot", ended)
    assert session[jobs.JOBS] == {"other": ended}
    session[jobs.JOBS] = {"slot": begun}
    jobs._forget("slot", ended)
    assert jobs.job_of("slot") is begun


def test_next_leads_to_the_step_after_the_first_where_the_slider_has_gone(session: dict[str, Any]) -> None:
    walk._move(1)
    assert session[walk.STEP] == 2


def test_a_pair_is_deleted_once(session: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_pairs, "edited", lambda *_: None)
    pairs = memory_pairs.Pairs(("file", "a", "b"), (), (), "")
    for _ in range(2):
        memory_pairs._change(pairs, (), 3, None, "model")  # type: ignore[arg-type]
    assert memory_pairs.edits_of(pairs) == (memory_pairs.Edit(3, None),)


def test_what_was_answered_already_is_not_answered_again(session: dict[str, Any]) -> None:
    large_files._want(None)  # type: ignore[arg-type]
    asked = making_room._Asked("file", ("old.csv",))
    making_room._agree(asked)
    assert not session
    session[making_room._ASKED] = asked
    for _ in range(2):
        making_room._agree(asked)
    assert session == {datasets._MAY_GO: {"old.csv"}}


def test_keeping_rows_twice_asks_for_one_step() -> None:
    dataset = drawn()
    where = Compare("alcohol", ">", 13)
    for step in (Keep(where), Keep(where), Drop(where), SetType("ash", "text"), SetType("ash", "text")):
        datasets.add_steps(dataset, step)
    assert steps_now() == (Keep(where), Drop(where), SetType("ash", "text"))
