"""The card of a fine-tuned translator: the pairs, what it gained, cost and forgot, and how to use it."""

from __future__ import annotations

from analytics.readme import one_line, readme, table
from analytics.transformer.memory.comparing import Comparison, Way
from analytics.transformer.memory.tuning import Tuning
from analytics.words import count

_USE = """```python
from analytics.transformer import load_translator, trace_translation

translator = load_translator("tuned_translator")  # this folder, opened by Zetascope
trace_translation("A sentence of yours.", model=translator).translation
```"""


def translator_card(
    made: Comparison, *, tuning: Tuning, base: str, title: str, provenance: str, licence: str = ""
) -> str:
    """README of ``made.tuned``; ``base`` is the model that was fine-tuned."""
    facts: dict[str, object] = {"license": licence} if licence else {}
    facts |= {"base_model": base} if "/" in base else {}
    facts |= {"pipeline_tag": "translation", "tags": ["marian", "zetascope"]}
    lines = [
        f"# {one_line(title)}",
        "",
        f"{one_line(base)}, fine-tuned by Zetascope on {count(made.learned, 'sentence pair')}.",
        "",
        "## How to use it",
        "",
        _USE,
        "",
        "## The data",
        "",
        one_line(provenance),
        "",
        "## How good it is, what it cost, and what it forgot",
        "",
        f"Scored on {made.aside:,} other pairs of the same data (own), which nothing learned from, and on "
        f"{made.everyday:,} everyday sentences, where less than the model alone reaches is what was "
        "forgotten. So few sentences tell a score to some points only.",
        "",
        *table(
            ("way", "own BLEU", "own chrF", "everyday BLEU", "everyday chrF", "seconds", "MB to keep"),
            map(_row, made.ways),
        ),
        "",
        f"Times through the pairs: {tuning.epochs}; learning rate {tuning.rate}, falling to 0; of the old "
        f"weights {tuning.keep:.0%} were kept in every mean of old and new. Everyday pairs were mixed in.",
    ]
    return readme(facts, lines)


def _row(way: Way) -> tuple[str, ...]:
    scores = (way.own.bleu, way.own.chrf, way.everyday.bleu, way.everyday.chrf, way.seconds, way.bytes / 1e6)
    return (one_line(way.name), *(f"{number:.1f}" for number in scores))
