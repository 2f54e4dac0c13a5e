"""Measures are those of the literature, intervals are paired, and what is left out is told."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.retrieval import (
    Questions,
    build_index,
    effect_of_length,
    evaluate,
    questions_of_frame,
    questions_of_pairs,
    questions_of_titles,
    retrieve,
)
from analytics.retrieval.evaluation import mean_of, paired

DOCUMENTS = [
    "apples grow on trees", "pears grow on trees", "ships sail on water",
    "", "trains run on rails", "apples and pears are fruit",
]  # fmt: skip


def test_measures_by_hand(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    questions = Questions(("apples", "ships on rails"), ((0, 5), (3, 4)))
    found = evaluate(questions, index, k=10)
    for (number, method), line in found.each.set_index(["question", "method"]).iterrows():
        hits = retrieve(questions.texts[number], index, method=method, k=100)
        ranked = list(dict.fromkeys(hit.document for hit in hits))
        gains = [1 / math.log2(ranked.index(one) + 2) for one in questions.answers[number] if one in ranked]
        ideal = 1 + 1 / math.log2(3)
        assert line["nDCG@10"] == pytest.approx(sum(gains) / ideal)
        first = min((ranked.index(one) + 1 for one in questions.answers[number] if one in ranked), default=0)
        assert line["RR"] == pytest.approx(1 / first if first else 0)
        assert line["R@10"] == pytest.approx(len(gains) / 2)
    assert found.measures["words"]["nDCG@10"].value == pytest.approx(
        found.each.loc[found.each["method"] == "words", "nDCG@10"].mean()
    )
    assert found.bytes["hybrid"] == found.bytes["words"] + found.bytes["vectors"]
    assert "On 2 questions" in found.answer()


def test_differences_are_paired_and_counted(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    questions = Questions(("apples", "pears", "ships", "trains"), ((0, 5), (1, 5), (2,), (4,)))
    found = evaluate(questions, index, methods=("words", "vectors"))
    (one,) = found.differences
    wide = found.each.pivot(index="question", columns="method", values="nDCG@10")
    gap = wide["words"] - wide["vectors"]
    assert one.difference.value == pytest.approx(gap.mean())
    assert (one.won, one.lost, one.equal) == ((gap > 0).sum(), (gap < 0).sum(), (gap == 0).sum())
    assert one.difference.low <= one.difference.value <= one.difference.high
    assert evaluate(questions, index).measures == evaluate(questions, index).measures
    assert set(found.by_breadth()["kind"]) == {"broad", "narrow"}
    recall = found.by_cut().pivot(index="k", columns="method", values="recall")
    assert recall.apply(lambda column: column.is_monotonic_increasing).all()


def test_few_questions_say_little_of_others(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    found = evaluate(Questions(("apples",), ((0,),)), index, methods=("words", "vectors"))
    reached = found.measures["words"]["RR"]
    assert reached.value == reached.high == 1 and reached.low < 0.6
    (one,) = found.differences
    assert one.difference.low <= 0 <= one.difference.high
    assert one.difference.value == 0 or "cannot be told apart" in one.sentence()


@pytest.mark.slow
def test_intervals_of_ten_questions_hold_for_as_many_as_stated() -> None:
    """Nine of ten are found; of the differences between two such methods the mean is 0."""
    rng, times, questions = np.random.default_rng(10), 300, 10
    missed = np.zeros(2)
    for seed in range(times):
        found = (rng.random((2, questions)) < 0.9).astype(float)
        share = mean_of(found[0], least=0, most=1, seed=seed)
        gap = paired("a", "b", found[0] - found[1], seed=seed).difference
        missed += [not share.low <= 0.9 <= share.high, not gap.low <= 0 <= gap.high]
    assert (missed <= stats.binom.ppf(0.99, times, 0.05)).all()


@pytest.mark.slow
@pytest.mark.parametrize("questions", [3, 5, 10])
def test_of_few_questions_a_rare_gain_is_not_excluded(questions: int) -> None:
    """One in ten is found by the first way alone: resamples that saw no such question held 0 only."""
    rng, times = np.random.default_rng(questions), 300
    gaps = (rng.random((times, questions)) < 0.1).astype(float)
    found = [paired("a", "b", gap).difference for gap in gaps]
    missed = sum(not one.low <= 0.1 <= one.high for one in found)
    assert missed <= stats.binom.ppf(0.99, times, 0.05)


def test_a_difference_is_told_where_no_rare_loss_explains_it() -> None:
    few = paired("a", "b", np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.0]))
    assert few.difference.low < 0
    assert "cannot be told apart" in few.sentence() and "differ on 6 questions at least" in few.sentence()
    won = paired("a", "b", np.ones(6))
    assert won.difference.low > 0 and "at least" not in won.sentence()
    gap = np.array([0.3, 0.4, 0.2, 0.5, 0.3, 0.4, 0.3, 0.2, 0.4, 0.3])
    assert paired("a", "b", gap).difference.low < 0  # one question in ten may lose by more than all these won
    assert paired("a", "b", np.tile(gap, 3)).difference.low > 0


@pytest.mark.parametrize(("found", "asked"), [(0, 5), (3, 10), (19, 20), (40, 50)])
def test_the_interval_of_a_share_is_clopper_and_pearsons(found: int, asked: int) -> None:
    exact = stats.binomtest(found, asked).proportion_ci(method="exact")
    one = mean_of(np.repeat([1.0, 0.0], [found, asked - found]), least=0, most=1)
    assert (one.low, one.high) == pytest.approx((exact.low, exact.high), abs=0.02)


@pytest.mark.parametrize("questions", [20, 50])
def test_rare_large_gaps_are_not_excluded(questions: int) -> None:
    """Two of 25 won by 0.8, eight lost by 0.2; signs and resamples missed their mean, 0, in 0.15 of 20."""
    rng, times = np.random.default_rng(questions), 100
    gaps = rng.choice([0.8, -0.2, 0.0], (times, questions), p=[0.08, 0.32, 0.6])
    found = [paired("a", "b", gap).difference for gap in gaps]
    missed = sum(not one.low <= 0 <= one.high for one in found)
    assert missed <= stats.binom.ppf(0.99, times, 0.05)


def test_a_question_that_finds_nothing_counts_as_zero(encoder) -> None:
    found = evaluate(Questions(("zebra",), ((0,),)), build_index(DOCUMENTS, encoder=encoder))
    assert found.measures["words"]["RR"].value == 0 and found.measures["vectors"]["RR"].value > 0
    assert found.by_breadth().empty


def test_questions_of_a_table_in_all_its_forms() -> None:
    frame = pd.DataFrame(
        {"q": ["one", "two", "two", None, "three", "?!"], "rows": ["1; 3", 2, "3,9", "1", np.nan, "1"]}
    )
    made = questions_of_frame(frame, question="q", answers="rows", names=[1, 2, 3])
    assert made.texts == ("one", "two") and made.answers == ((0, 2), (1, 2))
    assert made.notes == (
        "1 answer named no document.",
        "1 question without words or without an answer left out.",
    )
    named = pd.DataFrame({"q": ["x y"], "id": ["a b|c"]})
    assert questions_of_frame(named, question="q", answers="id", names=["a b|c", "a"]).answers == ((0,),)


def test_questions_of_a_collection() -> None:
    asked = pd.DataFrame({"id": [1, 2, 3], "question": ["first one", "second one", "third"]})
    pairs = pd.DataFrame({"question": [1.0, 1.0, 2.0, 9.0], "document": ["b", "a", "zz", "a"]})
    made = questions_of_pairs(asked, pairs, names=["a", "b"])
    assert made.texts == ("first one",) and made.answers == ((1, 0),)
    assert "1 judgement belonged to no question." in made.notes
    assert "2 questions without a judged document left out." in made.notes


def test_titles_find_their_texts() -> None:
    made = questions_of_titles(["Apples", None, "Ships", "Gone", "Rails", "Apples"], DOCUMENTS)
    assert made.texts == ("Apples", "Ships", "Rails") and made.answers == ((0, 5), (2,), (4,))
    assert made.notes == ("Texts that hold their title word for word, which makes finding easy: 4.",)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: questions_of_titles(["a"], DOCUMENTS), "Titles: 1, documents: 6"),
        (lambda: questions_of_titles([None] * 6, DOCUMENTS), "No title can be asked"),
        (
            lambda: questions_of_frame(pd.DataFrame({"a": ["b"]}), question="q", answers="a", names=[1]),
            "no column 'q': there are a",
        ),
        (
            lambda: questions_of_frame(
                pd.DataFrame({"q": ["b"], "a": [7]}), question="q", answers="a", names=[1]
            ),
            "No question is answered",
        ),
        (
            lambda: questions_of_pairs(pd.DataFrame({"q": [1]}), pd.DataFrame({"q": [1]}), names=[1]),
            "table of questions has 1 columns",
        ),
    ],
)
def test_what_cannot_be_measured_is_told(make, said: str) -> None:
    with pytest.raises(ZetascopeError, match=said):
        make()


def test_unknown_methods_are_refused(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    with pytest.raises(ZetascopeError, match="given: magic"):
        evaluate(Questions(("apples",), ((0,),)), index, methods=("magic",))


def test_lengths_of_passages_are_tried_on_the_same_questions(encoder) -> None:
    long = [f"{text}. {' '.join(f'Filler {place} {n} says little.' for n in range(8))}" for place, text in
            enumerate(DOCUMENTS)]  # fmt: skip
    questions = Questions(("apples", "ships"), ((0, 5), (2,)))
    tried = effect_of_length(long, questions, encoder=encoder, lengths=(16, None))
    assert tried["method"].tolist() == ["words", "vectors", "hybrid"] * 2
    assert tried["passages"].iloc[0] > tried["passages"].iloc[-1] >= len(long)
    whole = evaluate(questions, build_index(long, encoder=encoder)).measures["words"]["nDCG@10"]
    assert tried["mean"].iloc[3] == pytest.approx(whole.value) and tried["tokens"].isna().sum() == 3


@pytest.mark.parametrize(
    ("questions", "settings", "said"),
    [
        (Questions((), ()), {}, "There is no question to ask"),
        (Questions(("apples",), ((99,),)), {}, "answered by document 100, and there are 6"),
        ("apples", {}, "To measure takes questions"),
        (Questions(("apples",), ((0,),)), {"methods": "words"}, "given: 'words'"),
        (Questions(("apples",), ((0,),)), {"methods": None}, "given: None"),
        (Questions(("apples",), ((0,),)), {"methods": []}, "given: none"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(encoder, questions, settings, said) -> None:
    with pytest.raises(ZetascopeError, match=said):
        evaluate(questions, build_index(DOCUMENTS, encoder=encoder), **settings)


def test_answers_without_text_and_numbers_that_stand_twice_are_told(encoder) -> None:
    index = build_index(DOCUMENTS, encoder=encoder)
    assert evaluate(Questions(("apples",), ((3,),)), index).notes == (
        "1 question can find nothing: what answers has no text.",
    )
    asked = pd.DataFrame({"number": [1, 1, 2], "text": ["first one", "second one", "third one"]})
    made = questions_of_pairs(asked, pd.DataFrame({"number": [1, 2], "row": [1, 2]}), names=range(1, 7))
    assert made.texts == ("first one", "third one")
    assert "1 question left out whose number an earlier one has." in made.notes


@pytest.mark.parametrize("cell", [[1, 3], np.array([1, 3]), "[1, 3]", "['1', '3']", "1;3", "(1 3)"])
def test_a_cell_may_hold_a_list(cell: object) -> None:
    frame = pd.DataFrame({"question": ["which fruit"], "rows": pd.Series([cell], dtype=object)})
    made = questions_of_frame(frame, question="question", answers="rows", names=range(1, 7))
    assert made.answers == ((0, 2),) and made.notes == ()
