"""The card of a tuned encoder: the data, the curve, the cost, what was forgotten, and how to use it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from analytics.readme import one_line, readme, table
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.prediction import Predictions
from analytics.retrieval.tuning.ways import WAYS
from analytics.words import count

_CLASSES_LISTED = 50
_USE = """```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("{name}")  # this folder, or owner/name on the Hub
vectors = model.encode(["a text of yours"])
```"""


def encoder_card(
    made: Predictions,
    curve: LearningCurve,
    *,
    way: str,
    base: str,
    title: str,
    provenance: str,
    licence: str = "",
) -> str:
    """README of the encoder that ``made`` was guessed by.

    ``base`` is the encoder that was tuned, ``curve`` the comparison in which ``way`` may have been measured.
    """
    facts: dict[str, object] = {"license": licence} if licence else {}
    facts |= {
        "base_model": base,
        "library_name": "sentence-transformers",
        "pipeline_tag": "sentence-similarity",
        "tags": ["sentence-transformers", "zetascope"],
    }
    data, label = made.data, WAYS[way].label
    tuned = (
        f"{count(len(data.texts) - made.kept_out, 'text')} of {count(len(data.names), 'class', 'classes')}"
    )
    lines = [f"# {one_line(title)}", "", f"{one_line(base)}, tuned by Zetascope ({label}) on {tuned}.", ""]
    lines += [WAYS[way].about, "", "## How to use it", "", _USE.format(name="tuned_encoder"), ""]
    lines += ["It makes vectors. What turned them into labels (a logistic regression) is not in this folder."]
    lines += ["", "## The data", "", one_line(provenance), "", *_classes(made), "", *_bullets(data.notes)]
    lines += ["", "## How good it is", ""]
    lines += [
        f"On {count(made.kept_out, 'labelled text')} it did not learn from, {made.accuracy:.1%} of the "
        f"labels were right; its sureness was off by {100 * made.error:.1f} points.",
        "",
        *_curve(curve),
        "",
        one_line(curve.answer()),
        "",
        "## What it cost, and what it forgot",
        "",
        *_bullets(_costs(made, curve, label)),
    ]
    return readme(facts, lines)


def _classes(made: Predictions) -> list[str]:
    sizes = np.bincount(made.data.codes, minlength=len(made.data.names))
    listed = [f"{one_line(name)} {size:,}" for name, size in zip(made.data.names, sizes, strict=True)]
    more = len(listed) - _CLASSES_LISTED
    listed = [*listed[:_CLASSES_LISTED], *([f"{more} more labels"] if more > 0 else [])]
    return [f"Texts by label: {', '.join(listed)}."]


def _curve(curve: LearningCurve) -> list[str]:
    """Every way with every number of labels: means over draws with their intervals of 95 %."""
    rows = [
        (
            point["way"],
            f"{point['labels a class']:,.1f}",
            f"{point['draws']}",
            f"{point['accuracy']:.1%}" + _between(point["accuracy low"], point["accuracy high"]),
        )
        for point in curve.points.to_dict("records")
    ]
    return table(("way", "labels a class", "draws", "right (95% interval)"), rows)


def _between(low: float, high: float) -> str:
    return "" if math.isnan(low) or math.isnan(high) else f" ({low:.1%} to {high:.1%})"


def _costs(made: Predictions, curve: LearningCurve, label: str) -> list[str]:
    said = [f"Numbers trained: {made.fitted.parameters:,}.", *filter(None, [made.fitted.note])]
    measured = curve.costs[curve.costs["way"] == label].to_dict("records")
    if not measured:
        return [*said, "Time, and what it forgot of general texts, were not measured for this encoder."]
    cost = measured[0]
    said.append(
        f"In the comparison above it took {cost['seconds to train']:,.1f} s for {cost['labels']:,.0f} labels."
    )
    if not math.isnan(cost["more memory to train"]):
        held = cost["more memory to train"] / 1e6
        said.append(f"It held up to {held:,.0f} MB more memory while it learnt.")
    if not math.isnan(cost["general neighbours kept"]):
        said.append(
            f"Of near neighbours among general texts, tuning left {cost['general neighbours kept']:.0%}."
        )
    if not math.isnan(cost["agreement with people"]):
        said.append(
            f"Agreement with people's ratings of general pairs: {cost['agreement before']:.3f} before, "
            f"{cost['agreement with people']:.3f} after."
        )
    return said


def _bullets(sentences: Iterable[str]) -> list[str]:
    return [f"- {one_line(sentence)}" for sentence in sentences]
