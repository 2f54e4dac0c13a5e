"""Traces one text through a sentence encoder, checks every stage and saves the arrays. Needs Zetascope."""

from pathlib import Path

from analytics.text import load_encoder
from analytics.transformer.encoder.export import to_npz
from analytics.transformer.encoder.walk import trace_encoder

TEXT = "I love machine learning"
MODEL = "all-MiniLM-L6-v2"
HEADS_OFF: list[tuple[int, int]] = []

trace = trace_encoder(TEXT, encoder=load_encoder(MODEL), heads_off=HEADS_OFF)
for check in trace.checks:
    print("passed" if check.passed else "FAILED", f"{check.max_abs_error:.1e}", check.name)
print("vector:", trace.vector[:5], "...")
Path("walk.npz").write_bytes(to_npz(trace))
