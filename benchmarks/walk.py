"""Time a trace against the plain forward pass, and against bertviz's data preparation for the same text.

    python -m benchmarks.walk [--bertviz FOLDER] [--cpu]

``FOLDER`` is where ``pip install --target FOLDER bertviz ipython`` put bertviz; without it that side is
left out. Both sides run in turns in one process; figures are medians. bertviz's time is the model's eager
pass plus the HTML it hands to the browser. ``--cpu`` counts the processor time of one thread instead
of the clock, for machines that are busy with other work. The first line is the memory of a 256-token
trace.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from analytics.text import load_encoder
from analytics.transformer import trace_encoder
from analytics.transformer.encoder.trace import EncoderTrace

ROUNDS = 15
SENTENCE = "A sentence encoder turns this text into one vector, and every number on the way can be checked. "


def text_of(encoder: Any, tokens: int) -> str:
    """Words whose tokens, with the added ones, number about ``tokens``."""
    words = (SENTENCE * 40).split()
    for count in range(1, len(words)):
        if encoder.count_tokens([" ".join(words[:count])])[0] >= tokens:
            return " ".join(words[:count])
    return " ".join(words)


def plain_pass(encoder: Any, text: str) -> Callable[[], Any]:
    """The model's own encode of one text, as sentence-transformers does it in float32."""
    return lambda: encoder.model.encode(text, show_progress_bar=False)


def bertviz_data(encoder: Any, text: str) -> Callable[[], Any]:
    """Eager attention of all layers and the HTML of bertviz's model view."""
    import copy

    from bertviz import model_view

    model = copy.deepcopy(encoder.model[0].model)
    model.set_attn_implementation("eager")
    tokenizer = encoder.model.tokenizer

    def prepare() -> Any:
        inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=encoder.max_tokens)
        with torch.no_grad():
            attention = model(**inputs, output_attentions=True).attentions
        tokens = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
        return model_view(attention, tokens, html_action="return")

    return prepare


def in_turns(
    sides: dict[str, Callable[[], Any]], rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Median seconds of each side, one round of each after the other."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for name in sides:
        sides[name]()
    for _ in range(rounds):
        for name, run in sides.items():
            start = clock()
            run()
            times[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def resident() -> float:
    """Megabytes of this process in memory, from /proc (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def memory_of(encoder: Any, text: str) -> tuple[float, float]:
    """Megabytes by which the process grows with a trace and its checks, and what is left when it is dropped.

    A short trace first warms up what stays for good, so call this before anything else is traced.
    """
    _checked_trace(encoder, "a short text")
    gc.collect()
    before = resident()
    trace = _checked_trace(encoder, text)
    held = resident() - before
    del trace
    gc.collect()
    return held, resident() - before


def _checked_trace(encoder: Any, text: str) -> EncoderTrace:
    trace = trace_encoder(text, encoder=encoder)
    if not all(one.passed for one in trace.checks):
        raise SystemExit("A stage could not be recomputed; the figures would mean nothing.")
    return trace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bertviz", default="", help="folder with bertviz")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--cpu", action="store_true", help="processor time of one thread")
    chosen = parser.parse_args()
    if chosen.cpu:
        torch.set_num_threads(1)
    clock = time.process_time if chosen.cpu else time.perf_counter
    if chosen.bertviz:
        sys.path.append(chosen.bertviz)
    encoder = load_encoder()
    held, left = memory_of(encoder, text_of(encoder, 256))
    print(f"a 256-token trace and its checks: the process grows by {held:.0f} MB, {left:.0f} MB stay after")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, medians of {chosen.rounds} rounds")
    for tokens in (8, 32, 128, 256):
        text = text_of(encoder, tokens)
        traces: list[EncoderTrace] = []
        sides: dict[str, Callable[[], Any]] = {
            "plain pass": plain_pass(encoder, text),
            "trace": lambda text=text, kept=traces: kept.append(trace_encoder(text, encoder=encoder)),  # type: ignore[misc]
            "checks": lambda kept=traces: kept.pop().checks,  # type: ignore[misc]
        }
        if chosen.bertviz:
            sides["bertviz"] = bertviz_data(encoder, text)
        medians = in_turns(sides, chosen.rounds, clock)
        size = trace_encoder(text, encoder=encoder).nbytes / 1e6
        said = ", ".join(f"{name} {1000 * value:.0f} ms" for name, value in medians.items())
        ratios = f"trace / plain {medians['trace'] / medians['plain pass']:.2f}"
        if chosen.bertviz:
            both = medians["trace"] + medians["checks"]
            ratios += f", bertviz / (trace + checks) {medians['bertviz'] / both:.2f}"
        print(f"{encoder.count_tokens([text])[0]} tokens: {said}; {ratios}; trace holds {size:.1f} MB")


if __name__ == "__main__":
    main()
