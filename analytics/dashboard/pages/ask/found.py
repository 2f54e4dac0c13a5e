"""What a question found: the answer, the passages of every method side by side, and why each is there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.ask.source import Ready
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.parts.texts import encoder_links
from analytics.dashboard.parts.texts.marked_text import marked_html
from analytics.figures.matrix import token_matrix
from analytics.figures.retrieval.reasons import word_parts
from analytics.figures.theme import shortened
from analytics.retrieval import Answer, Hit, Hits, token_pairs
from analytics.retrieval.lexical import counted_spans

TITLES = {"words": "By words (BM25)", "vectors": "By meaning (vectors)", "hybrid": "By both"}
_SHOWN = 600  # characters of a passage in a list; the reasons show all of it
_LONGEST_PAIR = 2_000  # characters of a text whose pairs of tokens a screen can show


def draw_answer(ready: Ready, found: Answer) -> None:
    """The sentences that answer, or that nothing does."""
    if not found.sentences:
        st.info(plain(found.verdict(), width=400), icon=":material/search_off:")
        if found.nearest:
            row = ready.numbers[found.nearest.document]
            st.caption(f"The nearest, row {row:,}: {plain(found.nearest.text, width=400)}")
        return
    lines = []
    for place, one in enumerate(found.sentences):
        said = plain(one.text, width=600)
        strong = f"**{said}**" if place == 0 else said
        lines.append(f"- {strong} :small[row {ready.numbers[one.document]:,}, cosine {one.cosine:.2f}]")
    st.markdown("\n".join(lines))
    st.caption(f"{plain(found.verdict(), width=300)} Every sentence stands in your file as it is here.")


def answer_frame(ready: Ready, found: Answer) -> pd.DataFrame:
    """The answer with the numbers of its rows, for the download."""
    frame = found.to_frame()
    frame.insert(1, "row", ready.rows(frame.pop("document").tolist()))
    return frame


def draw_side_by_side(ready: Ready, question: str, found: dict[str, Hits]) -> None:
    """The first passages of each method in a column of its own."""
    for column, (method, hits) in zip(st.columns(len(found)), found.items(), strict=True):
        with column:
            st.markdown(f"**{TITLES[method]}**")
            if not len(hits):
                st.caption("No passage has a word of the question." if method == "words" else "Nothing.")
            for rank, hit in enumerate(hits, start=1):
                _draw_hit(ready, question, method, rank, hit)


def _draw_hit(ready: Ready, question: str, method: str, rank: int, hit: Hit) -> None:
    with st.container(border=True):
        st.markdown(f"{rank}. **Row {ready.numbers[hit.document]:,}** :small[{_why(method, hit)}]")
        shown = hit.text if len(hit.text) <= _SHOWN else f"{hit.text[: _SHOWN - 1]}…"
        st.html(f'<div dir="auto">{marked_html(shown, counted_spans(shown, question))}</div>')


def _why(method: str, hit: Hit) -> str:
    words = ", ".join(f"{plain(part.word, width=30)} {part.score:.1f}" for part in hit.words[:4])
    ranks = [
        f"rank {rank} by {name}" if rank else f"not found by {name}"
        for name, rank in (("words", hit.word_rank), ("meaning", hit.vector_rank))
    ]
    return {
        "words": f"BM25 {hit.score:.1f} = {words}" + (" + …" if len(hit.words) > 4 else ""),
        "vectors": f"cosine {hit.score:.2f}",
        "hybrid": " and ".join(ranks),
    }[method]


def hits_frame(ready: Ready, found: dict[str, Hits]) -> pd.DataFrame:
    """All hits of all methods with the numbers of their rows, for the download."""
    parts = [hits.to_frame().assign(method=method) for method, hits in found.items()]
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(0, "row", ready.rows(frame.pop("document").tolist()))
    return frame[["method", *frame.columns.drop("method")]]


def draw_reasons(ready: Ready, question: str, found: dict[str, Hits]) -> None:
    """One passage in full: what each word gives to its BM25, and which pairs of tokens make its cosine."""
    hits = {hit.place: hit for one in found.values() for hit in one}
    if not hits:
        return
    labels: dict[str, Hit] = {}
    for hit in hits.values():
        label = f"row {ready.numbers[hit.document]:,}: {shortened(hit.text, width=60)}"
        labels[f"{label} ({len(labels) + 1})" if label in labels else label] = hit
    hit = labels[widgets.choose_one("Why was this passage found?", list(labels), key="ask_why")]
    st.html(f'<div dir="auto">{marked_html(hit.text, counted_spans(hit.text, question))}</div>')
    _draw_words(hit)
    if st.toggle("Pairs of tokens that make the cosine", key="ask_pairs", bind="query-params"):
        with widgets.errors_told():
            _draw_pairs(ready, question, hit)
    encoder_links.draw_links(question, hit.text, key="ask")


def _draw_words(hit: Hit) -> None:
    if not hit.words:
        st.caption("It has no word of the question: only its meaning found it.")
        return
    st.caption(f"BM25 {hit.bm25:.2f} is the sum of {count(len(hit.words), 'word')} of the question.")
    alt = "What each word of the question gives to the passage's BM25 score"
    widgets.chart(word_parts(hit.words), key="ask_words", alt=alt)


def _draw_pairs(ready: Ready, question: str, hit: Hit) -> None:
    pair = token_pairs(question[:_LONGEST_PAIR], hit.text[:_LONGEST_PAIR], encoder=ready.index.encoder)
    st.caption(
        f"Cosine {pair.cosine:.4f} = sum of all {pair.matrix.size:,} pairs; {pair.special_sentence()}.",
        help=hover("cosine"),
    )
    shown = pair.matrix.astype(np.float32)
    picture = token_matrix(
        shown,
        pair.tokens_a,
        pair.tokens_b,
        name="part of the cosine",
        row_title="the question",
        column_title="the passage",
    )
    draw_heat_map(picture, key="ask_pair_map", alt="Part of the cosine that each pair of tokens gives")
