"""A data set of the Hub as a table: its Parquet form is read, and no code of it is ever run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from analytics.apart import Limits
from analytics.hub import client
from analytics.hub.cards import Card, read_card
from analytics.hub.downloads import MOST_BYTES, RemoteFile, download, files_of
from analytics.hub.errors import HubError, told
from analytics.hub.names import checked_revision, checked_token
from analytics.hub.sampling import count_rows, take_rows
from analytics.progress import Progress, silent
from analytics.tables import ReadOptions, Table, read_table
from analytics.words import count

CONVERTED = "refs/convert/parquet"
"""The branch on which the Hub keeps the Parquet form that it makes of a data set's newest state."""
_MOST_ROWS = 100_000
_PARTIAL = "partial-"
"""How the Hub marks a split of which it converted the first 5 GB only."""
_SHARD = re.compile(r"(?P<split>[\w.-]+?)-\d{5}-of-\d{5}(?:-[0-9a-f]{16})?")
"""A file of several; until 2023 the library of data sets wrote a mark of its content behind."""
_PART = re.compile(r"part-\d+[\w.-]*")
"""A file of several as Spark names it, which says nothing of a split."""
_OWN_FOLDERS = ("", "data")


@dataclass(frozen=True)
class Split:
    """One part of a data set in one configuration, as Parquet files."""

    configuration: str
    name: str
    files: tuple[RemoteFile, ...]
    partial: bool = False

    @property
    def bytes(self) -> int:
        return sum(one.size for one in self.files)


@dataclass(frozen=True)
class DataCard:
    """What is known of a data set before it is opened."""

    card: Card
    splits: tuple[Split, ...]

    @property
    def configurations(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.configuration for one in self.splits))

    def splits_of(self, configuration: str) -> tuple[str, ...]:
        """Names of the splits of a configuration."""
        return tuple(one.name for one in self.splits if one.configuration == configuration)

    def split(self, configuration: str | None = None, name: str | None = None) -> Split:
        """One split: the first where none is named (train, where there is one); HubError for no such."""
        fitting = [one for one in self.splits if configuration in (None, "", one.configuration)]
        if not fitting:
            known = ", ".join(self.configurations)
            raise HubError(
                f"{self.card.name} has no configuration {configuration!r}: choose one of {known[:500]}."
            )
        fitting = [one for one in fitting if one.configuration == fitting[0].configuration]
        if not name:
            return next((one for one in fitting if one.name == "train"), fitting[0])
        for one in fitting:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in fitting)
        raise HubError(f"{self.card.name} has no split {name!r} there: choose one of {known[:500]}.")


@dataclass(frozen=True)
class FetchedData:
    """Rows of a split as a Parquet file of their own, and in words which rows they are."""

    card: Card
    split: Split
    commit: str
    rows: int
    statement: str
    parquet: bytes = field(repr=False)

    @property
    def file_name(self) -> str:
        """A name for the file: what it comes from, without a slash."""
        parts = (self.card.name, self.split.configuration, self.split.name)
        return "_".join(part.replace("/", "_") for part in parts) + ".parquet"


@dataclass(frozen=True)
class OpenedData:
    """A table with what it comes from."""

    table: Table
    fetched: FetchedData


class DataChoices(TypedDict, total=False):
    """What is asked of a data set: the choices of ``fetch_data``."""

    configuration: str
    split: str
    revision: str
    token: str | None
    max_rows: int
    seed: int
    most_bytes: int
    limits: Limits | None
    progress: Progress


def data_card(name: str, *, revision: str = "", token: str | None = None) -> DataCard:
    """The card of ``owner/name`` and its splits.

    Without ``revision`` the Hub's own Parquet form of the newest state counts, or the repository's Parquet
    files where there is none; at a revision, the Parquet files of the repository there.

    Raises:
        HubError: no such data set or revision, no access, or nothing of it is Parquet.
    """
    token = checked_token(token)
    card = read_card(name, kind="dataset", revision=revision or "main", token=token)
    splits: list[Split] = []
    if not revision:
        splits = _converted(card.name, token)
    splits = splits or _splits(card.files, own=True)
    if not splits:
        raise HubError(
            f"{card.name} has no Parquet files"
            + (f" at {checked_revision(revision)}" if revision else " and the Hub has made none of it")
            + ": data that needs code of its own to be read is not opened here."
        )
    return DataCard(card, tuple(splits))


