"""The open data set: samples that come with Zetascope, and the files a visitor brought."""

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from analytics.app_files import app_folder
from analytics.dashboard.server import recipes
from analytics.dashboard.server.opening import open_table
from analytics.dashboard.server.recipes import roles_of
from analytics.dashboard.server.settings import read_settings
from analytics.errors import ZetascopeError
from analytics.recipe import Account, Recipe, SetType, Step
from analytics.tables import ReadOptions, ReadReport, Role, Table, read_table

SAMPLES = app_folder() / "sample_data"
_DEFAULT_SAMPLE = "wine"
CHOICE = "data"
"""Key of the sidebar's choice, and so the name of the link's parameter."""

_NEXT = "zetascope_open_next"
_LAST = "zetascope_open_last"
_PAGE = "zetascope_open_on_page"

_UPLOADS = "zetascope_uploads"
_MAY_GO = "zetascope_may_go"
_ROLES = "zetascope_roles"


@dataclass(frozen=True)
class Sample:
    """One packaged data set with the reason it is there."""

    key: str
    path: Path
    title: str
    why: str
    credit: str
    licence: str


@dataclass(frozen=True)
class DataSet:
    """What every page works on: a file after the steps of its recipe.

    ``key_as_read`` names content and reading; ``uses`` are the kinds that the visitor chose for columns, and
    ``roles`` has them too. The frame's index is the position of each row in the file as it was read, until a
    step makes other rows; what pages compute goes by the place of a row, what they show by its number.
    """

    key_as_read: str
    name: str
    table: Table = field(repr=False)
    roles: dict[str, Role] = field(repr=False)
    sample: Sample | None = None
    source: bytes | None = field(default=None, repr=False)
    options: ReadOptions = field(default_factory=ReadOptions)
    uses: Mapping[str, str] = field(default_factory=dict, repr=False)
    as_read: Table | None = field(default=None, repr=False)
    """The table before the first step, where there are steps."""
    recipe: Recipe = field(default_factory=Recipe, repr=False)
    """How the file is read and what its steps are."""
    account: tuple[Account, ...] = field(default=(), repr=False)
    mark: str = ""
    """Names the steps."""

    @property
    def key(self) -> str:
        """Names content, reading, steps and the uses of columns: cache by it, never by the frame."""
        uses = ",".join(f"{name}={kind}" for name, kind in sorted(self.uses.items()))
        return ":".join(filter(None, (self.key_as_read, self.mark, uses)))

    @property
    def read_table(self) -> Table:
        """The table as the file was read, before any step."""
        return self.as_read or self.table

    @property
    def steps(self) -> tuple[Step, ...]:
        """What makes this table of the file as it was read."""
        return self.recipe.steps

    @property
    def has_rows_of_file(self) -> bool:
        """Whether its rows are rows of the file, and not made of them by a step."""
        return not any(one.step.reshapes and one.step.active and not one.problem for one in self.account)

    @property
    def row_numbers(self) -> np.ndarray:
        """Number of each row in the file, counted from 1; (n,) int."""
        return self.frame.index.to_numpy() + 1

    def place_of(self, number: int) -> int | None:
        """Where the row of this number stands in the frame; None where a step has taken it out."""
        place = int(np.searchsorted(self.frame.index.to_numpy(), number - 1))
        return place if place < len(self.frame) and self.frame.index[place] == number - 1 else None

    @property
    def frame(self) -> pd.DataFrame:
        """The data; shared between reruns, so never changed in place."""
        return self.table.frame

    @property
    def report(self) -> ReadReport:
        """How the file was read."""
        return self.table.report

    def columns(self, *kinds: str) -> list[str]:
        """Names of the columns whose role is one of ``kinds``, in file order."""
        return [name for name, role in self.roles.items() if role.kind in kinds]


class RoomNeededError(ZetascopeError):
    """A file that others would have to go for, by name ``leaving``; nobody was told of them yet."""

    def __init__(self, name: str, leaving: tuple[str, ...]) -> None:
        self.leaving = leaving
        super().__init__(
            f"{name!r} needs the place of {', '.join(map(repr, leaving))}: save a project of what you go on "
            "with, then do this again."
        )


@st.cache_data(max_entries=1)
def samples() -> dict[str, Sample]:
    """All packaged data sets by key, in the order of samples.toml."""
    listed = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))
    return {key: Sample(key=key, path=SAMPLES / entry.pop("file"), **entry) for key, entry in listed.items()}


@st.cache_resource(max_entries=16, show_spinner=False)
def _read_sample(key: str, options: ReadOptions) -> tuple[Table, dict[str, Role]]:
    table = read_table(samples()[key].path, options=options)
    return table, roles_of(table)


def upload_limits() -> ReadOptions:
    """Reading options that hold this server's limits and detect everything else."""
    settings = read_settings()
    limit = settings.max_upload_mb * 1024**2
    return ReadOptions(
        max_bytes=limit,
        max_expanded_bytes=4 * limit,
        max_table_bytes=settings.session_mb * 1024**2,
        max_rows=settings.max_rows,
        max_columns=settings.max_columns,
    )


