"""Results for the Hub: a data set, a map as a page, or the folder of a tuned model, whole or not at all."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from analytics.hub import client
from analytics.hub.errors import HubError, told
from analytics.hub.names import checked_name, checked_token, is_safe_path
from analytics.tables import write_csv, write_parquet

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
    licence = _licence(licence)
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
        f"# {_line(title)}",
        "",
        f"{counted}, cleaned and written by Zetascope.",
        "",
        "## Where it comes from",
    ]
    lines += ["", _line(provenance), "", "## What was done", ""]
    lines += [f"{number}. {_line(step)}" for number, step in enumerate(steps, 1)] or [
        "Nothing: as it was read."
    ]
    lines += ["", "The steps as data are in `recipe.json`." if recipe else "", "## How to open it", ""]
    lines += ["```python", "import pandas as pd", ""]
    lines += [f'{name} = pd.read_parquet("data/{name}.parquet")' for name in tables if name.isidentifier()]
    lines += [
        "```",
        "",
        "The CSV files hold the same; texts that a spreadsheet would run begin with an apostrophe.",
    ]
    return Publication("dataset", {_CARD: _card(front, lines), **files})


def page_publication(page: str, *, title: str, licence: str) -> Publication:
    """A map, or another page that works offline, as a static Space."""
    front = {"title": title[:60], "sdk": "static", "app_file": "index.html", "license": _licence(licence)}
    lines = [f"# {_line(title)}", "", "One page with its data inside, made by Zetascope. It asks no network."]
    return Publication("space", {_CARD: _card(front, lines), "index.html": page.encode()})


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


def publish(publication: Publication, name: str, *, token: str, private: bool = True) -> str:
    """Make ``owner/name`` with all files in one commit; its address on the Hub.

    Where the commit fails, the repository that was made for it is taken away again.

    Raises:
        HubError: a name that is taken, a token that may not write there, or the Hub is out of reach.
    """
    name, checked = checked_name(name), checked_token(token)
    if checked is None:
        raise HubError("Publishing needs a token of yours that may write.")
    from huggingface_hub import CommitOperationAdd

    what = f"the {_WORDS[publication.kind]} {name}"
    api, kind = client.api(checked), publication.kind
    with told(what, token=checked):
        api.create_repo(
            name, repo_type=kind, private=private, space_sdk="static" if kind == "space" else None
        )
    # Buffers, and not bytes: these go over HTTP, where what is sent can be followed and tested.
    added = [
        CommitOperationAdd(path_in_repo=path, path_or_fileobj=io.BytesIO(content))
        for path, content in publication.files.items()
    ]
    try:
        with told(what, token=checked):
            done = api.create_commit(name, added, commit_message="Publish from Zetascope", repo_type=kind)
    except BaseException:
        with suppress(Exception):
            api.delete_repo(name, repo_type=kind)
        raise
    return done.commit_url.split("/commit/")[0]


def _licence(text: str) -> str:
    licence = text.strip().lower()
    if not licence or set(licence) - set(_LICENCE):
        raise HubError("Name the licence as the Hub does, such as cc-by-4.0, mit or other.")
    return licence


def _card(front: Mapping[str, object], lines: Sequence[str]) -> bytes:
    """JSON values are YAML too, so that no title can end the front matter or add to it."""
    matter = [f"{key}: {json.dumps(value)}" for key, value in front.items()]
    return "\n".join(["---", *matter, "---", "", *lines, ""]).encode()


def _line(text: str) -> str:
    """Words of a visitor's file on one line of a card, without power as markup."""
    shown = " ".join(text.split())[:1_000]
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|!~$" else sign for sign in shown)
