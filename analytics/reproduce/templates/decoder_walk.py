"""Translates one sentence, checks every stage and saves the arrays. Needs Zetascope, which wrote it."""

from pathlib import Path

from analytics.transformer.decoder.decoding import Decoding
from analytics.transformer.decoder.export import steps_frame, to_npz
from analytics.transformer.decoder.walk import trace_translation

TEXT = "I love machine learning"
MODEL = "zetascope-en-fr"
DECODING = Decoding()

trace = trace_translation(TEXT, model=MODEL, settings=DECODING)
print(trace.translation)
print(steps_frame(trace).to_string(index=False))
for check in trace.checks:
    print("passed" if check.passed else "FAILED", f"{check.max_abs_error:.1e}", check.name)
Path("translation.npz").write_bytes(to_npz(trace))
