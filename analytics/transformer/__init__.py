"""Recorded and recomputed passes through Transformers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.transformer.capture import Capture, CaptureError, Changes
    from analytics.transformer.causal.loading import CausalModel, load_causal
    from analytics.transformer.causal.trace import CausalTrace
    from analytics.transformer.causal.walk import trace_prompt
    from analytics.transformer.causal.writing import Writing
    from analytics.transformer.checks import Check, check
    from analytics.transformer.decoder.contrast import Contrast, contrast
    from analytics.transformer.decoder.decoding import Decoding
    from analytics.transformer.decoder.mask_lab import MaskLab, open_the_mask
    from analytics.transformer.decoder.trace import TranslationTrace
    from analytics.transformer.decoder.walk import trace_path, trace_translation
    from analytics.transformer.encoder.attribution import Attribution, hiding_effects, integrated_gradients
    from analytics.transformer.encoder.contributions import TokenShares, alti, rollout
    from analytics.transformer.encoder.edge_readings import EdgeReadings, edge_readings
    from analytics.transformer.encoder.head_switch import HeadSwitch, switch_heads
    from analytics.transformer.encoder.number_check import Place, check_number
    from analytics.transformer.encoder.similarity import (
        SimilarityTrace,
        attribute_similarity,
        explain_similarity,
    )
    from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace
    from analytics.transformer.encoder.walk import trace_encoder, trace_encoders
    from analytics.transformer.memory.store import Memory
    from analytics.transformer.tokens import TraceError
    from analytics.transformer.translator.loading import Translator, load_translator
    from analytics.transformer.worked_example import HandNumbers, HandTarget, decoder_step, work_through
    from analytics.transformer.written_numbers import NumberCheck

__all__ = [
    "Attribution",
    "Capture",
    "CaptureError",
    "CausalModel",
    "CausalTrace",
    "Changes",
    "Check",
    "Contrast",
    "Decoding",
    "EdgeReadings",
    "EncoderTrace",
    "HandNumbers",
    "HandTarget",
    "HeadSwitch",
    "LayerTrace",
    "MaskLab",
    "Memory",
    "NumberCheck",
    "Place",
    "SimilarityTrace",
    "TokenShares",
    "TraceError",
    "TranslationTrace",
    "Translator",
    "Writing",
    "alti",
    "attribute_similarity",
    "check",
    "check_number",
    "contrast",
    "decoder_step",
    "edge_readings",
    "explain_similarity",
    "hiding_effects",
    "integrated_gradients",
    "load_causal",
    "load_translator",
    "open_the_mask",
    "rollout",
    "switch_heads",
    "trace_encoder",
    "trace_encoders",
    "trace_path",
    "trace_prompt",
    "trace_translation",
    "work_through",
]

# Where each public name is loaded from when it is first used: torch and transformers take seconds.
_NAMES = {
    "capture": ("Capture", "CaptureError", "Changes"),
    "causal.loading": ("CausalModel", "load_causal"),
    "causal.trace": ("CausalTrace",),
    "causal.walk": ("trace_prompt",),
    "causal.writing": ("Writing",),
    "checks": ("Check", "check"),
    "decoder.contrast": ("Contrast", "contrast"),
    "decoder.decoding": ("Decoding",),
    "decoder.mask_lab": ("MaskLab", "open_the_mask"),
    "decoder.trace": ("TranslationTrace",),
    "decoder.walk": ("trace_path", "trace_translation"),
    "encoder.attribution": ("Attribution", "hiding_effects", "integrated_gradients"),
    "encoder.contributions": ("TokenShares", "alti", "rollout"),
    "encoder.edge_readings": ("EdgeReadings", "edge_readings"),
    "encoder.head_switch": ("HeadSwitch", "switch_heads"),
    "encoder.number_check": ("Place", "check_number"),
    "encoder.similarity": ("SimilarityTrace", "attribute_similarity", "explain_similarity"),
    "encoder.trace": ("EncoderTrace", "LayerTrace"),
    "encoder.walk": ("trace_encoder", "trace_encoders"),
    "memory.store": ("Memory",),
    "tokens": ("TraceError",),
    "translator.loading": ("Translator", "load_translator"),
    "worked_example": ("HandNumbers", "HandTarget", "decoder_step", "work_through"),
    "written_numbers": ("NumberCheck",),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}

if not TYPE_CHECKING:  # a type checker that sees this function takes every misspelt name for Any

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