def uploads() -> dict[str, DataSet]:
    """This session's own files by name, oldest first."""
    return st.session_state.get(_UPLOADS, {})


def open_upload(name: str, source: bytes, *, options: ReadOptions | None = None) -> DataSet:
    """Read a visitor's file, keep it in the session and make it the open data set.

    Raises TableError where it cannot be read, and RoomNeededError where others would go that the visitor was
    not told of; what was open before then stays open.
    """
    options = options or upload_limits()
    name = f"{name} (yours)" if name in samples() else name
    table = open_table(source, name=name, options=options)
    made = DataSet(
        key_as_read=f"{table.sha256}:{options}",
        name=name,
        table=table,
        roles=roles_of(table),
        source=source,
        options=options,
    )
    kept = _within_budget({**_without(uploads(), name), name: made})
    leaving = tuple(one for one in uploads() if one not in kept)
    if not set(leaving) <= st.session_state.get(_MAY_GO, frozenset()):
        raise RoomNeededError(name, leaving)
    st.session_state[_UPLOADS] = kept
    st.session_state.pop(_MAY_GO, None)
    return made


def agree_to_let_go(names: Iterable[str]) -> None:
    """The visitor knows that these files may go for the next one, beside those known of before."""
    st.session_state[_MAY_GO] = st.session_state.get(_MAY_GO, frozenset()) | set(names)


def _without(kept: dict[str, DataSet], name: str) -> dict[str, DataSet]:
    return {key: dataset for key, dataset in kept.items() if key != name}


def next_to_go() -> DataSet | None:
    """The file that the next one takes the place of: as many are kept as may be, or one more that is as large
    as the largest does not fit into what one visitor may hold."""
    mine = list(uploads().values())
    if not mine:
        return None
    settings, sizes = read_settings(), [_megabytes(one) for one in mine]
    full = len(mine) >= settings.uploads_kept or sum(sizes) + max(sizes) > settings.session_mb
    return mine[0] if full else None


def _within_budget(kept: dict[str, DataSet]) -> dict[str, DataSet]:
    """The newest files whose number and memory this server allows one visitor; always the last one."""
    settings = read_settings()
    names = list(kept)[-settings.uploads_kept :]
    while len(names) > 1 and sum(_megabytes(kept[name]) for name in names) > settings.session_mb:
        names = names[1:]
    return {name: kept[name] for name in names}


def _megabytes(dataset: DataSet) -> float:
    return (dataset.frame.memory_usage(deep=False).sum() + len(dataset.source or b"")) / 1024**2


def source_of(dataset: DataSet) -> bytes:
    """The file's own bytes."""
    if dataset.sample:
        return dataset.sample.path.read_bytes()
    assert dataset.source is not None
    return dataset.source


def keep_options(dataset: DataSet, options: ReadOptions) -> None:
    """Read the open file this way from now on in this session.

    Raises TableError, or once RoomNeededError where others would go, and then changes nothing.
    """
    name = dataset.sample.path.name if dataset.sample else dataset.name
    try:
        open_upload(name, source_of(dataset), options=options)
    except RoomNeededError as needed:
        agree_to_let_go(needed.leaving)
        raise
    open_next(name)


def open_next(name: str) -> None:
    """Open this one in the next run: the sidebar's choice cannot be changed once it is drawn."""
    st.session_state[_NEXT] = name


def take_next(page: str) -> None:
    """Carry out ``open_next``; called before the sidebar is drawn.

    A change of page alone opens nothing else: a click on the navigation that comes before the browser
    has the new choice brings the old one along, or none.
    """
    changed = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page
    if _NEXT in st.session_state:
        st.session_state[CHOICE] = st.session_state.pop(_NEXT)
    elif (changed or CHOICE not in st.session_state) and st.session_state.get(_LAST) in choices():
        st.session_state[CHOICE] = st.session_state[_LAST]


def remember_choice() -> None:
    """Keep what is open under a key that no widget owns, for ``take_next``."""
    st.session_state[_LAST] = st.session_state[CHOICE]


def choose_role(dataset: DataSet, column: str, kind: str) -> None:
    """Use ``column`` as ``kind`` from now on in this session."""
    _keep_uses(dataset, {**_chosen_uses(dataset.key_as_read), column: kind})


def use_columns(dataset: DataSet, uses: dict[str, str]) -> None:
    """Use columns as these kinds from now on in this session, and no others."""
    _keep_uses(dataset, uses)


def recipe_of(dataset: DataSet) -> Recipe:
    """How an open file is read, and its steps as they are now."""
    return dataclasses.replace(recipes.history_of(dataset.table.sha256).now, read=dataset.options)


def uses_of(dataset: DataSet) -> dict[str, str]:
    """What a visitor chose columns to be used as."""
    return dict(_chosen_uses(dataset.key_as_read))


def _chosen_uses(key_as_read: str) -> dict[str, str]:
    return st.session_state.get(_ROLES, {}).get(key_as_read, {})