def fetch_data(
    name: str,
    *,
    configuration: str = "",
    split: str = "",
    revision: str = "",
    token: str | None = None,
    max_rows: int = _MOST_ROWS,
    seed: int = 0,
    most_bytes: int = MOST_BYTES,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> FetchedData:
    """Rows of a split, downloaded file by file until there are ``max_rows``; see ``open_data``.

    ``limits``: open the files in a process of its own, as a server does.
    """
    token = checked_token(token)
    if not isinstance(max_rows, int) or not 1 <= max_rows <= 1_000_000_000:
        raise HubError("Ask for at least one row.")
    known = data_card(name, revision=revision, token=token)
    chosen = known.split(configuration, split)
    if known.card.gated:  # what others fetched lies on the disk: who asks has to be let in as well
        with told(known.card.name, token=token):
            client.api(token).auth_check(known.card.name, repo_type="dataset")
    paths, rows = [], 0
    for one in chosen.files:
        paths += download([one], token=token, progress=progress, most_bytes=most_bytes)
        rows += count_rows(paths[-1], limits=limits)
        if rows >= max_rows:
            break
    taken = take_rows(paths, most=max_rows, seed=seed, limits=limits)
    statement = _statement(taken.rows, taken.of, len(paths), chosen, seed)
    return FetchedData(known.card, chosen, chosen.files[0].commit, taken.rows, statement, taken.parquet)


def open_data(name: str, **choices: Unpack[DataChoices]) -> OpenedData:
    """A split of a data set of the Hub as a table; beyond ``max_rows`` a sample, which ``statement`` tells.

    ``choices`` are those of ``fetch_data``. Files are kept on disk by commit, and only whole ones with the
    hash that the Hub lists are read.

    Raises:
        HubError: no such name, configuration, split or revision, no access, no room, or a failed download.
        TableError: the rows cannot be read as a table.
    """
    fetched = fetch_data(name, **choices)
    options = ReadOptions(max_rows=choices.get("max_rows", _MOST_ROWS))
    isolated = choices.get("limits") or False
    return OpenedData(
        read_table(fetched.parquet, name=fetched.file_name, options=options, isolated=isolated), fetched
    )


def _statement(rows: int, of: int, files: int, split: Split, seed: int) -> str:
    where = f"the split {split.name} ({split.configuration})"
    if split.partial:
        where += ", of which the Hub converted the first 5 GB only"
    some = files < len(split.files)
    if some:
        where = f"the first {files:,} of {len(split.files):,} files of {where}"
    if rows < of:
        return f"{count(rows, 'row')} drawn at random (seed {seed}) from the {of:,} in {where}."
    return f"The {count(rows, 'row')} of {where}." if some else f"All {count(rows, 'row')} of {where}."


def _converted(name: str, token: str | None) -> list[Split]:
    """Splits of the Hub's own Parquet form; none where it made none."""
    from huggingface_hub.errors import RevisionNotFoundError

    try:
        return _splits(files_of(name, kind="dataset", revision=CONVERTED, token=token))
    except HubError as error:
        if isinstance(error.__cause__, RevisionNotFoundError):
            return []
        raise


def _splits(files: Sequence[RemoteFile], *, own: bool = False) -> list[Split]:
    """Parquet files by configuration and split, told by their names as the Hub writes them.

    In a repository of its ``own`` making, the folder ``data`` is no configuration.
    """
    found: dict[tuple[str, str, bool], list[RemoteFile]] = {}
    for one in sorted(files, key=lambda one: one.path):
        if one.path.endswith(".parquet"):
            found.setdefault(_place(one.path, own=own), []).append(one)
    return [Split(place[0], place[1], tuple(shards), place[2]) for place, shards in found.items()]


def _place(path: str, *, own: bool) -> tuple[str, str, bool]:
    """Configuration, split and whether it is a part, by ``default/train/0000.parquet``,
    ``data/train-00000-of-00002.parquet``, ``train.parquet`` or ``fr/test.parquet``."""
    *folders, file = path.removesuffix(".parquet").split("/")
    shard = _SHARD.fullmatch(file)
    if file.isdigit() and folders:
        split, folders = folders[-1], folders[:-1]
    elif _PART.fullmatch(file):
        own_folder = folders and folders[-1] not in _OWN_FOLDERS
        split, folders = (folders[-1], folders[:-1]) if own_folder else ("train", folders)
    else:
        split = shard["split"] if shard else file
    partial = split.startswith(_PARTIAL)
    configuration = "/".join(folders)
    if configuration in (_OWN_FOLDERS if own else _OWN_FOLDERS[:1]):
        configuration = "default"
    return configuration, split.removeprefix(_PARTIAL), partial
