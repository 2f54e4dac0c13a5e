"""Words of many scripts: cut, found, counted and used as names; English as it always was."""

import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from analytics.tables import read_table
from analytics.text.finding.search import contains_all, index_words, search_mixed, word_similarity
from analytics.text.topics.names import name_clusters
from analytics.text.words import document_terms, learn_words, normal, query_terms, search_key
from tests.conftest import ROOT


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# A query, texts that have it and texts that have not.
FOUND = {
    "Chinese": ("手机", ["我的手机", "手机坏了", "新买的手机很好"], ["我的手表", "机票很贵", "天气"]),
    "Chinese, one character": ("猫", ["我的猫", "猫"], ["我的狗"]),
    "Japanese": ("東京", ["東京タワーに行く", "明日は東京へ"], ["京都の天気", "東の空"]),
    "Katakana, half width": ("ガラス", ["ｶﾞﾗｽの靴", "ガラスが割れた"], ["カラの箱"]),
    "Thai": ("บัตร", ["ฉันทำบัตรหาย", "บัตรใหม่"], ["ฉันหิว"]),
    "Lao": ("ບັດ", ["ບັດຂອງຂ້ອຍ"], ["ຂ້ອຍຫິວ"]),
    "Khmer": ("កាត", ["ខ្ញុំបាត់កាត"], ["ខ្ញុំឃ្លាន"]),
    "Hindi": ("कार्ड", ["मैंने अपना कार्ड खो दिया"], ["मैंने खाना खाया"]),
    "Tamil": ("அட்டையை", ["நான் என் அட்டையை இழந்தேன்"], ["நான் சாப்பிட்டேன்"]),
    "vocalised Arabic": ("كِتَاب", ["هٰذَا كِتَاب جَدِيد", "كتاب قديم"], ["قلم جديد"]),
    "Hebrew points": ("שלום", ["שָׁלוֹם עולם".replace("וֹ", "ו")], ["עולם"]),
    "Persian with a joiner": ("می‌خواهم", ["کتاب می‌خواهم", "میخواهم بروم"], ["کتاب"]),
    "Korean": ("카드", ["카드를 잃어버렸어요", nfd("카드가 없어요"), "새 카드"], ["날씨가 좋아요"]),
    "Korean, decomposed query": (nfd("카드"), ["카드를 잃어버렸어요"], ["날씨가 좋아요"]),
    "full width": ("card", ["ｍｙ　ｃａｒｄ", "CARD lost"], ["cart"]),
    "accents": ("café", ["un café", nfd("un café noir"), "CAFÉ"], ["un cafe"]),
    "accents, decomposed query": (nfd("café"), ["un café", nfd("un café noir")], ["un cafe"]),
    "Turkish": ("istanbul", ["İstanbul", "İSTANBUL", "istanbul"], ["ankara"]),
    "German": ("straße", ["Hauptstraße 1, eine STRASSE", "die Straße"], ["der Weg"]),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_word_is_found_where_it_is_and_nowhere_else(case: str) -> None:
    query, there, elsewhere = FOUND[case]
    texts = [*there, *elsewhere]
    match = word_similarity_of(query, texts)
    assert (match[: len(there)] > 0).all()
    assert (match[len(there) :] == 0).all()
    assert contains_all(texts, [query]).tolist() == [True] * len(there) + [False] * len(elsewhere)
    vectors = np.eye(len(texts), dtype=np.float32)
    equal = np.full(len(texts), len(texts) ** -0.5, dtype=np.float32)
    hits = search_mixed(f'"{query}"', equal, vectors, texts=texts, index=index_words(texts))
    assert sorted(hits.rows.tolist()) == list(range(len(there)))


def word_similarity_of(query: str, texts: list[str]) -> np.ndarray:
    return word_similarity(query, index_words(texts))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("मैंने अपना कार्ड खो दिया", ["मैंने", "अपना", "कार्ड", "खो", "दिया"]),
        ("நான் என் அட்டையை", ["நான்", "என்", "அட்டையை"]),
        ("كَتَبَ الطَّالِبُ", ["كتب", "الطالب"]),
        (nfd("Ein süßer Käse"), ["ein", "süsser", "käse"]),
        ("ＡＢＣ　１２", ["abc", "12"]),
        ("snake_case and 3.5", ["snake_case", "and", "3", "5"]),
        ("iPhone手机", ["iphone", "手机"]),
        ("❤️ 👩‍💻 !?", []),
        ("", []),
    ],
)
def test_whole_words_of_a_query(text: str, words: list[str]) -> None:
    assert query_terms(text) == words


