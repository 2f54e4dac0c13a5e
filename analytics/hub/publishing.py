"""Results for the Hub: a data set, a map as a page, or the folder of a tuned model, whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from analytics.hub import client
from analytics.hub.errors import HubError, told
from analytics.hub.names import checked_name, checked_token, is_safe_path
from analytics.progress import Progress, silent
from analytics.readme import one_line, readme
from analytics.tables import write_csv, write_parquet

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Kind = Literal["dataset", "model", "space"]
_WORDS: dict[Kind, str] = {"dataset": "data set", "model": "model", "space": "Space"}
_CARD = "README.md"
_MODEL_ENDINGS = (".json", ".txt", ".model", ".spm", ".safetensors", ".md")
_LICENCE = "abcdefghijklmnopqrstuvwxyz0123456789-."


@dataclass(frozen=True)
class Publication:
    """All that would go to the Hub, to be looked at before it goes: contents by path, the card among them."""

    kind: Kind
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def card(self) -> str:
        """The README that the Hub shows."""
        return self.files[_CARD].decode()

    def preview(self) -> pd.DataFrame:
        """Every file with its size in bytes."""
        return pd.DataFrame(
            {"file": list(self.files), "bytes": [len(content) for content in self.files.values()]}
        )


def data_publication(
    tables: Mapping[str, pd.DataFrame],
    *,
    title: str,
    licence: str,
    provenance: str,
    recipe: str = "",
    steps: Sequence[str] = (),
) -> Publication:
    """A data set: each table as Parquet and CSV, the recipe, and a card that says how it was made.

    ``tables``: by name, the first one is what ``load_dataset`` gives; ``recipe`` is the recipe's JSON,
    ``steps`` its steps in words.

    Raises:
        HubError: no table, a name that is no file's, or no licence.
    """
    if not tables or not all(is_safe_path(f"{name}.csv") and "/" not in name for name in tables):
        raise HubError("Give at least one table, named by letters, digits and - _ only.")
    licence = checked_licence(licence)
    files: dict[str, bytes] = {}
    for name, frame in tables.items():
        csv, parquet = io.BytesIO(), io.BytesIO()
        write_csv(frame, csv)
        write_parquet(frame, parquet)
        files[f"data/{name}.parquet"], files[f"csv/{name}.csv"] = parquet.getvalue(), csv.getvalue()
    if recipe:
        files["recipe.json"] = recipe.encode()
    first = next(iter(tables.values()))
    configs = [{"config_name": name, "data_files": f"data/{name}.parquet"} for name in tables]
    front = {"license": licence, "pretty_name": title, "tags": ["zetascope"], "configs": configs}
    counted = f"{len(first):,} rows and {first.shape[1]:,} columns"
    lines = [
        f"# {one_line(title)}",
        "",
        f"{counted}, cleaned and written by Zetascope.",
        "",
        "## Where it comes from",
    ]
    lines += ["", one_line(provenance), "", "## What was done", ""]
    lines += [f"{number}. {one_line(step)}" for number, step in enumerate(steps, 1)] or [
        "Nothing: as it was read."
    ]
    if recipe:
        lines += ["", "`zetascope clean recipe.json FILE out.parquet` does the same to another file."]
    lines += ["", "## How to open it", "", "```python", "import pandas as pd", ""]
    lines += [f'{name} = pd.read_parquet("data/{name}.parquet")' for name in tables if name.isidentifier()]
    lines += [
        "```",
        "",
        f'These paths are those of a copy; `load_dataset("owner/name", "{next(iter(tables))}")` of the '
        "library `datasets` fetches one.",
        "",
        "The CSV files hold the same; texts that a spreadsheet would run begin with an apostrophe.",
    ]
    return Publication("dataset", {_CARD: readme(front, lines).encode(), **files})


def page_publication(
    page: str, *, title: str, licence: str, provenance: str = "", notes: Sequence[str] = ()
) -> Publication:
    """A map, or another page that works offline, as a static Space; ``notes`` say how it is to be read."""
    front = {
        "title": title,
        "sdk": "static",
        "app_file": "index.html",
        "license": checked_licence(licence),
        "tags": ["zetascope"],
    }
    lines = [
        f"# {one_line(title)}",
        "",
        "One page with its data inside, made by Zetascope. `index.html` opens from a disk too.",
    ]
    lines += ["", "## Where it comes from", "", one_line(provenance)] if provenance else []
    lines += ["", "## How to read it", "", *(f"- {one_line(note)}" for note in notes)] if notes else []
    return Publication("space", {_CARD: readme(front, lines).encode(), "index.html": page.encode()})


def model_publication(folder: Path) -> Publication:
    """A tuned model's folder with its card: settings, vocabularies and safetensors, no code or pickles.

    Raises:
        HubError: no README.md, no safetensors, or a file of another kind.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    other = [name for name in named if not name.endswith(_MODEL_ENDINGS) or not is_safe_path(name)]
    if other:
        raise HubError(f"{other[0]!r} is nothing that a model needs: take it out of the folder first.")
    if _CARD not in named or not any(name.endswith(".safetensors") for name in named):
        raise HubError("The folder holds no README.md or no safetensors: save the model there with its card.")
    order = [_CARD, *(name for name in named if name != _CARD)]
    return Publication("model", {name: named[name].read_bytes() for name in order})


