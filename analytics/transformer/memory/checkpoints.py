"""Where fine-tuning stands, on disk: after a restart it goes on and ends as if it had never stopped."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analytics.transformer.memory.pairs import Encoded

_EVERY = 30.0  # seconds between saves: one takes some tenths of a second for 90 MB
_MOST_FILES = 2  # of 90 MB each; the oldest go first
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


@dataclass
class Checkpoint:
    """One safetensors file: the weights that learn, what the optimiser keeps of them, chance, and the step.

    It holds no text. One that cannot be read or written counts as none.
    """

    path: Path
    every: float = _EVERY
    _saved: float = field(default_factory=time.monotonic)

    def save(self, step: int, learned: Mapping[str, Any], optimiser: Any, *, now: bool = False) -> None:
        """Keep ``step`` steps; at most every half minute unless ``now``."""
        if not now and time.monotonic() - self._saved < self.every:
            return
        import torch
        from safetensors.torch import save_file

        arrays = {f"weight {name}": one.detach().clone() for name, one in learned.items()}
        for name, one in learned.items():
            moments = optimiser.state.get(one, {})
            arrays |= {
                f"{moment} {name}": moments[moment].clone() for moment in _MOMENTS if moment in moments
            }
        arrays["chance"] = torch.random.get_rng_state()
        half = self.path.with_suffix(f".{os.getpid()}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            save_file(arrays, half, metadata={"step": str(step)})
            half.replace(self.path)
            self._thin_out()
        except OSError:
            half.unlink(missing_ok=True)
        self._saved = time.monotonic()

    def restore(self, learned: Mapping[str, Any], optimiser: Any) -> int:
        """Put everything back where it was; the number of steps done, 0 where nothing fits."""
        import torch
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(self.path, framework="pt") as file:
                step = int((file.metadata() or {})["step"])
                kept = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, not a dict
        except (OSError, SafetensorError, KeyError, ValueError):
            return 0
        shapes = {name: kept.get(f"weight {name}") for name in learned}
        if "chance" not in kept or any(
            one is None or one.shape != learned[name].shape for name, one in shapes.items()
        ):
            return 0
        with torch.no_grad():
            for name, one in learned.items():
                one.copy_(kept[f"weight {name}"])
                moments = {
                    moment: kept[f"{moment} {name}"] for moment in _MOMENTS if f"{moment} {name}" in kept
                }
                if moments:
                    optimiser.state[one] = moments
        torch.random.set_rng_state(kept["chance"])
        return step

    def clear(self) -> None:
        """Nothing is kept any more: the work is done."""
        self.path.unlink(missing_ok=True)

    def _thin_out(self) -> None:
        files = sorted(self.path.parent.glob("*.safetensors"), key=lambda path: path.stat().st_mtime)
        for path in files[:-_MOST_FILES]:
            path.unlink(missing_ok=True)


def open_checkpoint(
    revision: str, tuning: object, encoded: Sequence[Encoded], everyday: Sequence[Encoded]
) -> Checkpoint | None:
    """That of the same model, settings and pairs, in the user's cache folder; None where that is off."""
    if os.environ.get("ZETASCOPE_CACHE", "on").strip().lower() in {"off", "0", "false", "no"}:
        return None
    from platformdirs import user_cache_path

    digest = hashlib.blake2b(f"1 {revision} {tuning!r}".encode(), digest_size=16)
    for part in (encoded, everyday):
        digest.update(json.dumps([(one.source_ids, one.target_ids) for one in part]).encode())
    folder = user_cache_path("zetascope", appauthor=False) / "tuning"
    return Checkpoint(folder / f"{digest.hexdigest()}.safetensors")
