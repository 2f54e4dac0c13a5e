"""What a visitor made of a file: a recipe with its past and its future, and the tables after its steps."""

import hashlib
from dataclasses import dataclass, field

import streamlit as st

from analytics.dashboard.server.history import History
from analytics.dashboard.server.settings import read_settings
from analytics.recipe import Made, Recipe, Step, next_of, started
from analytics.tables import Role, Table, column_roles

_HISTORIES = "zetascope_recipes"
_MADE = "zetascope_made"
_ROLES = "zetascope_roles_made"
_MOST_ROLES = 8  # pages look at one table, and at that before the decisions about its outliers


_Key = tuple[str, tuple[Step, ...]]
"""Names a table: the reading of a file, and the steps behind it."""


@dataclass(frozen=True)
class Prepared:
    """What pages work on: the table after all steps, and what its columns are used as."""

    made: Made = field(repr=False)
    roles: dict[str, Role] = field(repr=False)


def mark_of(recipe: Recipe) -> str:
    """Names the steps of a recipe, however its file is read; empty without any."""
    steps = Recipe(steps=recipe.steps, file=recipe.file)
    return hashlib.sha256(steps.to_json().encode()).hexdigest()[:16] if recipe.steps else ""


def history_of(file: str) -> History[Recipe]:
    """The history of the file with this SHA-256 in this session."""
    return st.session_state.get(_HISTORIES, {}).get(file) or History(Recipe(file=file))


def keep_history(file: str, history: History[Recipe]) -> None:
    """Take this history for the file from now on."""
    st.session_state[_HISTORIES] = {**st.session_state.get(_HISTORIES, {}), file: history}


def change(file: str, recipe: Recipe) -> None:
    """Callback: use another recipe for the file; ``undo`` comes back. The same one again changes nothing."""
    keep_history(file, history_of(file).changed(recipe))


def undo(file: str) -> None:
    """Callback: the recipe before the last change."""
    keep_history(file, history_of(file).undone())


def redo(file: str) -> None:
    """Callback: the recipe that was undone last."""
    keep_history(file, history_of(file).redone())


def roles_of(table: Table) -> dict[str, Role]:
    """Role of every column by its name."""
    return {str(name): role for name, role in column_roles(table.frame).items()}


def prepared(as_read: Table, steps: tuple[Step, ...], *, key: str, file: str) -> Prepared:
    """The table after ``steps``; every beginning of them is kept, so that one more costs only itself.

    ``key`` names the table as it was read; steps may name rows by number where ``file`` is its SHA-256.
    """
    made = made_after(as_read, steps, key=key, file=file)
    whole = (f"{key}:{file}", steps)
    roles: dict[_Key, dict[str, Role]] = st.session_state.get(_ROLES, {})
    if whole not in roles:
        chosen = {name: Role(kind, "chosen by a step") for name, kind in made.uses.items()}
        roles = {**dict(list(roles.items())[1 - _MOST_ROLES :]), whole: roles_of(made) | chosen}
    st.session_state[_ROLES] = roles
    return Prepared(made, roles[whole])


def made_after(as_read: Table, steps: tuple[Step, ...], *, key: str, file: str) -> Made:
    """The table after ``steps``, as ``prepared`` has it: what a preview made is there when it is taken."""
    kept: dict[_Key, Made] = dict(st.session_state.get(_MADE, {}))
    whole = (f"{key}:{file}", steps)
    known = kept.pop(whole, None)
    made = known or _made(as_read, kept, whole, file=file)
    kept[whole] = made  # at the end, as what was wanted last
    st.session_state[_MADE] = kept if known else _within_budget(kept)  # every run comes here more than once
    return made


def _made(as_read: Table, kept: dict[_Key, Made], whole: _Key, *, file: str) -> Made:
    """Goes on from the longest beginning that is kept, and keeps those that it makes."""
    key, steps = whole
    known = next(n for n in range(len(steps), -1, -1) if n == 0 or (key, steps[:n]) in kept)
    most = read_settings().session_mb * 1024**2
    made = kept[key, steps[:known]] if known else started(as_read, file=file, most_bytes=most)
    for n in range(known, len(steps)):
        made = kept[key, steps[: n + 1]] = next_of(made, steps[n])
    return made


def _within_budget(kept: dict[_Key, Made]) -> dict[_Key, Made]:
    """The newest tables that fit into what one visitor may hold; always the last one."""
    left = read_settings().session_mb * 1024**2
    fitting: list[_Key] = []
    for name in reversed(kept):
        left -= int(kept[name].frame.memory_usage(deep=False).sum())
        if fitting and left < 0:
            break
        fitting.append(name)
    return {name: kept[name] for name in reversed(fitting)}
