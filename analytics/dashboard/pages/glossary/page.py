"""The Glossary page: the field's words, found by any part of them."""

import streamlit as st

from analytics.dashboard.parts.glossary import Word, words
from analytics.dashboard.parts.links import link
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet


def draw(_dataset: DataSet) -> None:
    """The whole page below its question."""
    asked = st.text_input(
        "Find a word", key="glossary_find", bind="query-params", placeholder="score, test, attention"
    )
    found = [word for word in words().values() if _matches(word, asked)]
    if not found:
        st.info(f"No word has {plain(asked, width=60)} in its name or text.", icon=":material/search_off:")
    else:
        st.caption(
            f"{count(len(found), 'word')}. On the pages, each stands behind the question mark beside it."
        )
    for word in found:
        _draw_word(word)


def _matches(word: Word, asked: str) -> bool:
    wanted = asked.casefold().split()
    return all(part in f"{word.name} {word.text}".casefold() for part in wanted)


def _draw_word(word: Word) -> None:
    st.markdown(f"**{plain(word.name)}**  \n{plain(word.text, width=1000)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        for page in word.pages:
            link(page, page.replace("_", " ").capitalize(), icon="arrow_forward")
    st.caption(plain(word.source, width=300))
