"""A translation to take away: its arrays with a readme, and its steps as a table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.transformer.archive import archive, array_lines, check_lines, made_with
from analytics.transformer.decoder.trace import TranslationTrace


def translation_arrays(trace: TranslationTrace) -> dict[str, np.ndarray]:
    """Every array of a trace by name, such as ``decoder.layer_0.cross_attention.weights``."""
    arrays = {
        "source_ids": np.array([token.id for token in trace.source.tokens]),
        "input_ids": np.array(trace.input_ids),
        "output_ids": np.array(trace.ids),
        "logits": trace.logits,
        "written_logits": trace.written_logits,
    }
    for side, stage in (("encoder", trace.source), ("decoder", trace)):
        for name in ("token_embeddings", "position_embeddings", "embedding_output"):
            arrays[f"{side}.{name}"] = getattr(stage, name)
        for index, layer in enumerate(stage.layers):
            for part, block in vars(layer).items():
                arrays |= dict(_block(f"{side}.layer_{index}.{part}", block))
    return arrays


def _block(name: str, block: object) -> Iterator[tuple[str, np.ndarray]]:
    for field, value in vars(block).items():
        if isinstance(value, np.ndarray):
            yield f"{name}.{field}", value


def steps_frame(trace: TranslationTrace) -> pd.DataFrame:
    """One row per output token: what was read and written, how probable it was, and why it stands there."""
    reasons = {"": trace.settings.strategy, "path": "put there", "limit": "limit reached"}
    return pd.DataFrame(
        {
            "step": [step.index + 1 for step in trace.steps],
            "read": [step.input_text for step in trace.steps],
            "wrote": [step.text for step in trace.steps],
            "id": [step.id for step in trace.steps],
            "probability": [step.probability for step in trace.steps],
            "log_probability": [step.log_probability for step in trace.steps],
            "rank": [step.rank for step in trace.steps],
            "entropy_bits": [step.entropy for step in trace.steps],
            "chosen_by": [reasons[step.forced] for step in trace.steps],
        }
    )


def readme(trace: TranslationTrace) -> str:
    """What the arrays are, in words, with names, shapes, types and the versions that made them."""
    lines = [
        "One sentence through an encoder-decoder Transformer, step by step.",
        "",
        f"Sentence: {trace.source.text!r}",
        f"Translation: {trace.translation!r}" + ("" if trace.ended else " (cut off at the limit)"),
        f"Model: {trace.model_name}, {trace.revision}",
        f"Decoding: {trace.settings}",
        f"Source pieces: {' '.join(token.text for token in trace.source.tokens)}",
        f"Output pieces: {' '.join(trace.tokens)}",
        made_with("torch", "transformers", "numpy"),
        "",
        "Row t of a decoder array reads input t (the start token first) and predicts output t.",
        "Layers and heads are counted from 0; scores come before the mask is added.",
        "",
    ]
    lines += array_lines(translation_arrays(trace))
    return "\n".join([*lines, *check_lines(trace.checks)]) + "\n"


def to_npz(trace: TranslationTrace) -> bytes:
    """A compressed NPZ of every array, with README.txt inside; ``numpy.load`` reads it without pickle."""
    return archive(translation_arrays(trace), readme(trace))
