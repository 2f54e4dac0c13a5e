"""The recipe on the Data page: its steps in order, each with what it did, and forms for more of them."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from analytics.dashboard.pages.data import filters
from analytics.dashboard.pages.data.step_forms import FORMS
from analytics.dashboard.parts import recipe_line, widgets
from analytics.dashboard.parts.buttons import Action, draw_actions
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets, recipes
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import open_recipe
from analytics.recipe import Account, Drop, Keep, Recipe, Step
from analytics.recipe.changes import first_changes
from analytics.recipe.errors import RecipeError

_EDITED = "zetascope_step_edited"
_ROUND = "zetascope_step_round"
_BY_CONDITION: dict[type[Step], str] = {Keep: "Keep rows by condition", Drop: "Drop rows by condition"}
"""Steps whose form is the filter of the rows."""
_WORDS = _BY_CONDITION | {kind: form.words for kind, form in FORMS.items()}
_ALIKE = 0.7  # of the columns of the wider file: a column went, another came, and it is still the same report
_STEPS_SHOWN = 12
"""Steps that stand open: with more, nobody sees the page below them any more."""

_PREVIEWED = 5  # rows of a table that a step would make anew: enough to see what its columns are


def draw_recipe(dataset: DataSet) -> None:
    """The steps so far, a form for the next, and the recipe as a file."""
    st.subheader("Recipe", anchor=False)
    if dataset.steps:
        st.markdown(f"**{plain(recipe_line.line_of(dataset))}**: every page works with these rows\\.")
    else:
        st.caption(
            "No step yet: every page works with the file as it was read. Steps change the table for all "
            "pages, can be undone, and are taken to the next file."
        )
        _offer_recipe(dataset)
    for place, account in enumerate(dataset.account[:_STEPS_SHOWN]):
        _draw_step(dataset, place, account)
    if dataset.account[_STEPS_SHOWN:]:
        more = count(len(dataset.account) - _STEPS_SHOWN, "more step")
        with st.expander(more, icon=":material/receipt_long:"):
            for place, account in enumerate(dataset.account[_STEPS_SHOWN:], start=_STEPS_SHOWN):
                _draw_step(dataset, place, account)
    _draw_actions(dataset)
    added = st.expander("Add a step", icon=":material/add:", on_change="rerun", key="data_add_step")
    if added.open:
        with added:
            _draw_form(dataset, None)


def _draw_step(dataset: DataSet, place: int, account: Account) -> None:
    step, file = account.step, dataset.table.sha256
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{place + 1}\\. {plain(account.sentence(), width=400)}"
            st.markdown(f":gray[{said}]" if not step.active or account.problem else said, width="stretch")
            with st.container(horizontal=True, width="content", gap="small"):
                _draw_buttons(dataset, place)
        _draw_failures(account, f"data_failures_{place}")
        if st.session_state.get(_EDITED) == (file, place) and type(step) in _WORDS:
            _draw_form(dataset, place)


def _draw_buttons(dataset: DataSet, place: int) -> None:
    step, last = dataset.steps[place], place + 1 == len(dataset.steps)
    at = (dataset, place)
    _button("up", "Move this step up", *at, place == 0, _change(*at, Recipe.moved, place - 1))
    _button("down", "Move this step down", *at, last, _change(*at, Recipe.moved, place + 1))
    word = "visibility" if step.active else "visibility_off"
    help_ = "Switch this step off" if step.active else "Switch this step on"
    _button(word, help_, *at, False, _change(*at, Recipe.switched))
    if type(step) in _WORDS:
        _button("edit", "Change this step", *at, False, lambda: _edit(dataset, place))
    _button("delete", "Take this step out", *at, False, _change(*at, Recipe.without))


_ICONS = {"up": "arrow_upward", "down": "arrow_downward"}


def _button(
    name: str, help_: str, dataset: DataSet, place: int, disabled: bool, act: Callable[[], None]
) -> None:
    kind = "switch" if name.startswith("visibility") else name
    # Of this step, on or off: a second click on it is none on the step that has come to its place.
    step = dataclasses.replace(dataset.steps[place], active=True)
    st.button(
        "",
        key=f"data_step_{kind}_{place}_{hash(step)}",
        icon=f":material/{_ICONS.get(name, name)}:",
        help=help_,
        type="tertiary",
        disabled=disabled,
        on_click=act,
    )


def _change(
    dataset: DataSet, place: int, change: Callable[..., Recipe], *arguments: Any
) -> Callable[[], None]:
    """A callback that changes the recipe as it is when clicked, where the step that was seen still stands."""

    def act() -> None:
        if _stands(dataset, place):
            st.session_state.pop(_EDITED, None)
            file = dataset.table.sha256
            recipes.change(file, change(recipes.history_of(file).now, place, *arguments))

    return act


def _stands(dataset: DataSet, place: int) -> bool:
    """Whether the step that was drawn at this place is there: a quick second click may come too late."""
    now = recipes.history_of(dataset.table.sha256).now
    return now.steps[place : place + 1] == dataset.steps[place : place + 1]


def _edit(dataset: DataSet, place: int) -> None:
    st.session_state[_EDITED] = (dataset.table.sha256, place)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # begins with the step as it is


def _draw_failures(account: Account, key: str) -> None:
    if not account.examples:
        return
    with st.expander(f"{count(account.failures, 'cell')} without a value now", icon=":material/warning:"):
        st.dataframe(
            {"row": [row for row, _ in account.examples], "cell": [cell for _, cell in account.examples]},
            key=key,
            alt="Cells that could not be taken, with their row numbers",
            hide_index=True,
        )


def _draw_form(dataset: DataSet, place: int | None) -> None:
    """The form of one step, what it would do, and the button that takes it."""
    turn = st.session_state.get(_ROUND, 0)
    key = f"data_form_{dataset.table.sha256[:8]}_{turn}_{'new' if place is None else place}"
    now = None if place is None else dataset.steps[place]
    before = dataset if place is None else datasets.before_step(dataset, place)
    kind = (
        type(now)
        if now
        else st.selectbox(
            "Step",
            list(_WORDS),
            index=None,
            format_func=_WORDS.__getitem__,
            key=f"{key}_kind",
            placeholder="Choose what to do with the table",
        )
    )
    if kind is None:
        return
    step = None
    with widgets.errors_told():
        if not len(before.frame.columns):
            raise RecipeError("No column is left: undo a step first.")
        step = _asked(before, kind, now, f"{key}_{kind.__name__}")
        if step:
            draw_preview(before, step)
    with st.container(horizontal=True):
        st.button(
            "Add the step" if place is None else "Change the step",
            key=f"{key}_take",
            type="primary",
            disabled=step is None,
            on_click=_take,
            args=(dataset, step, place),
        )
        if place is not None:
            st.button("Leave it", key=f"{key}_leave", on_click=st.session_state.pop, args=(_EDITED, None))


def _asked(before: DataSet, kind: type[Step], now: Step | None, key: str) -> Step | None:
    """The step as its form says it now; ``now`` is the one that is changed."""
    if kind not in _BY_CONDITION:
        return FORMS[kind].ask(before.frame, now, key)
    where = filters.edited_filter(before, key, now.where if isinstance(now, Keep | Drop) else None)
    return None if where is None else Keep(where) if kind is Keep else Drop(where)


def draw_preview(dataset: DataSet, step: Step) -> None:
    """What a step would do to the table as it is: the account, and the first cells that change."""
    account, after = datasets.tried(dataset, step)
    st.markdown(plain(account.sentence(), width=400))
    if account.problem:
        return
    if step.reshapes:
        made, key = after.head(_PREVIEWED), f"data_preview_{hash(step)}"
        widgets.table(made, rows=len(after), key=key, alt="The first rows that the table would have")
        return
    changes = first_changes(dataset.frame, after)
    if len(changes):
        st.dataframe(
            changes,
            hide_index=True,
            height=min(250, 40 + 35 * len(changes)),
            alt="The first cells that would change",
        )
    _draw_failures(account, f"data_preview_{hash(step)}")


def _take(dataset: DataSet, step: Step, place: int | None) -> None:
    st.session_state.pop(_EDITED, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    if place is None:
        datasets.add_steps(dataset, step)
    elif _stands(dataset, place):
        file = dataset.table.sha256
        recipes.change(file, recipes.history_of(file).now.replaced(place, step))


def _draw_actions(dataset: DataSet) -> None:
    file = dataset.table.sha256
    history = recipes.history_of(file)
    if not history.past and not history.future and not dataset.steps:
        _draw_other_recipes(dataset)
        return
    with st.container(horizontal=True):
        draw_actions(
            Action("Undo", "data_recipe_undo", "undo", bool(history.past), recipes.undo, (file,)),
            Action("Redo", "data_recipe_redo", "redo", bool(history.future), recipes.redo, (file,)),
            Action(
                "Start over",
                "data_recipe_restart_alt",
                "restart_alt",
                bool(dataset.steps),
                recipes.change,
                (file, Recipe(file=file)),
            ),
        )
        if dataset.steps:
            widgets.download(
                "Recipe (JSON)",
                dataset.recipe.to_json,
                file_name=f"{stem_of(dataset.name)}_recipe.json",
                key="data_recipe",
            )
            _draw_everything(dataset)
        _draw_other_recipes(dataset)


def _draw_everything(dataset: DataSet) -> None:
    """The command that takes these steps in files of any size, and which steps it cannot take."""
    everything = st.popover(
        "Run this on everything", icon=":material/dns:", on_change="rerun", key="data_everything"
    )
    if not everything.open:
        return
    from analytics.scale.recipes import lazy_problems

    with everything:
        st.caption(
            "For folders of Parquet or CSV that are larger than memory: download the recipe, and run it by "
            "DuckDB on one machine or by Spark on many (README: “When one machine is not enough”)."
        )
        st.code(
            f"zetascope clean {stem_of(dataset.name)}_recipe.json 'FOLDER/*.parquet' OUT --engine duckdb",
            None,
            wrap_lines=True,
        )
        problems = lazy_problems(dataset.recipe)
        only_spark = [one for one in lazy_problems(dataset.recipe, engine="spark") if one not in problems]
        st.markdown(
            "Every step runs there."
            if not problems
            else "These steps do not run there; switch them off or take them later:"
        )
        _list_lines(problems)
        if only_spark:
            st.markdown("On Spark, nor do these:" if problems else "Except, on Spark:")
            _list_lines(only_spark)


def _list_lines(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        st.markdown(f"- {plain(sentence, width=400)}")


def _other_recipes(dataset: DataSet) -> dict[str, Recipe]:
    """The recipes of the other open files that have steps, by the files' names."""
    others = {}
    for one in datasets.uploads().values():
        now = recipes.history_of(one.table.sha256).now
        if now.steps and one.table.sha256 != dataset.table.sha256:
            others[one.name] = Recipe(one.options, now.steps, now.file)
    return others


