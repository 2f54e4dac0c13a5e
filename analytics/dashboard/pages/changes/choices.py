"""What the Changes page compares: the other file, which one is older, and how rows are matched."""

from collections.abc import Hashable
from dataclasses import dataclass, field

import streamlit as st

from analytics.comparison import KeyProposal, propose_keys
from analytics.dashboard.parts import making_room, uploads, widgets
from analytics.dashboard.parts.files import FILE_TYPES
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.settings import read_settings
from analytics.tables import Role

_UPLOAD = "changes_upload"
_OTHER = "changes_other"
_NONE = ""
_ALIKE = 0.5  # of the smaller table's columns: then it is likely another issue of the same file
_PLACE, _CHOSEN, _NOTHING = "their place in the file", "columns I choose", "nothing"
_OPEN_IS_NEWER = {"now": True, "before": False}


@dataclass(frozen=True)
class Pair:
    """Both files, and how their rows are matched: by columns, by their place (empty) or not at all."""

    before: DataSet = field(repr=False)
    now: DataSet = field(repr=False)
    key: tuple[Hashable, ...] | None
    exact: bool

    @property
    def named(self) -> tuple[Hashable, ...]:
        """What a result belongs to."""
        return self.before.key, self.now.key, self.key, self.exact


def choose_pair(dataset: DataSet) -> Pair | None:
    """Draw the controls; None until there is another file."""
    _take_upload()
    left, right = st.columns(2)
    with left:
        chosen = _choose_other(dataset)
    with right:
        newer = st.radio(
            "The open file is how it is",
            list(_OPEN_IS_NEWER),
            key="changes_open_is",
            bind="query-params",
            horizontal=True,
        )
    if not chosen:
        return None
    other = datasets.dataset_of(chosen)
    with left:
        other = _treated_alike(other, dataset)
    before, now = (other, dataset) if _OPEN_IS_NEWER[newer] else (dataset, other)
    with left:
        key = _choose_key(before, now)
    with right:
        exact = st.toggle(
            "Compare numbers exactly",
            key="changes_exact",
            bind="query-params",
            help="Off: numbers that differ by at most a billionth of their size count as equal, as a round "
            "trip through another program leaves them.",
        )
    return Pair(before, now, key, exact)


def _take_upload() -> None:
    """Draw the uploader; what it takes is kept beside the open file, and compared with it."""
    limit = read_settings().max_upload_mb
    file = st.file_uploader(
        "The other file", type=FILE_TYPES, key=uploads.uploader_key(_UPLOAD), max_upload_size=limit
    )
    uploads.tell_refused(_UPLOAD)
    if file is None:
        return

    def take() -> None:
        before = datasets.uploads()
        name = file.name
        # A file of the same name would take the place of the open one.
        while name in before:
            name = f"other {name}"
        made = datasets.open_upload(name, file.getvalue())
        st.session_state[_OTHER] = made.name

    making_room.taken(file, take, uploader=_UPLOAD)


def _choose_other(dataset: DataSet) -> str:
    mine = st.session_state.get(datasets.CHOICE)
    offered = [name for name in datasets.choices()[::-1] if name != mine]
    alike = [name for name in offered if _alike(dataset, name)]
    if _OTHER not in st.session_state and alike:
        st.session_state[_OTHER] = alike[0]
    return widgets.choose_one(
        "Compare with",
        [_NONE, *offered],
        key=_OTHER,
        format_func=lambda name: datasets.title_of(name) if name else "no file yet",
    )


def _treated_alike(other: DataSet, dataset: DataSet) -> DataSet:
    """The other file after the open one's steps, so that what these changed does not look like news."""
    if not dataset.steps or other.steps:
        return other
    taken = st.toggle(
        "The recipe's steps in the other file too",
        True,
        key="changes_steps",
        bind="query-params",
        help="The other file has no steps of its own. Off: it is compared as it was read.",
    )
    if not taken:
        return other
    made = datasets.after_steps_of(other, dataset)
    for account in made.account:
        if account.problem:
            st.caption(plain(account.sentence(), width=300))
    return made


def _alike(dataset: DataSet, choice: str) -> bool:
    mine, theirs = set(dataset.frame.columns), set(datasets.dataset_of(choice).frame.columns)
    return len(mine & theirs) >= _ALIKE * min(len(mine), len(theirs)) > 0


def _choose_key(before: DataSet, now: DataSet) -> tuple[Hashable, ...] | None:
    """By what rows are matched: the likeliest key at first, nothing where there is none."""
    proposals = _proposals(before.key, now.key, before, now)
    labels = {" and ".join(map(str, one.columns)): one for one in proposals[:8]}
    chosen = widgets.choose_one("Match rows by", [*labels, _CHOSEN, _PLACE, _NOTHING], key="changes_match",
                                index=0 if labels else 2 + len(labels))  # fmt: skip
    if chosen in labels:
        st.caption(plain(labels[chosen].sentence, width=300))
        return labels[chosen].columns
    if not labels:
        st.caption("No column that both files have tells all their rows apart.")
    if chosen == _CHOSEN:
        common = [str(name) for name in now.frame.columns if name in before.frame.columns]
        return tuple(widgets.choose_columns("Key", common, key="changes_key", default=[])) or None
    return () if chosen == _PLACE else None


@st.cache_data(scope="session", max_entries=8, show_spinner="Looking for a key")
def _proposals(before: str, now: str, _before: DataSet, _now: DataSet) -> tuple[KeyProposal, ...]:
    roles: dict[Hashable, Role] = {name: _now.roles[str(name)] for name in _now.frame.columns}
    return propose_keys(_before.frame, _now.frame, roles=roles)
