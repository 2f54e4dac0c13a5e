"""Questions find passages by words, by vectors and by both, and every score is explained by its parts."""

import math

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.retrieval import build_index, passages, retrieve, retrieve_all
from analytics.retrieval.fusion import reciprocal_ranks
from analytics.retrieval.lexical import K1, B, asked_terms, counted_spans, form_of, index_words
from analytics.retrieval.nearest import index_vectors
from analytics.text import MemoryVectors
from analytics.text.words import document_terms

DOCUMENTS = [
    "The library lends books. Its catalogue is old.",
    "Pumps move water through pipes.",
    "",
    "A catalogue of pumps was printed, and the catalogue was free.",
    "Libraries and museums open on Sunday.",
    "  \n ",
]


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        ("A document of documents.", "Which documents?", ["document", "documents"]),
        ("Libraries, library; librarian", "the library", ["Libraries", "library"]),
        ("The the", "the the", ["The", "the"]),
        ("How do boxes and a box close?", "how does a box close", ["boxes", "box", "close"]),
        ("我喜欢北京大学", "北京", ["北京"]),
        ("도서관에서 읽다", "도서관", ["도서관"]),
        ("", "word", []),
    ],
)
def test_what_bm25_counts_is_marked(text: str, question: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in counted_spans(text, question)] == marked
    assert bool(index_words([text]).parts(question, 0)) == bool(marked)


def test_a_column_in_another_order_is_read_by_its_places(encoder) -> None:
    shuffled = pd.Series(DOCUMENTS, index=range(len(DOCUMENTS))[::-1])
    assert build_index(shuffled, encoder=encoder).passages.texts == passages(DOCUMENTS, encoder=encoder).texts
    for build in (build_index, passages):
        with pytest.raises(ZetascopeError, match="give one column of it"):
            build(pd.DataFrame({"text": DOCUMENTS}), encoder=encoder)


@pytest.mark.parametrize("question", ["old catalogue", "catalogue catalogue library", "pumps and the water"])
def test_bm25_is_the_published_formula_and_the_sum_of_its_words(question: str) -> None:
    index = index_words(DOCUMENTS)
    texts = [[form_of(term) for term in document_terms(text)] for text in DOCUMENTS]
    mean = sum(map(len, texts)) / len(texts)
    scores = index.scores(question)
    for place, terms in enumerate(texts):
        expected = 0.0
        for word in map(form_of, asked_terms(question)):
            having = sum(word in other for other in texts)
            if word not in terms:
                continue
            rarity = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
            times = terms.count(word)
            expected += rarity * times / (times + K1 * (1 - B + B * len(terms) / mean))
        assert scores[place] == pytest.approx(expected, rel=1e-5)
        assert sum(part.score for part in index.parts(question, place)) == pytest.approx(expected, rel=1e-5)


def test_plurals_and_joining_words() -> None:
    pairs = {
        "libraries": "library",
        "boxes": "box",
        "pumps": "pump",
        "churches": "church",
        "houses": "house",
        "classes": "class",
    }
    assert {word: form_of(word) for word in pairs} == pairs
    assert [form_of(word) for word in ("glass", "bus", "this", "gas", "été", "как")] == [
        "glass", "bus", "this", "gas", "été", "как",
    ]  # fmt: skip
    assert asked_terms("What is in the library?") == ["library"]
    assert asked_terms("To be or not to be") == ["to", "be", "or", "not", "to", "be"]


def test_ranks_are_joined_as_published() -> None:
    joined = reciprocal_ranks({"a": np.array([3, 1]), "b": np.array([1, 2])})
    assert joined == {1: pytest.approx(1 / 62 + 1 / 61), 3: pytest.approx(1 / 61), 2: pytest.approx(1 / 62)}
    assert list(joined) == [1, 3, 2]


