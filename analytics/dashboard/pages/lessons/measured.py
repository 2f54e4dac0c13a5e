"""What each lesson shows, measured with the packaged models: no answer is written down beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.transformer.arithmetic import cosine
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.encoder.head_patterns import PATTERNS, head_patterns
from analytics.transformer.encoder.similarity import explain_similarity
from analytics.transformer.encoder.walk import trace_encoder, trace_encoders
from analytics.transformer.translator.loading import Translator
from analytics.words import count

WORD = "bank"
RIVER, MONEY, OTHER_MONEY = (
    "She sat on the bank of the river",
    "She went to the bank to borrow money",
    "The bank raised its interest rates",
)
PIECED = ("river", "unsinkability", "zetascope", "🙂")
ORDERED, SWAPPED, CHANGED = "The dog bites the man", "The man bites the dog", "The dog greets the man"
PAIR = ("A man is playing a guitar", "Someone makes music on an instrument", "A man is playing football")
SENTENCE = "I would like to know where the nearest railway station is."
HEAD_TEXTS = (
    "The cat sat on the mat because the mat was warm.",
    "After the rain the river was high, and the bank of the river was muddy.",
    "She asked the bank for a loan, but the bank said no.",
    "A good teacher asks a question before the teacher gives an answer.",
    "When the train stopped at the station, nobody left the train.",
    "The more you read, the more you know.",
    "He bought bread, butter and milk, and then he forgot the milk.",
    "Every morning the same man walks the same dog past the same shop.",
)
"""Read by the lesson on heads where the open data has no texts; words come twice, as a pattern needs."""


@dataclass(frozen=True)
class Seen:
    """What was measured: the ``answer`` among the lesson's options, ``said`` in words, and the numbers."""

    answer: str
    said: str
    numbers: pd.DataFrame


def bank(options: Sequence[str], encoder: Any) -> Seen:
    """How alike the vectors of one word are in two contexts, layer by layer. Options: from most to least."""
    traces = trace_encoders([RIVER, MONEY, OTHER_MONEY], encoder=encoder)
    states = [[state[trace.tokens.index(WORD)] for state in trace.hidden_states] for trace in traces]
    river, money, other = states
    rows = range(len(river))
    numbers = pd.DataFrame(
        {
            "after block": list(rows),
            "river and money": [cosine(river[row], money[row]) for row in rows],
            "money and money": [cosine(money[row], other[row]) for row in rows],
        }
    )
    last = float(numbers["river and money"].iloc[-1])
    same = float(numbers["money and money"].iloc[-1])
    place = next((at for at, least in enumerate((0.9, 0.7, 0.4)) if last >= least), 3)
    return Seen(
        options[place],
        f"Before the first block the two vectors of “{WORD}” have a cosine of "
        f"{numbers['river and money'].iloc[0]:.2f}; after the last one {last:.2f}. In the two sentences "
        f"about money it is {same:.2f}.",
        numbers,
    )


def pieces(options: Sequence[str], encoder: Any) -> Seen:
    """How words are cut, and which one the model does not know. Options: the words of PIECED."""
    traces = trace_encoders(PIECED, encoder=encoder)
    own = [[token for token in trace.source.tokens if not token.special] for trace in traces]
    unknown = encoder.model.tokenizer.unk_token_id
    is_unknown = [any(token.id == unknown for token in tokens) for tokens in own]
    numbers = pd.DataFrame(
        {
            "word": PIECED,
            "pieces": [" ".join(token.text for token in tokens) for tokens in own],
            "how many": [len(tokens) for tokens in own],
            "holds [UNK]": is_unknown,
        }
    )
    lost = [word for word, missing in zip(PIECED, is_unknown, strict=True) if missing]
    longest = max(zip(PIECED, own, strict=True), key=lambda one: len(one[1]))
    said = (
        f"“{longest[0]}” becomes {count(len(longest[1]), 'piece')}: rare words are put together from pieces "
        "the model knows. "
    )
    said += (
        f"Only {', '.join(lost)} becomes [UNK], one sign for everything unknown: the model cannot tell it "
        "from any other."
        if lost
        else "None of them becomes [UNK]."
    )
    return Seen(lost[0] if lost else options[-1], said, numbers)


