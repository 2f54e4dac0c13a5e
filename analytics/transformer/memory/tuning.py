"""The translator fine-tuned on sentence pairs, as the other way to learn from them."""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.arguments import is_real, is_whole
from analytics.progress import Progress, silent
from analytics.transformer.memory.pairs import Encoded
from analytics.transformer.memory.states import batches, inputs_of, padded
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

_IGNORED = -100  # what torch's cross-entropy leaves out


@dataclass(frozen=True)
class Tuning:
    """How a model is fine-tuned: all its weights, AdamW, a rate that falls to 0 in a straight line.

    Afterwards every weight is ``keep`` * the old + (1 - ``keep``) * the new one (Wortsman et al. 2022,
    "Robust fine-tuning of zero-shot models"): between the two much of what was learned stays and less is
    forgotten. 0 keeps nothing of the old.
    """

    epochs: int = 3
    rate: float = 3e-4
    keep: float = 0.2
    smoothing: float = 0.1
    dropout: float = 0.1
    tokens: int = 1_500
    seed: int = 23

    def check(self) -> None:
        """Raise TraceError naming the first value that makes no sense."""
        rules = (
            ("epochs", is_whole(self.epochs) and 1 <= self.epochs <= 1_000, "1 to 1,000"),
            ("rate", is_real(self.rate) and 0 < self.rate <= 1, "more than 0, up to 1"),
            ("keep", is_real(self.keep) and 0 <= self.keep <= 1, "0 to 1"),
            ("smoothing", is_real(self.smoothing) and 0 <= self.smoothing < 1, "0 to below 1"),
            ("dropout", is_real(self.dropout) and 0 <= self.dropout < 1, "0 to below 1"),
            ("tokens", is_whole(self.tokens) and self.tokens >= 1, "1 or more"),
            ("seed", is_whole(self.seed) and self.seed >= 0, "0 or more"),
        )
        for name, fine, allowed in rules:
            if not fine:
                raise TraceError(
                    f"Fine-tuning cannot start with {name} {getattr(self, name)!r}: use {allowed}."
                )


def tuned(
    encoded: Sequence[Encoded],
    *,
    translator: Translator,
    tuning: Tuning = Tuning(),
    everyday: Sequence[Encoded] = (),
    progress: Progress = silent,
) -> Translator:
    """A translator of its own; the one given is not changed. Progress counts batches.

    ``everyday`` are pairs of what it should not forget, mixed in among the others.

    Raises TraceError for no pairs, and where the loss is no number any more.
    """
    import torch

    tuning.check()
    if not encoded:
        raise TraceError("There is no pair to learn from.")
    model = copy.deepcopy(translator.model)
    _set_dropout(model, tuning.dropout)
    learned = [one for name, one in model.named_parameters() if "embed_positions" not in name]
    mixed = [*encoded, *everyday]
    optimiser = torch.optim.AdamW(learned, lr=tuning.rate, betas=(0.9, 0.98), weight_decay=0.01)
    lengths = [(len(one.source_ids), len(one.target_ids)) for one in mixed]
    rows = list(batches(lengths, tokens=tuning.tokens))
    steps = tuning.epochs * len(rows)
    order = random.Random(tuning.seed)
    progress(0, steps)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(tuning.seed)
        for step in range(steps):
            if step % len(rows) == 0:
                order.shuffle(rows)
            for group in optimiser.param_groups:
                group["lr"] = tuning.rate * (1 - step / steps)
            batch = [mixed[place] for place in rows[step % len(rows)]]
            loss = _loss(model, batch, translator, tuning)
            if not torch.isfinite(loss):
                raise TraceError("Fine-tuning ran off: its loss is no number any more; use a smaller rate.")
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            progress(step + 1, steps)
    return blended(replace(translator, model=model.eval()), translator, keep=tuning.keep)


def blended(new: Translator, old: Translator, *, keep: float) -> Translator:
    """``keep`` * the old weights + (1 - ``keep``) * the new ones, as a translator of its own."""
    import torch

    model = copy.deepcopy(new.model).requires_grad_(False)
    digest = hashlib.sha256()
    with torch.no_grad():
        for mine, theirs in zip(model.parameters(), old.model.parameters(), strict=True):
            digest.update(mine.lerp_(theirs, keep).numpy().tobytes())
    return replace(old, name=f"{old.name}, fine-tuned", revision=digest.hexdigest(), model=model)


def _set_dropout(model: Any, share: float) -> None:
    model.train()
    for module in model.modules():
        if hasattr(module, "dropout") and isinstance(module.dropout, float):
            module.dropout = share


def _loss(model: Any, batch: Sequence[Encoded], translator: Translator, tuning: Tuning) -> Any:
    from torch.nn.functional import cross_entropy

    logits = model(**inputs_of(batch, translator)).logits
    right = padded([one.target_ids for one in batch], _IGNORED)
    return cross_entropy(
        logits.flatten(0, 1), right.flatten(), ignore_index=_IGNORED, label_smoothing=tuning.smoothing
    )
