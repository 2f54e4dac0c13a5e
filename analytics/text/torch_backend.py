"""Run a sentence-transformers model with PyTorch: half precision on CUDA, bfloat16 where the CPU has it."""

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

import numpy as np

from analytics.text.batches import Batch

log = logging.getLogger(__name__)


class TorchBackend:
    """``precision``: ``float16`` (CUDA), ``bfloat16`` (CPU autocast) or ``float32``."""

    name = "torch"

    def __init__(self, model: Any, *, precision: str = "float32") -> None:
        self._model = model
        self.precision = precision

    def run(self, batches: Iterable[Batch], target: np.ndarray) -> None:
        """Write the vector of each batch's row ``i`` to ``target[batch.rows[i]]``; not thread-safe."""
        import torch

        device = self._model.device
        with torch.inference_mode(), self._autocast(device.type):
            for batch in batches:
                features = {key: torch.from_numpy(value).to(device) for key, value in batch.features.items()}
                if batch.prompt_length is not None:
                    features["prompt_length"] = batch.prompt_length
                vectors = self._model(features)["sentence_embedding"]
                target[batch.rows] = vectors.float().cpu().numpy()

    def _autocast(self, device_type: str) -> Any:
        import torch

        if self.precision == "float32":
            return nullcontext()
        return torch.autocast(device_type, dtype=getattr(torch, self.precision))


def best_device() -> str:
    """``cuda`` where PyTorch can compute on it, else ``cpu``.

    Not Apple's ``mps``, though PyTorch offers it: two threads that use it at once end the process
    (pytorch/pytorch #197805), and a server has many.
    """
    import torch

    if not torch.cuda.is_available():
        return "cpu"
    try:
        torch.ones(1, device="cuda").add(1).item()
    except RuntimeError as error:  # a card this build no longer has code for, or one that is full
        log.warning("The graphics card cannot be used, so texts are encoded on the processor: %s", error)
        return "cpu"
    return "cuda"


def fast_precision(device_type: str) -> str:
    """The quickest precision this device multiplies natively."""
    import torch

    if device_type == "cuda":
        return "float16"
    if device_type != "cpu":
        return "float32"
    # Emulated bfloat16 is slower than float32, so the processor is asked and not the library.
    abilities = torch.cpu.get_capabilities()
    native = abilities.get("avx512_bf16") or abilities.get("amx_bf16") or abilities.get("bf16")
    return "bfloat16" if native else "float32"