# Three groups of texts; names must be words of the first group that the others lack.
NAMED = {
    "Chinese": (["我的手机丢了", "手机坏了", "新手机很好", "买了手机"], {"手机"}),
    "Japanese": (["東京の天気", "明日の東京は雨", "東京タワー", "タワーと東京"], {"東京"}),
    "Thai": (["ฉันทำบัตรหาย", "บัตรของฉันหาย", "ฉันต้องการบัตรใหม่", "มีบัตรไหม"], {"บัตร"}),
    "Hindi": (["मेरा कार्ड खो गया", "कार्ड नहीं मिला", "नया कार्ड"], {"कार्ड"}),
    "Tamil": (["என் அட்டை", "புதிய அட்டை", "அட்டை இல்லை"], {"அட்டை"}),
    "vocalised Arabic": (["كِتَاب جَدِيد", "كِتَاب قديم", "قرأت كِتَاب"], {"كِتَاب"}),
    "Korean, decomposed": ([nfd("새 카드"), "카드 분실", nfd("내 카드")], {"카드"}),
    "full width": (["ｍｙ　ｃａｒｄ", "lost card", "ＣＡＲＤ"], {"card"}),
    "accents": (["un café", nfd("le café"), "café noir"], {"café"}),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_cluster_is_named_by_whole_words(case: str) -> None:
    texts, expected = NAMED[case]
    others = ["green apples", "green trees", "green apples and trees", "river boats", "river fish", "river"]
    labels = np.array([0] * len(texts) + [1] * 3 + [2] * 3)
    name = name_clusters([*texts, *others], labels, terms=1)[0]
    assert {name} == expected


def test_texts_that_are_all_alike_give_one_whole_name() -> None:
    for text in ("我的手机丢了", "ฉันทำบัตรหาย"):
        name = name_clusters([text] * 3, np.zeros(3, int))[0]
        assert name in text
        assert len(name) > 2


def test_names_do_not_repeat_a_part_of_each_other() -> None:
    texts = ["手机壳好", "买手机壳", "新手机壳坏", "手机好", "买手机", "新手机坏"]
    terms = name_clusters(texts, np.zeros(6, int))[0].split(", ")
    assert not [(a, b) for a in terms for b in terms if a != b and a in b]


def english(name: str, column: str) -> list[str]:
    frame = read_table(ROOT / "sample_data" / name).frame
    return frame[column].dropna().astype(str).tolist()[:1500]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "column"), [("opinions.csv", "text"), ("functions.csv", "summary")])
def test_english_is_searched_as_scikit_learn_cuts_it(name: str, column: str) -> None:
    texts = english(name, column)
    usual = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, dtype=np.float32)
    weights = usual.fit_transform(texts)
    index = index_words(texts)
    assert (weights != index.weights).nnz == 0
    for query in ("the best film", "Returns a NEW array", "don't"):
        expected = np.asarray((weights @ usual.transform([query]).T).todense()).ravel()
        np.testing.assert_array_equal(word_similarity(query, index), expected)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "column"), [("opinions.csv", "text"), ("functions.csv", "summary")])
def test_english_names_come_from_the_words_scikit_learn_cuts(name: str, column: str) -> None:
    texts = english(name, column)
    pattern = r"(?u)(?<![^\W_])[^\W\d_](?:[^\W_]|['’-])*[^\W_](?![^\W_])"
    cut = CountVectorizer(token_pattern=pattern).build_analyzer()
    namer = learn_words(texts)
    assert [cut(text) for text in texts] == [namer.words(text) for text in texts]


@given(st.text(max_size=80))
@example("\ufb2a")
def test_any_text_is_cut(text: str) -> None:
    assert set(query_terms(text)) <= set(document_terms(text))
    assert search_key(search_key(text)) == search_key(text)
    assert normal(nfd(text)) == normal(text)
    for term in learn_words([text, text]).words(text):
        assert term == term.strip() != ""
