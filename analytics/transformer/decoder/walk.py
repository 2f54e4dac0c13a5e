"""Translate a sentence and keep every number on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np

from analytics.text.words import readable
from analytics.threads import one_openmp_thread
from analytics.transformer.arguments import as_ids
from analytics.transformer.decoder.beams import BeamTree, beam_search
from analytics.transformer.decoder.decoding import (
    Decoding,
    DecodingChoices,
    Forced,
    Written,
    write_one_by_one,
)
from analytics.transformer.decoder.marian_recording import (
    DECODER,
    ENCODER,
    embedding_output,
    record_pass,
    source_layers,
    target_layers,
)
from analytics.transformer.decoder.marian_weights import read_marian
from analytics.transformer.decoder.recalling import ADAPTIVE, RemembersPairs, Weight, recaller_of
from analytics.transformer.decoder.sampling import entropy_bits, log_softmax
from analytics.transformer.decoder.trace import SourceTrace, Step, TranslationTrace
from analytics.transformer.tokens import Token, TraceError
from analytics.transformer.translator.loading import Translator, load_translator
from analytics.transformer.weights import to_numpy

_MAX_SOURCE_TOKENS = 100


@one_openmp_thread()
def trace_translation(
    text: str,
    *,
    model: Translator | str | Path | None = None,
    settings: Decoding = Decoding(),  # noqa: B008
    memory: RemembersPairs | None = None,
    weight: Weight = ADAPTIVE,
    **choices: Unpack[DecodingChoices],
) -> TranslationTrace:
    """Translate ``text`` and trace the encoder, every decoder step and the choice of every token.

    ``model`` is a Translator, a folder or Hub id for ``load_translator``, or None for the packaged one. The
    output is written with the model's cache, then run once more in one teacher-forced pass that gives the
    full matrices. ``settings`` say how the next token is chosen; ``choices`` are fields of theirs that
    differ: ``strategy``, ``num_beams``, ``length_penalty``, ``temperature``, ``top_k``, ``top_p``, ``seed``,
    ``max_new_tokens`` and ``prefix``, output ids from which the model continues. The output ends with the
    end token, or after ``max_new_tokens``.

    With a ``memory`` (``Memory.from_pairs``) every token is chosen from the mixture of the model's
    distribution and the memory's, whose say is ``weight``, 0 to 1, or decided at each step ("adaptive").

    Raises TraceError for an empty text, a text of more than 100 tokens (or than the model's
    own positions, if fewer), and settings that make no sense.
    """
    translator = model if isinstance(model, Translator) else load_translator(model)
    settings = replace(settings, **choices).within(translator)
    tokens = _source_tokens(text, translator)
    source_ids = [token.id for token in tokens]
    recaller = recaller_of(memory, weight, revision=translator.revision, strategy=settings.strategy)
    if settings.strategy == "beam":
        tree = beam_search(translator, source_ids, settings)
        return _assemble(translator, text, tokens, settings, _written(tree, len(settings.prefix)), tree)
    written = write_one_by_one(translator, source_ids, settings, recaller)
    return _assemble(translator, text, tokens, settings, written)


@one_openmp_thread()
def trace_path(trace: TranslationTrace, ids: Sequence[int], *, model: Translator) -> TranslationTrace:
    """The same source with a given output, none of it chosen: any path of a beam tree, whole or partial."""
    ids = as_ids(ids)
    known = int(model.model.lm_head.out_features)
    if not all(0 <= one < known for one in ids):
        raise TraceError(f"A path holds ids outside 0 to {known - 1}: use ids of this model.")
    if not ids:
        raise TraceError("An empty path cannot be traced; give at least one output id.")
    settings = Decoding(prefix=tuple(ids), max_new_tokens=max(len(ids) + 1, 2))
    source_ids = [token.id for token in trace.source.tokens]
    inputs = [model.start_id, *ids[:-1]]
    logits = to_numpy(record_pass(model.model, source_ids, inputs).output.logits[0])
    nothing = (float("nan"),) * len(ids)
    ended = ids[-1] == model.end_id
    forced: list[Forced] = ["path"] * len(ids)
    written = Written(tuple(ids), tuple(forced), logits, nothing, ended)
    return _assemble(model, trace.source.text, trace.source.tokens, settings, written)


def _source_tokens(text: str, translator: Translator) -> tuple[Token, ...]:
    """The source tokens with the closing ``</s>``; raises TraceError for no text or too much of it."""
    if not isinstance(text, str):
        raise TraceError(f"A {type(text).__name__} cannot be translated; type an English sentence.")
    text = readable(text)
    if not text.strip():
        raise TraceError("There is nothing to translate; type an English sentence.")
    with translator.lock:
        tokens = translator.vocabulary.encode(" ".join(text.split()))
    limit = min(_MAX_SOURCE_TOKENS, translator.longest)
    if len(tokens) > limit:
        raise TraceError(
            f"This text is {len(tokens)} tokens long and the walk takes {limit} at most; shorten it to one "
            "or two sentences."
        )
    if len(tokens) < 2:
        raise TraceError("This text has no character the model can read; type an English sentence.")
    return tokens


def _assemble(
    translator: Translator,
    text: str,
    tokens: Sequence[Token],
    settings: Decoding,
    written: Written,
    tree: BeamTree | None = None,
) -> TranslationTrace:
    """Run the teacher-forced pass over a written output and put the trace together."""
    inputs = [translator.start_id, *written.ids[:-1]]
    recorded = record_pass(translator.model, [token.id for token in tokens], inputs)
    weights = read_marian(translator.model)
    logits = to_numpy(recorded.output.logits[0])
    with translator.lock:
        translation = translator.vocabulary.decode(written.ids)
        steps = _steps(translator, inputs, written, logits)
    return TranslationTrace(
        model_name=translator.name,
        revision=translator.revision,
        settings=settings,
        source=SourceTrace(
            text=text,
            tokens=tuple(tokens),
            unknown=tuple(i for i, one in enumerate(tokens) if one.id == translator.vocabulary.unknown_id),
            **_embedded([token.id for token in tokens], weights.source_words, weights.source_positions),
            embedding_output=embedding_output(recorded, ENCODER),
            layers=source_layers(recorded, len(weights.encoder)),
        ),
        steps=steps,
        translation=translation,
        ended=written.ended,
        **_embedded(inputs, weights.target_words, weights.target_positions),
        embedding_output=embedding_output(recorded, DECODER),
        layers=target_layers(recorded, len(weights.decoder)),
        logits=logits,
        written_logits=written.logits,
        suppressed=translator.suppressed,
        beams=tree,
        weights=weights,
        recalled=written.recalled,
    )


def _written(tree: BeamTree, prefix: int) -> Written:
    """The best hypothesis of a search in the form of a single written row."""
    best = tree.best
    path = tree.path(best.node)
    forced: list[Forced] = ["path"] * min(prefix, len(path))
    forced += ["limit" if node.forced else "" for node in path[prefix:]]
    return Written(best.ids, tuple(forced), tree.logits, (float("nan"),) * len(path), best.ended)


def _embedded(ids: Sequence[int], words: np.ndarray, positions: np.ndarray) -> dict[str, np.ndarray]:
    return {"token_embeddings": words[list(ids)], "position_embeddings": positions[: len(ids)]}


def _steps(
    translator: Translator, inputs: Sequence[int], written: Written, logits: np.ndarray
) -> tuple[Step, ...]:
    logs = log_softmax(logits.astype(np.float64))
    piece = translator.vocabulary.piece
    return tuple(
        Step(
            index=index,
            input_id=read,
            input_text=piece(read),
            id=wrote,
            text=piece(wrote),
            log_probability=float(row[wrote]),
            probability=float(np.exp(row[wrote])),
            rank=int((row > row[wrote]).sum()) + 1,
            entropy=entropy_bits(np.exp(row)),
            forced=forced,
            point=point,
        )
        for index, (read, wrote, row, forced, point) in enumerate(
            zip(inputs, written.ids, logs, written.forced, written.points, strict=True)
        )
    )