def _offer_recipe(dataset: DataSet) -> None:
    """One click for the file of the next month: the steps of the last one with nearly the same columns."""
    mine, files = set(dataset.frame.columns), datasets.uploads()
    for name, recipe in reversed(_other_recipes(dataset).items()):
        theirs = set(files[name].frame.columns)
        if len(mine & theirs) >= _ALIKE * max(len(mine), len(theirs)):
            label = f"Take the {count(len(recipe.steps), 'step')} of {plain(name, width=60)}"
            st.button(
                label,
                key="data_recipe_offer",
                icon=":material/receipt_long:",
                help="It has nearly the same columns.",
                on_click=_use,
                args=(dataset, recipe),
            )
            return


def _draw_other_recipes(dataset: DataSet) -> None:
    """The recipe of another open file, or one that was saved earlier."""
    with st.popover("Use another recipe", icon=":material/upload_file:"):
        others = _other_recipes(dataset)
        if others:
            name = st.selectbox("Recipe of", list(others), key="data_recipe_of")
            st.button("Use it", key="data_recipe_use", on_click=_use, args=(dataset, others[name]))
        file = st.file_uploader("A recipe saved earlier", type=["json"], key="data_recipe_file")
        if file is None:
            return
        with widgets.errors_told(file.name):
            recipe = open_recipe(file.getvalue(), reading=datasets.upload_limits())
            by_row = sum(step.by_row for step in recipe.steps) if recipe.file != dataset.table.sha256 else 0
            st.caption(
                f"{count(len(recipe.steps), 'step')}."
                + f" {by_row} by row number of another file will be passed over." * bool(by_row)
            )
            st.button("Use it", key="data_recipe_take", on_click=_use, args=(dataset, recipe))


def _use(dataset: DataSet, recipe: Recipe) -> None:
    with widgets.errors_told():
        datasets.take_recipe(dataset, recipe)