def _keep_uses(dataset: DataSet, uses: dict[str, str]) -> None:
    st.session_state[_ROLES] = {**st.session_state.get(_ROLES, {}), dataset.key_as_read: uses}


def add_steps(dataset: DataSet, *steps: Step) -> None:
    """Callback: more steps at the end of the recipe, all undone by one ``recipes.undo``.

    A type that a step gives to a column takes the place of what was chosen for it before, and rows by their
    number in this file that of rows in another. What came since ``dataset`` was drawn is not added again.
    """
    file = dataset.table.sha256
    now = recipes.history_of(file).now
    steps = tuple(step for step in steps if now.steps.count(step) <= dataset.steps.count(step))
    retyped = {step.column for step in steps if isinstance(step, SetType)}
    uses = _chosen_uses(dataset.key_as_read)
    if retyped & uses.keys():
        _keep_uses(dataset, {name: kind for name, kind in uses.items() if name not in retyped})
    if now.file != file and any(step.by_row for step in steps):
        now = Recipe(now.read, tuple(step for step in now.steps if not step.by_row), file)
    recipes.change(file, dataclasses.replace(now, steps=(*now.steps, *steps)))


def tried(dataset: DataSet, step: Step) -> tuple[Account, pd.DataFrame]:
    """What one more step would do to the data set, and the table after it."""
    key, file = dataset.key_as_read, dataset.recipe.file
    after = recipes.made_after(dataset.read_table, (*dataset.steps, step), key=key, file=file)
    return after.account[-1], after.frame


def take_recipe(dataset: DataSet, recipe: Recipe) -> None:
    """Use another recipe for the open file, its way of reading too. Raises TableError and changes nothing."""
    if Recipe(recipe.read).to_json() != Recipe(dataset.options).to_json():
        keep_options(dataset, recipe.read)
    recipes.change(dataset.table.sha256, recipe)


def choices() -> list[str]:
    """What the sidebar offers: samples, then this session's files."""
    return [*samples(), *uploads()]


def title_of(choice: str) -> str:
    """How a choice is shown."""
    known = samples()
    return known[choice].title if choice in known else choice


def open_dataset() -> DataSet:
    """The data set that is open in this session, after its recipe; a sample until the visitor brings one."""
    return dataset_of(st.session_state.get(CHOICE) or _DEFAULT_SAMPLE)


def dataset_of(choice: str) -> DataSet:
    """One of ``choices``, after its recipe; the first sample for what is no longer there."""
    mine = uploads()
    if choice in mine:
        return after_recipe(mine[choice])
    return after_recipe(sample_dataset(choice if choice in samples() else _DEFAULT_SAMPLE))


def sample_dataset(key: str = _DEFAULT_SAMPLE) -> DataSet:
    """A packaged data set as it is read, whatever a visitor chose."""
    table, roles = _read_sample(key, ReadOptions())
    return DataSet(
        key_as_read=f"sample:{key}:{table.sha256}",
        name=samples()[key].path.name,
        table=table,
        roles=roles,
        sample=samples()[key],
    )


def after_recipe(dataset: DataSet) -> DataSet:
    """A data set as it was read, after the steps and with the uses of columns that the visitor chose."""
    now = recipes.history_of(dataset.table.sha256).now
    recipe = dataclasses.replace(now, read=dataset.options)
    return _after(dataset, recipe, mark=recipes.mark_of(now))


def after_steps_of(dataset: DataSet, other: DataSet) -> DataSet:
    """A data set as it was read after the steps of another, but for those that name rows by number."""
    recipe = dataclasses.replace(other.recipe, read=dataset.options)
    return _after(dataset, recipe, mark=other.mark)


def before_step(dataset: DataSet, place: int) -> DataSet:
    """The data set as before the step at ``place`` of its recipe, marked so that what was found is known."""
    table = dataset.read_table
    as_read = recipes.prepared(table, (), key=dataset.key_as_read, file=dataset.recipe.file)
    read = dataclasses.replace(dataset, table=table, roles=as_read.roles, as_read=None, account=())
    beginning = dataclasses.replace(dataset.recipe, steps=dataset.steps[:place])
    return _after(read, beginning, mark=recipes.mark_of(beginning))


def _after(dataset: DataSet, recipe: Recipe, *, mark: str) -> DataSet:
    table, roles, account = dataset.table, dataset.roles, dataset.account
    if recipe.steps:
        found = recipes.prepared(table, recipe.steps, key=dataset.key_as_read, file=recipe.file)
        table, roles, account = found.made, found.roles, found.made.account
    chosen = _chosen_uses(dataset.key_as_read)
    uses = {name: kind for name, kind in chosen.items() if name in roles}
    return dataclasses.replace(
        dataset,
        table=table,
        as_read=dataset.table if recipe.steps else None,
        roles=roles | {name: Role(kind, "chosen by you") for name, kind in uses.items()},
        uses=uses,
        recipe=recipe,
        account=account,
        mark=mark,
    )
