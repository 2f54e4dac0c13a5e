"""Recorded and recomputed passes through Transformers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Imported on first use: torch and transformers take seconds to load.
_HOMES = {
    "Capture": "capture",
    "CaptureError": "capture",
    "Changes": "capture",
    "Check": "checks",
    "check": "checks",
    "EncoderTrace": "encoder_trace",
    "LayerTrace": "encoder_trace",
    "TraceError": "tokens",
    "trace_encoder": "encoder_walk",
    "trace_encoders": "encoder_walk",
    "Decoding": "decoding",
    "MaskLab": "mask_lab",
    "TranslationTrace": "translation_trace",
    "open_the_mask": "mask_lab",
    "trace_path": "decoder_walk",
    "trace_translation": "decoder_walk",
    "TokenShares": "contributions",
    "alti": "contributions",
    "rollout": "contributions",
    "EdgeReadings": "edge_readings",
    "Attribution": "attribution",
    "hiding_effects": "attribution",
    "integrated_gradients": "attribution",
    "SimilarityTrace": "similarity",
    "attribute_similarity": "similarity",
    "explain_similarity": "similarity",
    "HandNumbers": "worked_example",
    "HandTarget": "worked_example",
    "HeadSwitch": "head_switch",
    "NumberCheck": "written_numbers",
    "Place": "number_check",
    "check_number": "number_check",
    "decoder_step": "worked_example",
    "work_through": "worked_example",
    "switch_heads": "head_switch",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
