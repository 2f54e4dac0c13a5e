"""Open a Marian translation model: the packaged one, a local folder, or one of the Hub."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analytics.errors import ZetascopeError
from analytics.transformer.translator.vocabulary import MarianFiles, SharedPieces, Vocabulary

PACKAGED = Path(__file__).parent / "model"
PACKAGED_NAME = "zetascope-en-fr"
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_FOLDERS = re.compile(r"(?<![\w:/.-])(?:[A-Za-z]:)?[/\\~][^\s'\",;)]+")


@dataclass(frozen=True)
class Translator:
    """A MarianMTModel in evaluation mode with its vocabulary, float32 on the CPU.

    ``revision`` is a SHA-256 of the weights for local files and the commit for a model of the Hub.
    ``lock`` is held while the vocabulary works; the model itself may be used by several threads.
    """

    name: str
    revision: str
    model: Any
    vocabulary: Vocabulary
    lock: threading.RLock = field(default_factory=threading.RLock, compare=False, repr=False)

    @property
    def config(self) -> Any:
        return self.model.config

    @property
    def start_id(self) -> int:
        """What the decoder reads before its first word; Marian uses ``<pad>``."""
        return int(self.config.decoder_start_token_id)

    @property
    def end_id(self) -> int:
        return int(self.config.eos_token_id)

    @property
    def longest(self) -> int:
        """How many tokens the position table holds."""
        return int(self.config.max_position_embeddings)

    @property
    def suppressed(self) -> tuple[int, ...]:
        """Ids the model's own generation settings never let it write."""
        settings = self.model.generation_config
        single = [ids[0] for ids in settings.bad_words_ids or () if len(ids) == 1]
        return tuple(sorted({*map(int, single), *map(int, settings.suppress_tokens or ())}))

    @property
    def forced_last_id(self) -> int | None:
        """The id written in place of the last allowed token, if the model's settings name one."""
        forced = self.model.generation_config.forced_eos_token_id
        forced = forced[0] if isinstance(forced, list) else forced
        return None if forced is None else int(forced)


def load_translator(name: str | Path | None = None, *, revision: str | None = None) -> Translator:
    """Open a model: None for the packaged one, a folder, or a Hub id such as ``Helsinki-NLP/opus-mt-en-fr``.

    Only safetensors weights are read and no code of the model's own is run. Raises ZetascopeError when
    there is no such model or it is not a Marian one.
    """
    if not isinstance(name, str | Path | None):
        raise ZetascopeError(f"A translator is named by a text, not by a {type(name).__name__}.")
    if name is None or str(name) == PACKAGED_NAME:
        return _packaged_translator()
    folder = Path(name).expanduser()
    if (folder / "config.json").is_file():
        return _from_folder(folder, folder.name)
    if not _HUB_ID.fullmatch(str(name)):
        raise ZetascopeError(
            f"There is no translator called {str(name)!r}: give a folder with a Marian model or a Hub id "
            "such as 'Helsinki-NLP/opus-mt-en-fr', or leave the name out for the packaged one."
        )
    return _from_hub(str(name), revision)


@cache
def _packaged_translator() -> Translator:
    """The packaged model, opened once per process."""
    return _from_folder(PACKAGED, PACKAGED_NAME)


def _from_folder(folder: Path, name: str) -> Translator:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ZetascopeError(
            f"{folder} holds no model.safetensors; save the model there with save_pretrained()."
        )
    pieces = folder / "sp.model"
    vocabulary = SharedPieces(pieces) if pieces.is_file() else _marian_files(str(folder), None)
    with weights.open("rb") as file:
        revision = hashlib.file_digest(file, "sha256").hexdigest()
    return Translator(name, revision, _marian_model(str(folder), None), vocabulary)


def _from_hub(name: str, revision: str | None) -> Translator:
    model = _marian_model(name, revision)
    return Translator(
        name, getattr(model.config, "_commit_hash", None) or "unknown", model, _marian_files(name, revision)
    )


def _marian_model(location: str, revision: str | None) -> Any:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoConfig, MarianMTModel

    options = {"revision": revision} if revision else {}
    try:
        config = AutoConfig.from_pretrained(location, trust_remote_code=False, **options)
        if config.model_type != "marian":
            raise ZetascopeError(
                f"{location} is a {config.model_type} model; the decoder walk reads Marian models."
            )
        model: Any = MarianMTModel.from_pretrained(
            location, config=config, dtype=torch.float32, use_safetensors=True, **options
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as problem:
        if isinstance(problem, ZetascopeError):
            raise
        raise ZetascopeError(
            f"The translator {location!r} could not be opened ({_first_line(problem)}); check the name, the "
            "connection, and that its weights are stored as safetensors."
        ) from problem
    return model.eval()


def _marian_files(location: str, revision: str | None) -> MarianFiles:
    from transformers import MarianTokenizer

    options = {"revision": revision} if revision else {}
    try:
        tokenizer: Any = MarianTokenizer.from_pretrained(location, **options)
    except (OSError, TypeError, ValueError) as problem:
        raise ZetascopeError(
            f"The vocabulary of {location!r} could not be opened ({_first_line(problem)}); source.spm, "
            "target.spm and vocab.json must lie beside the weights."
        ) from problem
    return MarianFiles(tokenizer)


def _first_line(problem: Exception) -> str:
    """What a loader says, without the folders of this machine: models of the Hub lie in a cache here."""
    said = str(problem).strip()
    return _FOLDERS.sub("…", said.splitlines()[0][:200]) if said else type(problem).__name__
