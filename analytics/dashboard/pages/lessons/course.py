"""The six lessons: what is asked before anything is shown, where to look for oneself, what stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from analytics.dashboard.pages.lessons import measured
from analytics.transformer.encoder.head_patterns import PATTERNS


@dataclass(frozen=True)
class Look:
    """A place on another page to look at: its label, the page and what is chosen there."""

    label: str
    page: str
    choices: dict[str, Any]


@dataclass(frozen=True)
class Lesson:
    """One lesson of about five minutes. ``measure`` gives the answer; ``of_decoder`` with the translator."""

    name: str
    told: str
    question: str
    options: tuple[str, ...]
    measure: measured.Measure
    looks: tuple[Look, ...]
    stays: str
    teacher: str
    of_decoder: bool = False
    discuss: tuple[str, ...] = field(default=())


def _encoder(label: str, **choices: Any) -> Look:
    return Look(label, "encoder_walk", choices)


LESSONS = (
    Lesson(
        "A word in two contexts",
        f"“{measured.RIVER}.” “{measured.MONEY}.” Both sentences hold the word **{measured.WORD}**, and "
        "the model starts both times from the same row of its table, plus the place in the sentence.",
        "How alike are the two vectors of the word after the last block (cosine; 1 is the same direction)?",
        ("above 0.9: nearly the same", "0.7 to 0.9", "0.4 to 0.7", "below 0.4: they have little in common"),
        measured.bank,
        (
            _encoder("The river's bank", text=measured.RIVER, view="The whole model"),
            _encoder("The bank of the loan", text=measured.MONEY, view="The whole model"),
        ),
        "A word's vector is not the word's: each block mixes in what stands around it.",
        "Ask first for meanings of the word, and how one tells them apart. That is what attention does.",
        discuss=(
            "Which other words have two meanings?",
            "Which word in the sentence gives the meaning away?",
        ),
    ),
    Lesson(
        "Pieces and the unknown",
        "The model has a fixed list of pieces, some 30,000. A word that is not in the list is put together "
        "from pieces that are. What cannot be put together becomes one sign, [UNK].",
        "Which of these becomes [UNK]?",
        measured.PIECED,
        measured.pieces,
        (
            _encoder(
                "A long word in pieces", text="unsinkability zetascope", view="Step by step", stage="Tokens"
            ),
            _encoder("What becomes [UNK]", text="I like 🙂", view="Step by step", stage="Tokens"),
        ),
        "The model never sees letters or words, only numbers of pieces; all that is [UNK] looks alike to it.",
        "Let the class write down words they think are not in the list, then type them in.",
        discuss=(
            "Why not one piece for every word?",
            "What happens to two texts that differ in one [UNK] only?",
        ),
    ),
    Lesson(
        "Order matters, a little",
        f"“{measured.ORDERED}.” In one copy the two nouns change places; in another the verb is a "
        "milder one. Attention by itself looks at all words at once; only the position that is added says "
        "where one stands.",
        "Which change moves the sentence's vector more?",
        (
            f"the order: “{measured.SWAPPED}”",
            f"the verb: “{measured.CHANGED}”",
            "both the same",
        ),
        measured.order,
        (
            _encoder("Compare the two", text=measured.ORDERED, other=measured.SWAPPED, view="Two texts"),
            _encoder("See positions added", text=measured.ORDERED, view="Step by step", stage="Embeddings"),
        ),
        "Order is in the vector, but a text's vector tells rather what it is about than who did what.",
        "Let the class shuffle a longer sentence of their own and watch the cosine.",
        discuss=("For which tasks would that be a problem?", "What would a model without positions say?"),
    ),
    Lesson(
        "What heads do",
        "In each block several heads decide where every token looks. Some follow a simple pattern, such as "
        "the token before, a mark that the model adds, or other places of the same word.",
        "On which of these do more heads than on any other put at least half of their weight?",
        PATTERNS,
        measured.heads,
        (
            _encoder("All heads at once", text=measured.HEAD_TEXTS[1], view="Attention", layer="all"),
            _encoder("Switch heads off", text=measured.HEAD_TEXTS[1], view="Heads off"),
        ),
        "A few heads are specialists; many look at a mark when they have nothing to fetch.",
        "Weights say where a head looks, not what it changes: go on to Heads off.",
        discuss=("Why might a head look at a mark?", "How would one show that a head matters?"),
    ),
    Lesson(
        "Why two sentences are near",
        f"“{measured.PAIR[0]}.” Two other sentences stand beside it: one says nearly the same in other "
        "words, one shares most of its words and says something else.",
        "Which is nearer to it for the model?",
        measured.PAIR[1:],
        measured.near,
        (
            _encoder("Same words", text=measured.PAIR[0], other=measured.PAIR[2], view="Two texts"),
            _encoder("Same meaning", text=measured.PAIR[0], other=measured.PAIR[1], view="Two texts"),
        ),
        "Nearness is a sum over pairs of tokens, and it can be read off which pairs make it.",
        "Collect predictions first: classes are split, which is the point.",
        discuss=("Which word should decide here?", "When is a shared word misleading?"),
    ),
    Lesson(
        "How a decoder writes",
        "A translator writes one piece after the other. Before each it gives every piece of its list a "
        "probability. Spread out, it is unsure; all on one piece, it is sure.",
        "Where is it least sure, on average?",
        ("where a new word begins", "inside a word, or at a mark behind it", "at the end sign"),
        measured.unsure,
        (
            Look("Watch it write", "decoder_walk", {"text": measured.SENTENCE, "view": "The whole model"}),
            Look(
                "See what else it might have written",
                "decoder_walk",
                {"text": measured.SENTENCE, "view": "Sampling"},
            ),
        ),
        "Every piece depends on all that is written before it: another first word leads to another sentence.",
        "Let the class choose another piece on the page and predict how the sentence goes on.",
        of_decoder=True,
        discuss=("Is a sure model a right one?", "Why is the middle of a word easy?"),
    ),
)


def address(look: Look) -> str:
    """Where a look leads, as an address below the app's own."""
    from urllib.parse import urlencode

    return f"/{look.page}?" + urlencode(
        {f"{look.page}_{name}": value for name, value in look.choices.items()}
    )