def order(options: Sequence[str], encoder: Any) -> Seen:
    """What a swap of two words changes, and what a changed word. Options: swap, changed word, the same."""
    base, swapped, changed = (
        trace_encoder(text, encoder=encoder).vector for text in (ORDERED, SWAPPED, CHANGED)
    )
    swap, change = cosine(base, swapped), cosine(base, changed)
    numbers = pd.DataFrame({"beside": [SWAPPED, CHANGED], f"cosine to “{ORDERED}”": [swap, change]})
    place = 2 if abs(swap - change) < 0.01 else 0 if swap < change else 1
    return Seen(
        options[place],
        f"Who bites whom: cosine {swap:.2f}. Another verb: {change:.2f}. Positions are added to the words, "
        "so the order is not lost; how much it counts is what the training made of it.",
        numbers,
    )


def heads(options: Sequence[str], encoder: Any, texts: Sequence[str] = HEAD_TEXTS) -> Seen:
    """The pattern that most heads follow with most of their weight. Options: PATTERNS."""
    found = head_patterns(trace_encoders(texts, encoder=encoder))
    rows = []
    for name in PATTERNS:
        layer, head, weight = found.ranked(name)[0]
        rows.append(
            {
                "pattern": name,
                "heads with half of their weight there": found.followers(name),
                "strongest head": f"{layer + 1}.{head + 1}",
                "its weight": weight,
                "an even spread": found.even[name],
            }
        )
    numbers = pd.DataFrame(rows)
    most = numbers.iloc[int(numbers["heads with half of their weight there"].to_numpy().argmax())]
    strongest = numbers.iloc[int(np.nanargmax(numbers["its weight"].to_numpy()))]
    every = next(iter(found.weights.values())).size
    return Seen(
        str(most["pattern"]),
        f"Over {count(found.texts, 'text')}, {int(most.iloc[1]):,} of {count(every, 'head')} put at least "
        f"half of their weight on the {most['pattern']}. The clearest specialist is head "
        f"{strongest['strongest head']}: {strongest['its weight']:.2f} on the {strongest['pattern']}, where "
        f"an even spread would be {strongest['an even spread']:.2f}.",
        numbers,
    )


def near(options: Sequence[str], encoder: Any) -> Seen:
    """Which of two texts is nearer, and the pairs of tokens that make it so. Options: the two texts."""
    first, second = (explain_similarity(PAIR[0], other, encoder=encoder) for other in PAIR[1:])
    nearer = max((first, second), key=lambda one: one.cosine)
    order = np.argsort(-nearer.matrix, axis=None)[:8]
    rows, columns = np.unravel_index(order, nearer.matrix.shape)
    numbers = pd.DataFrame(
        {
            f"“{PAIR[0]}”": [nearer.tokens_a[row] for row in rows],
            "the nearer text": [nearer.tokens_b[column] for column in columns],
            "part of the cosine": nearer.matrix[rows, columns],
        }
    )
    place = 0 if nearer is first else 1
    return Seen(
        options[place],
        f"Cosines: {first.cosine:.2f} to “{PAIR[1]}”, {second.cosine:.2f} to “{PAIR[2]}”. The cosine is an "
        "exact sum over all pairs of tokens; the table has the largest of the nearer text.",
        numbers,
    )


def unsure(options: Sequence[str], translator: Translator) -> Seen:
    """Where a decoder is least sure. Options: at a word's beginning, inside or behind it, at the end."""
    trace = trace_translation(SENTENCE, model=translator)
    kinds = []
    for step in trace.steps:
        ends = step.id == translator.end_id
        kinds.append(options[2] if ends else options[0] if step.text.startswith("▁") else options[1])
    numbers = pd.DataFrame(
        {
            "piece": [step.text for step in trace.steps],
            "probability": [step.probability for step in trace.steps],
            "as unsure as a choice among": [2**step.entropy for step in trace.steps],
            "kind": kinds,
        }
    )
    means = numbers.groupby("kind")["as unsure as a choice among"].mean()
    least = numbers.iloc[int(numbers["probability"].to_numpy().argmin())]
    told = "; ".join(f"{kind}: {value:.1f}" for kind, value in means.items())
    return Seen(
        str(means.idxmax()),
        f"The model wrote “{trace.translation}”. On average it was as unsure as in an even choice among so "
        f"many pieces: {told}. It was least sure of “{least['piece']}”, probability "
        f"{least['probability']:.2f}.",
        numbers,
    )


Measure = Callable[[Sequence[str], Any], Seen]
