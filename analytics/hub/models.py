"""A model of the Hub as a folder: weights as safetensors, settings and vocabularies, and never any code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.hub import client
from analytics.hub.cards import Card, read_card
from analytics.hub.downloads import MOST_BYTES, RemoteFile, download, folder_of
from analytics.hub.errors import HubError, told
from analytics.hub.names import checked_token, is_safe_path
from analytics.hub.search import Use
from analytics.progress import Progress, silent
from analytics.text.encoders import TextEncoder
from analytics.text.model_files import ModelSource

_ENDINGS = (".json", ".txt", ".model", ".spm", ".safetensors")
_OTHER_FORMS = ("onnx/", "openvino/", "coreml/", "original/", "gguf/", ".")
"""Folders with the same weights for other programs."""
_WEIGHTS = "model.safetensors"
_LARGEST_SETTINGS = 1_000_000
"""Bytes; with the names of 10,000 labels a config.json has half of that."""
_MODULES = "sentence_transformers."
CAUSAL = ("gpt2", "llama", "mistral", "qwen2")
"""Families of decoder-only models that can be walked through; a test holds it against the table there."""
_READ: dict[Use, tuple[tuple[str, ...], str]] = {
    "translator": (("marian",), "Decoder page reads Marian"),
    "causal": (CAUSAL, f"Prompt page reads {', '.join(CAUSAL)}"),
}
_TOKENS = 54
"""Of a news text of two sentences, the text that speeds are given for (benchmarks/README.md)."""
_REACHED = 0.35
"""Share of a plain matrix product's speed that the packaged encoder reaches on such texts."""


@dataclass(frozen=True)
class ModelCard:
    """What is known of a model before it is fetched; ``problem`` says why it cannot be used here."""

    card: Card
    files: tuple[RemoteFile, ...]
    parameters: int | None
    multiplied: int | None
    """Weights that every token is multiplied with; the table of words is not among them."""
    problem: str

    @property
    def bytes(self) -> int:
        """What is downloaded and kept."""
        return sum(one.size for one in self.files)

    def texts_per_second(self, flops: float) -> float | None:
        """An estimate from the model's size and what this machine multiplies (``measured_flops``)."""
        return flops * _REACHED / (2 * self.multiplied * _TOKENS) if self.multiplied else None


@dataclass(frozen=True)
class FetchedModel:
    """A model whose files are all here, whole and checked."""

    name: str
    commit: str
    folder: Path

    def encoder(self, backend: str = "auto") -> TextEncoder:
        """The model as an encoder of texts; it loads when first used."""
        return TextEncoder(ModelSource(self.name, str(self.folder), self.commit, local=True), backend=backend)


def model_card(name: str, *, use: Use, revision: str = "", token: str | None = None) -> ModelCard:
    """The card of ``owner/name``, what it takes, and whether it can be used as ``use``.

    Raises:
        HubError: no such model or revision, no access, or the Hub is out of reach.
    """
    token = checked_token(token)
    card = read_card(name, kind="model", revision=revision or "main", token=token)
    files = _needed(card.files)
    paths = {one.path for one in files}
    if _WEIGHTS not in paths and "model.safetensors.index.json" not in paths:
        problem = f"{card.name} has no weights as safetensors; other kinds can run code and are not opened."
        return ModelCard(card, files, None, None, problem)
    with told(card.name, token=token):
        info = client.api(token).model_info(card.name, expand=["safetensors"])
    weights = info.safetensors
    settings: dict[str, Any] = {}
    if not card.gated or token:
        settings = _settings(files, token)
    problem = _problem(card.name, settings, use) if settings else ""
    parameters = int(weights.total) if weights else None
    return ModelCard(card, files, parameters, _multiplied(settings.get("config.json", {})), problem)


def fetch_model(
    name: str,
    *,
    use: Use,
    revision: str = "",
    token: str | None = None,
    most_bytes: int = MOST_BYTES,
    progress: Progress = silent,
) -> FetchedModel:
    """All that is needed of a model, in a folder of its own; who may not see a gated one is refused.

    Raises:
        HubError: no access, a model that needs code or has no safetensors, no room, or a failed download.
    """
    token = checked_token(token)
    known = model_card(name, use=use, revision=revision, token=token)
    if known.card.gated:  # what others fetched lies on the disk: who asks has to be let in as well
        with told(known.card.name, token=token):
            client.api(token).auth_check(known.card.name)
    if known.problem:
        raise HubError(known.problem)
    download(known.files, token=token, most_bytes=most_bytes, progress=progress)
    return FetchedModel(
        known.card.name, known.card.commit, folder_of(known.card.name, "model", known.card.commit)
    )


def measured_flops() -> float:
    """Operations per second of this machine in a plain product of matrices; takes hundredths of a second."""
    import time

    import numpy as np

    side = 768
    left = np.ones((side, side), dtype=np.float32)
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        left @ left
        best = max(best, 2 * side**3 / max(time.perf_counter() - start, 1e-9))
    return best


def _needed(files: Sequence[RemoteFile]) -> tuple[RemoteFile, ...]:
    inside = (one for one in files if not one.path.startswith(_OTHER_FORMS))
    return tuple(one for one in inside if one.path.endswith(_ENDINGS))


def _settings(files: Sequence[RemoteFile], token: str | None) -> dict[str, Any]:
    """The small files that say what the model is made of."""
    wanted = [one for one in files if one.path in ("config.json", "modules.json", "adapter_config.json")]
    if any(one.size > _LARGEST_SETTINGS for one in wanted):
        raise HubError(
            f"The settings of {wanted[0].repo} are too long and cannot be read; choose another model."
        )
    found = {}
    for one, path in zip(wanted, download(wanted, token=token), strict=True):
        try:
            found[one.path] = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as problem:
            raise HubError(f"{one.path} of {one.repo} cannot be read; choose another model.") from problem
    return found


def _problem(name: str, settings: dict[str, Any], use: Use) -> str:
    config, modules = settings.get("config.json"), settings.get("modules.json", [])
    if "adapter_config.json" in settings:
        return f"{name} is an adapter of another model, which it would load by itself; choose a whole model."
    if not isinstance(config, dict):
        return f"{name} has no config.json that says what it is; choose another model."
    if "auto_map" in config:
        return f"{name} needs code of its own, which is never run here; choose another model."
    if use in _READ:
        kind, (known, page) = str(config.get("model_type"))[:40], _READ[use]
        return "" if kind in known else f"{name} is a {kind} model; the {page} models."
    for module in modules if isinstance(modules, list) else [None]:
        of = module if isinstance(module, dict) else {}
        path = of.get("path")
        if (
            not str(of.get("type")).startswith(_MODULES)
            or not isinstance(path, str)
            or (path and not is_safe_path(path))
        ):
            return f"{name} has parts that only code of its own can load; choose another model."
    return ""


def _multiplied(config: Any) -> int | None:
    """Weights in the layers of a Transformer, by its sizes; None where it does not say them."""
    if not isinstance(config, dict):
        return None
    width = config.get("hidden_size") or config.get("d_model")
    layers = config.get("num_hidden_layers") or config.get("encoder_layers")
    inner = config.get("intermediate_size") or config.get("encoder_ffn_dim")
    sizes = [one for one in (width, layers, inner) if isinstance(one, int) and 0 < one < 1_000_000]
    if len(sizes) < 3:
        return None
    width, layers, inner = sizes
    return layers * (4 * width * width + 2 * width * inner)
