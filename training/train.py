"""Train the packaged English-French model; rerunnable with one command, resumable, seeded.

    python -m training.train --pairs fra-eng.zip --out runs/translator

Without ``--start`` the SentencePiece model and the weights are made from nothing; with it both are taken
from a model folder. Each worker is a process with one thread that works on its part of every batch, and
gradients are summed once per step: on a shared machine that wastes less than threads that wait for each
other at every operation. The schedule is linear warm-up, a flat stretch at the peak rate, and a linear decay
to nothing over the last ``--decay`` steps; the exported model is a moving average of the weights.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
import torch.distributed as group
from torch.nn.functional import cross_entropy, linear

from analytics.transformer.translator.loading import PACKAGED
from training.batches import PAD, Batch, cut_batches, encode_pairs, make_batch, share
from training.corpus import read_heldout, read_pairs, vary, without_heldout
from training.glossary import glossary_pairs

HELDOUT = Path(__file__).parent / "heldout.json"


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights, besides the data and the starting weights."""

    steps: int = 10_000
    warmup: int = 1_000
    decay: int = 5_000
    peak: float = 1.5e-3
    tokens: int = 3_000
    smoothing: float = 0.1
    dropout: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    average: float = 0.999
    no_closing: float = 0.15
    no_capital: float = 0.1
    glossary_repeats: int = 2
    longest: int = 100
    workers: int = 2
    seed: int = 20


def learning_rate(step: int, recipe: Recipe) -> float:
    """The rate of a step, counted from 0."""
    rising = (step + 1) / recipe.warmup
    falling = (recipe.steps - step) / recipe.decay
    return recipe.peak * max(0.0, min(1.0, rising, falling))


def _build_model(start: Path | None, recipe: Recipe) -> Any:
    """The starting model, float32: the weights of ``start``, or fresh ones of the packaged size."""
    from transformers import MarianConfig, MarianMTModel

    if start is not None:
        loaded: Any = MarianMTModel.from_pretrained(start, dtype=torch.float32, attn_implementation="eager")
        loaded.config.dropout = recipe.dropout
        return loaded
    size = json.loads((PACKAGED / "config.json").read_text())
    config = MarianConfig(**{**size, "dropout": recipe.dropout})
    config._attn_implementation = "eager"
    torch.manual_seed(recipe.seed)
    return MarianMTModel(config)


def _train_pieces(texts: list[str], out: Path) -> None:
    """Train one SentencePiece unigram model of 6,000 pieces for both languages into ``out/sp.model``."""
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(out / "sp"),
        vocab_size=6000,
        character_coverage=0.9999,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        num_threads=2,
        minloglevel=1,
    )


def _batch_loss(model: Any, batch: Batch, recipe: Recipe) -> tuple[torch.Tensor, int]:
    """Summed label-smoothed cross-entropy (nats) over the target ids of a batch, and their number."""
    kept = batch.target_out != PAD
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.model(
            input_ids=batch.source,
            attention_mask=(batch.source != PAD).long(),
            decoder_input_ids=batch.target_in,
            use_cache=False,
        ).last_hidden_state[kept]
        logits = linear(hidden, model.lm_head.weight) + model.final_logits_bias
    loss = cross_entropy(
        logits.float(), batch.target_out[kept], label_smoothing=recipe.smoothing, reduction="sum"
    )
    return loss, int(kept.sum())


def _trained_parameters(model: Any) -> Iterator[tuple[str, torch.nn.Parameter]]:
    """The parameters that learn: all but the sinusoidal positions, which are a formula."""
    for name, parameter in model.named_parameters():
        fixed = name.endswith("embed_positions.weight")
        parameter.requires_grad_(not fixed)
        if not fixed:
            yield name, parameter


class Training:
    """The state of one worker: model, moving average, optimiser, step."""

    def __init__(self, model: Any, recipe: Recipe, out: Path) -> None:
        self.model = model
        self.recipe = recipe
        self.out = out
        self.step = 0
        self.names = dict(_trained_parameters(model))
        self.mean = {name: parameter.detach().clone() for name, parameter in self.names.items()}
        self.optimiser = torch.optim.AdamW(
            list(self.names.values()), lr=0.0, betas=(0.9, 0.98), weight_decay=recipe.weight_decay, fused=True
        )

    def update(self, batch: Batch) -> float:
        """One step on this worker's part of a batch; returns the mean loss over all workers."""
        loss, count = _batch_loss(self.model, batch, self.recipe)
        loss.backward()
        flat = torch.cat([parameter.grad.reshape(-1) for parameter in self.names.values()])
        message = torch.cat([flat, torch.tensor([float(loss.detach()), float(count)])])
        if self.recipe.workers > 1:
            group.all_reduce(message)
        total, tokens = message[-2:].tolist()
        message /= tokens
        scale = min(1.0, self.recipe.clip / (float(message[:-2].norm()) + 1e-6))
        self._apply(message[:-2].mul_(scale))
        return total / tokens

    def _apply(self, gradient: torch.Tensor) -> None:
        start = 0
        for parameter in self.names.values():
            parameter.grad.copy_(gradient[start : start + parameter.numel()].view_as(parameter))
            start += parameter.numel()
        for settings in self.optimiser.param_groups:
            settings["lr"] = learning_rate(self.step, self.recipe)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        # A young average follows the weights closely, or the first steps would stay in it for long.
        keep = min(self.recipe.average, (self.step + 1) / (self.step + 10))
        for name, parameter in self.names.items():
            self.mean[name].lerp_(parameter.detach(), 1 - keep)

    def save(self) -> None:
        """Write ``checkpoint.safetensors`` (weights, average, moments, step) in place of the last one."""
        from safetensors.torch import save_file

        tensors: dict[str, torch.Tensor] = {}
        for name, parameter in self.names.items():
            moments = self.optimiser.state[parameter]
            tensors[f"weight/{name}"] = parameter.detach()
            tensors[f"mean/{name}"] = self.mean[name]
            tensors[f"first/{name}"] = moments["exp_avg"]
            tensors[f"second/{name}"] = moments["exp_avg_sq"]
        fresh = self.out / "checkpoint.new"
        save_file(tensors, fresh, metadata={"step": str(self.step)})
        fresh.replace(self.out / "checkpoint.safetensors")

    def resume(self) -> None:
        """Continue from ``checkpoint.safetensors`` where there is one."""
        from safetensors import safe_open

        path = self.out / "checkpoint.safetensors"
        if not path.exists():
            return
        with safe_open(path, framework="pt") as tensors:
            self.step = int(tensors.metadata()["step"])
            for name, parameter in self.names.items():
                parameter.data.copy_(tensors.get_tensor(f"weight/{name}"))
                self.mean[name].copy_(tensors.get_tensor(f"mean/{name}"))
                self.optimiser.state[parameter] = {
                    "step": torch.tensor(float(self.step)),
                    "exp_avg": tensors.get_tensor(f"first/{name}"),
                    "exp_avg_sq": tensors.get_tensor(f"second/{name}"),
                }

    def export(self) -> None:
        """Write the averaged weights as a float16 model folder."""
        from transformers import MarianMTModel

        model: Any = MarianMTModel(self.model.config)
        named = dict(model.named_parameters())
        for name, value in self.mean.items():
            named[name].data.copy_(value)
        model.half().save_pretrained(self.out / "model")
        (self.out / "model" / "sp.model").write_bytes((self.out / "sp.model").read_bytes())


