"""The translator fine-tuned on sentence pairs, as the other way to learn from them."""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.adapters import merge_lora
from analytics.arguments import is_real, is_whole
from analytics.progress import Progress, silent
from analytics.transformer.memory.checkpoints import Checkpoint
from analytics.transformer.memory.pairs import Encoded
from analytics.transformer.memory.states import batches, inputs_of, padded
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

_IGNORED = -100  # what torch's cross-entropy leaves out
_LORA_LAYERS = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")  # as Marian calls them
RANK, LORA_RATE = 8, 3e-3  # as on the Classify page; small matrices that begin at zero take larger steps


@dataclass(frozen=True)
class Tuning:
    """How a model is fine-tuned: AdamW, a rate that falls to 0 in a straight line.

    All weights learn, or where ``rank`` is not 0 only matrices of that rank beside those of attention and
    feed-forward layers (LoRA, Hu et al. 2021), which learn less and forget less.

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
    rank: int = 0

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
            ("rank", is_whole(self.rank) and 0 <= self.rank <= 256, "0 (all weights) to 256"),
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
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> Translator:
    """A translator of its own; the one given is not changed. Progress counts batches.

    ``everyday`` are pairs of what it should not forget, mixed in among the others. With a ``checkpoint`` it
    goes on where an earlier call was ended, and gives what that one would have given.

    Raises TraceError for no pairs, and where the loss is no number any more.
    """
    import torch

    tuning.check()
    if not encoded:
        raise TraceError("There is no pair to learn from.")
    model = copy.deepcopy(translator.model)
    _set_dropout(model, tuning.dropout)
    mixed = [*encoded, *everyday]
    lengths = [(len(one.source_ids), len(one.target_ids)) for one in mixed]
    rows = list(batches(lengths, tokens=tuning.tokens))
    steps = tuning.epochs * len(rows)
    order = random.Random(tuning.seed)
    progress(0, steps)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(tuning.seed)
        learned = _that_learn(model, tuning.rank)
        optimiser = torch.optim.AdamW(learned.values(), lr=tuning.rate, betas=(0.9, 0.98), weight_decay=0.01)
        done = checkpoint.restore(learned, optimiser) if checkpoint else 0
        for step in range(steps):
            if step % len(rows) == 0:
                order.shuffle(rows)
            if step < done:
                continue
            for group in optimiser.param_groups:
                group["lr"] = tuning.rate * (1 - step / steps)
            batch = [mixed[place] for place in rows[step % len(rows)]]
            loss = _loss(model, batch, translator, tuning)
            if not torch.isfinite(loss):
                raise TraceError("Fine-tuning ran off: its loss is no number any more; use a smaller rate.")
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned.values(), 1.0)
            optimiser.step()
            if checkpoint:
                checkpoint.save(step + 1, learned, optimiser, now=step + 1 == steps)
            progress(step + 1, steps)
    merge_lora(model)
    return blended(replace(translator, model=model.eval()), translator, keep=tuning.keep)


def _that_learn(model: Any, rank: int) -> dict[str, Any]:
    """The parameters that are trained, by name; for LoRA its matrices are put in first."""
    if rank:
        from peft import LoraConfig, inject_adapter_in_model

        for one in model.parameters():
            one.requires_grad_(False)
        targets = list(_LORA_LAYERS)
        inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=targets), model)
    named = dict(model.named_parameters())
    return {
        name: one
        for name, one in named.items()
        if "embed_positions" not in name and (not rank or one.requires_grad)
    }


def trained_numbers(translator: Translator, tuning: Tuning) -> int:
    """How many numbers learn."""
    return sum(one.numel() for one in _that_learn(copy.deepcopy(translator.model), tuning.rank).values())


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