def publish(
    publication: Publication,
    name: str,
    *,
    token: str,
    private: bool = True,
    progress: Progress = silent,
) -> str:
    """Make ``owner/name`` with all files in one commit; its address on the Hub.

    Where the commit fails or ``progress``, which counts files, raises to cancel, the repository that was
    made for it is taken away again.

    Raises:
        HubError: a name that is taken, a token that may not write there, or the Hub is out of reach.
    """
    name, checked = checked_name(name), checked_token(token)
    if checked is None:
        raise HubError("Publishing needs a token of yours that may write.")
    what, kind = f"the {_WORDS[publication.kind]} {name}", publication.kind
    api = client.api(checked)
    progress(0, len(publication.files))
    with told(what, token=checked):
        api.create_repo(
            name, repo_type=kind, private=private, space_sdk="static" if kind == "space" else None
        )
    try:
        return _committed(publication, name, api, progress)
    except BaseException as problem:
        if not _is_taken_away(name, kind, api) and isinstance(problem, HubError):
            raise HubError(
                f"{problem} What was begun of {what} is left there, empty: delete it."
            ) from problem
        raise


def _committed(publication: Publication, name: str, api: HfApi, progress: Progress) -> str:
    """Large files are sent one by one before the commit that names them; nobody sees them until then."""
    from huggingface_hub import CommitOperationAdd

    kind, added = publication.kind, list[CommitOperationAdd]()
    what, token = f"the {_WORDS[kind]} {name}", str(api.token)
    for number, (path, content) in enumerate(publication.files.items()):
        progress(number, len(publication.files))
        # A buffer, and not bytes: these go over HTTP, where what is sent can be followed and tested.
        added.append(CommitOperationAdd(path_in_repo=path, path_or_fileobj=io.BytesIO(content)))
        with told(what, token=token):
            api.preupload_lfs_files(name, added[-1:], repo_type=kind)
    progress(len(added), len(added))
    with told(what, token=token):
        done = api.create_commit(name, added, commit_message="Publish from Zetascope", repo_type=kind)
    return done.commit_url.split("/commit/")[0]


def _is_taken_away(name: str, kind: Kind, api: HfApi) -> bool:
    try:
        with told(name):
            api.delete_repo(name, repo_type=kind)
    except HubError:
        return False
    return True


def checked_licence(text: str) -> str:
    """A licence as the Hub names it; HubError for anything else."""
    licence = text.strip().lower()
    if not licence or set(licence) - set(_LICENCE):
        raise HubError("Name the licence as the Hub does, such as cc-by-4.0, mit or other.")
    return licence
