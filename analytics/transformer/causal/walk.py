"""Take a prompt through a decoder-only model, let it write on, and keep every number on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import numpy as np

from analytics.text.words import readable
from analytics.threads import one_openmp_thread
from analytics.transformer.capture import can_record_attention, capture
from analytics.transformer.causal.loading import CausalModel
from analytics.transformer.causal.trace import CausalTrace, WrittenToken
from analytics.transformer.causal.writing import Strategy, Writing, WrittenOn, write_on
from analytics.transformer.decoder.sampling import entropy_bits, log_softmax
from analytics.transformer.encoder.walk import layers_of, recorded_modules
from analytics.transformer.tokens import TraceError
from analytics.transformer.weights import read_weights, to_numpy

_MOST_READ = 200
"""Tokens of prompt and output together: with 12 layers of 12 heads a trace then takes some 80 MB."""


class WritingChoices(TypedDict, total=False):
    """The fields of ``Writing`` as keywords of ``trace_prompt``."""

    strategy: Strategy
    temperature: float
    top_k: int
    top_p: float
    seed: int
    max_new_tokens: int


@one_openmp_thread()
def trace_prompt(
    prompt: str,
    *,
    model: CausalModel,
    settings: Writing = Writing(),  # noqa: B008
    **choices: Unpack[WritingChoices],
) -> CausalTrace:
    """Let ``model`` (from ``load_causal``) write on from ``prompt`` and trace every number of it.

    The output is written with the store of keys and values, then everything read is run once more in one
    recorded pass. ``choices`` are fields of ``settings`` that differ. The output ends with one of the model's
    end tokens, or after ``max_new_tokens``. Other settings a model has for writing (penalties, words that are
    never written) are not applied.

    Raises TraceError for something that is no such model, a prompt without a token or with too many, and
    settings that make no sense.
    """
    if not isinstance(model, CausalModel):
        raise TraceError(f"{type(model).__name__} is no decoder-only model; pass load_causal(folder).")
    settings = replace(settings, **choices)
    settings.check()
    prompt_ids = _prompt_ids(prompt, model, settings)
    if not can_record_attention(model.model):
        raise TraceError(
            f"{type(model.model).__name__} computes its attention in code that cannot be recorded."
        )
    written = write_on(model, prompt_ids, settings)
    return _assembled(model, prompt, prompt_ids, settings, written)


def _prompt_ids(prompt: str, model: CausalModel, settings: Writing) -> list[int]:
    if not isinstance(prompt, str):
        raise TraceError(f"A {type(prompt).__name__} is no prompt; type a text.")
    with model.lock:
        ids = [int(one) for one in model.tokenizer(readable(prompt))["input_ids"]]
        start = model.tokenizer.bos_token_id
    if not ids and start is not None:
        ids = [int(start)]
    if not ids:
        raise TraceError("There is nothing to write on from; type the beginning of a text.")
    limit = min(_MOST_READ, model.longest) - settings.max_new_tokens
    if len(ids) > limit:
        raise TraceError(
            f"This prompt is {len(ids)} tokens long, and with {settings.max_new_tokens} to be written there "
            f"is room for {max(limit, 0)}; shorten it or write less."
        )
    if max(ids) >= len(model.model.get_input_embeddings().weight):
        raise TraceError(
            "The tokenizer gives numbers that the model has no row for; use the tokenizer of this model."
        )
    return ids


def _assembled(
    model: CausalModel, prompt: str, prompt_ids: Sequence[int], settings: Writing, written: WrittenOn
) -> CausalTrace:
    import torch

    read = [*prompt_ids, *written.ids[:-1]]
    where, base = model.where, model.model
    modules = recorded_modules(where, base.config.num_hidden_layers)
    recorded = capture(base, {"input_ids": torch.tensor([read]), "use_cache": False}, modules=modules)

    def output(path: str) -> np.ndarray:
        return to_numpy(recorded.module(path).output[0])

    words = output(where.word)
    # A table of positions is asked without the batch.
    positions = output(where.position) if where.position else None
    positions = positions[None] if positions is not None and positions.ndim == 1 else positions
    embedded = words if positions is None else words + positions
    logits = to_numpy(recorded.output.logits[0, len(prompt_ids) - 1 :])
    with model.lock:
        pieces = tuple(model.piece(one) for one in read)
    return CausalTrace(
        model_name=model.name,
        revision=model.revision,
        family=base.config.model_type,
        settings=settings,
        prompt=prompt,
        prompt_tokens=pieces[: len(prompt_ids)],
        ids=tuple(read),
        tokens=pieces,
        steps=_steps(model, written, logits),
        text=model.decode(list(written.ids)),
        ended=written.ended,
        token_embeddings=words,
        position_embeddings=positions,
        layers=layers_of(recorded, where, 0, len(read), embedded=embedded),
        last_hidden=_last_hidden(recorded, where.final_norm),
        logits=logits,
        written_logits=written.logits,
        kept=written.kept,
        keys=written.keys,
        values=written.values,
        weights=read_weights(base, where, base.config.num_hidden_layers),
    )


def _last_hidden(recorded: Any, final_norm: str | None) -> np.ndarray:
    assert final_norm is not None  # every row of the table of decoder-only models has one
    return to_numpy(recorded.module(final_norm).output[0])


def _steps(model: CausalModel, written: WrittenOn, logits: np.ndarray) -> tuple[WrittenToken, ...]:
    logs = log_softmax(logits.astype(np.float64))
    return tuple(
        WrittenToken(
            index=index,
            id=one,
            text=model.piece(one),
            probability=float(np.exp(row[one])),
            log_probability=float(row[one]),
            rank=int((row > row[one]).sum()) + 1,
            entropy=entropy_bits(np.exp(row)),
            point=point,
        )
        for index, (one, row, point) in enumerate(zip(written.ids, logs, written.points, strict=True))
    )
