"""The Glossary page, and that the pages' hovers are its words."""

import re
from pathlib import Path

import pytest

from analytics.dashboard.app.catalog import PAGES
from analytics.dashboard.parts.glossary import hover, hover_of, words

PAGES_FOLDER = Path(__file__).parents[3] / "analytics" / "dashboard"


def test_every_word_is_explained_with_its_source_and_pages_that_are_there() -> None:
    names = {page.name for page in PAGES}
    for word in words().values():
        assert 40 <= len(word.text) <= 600 and word.text.endswith("."), word.name
        assert word.source and word.pages and set(word.pages) <= names, word.name
        assert word.name not in word.pages


@pytest.mark.parametrize(
    "name",
    "z-score;MAD;robust;quartile;fence;winsorize;ECOD;LOF;Mahalanobis;perplexity;embedding;cosine;UMAP;"
    "trustworthiness;attention head;logit;softmax;BLEU;PSI;KS;p;interval;effect size".split(";"),
)
def test_the_fields_words_are_there(name: str) -> None:
    assert words()[name].text


def test_every_hover_on_a_page_is_a_word_of_the_glossary() -> None:
    asked = {
        name
        for path in PAGES_FOLDER.rglob("*.py")
        for name in re.findall(r"\bhover\(\"([^\"]+)\"\)", path.read_text(encoding="utf-8"))
    }
    assert len(asked) >= 10
    for name in asked:
        assert hover(name)
    with pytest.raises(KeyError):
        hover("no such word")


def test_a_label_is_explained_by_the_longest_word_in_it() -> None:
    assert hover_of("modified z-score") == hover("modified z-score") != hover("z-score")
    assert hover_of("the median of it") == hover("median")
    assert hover_of("pepper") is None


@pytest.mark.slow
def test_words_are_found_by_any_part(open_page) -> None:
    at = open_page("glossary")
    assert len(at.markdown) == len(words())
    at.text_input(key="glossary_find").set_value("attention").run()
    found = [one.value for one in at.markdown]
    assert 1 <= len(found) < 10 and any("attention head" in one for one in found)
    at.text_input(key="glossary_find").set_value("*zzz").run()
    assert not at.exception and "No word has" in at.info[0].value