def _epoch_rows(
    pairs: list[Any], pieces: Any, recipe: Recipe, epoch: int
) -> tuple[list[Any], list[list[int]]]:
    """The encoded, varied pairs of one epoch and its batches; equal in every worker."""
    rng = random.Random(f"{recipe.seed}-{epoch}")
    chances = {"no_closing": recipe.no_closing, "no_capital": recipe.no_capital}
    varied = [vary(pair, rng, **chances) for pair in pairs]
    encoded = encode_pairs(
        pieces, [pair.english for pair in varied], [pair.french for pair in varied], longest=recipe.longest
    )
    return encoded, cut_batches(encoded, tokens=recipe.tokens, rng=rng)


def work(rank: int, recipe: Recipe, pairs_path: Path, start: Path | None, out: Path) -> None:
    """One worker's whole training."""
    import sentencepiece

    torch.set_num_threads(1)
    if recipe.workers > 1:
        os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
        group.init_process_group("gloo", rank=rank, world_size=recipe.workers)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(out / "sp.model"))
    state = Training(_build_model(start, recipe).train(), recipe, out)
    state.resume()
    torch.manual_seed(recipe.seed + 1000 * rank + state.step)
    pairs = _training_pairs(pairs_path, recipe)
    began, saved, recent = time.monotonic(), time.monotonic(), []
    epoch = done = 0
    while state.step < recipe.steps:
        encoded, batches = _epoch_rows(pairs, pieces, recipe, epoch)
        for rows in share(batches, rank=rank, workers=recipe.workers):
            done += 1
            if done <= state.step:
                continue
            recent.append(state.update(make_batch([encoded[row] for row in rows])))
            if rank == 0 and state.step % 50 == 0:
                mean = sum(recent[-50:]) / len(recent[-50:])
                passed = f"{time.monotonic() - began:.0f} s"
                print(f"step {state.step}/{recipe.steps} epoch {epoch} loss {mean:.3f} {passed}", flush=True)
            if rank == 0 and time.monotonic() - saved > 180:
                state.save()
                saved = time.monotonic()
            if state.step >= recipe.steps:
                break
        epoch += 1
    if rank == 0:
        state.save()
        state.export()


def _training_pairs(pairs_path: Path, recipe: Recipe) -> list[Any]:
    """Tatoeba without the held-out sentences, then the glossary, repeated."""
    heldout = read_heldout(HELDOUT)
    pairs = read_pairs(pairs_path) + glossary_pairs() * recipe.glossary_repeats
    return without_heldout(pairs, heldout)


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and start the workers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, required=True, help="fra-eng.zip of www.manythings.org/anki")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the model")
    parser.add_argument("--start", type=Path, help="model folder to start from")
    for field in fields(Recipe):
        parser.add_argument(
            f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default
        )
    given = parser.parse_args(arguments)
    recipe = Recipe(**{field.name: getattr(given, field.name) for field in fields(Recipe)})
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
    if given.start is not None:
        (given.out / "sp.model").write_bytes((given.start / "sp.model").read_bytes())
    elif not (given.out / "sp.model").exists():
        pairs = _training_pairs(given.pairs, recipe)
        _train_pieces([text for pair in pairs for text in (pair.english, pair.french)], given.out)
    if "MASTER_PORT" not in os.environ:
        os.environ["MASTER_PORT"] = str(random.Random().randint(20_000, 60_000))
    processes = torch.multiprocessing.get_context("spawn")
    workers = [
        processes.Process(target=work, args=(rank, recipe, given.pairs, given.start, given.out), daemon=True)
        for rank in range(recipe.workers)
    ]
    # A stop from outside becomes an ordinary exit, which ends the workers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("A worker ended early; its message is above. Run the same command again to resume.")


if __name__ == "__main__":
    main()
