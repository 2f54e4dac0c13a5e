"""Open a decoder-only model (GPT-2, Llama and their kind) from a folder."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from analytics.errors import ZetascopeError
from analytics.transformer.architectures import CAUSAL, Architecture

_BYTE_SPACE = "Ġ"
"""How byte-level vocabularies write a space at the start of a piece."""


@dataclass(frozen=True)
class CausalModel:
    """A decoder-only model in evaluation mode with its tokenizer, float32 on the CPU.

    ``revision`` is a SHA-256 of the settings and of the weights' sizes and names. ``lock`` is held while the
    tokenizer works; the model itself may be used by several threads.
    """

    name: str
    revision: str
    model: Any
    tokenizer: Any
    lock: threading.RLock = field(default_factory=threading.RLock, compare=False, repr=False)

    @property
    def where(self) -> Architecture:
        """Its row of the table of architectures."""
        return CAUSAL[self.model.config.model_type]

    @property
    def longest(self) -> int:
        """How many tokens it can read."""
        return int(self.model.config.max_position_embeddings)

    @property
    def vocabulary(self) -> int:
        """How many pieces it gives a probability."""
        return int(self.model.lm_head.weight.shape[0])

    @property
    def end_ids(self) -> frozenset[int]:
        """Tokens after which nothing is written."""
        found = self.model.generation_config.eos_token_id
        return frozenset(found if isinstance(found, list) else [] if found is None else [found])

    @cached_property
    def _is_byte_level(self) -> bool:
        return any(_BYTE_SPACE in one for one in self.tokenizer.convert_ids_to_tokens(self._sample))

    @cached_property
    def _sample(self) -> list[int]:
        return self.tokenizer(" a b", add_special_tokens=False)["input_ids"]

    def piece(self, token_id: int) -> str:
        """One token as it is read: ``▁`` for a space at its start, ``⏎`` for a line's end."""
        with self.lock:
            name = self.tokenizer.convert_ids_to_tokens(int(token_id))
            if name is None:  # a table may have more rows than there are pieces, to round its size
                return f"<{token_id}>"
            if not self._is_byte_level:
                return str(name)
            text = self.tokenizer.decode([int(token_id)])
        if "\ufffd" in text:  # a part of a letter, of which only the whole can be shown
            return str(name)
        shown = text.replace("\n", "⏎")
        return "▁" + shown[1:] if shown.startswith(" ") else shown

    def decode(self, ids: list[int]) -> str:
        """The text of tokens, the model's own marks left out."""
        with self.lock:
            return self.tokenizer.decode(ids, skip_special_tokens=True)


def load_causal(folder: str | Path, *, name: str = "", revision: str = "") -> CausalModel:
    """Open the model in ``folder``: its settings, a tokenizer and weights as safetensors.

    No code of the model's own is run and nothing is fetched. Raises ZetascopeError where the folder holds no
    such model, or one of a family that is not in the table.
    """
    if not isinstance(folder, str | Path) or not str(folder):
        raise ZetascopeError("A model is opened from a folder: give its path.")
    place = Path(folder).expanduser()
    problem = problem_of(place)
    if problem:
        raise ZetascopeError(problem)
    model, tokenizer = _opened(place)
    return CausalModel(name or place.name, revision or _digest(place), model, tokenizer)


def problem_of(folder: Path) -> str:
    """Why ``folder`` holds no model that can be opened, in one sentence; "" where it does."""
    import json

    named = folder.name or "This folder"
    settings = folder / "config.json"
    if not settings.is_file():
        return f"{named} holds no config.json; give a folder that save_pretrained() has written."
    try:
        config = json.loads(settings.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return f"The config.json of {named} cannot be read; save the model there once more."
    return causal_problem(config, named) or (
        ""
        if any(folder.glob("model*.safetensors"))
        else f"{named} has no weights as safetensors; other kinds can run code and are not opened."
    )


def causal_problem(config: Any, name: str) -> str:
    """Why settings (a ``config.json``) are not those of a model that can be walked through."""
    if not isinstance(config, dict):
        return f"The config.json of {name} does not say what it is; choose another model."
    if "auto_map" in config:
        return f"{name} needs code of its own, which is never run here; choose another model."
    kind = str(config.get("model_type"))[:40]
    known = ", ".join(CAUSAL)
    return "" if kind in CAUSAL else f"{name} is a {kind} model; this walk reads {known} models."


def _opened(folder: Path) -> tuple[Any, Any]:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            str(folder),
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
        )
        tokenizer: Any = AutoTokenizer.from_pretrained(
            str(folder), trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise ZetascopeError(
            f"The model in {folder.name} could not be opened; config.json, the weights as safetensors and "
            "tokenizer.json must lie there and belong together."
        ) from error
    return model.eval(), tokenizer


def _digest(folder: Path) -> str:
    """The weights themselves may be of many GB, so their names and sizes stand for them."""
    digest = hashlib.sha256((folder / "config.json").read_bytes())
    for weights in sorted(folder.glob("*.safetensors")):
        digest.update(f"{weights.name} {weights.stat().st_size}".encode())
    return digest.hexdigest()