def test_documents_without_text_have_no_passage(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    assert index.passages.sizes.tolist() == [1, 1, 0, 1, 1, 0]
    assert index.notes == ("2 documents without text cannot be found.",)
    found = retrieve_all("where is the catalogue of pumps?", index, k=10)
    assert {hit.document for hit in found["vectors"]} == {0, 1, 3, 4}
    assert [hit.document for hit in found["words"]] == [3, 1, 0]


def test_each_hit_says_why(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    for method, hits in retrieve_all("old catalogues", index).items():
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        for hit in hits:
            assert hit.bm25 == pytest.approx(sum(part.score for part in hit.words), rel=1e-5, abs=1e-9)
            own = encoder.encode([hit.text, "old catalogues"])
            assert hit.cosine == pytest.approx(float(own[0] @ own[1]), abs=1e-5)
            if method == "hybrid":
                assert hit.score == pytest.approx(sum(hit.rank_parts()))
    first = retrieve("old catalogues", index).found[0]
    assert first.document == 0 and [part.word for part in first.words] == ["old", "catalogues"]
    assert retrieve("old catalogues", index).to_frame()["words"][0].startswith("old ")


def test_a_filter_leaves_only_its_documents(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    only = np.array([False, True, True, False, True, True])
    for hits in retrieve_all("catalogue of pumps", index, allowed=only).values():
        assert {hit.document for hit in hits} <= {1, 4} and len(hits)
    none = retrieve_all("catalogue of pumps", index, allowed=np.zeros(6, bool))
    assert not any(map(len, none.values()))


def test_a_changed_row_is_found_at_once_and_read_alone(encoder) -> None:
    store = MemoryVectors()
    assert build_index(DOCUMENTS, encoder=encoder, store=store).encoded == 4
    encoder.encoded.clear()
    changed = [*DOCUMENTS[:1], "Bees make honey.", *DOCUMENTS[2:]]
    index = build_index(changed, encoder=encoder, store=store)
    assert encoder.encoded == ["Bees make honey."] and index.encoded == 1
    assert [retrieve("honey", index, method=name).found[0].document for name in ("words", "hybrid")] == [1, 1]
    assert not retrieve("water", index, method="words")


def test_passages_keep_to_a_length(encoder) -> None:
    text = " ".join(f"Sentence number {number} says something of its own." for number in range(30))
    cut = passages([text, "", "short"], encoder=encoder, tokens=20)
    assert encoder.count_tokens(cut.texts).max() <= 20
    assert (
        cut.sizes[1] == 0 and cut.sizes[2] == 1 and cut.sizes[0] > passages([text], encoder=encoder).sizes[0]
    )
    assert all(part in text or part == "short" for part in cut.texts)


def test_the_graph_finds_what_the_exact_search_finds() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(600, 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact, graph = index_vectors(vectors), index_vectors(vectors, exact_up_to=100)
    assert exact.exact and not graph.exact and graph.bytes > exact.bytes
    allowed = np.arange(600) % 2 == 0
    same = 0
    for query in vectors[:20]:
        near = exact.ranking(query, depth=10, allowed=None)
        same += len(set(near) & set(graph.ranking(query, depth=10, allowed=None)))
        few = exact.ranking(query, depth=10, allowed=allowed)
        assert allowed[few].all() and len(few) == 10
        assert allowed[graph.ranking(query, depth=10, allowed=allowed)].all()
    assert same >= 190  # of 200: approximate by its nature


@pytest.mark.parametrize("question", ["", "   ", "?!", "…", "🙂", "\n\t"])
def test_a_question_without_words_is_refused(encoder, question: str) -> None:
    with pytest.raises(ZetascopeError, match="no word in it"):
        retrieve(question, build_index(DOCUMENTS, encoder=encoder))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"method": "magic"}, "no method 'magic'"),
        ({"k": 0}, "k is 0"),
        ({"k": 2.5}, "k is 2.5"),
        ({"allowed": np.ones(3, bool)}, "Rows of the filter: 3, of the table: 6"),
    ],
)
def test_what_cannot_be_asked_is_told(encoder, wrong: dict, said: str) -> None:
    with pytest.raises(ZetascopeError, match=said):
        retrieve("pumps", build_index(DOCUMENTS, encoder=encoder), **wrong)


@pytest.mark.parametrize("documents", [[], [""], [" ", "\n"]])
def test_no_text_at_all_is_refused(encoder, documents: list[str]) -> None:
    with pytest.raises(ZetascopeError, match="No document has any text"):
        build_index(documents, encoder=encoder)


@pytest.mark.parametrize(
    "documents",
    [["?!"], ["🙂 🙂", "…"], ["a" * 3_000], ["日本語の文章です。", "東京に住んでいます。"], ["same"] * 50],
)
def test_odd_documents_make_an_index(encoder, documents: list[str]) -> None:
    found = retrieve_all("東京 same a", build_index(documents, encoder=encoder))
    assert len(found["vectors"]) >= 1
