"""The comparison: splits without leaks, figures by hand, early stops, trials that are kept."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.errors import ZetascopeError
from analytics.retrieval import compare_ways
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.facts import learn_fact
from analytics.retrieval.tuning.heads import fit_logistic
from analytics.retrieval.tuning.labelled import labelled_texts
from analytics.retrieval.tuning.measures import calibration_error, interval, macro_f1, share_interval
from analytics.retrieval.tuning.pairs import draw_pairs
from analytics.retrieval.tuning.prediction import best_temperature, hedged, predict_labels, warmed
from analytics.retrieval.tuning.splits import ALL, first_of_each, possible_shots, split_texts
from analytics.retrieval.tuning.stopping import stopped_after
from analytics.retrieval.tuning.study import Outside, prepare_study
from analytics.retrieval.tuning.trials import Trial, TrialStore
from analytics.retrieval.tuning.votes import vote

CHEAP = ("retrieval", "head")


@pytest.fixture
def curve(texts_and_labels, vectors) -> LearningCurve:
    return compare_ways(*texts_and_labels, vectors=vectors, ways=CHEAP, shots=(1, 4, ALL), seeds=3)


def trial(way: str, shot: int, seed: int, accuracy: float, **more) -> Trial:
    return Trial(
        way, shot, seed, 3 * (shot or 12), 0.3, 100, accuracy, accuracy, 0.1, 1.0, 1.0, 10, 10, **more
    )


def made_curve(texts_and_labels, accuracies: dict[tuple[str, int], list[float]], **more) -> LearningCurve:
    trials = [
        trial(way, shot, seed, value, **(more if way == "lora" else {}))
        for (way, shot), values in accuracies.items()
        for seed, value in enumerate(values)
    ]
    return LearningCurve(labelled_texts(*texts_and_labels), tuple(trials))


def test_nobody_is_learnt_from_and_measured_with(texts_and_labels) -> None:
    data = labelled_texts(*texts_and_labels)
    split = split_texts(data, seed=3)
    assert not np.intersect1d(split.pool, split.test).size
    assert np.bincount(data.codes[split.test]).tolist() == [4, 4, 4]
    small, large = (first_of_each(split.pool, data.codes, shot) for shot in (2, 4))
    assert np.bincount(data.codes[small]).tolist() == [2, 2, 2] and set(small) < set(large)
    assert len(first_of_each(split.pool, data.codes, ALL)) == 36
    assert len(split_texts(data, seed=3, most_tested=5).test) == 5


def test_only_numbers_of_labels_that_there_are() -> None:
    assert possible_shots(np.array([12, 12, 12]), (1, 4, 16, ALL)) == (1, 4, ALL)
    assert possible_shots(np.array([2, 30, 40]), (16, 64)) == (16,)
    assert possible_shots(np.array([1, 1]), (8,)) == (ALL,)


def test_figures_by_hand() -> None:
    codes, guessed = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(codes, guessed, classes=3) == pytest.approx((2 / 3 + 4 / 5) / 2)
    sure, right = np.array([0.95, 0.95, 0.55, 0.55]), np.array([True, False, True, False])
    assert calibration_error(sure, right) == pytest.approx((0.45 + 0.05) / 2)
    found = interval(np.array([0.50, 0.52]), overlap=0.5, tested=100)
    assert found.mean == pytest.approx(0.51)
    assert found.high - found.mean == pytest.approx(12.7062047 * (0.0002 * (0.5 + 0.5)) ** 0.5)
    assert np.isnan(interval(np.array([0.5]), overlap=0.5, tested=9).low)


def test_an_interval_of_a_share_stays_within_0_and_1() -> None:
    # Wilson's interval of 81 among 263, as Newcombe (Statistics in Medicine 17, 1998) gives it.
    found = share_interval(np.array([81 / 263]), overlap=0.3, tested=263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    for values in ([0.95, 0.97], [1.0, 0.9], [0.0, 0.01, 0.0], [1.0, 1.0], [0.0, 0.0], [0.4, 1.0]):
        found = share_interval(np.array(values), overlap=0.3, tested=50)
        assert 0 <= found.low <= found.mean <= found.high <= 1 and found.low < found.high
    wide, narrow = (share_interval(np.array(values), overlap=0.3, tested=9_999) for values in
                    ([0.70, 0.80, 0.75], [0.74, 0.76, 0.75]))  # fmt: skip
    assert wide.low < narrow.low < narrow.high < wide.high
    same = interval(np.zeros(2), overlap=0.3, tested=10)
    assert same.low < -0.1 and same.high > 0.1  # twenty texts without a difference are no proof of none
    assert interval(np.array([0.9, -0.8]), overlap=0.5, tested=9).low == -1


def test_the_nearer_vote_louder() -> None:
    shares = vote(np.array([[0.9, 0.5, 0.5], [0.1, 0.9, 0.9]]), np.array([0, 1, 1]), classes=3)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert shares.argmax(axis=1).tolist() == [0, 1] and shares[0, 2] > 0


@pytest.mark.parametrize("classes", [1, 2, 4])
def test_a_head_never_guesses_a_class_it_has_not_seen(classes: int) -> None:
    codes = np.repeat(np.arange(classes), 5)
    head = fit_logistic(np.eye(4)[codes], codes, classes=5)
    found = head.probabilities(np.eye(4)[codes])
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found.argmax(axis=1) == codes).all() and (found[:, classes:] == 0).all()


def test_the_curve_rises_and_answers(curve: LearningCurve) -> None:
    assert curve.shots == (1, 4, ALL) and curve.ways == CHEAP
    points = curve.points.set_index(["name", "shot"])
    assert (points["accuracy"] > 1 / 3).all()
    assert points.loc[("head", ALL), "labels a class"] == 12
    assert "your 12 labels a class" in curve.answer()
    assert curve.costs["numbers trained"].tolist() == [0, 3 * 9]


def test_one_label_is_no_labels(texts_and_labels) -> None:
    cells = {("retrieval", 1): [0.5, 0.5], ("head", 1): [0.6, 0.4], ("retrieval", 4): [0.6, 0.6],
             ("head", 4): [0.9, 0.9]}  # fmt: skip
    assert "with 1 label a class neither is clearly ahead" in made_curve(texts_and_labels, cells).answer()


def test_the_memory_told_is_the_most_of_any_draw_that_was_seen(texts_and_labels) -> None:
    peaks = [float("nan"), 3e8, 2e8]
    data = labelled_texts(*texts_and_labels)
    seen = [trial("lora", ALL, seed, 0.9, peak_bytes=peak) for seed, peak in enumerate(peaks)]
    costs = LearningCurve(data, (trial("head", ALL, 0, 0.9), *seen)).costs.set_index("way")
    assert costs.loc["LoRA", "more memory to train"] == 3e8
    assert np.isnan(costs.loc["Frozen head", "more memory to train"])


def test_the_same_draws_give_the_same_curve(texts_and_labels, vectors, curve: LearningCurve) -> None:
    again = compare_ways(*texts_and_labels, vectors=vectors, ways=CHEAP, shots=(1, 4, ALL), seeds=3)
    assert again.points.equals(curve.points)


def test_words_need_no_vectors(texts_and_labels) -> None:
    curve = compare_ways(*texts_and_labels, ways=("bm25", "tfidf"), shots=(ALL,), seeds=2)
    assert (curve.points["accuracy"] == 1).all()


def test_texts_without_words_are_no_accident(vectors) -> None:
    texts = ["🙂" * (number + 1) for number in range(48)]
    labels = ["a", "b"] * 24
    curve = compare_ways(
        texts, labels, vectors=vectors, ways=("bm25", "tfidf", "both"), shots=(2, ALL), seeds=2
    )
    assert len(curve.trials) == 12


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ways": ("magic",)}, "no way 'magic'"),
        ({"ways": ()}, "No way is named"),
        ({"shots": (1.5,)}, "1.5 is no number of labels"),
        ({"shots": ()}, "Name the numbers of labels"),
        ({"seeds": 0}, "The number of draws is 0"),
        ({"vectors": np.ones((3, 8))}, "3 vectors and 48 texts"),
        ({"outside": Outside(["one", "two", "three", "four"], ["x", "x", "y", "y"])}, "The second file"),
    ],
)
def test_impossible_questions_are_one_sentence(texts_and_labels, vectors, wrong, words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        compare_ways(*texts_and_labels, **({"vectors": vectors, "ways": CHEAP} | wrong))


def test_a_second_file_is_measured_without_copies_of_the_first(texts_and_labels, vectors) -> None:
    texts, labels = texts_and_labels
    more = Outside(
        [texts[0], "one", "two", "three", "four"],
        ["red", "red", "red", "blue", "blue"],
        vectors[[0, 1, 2, 20, 21]],
    )
    curve = compare_ways(texts, labels, vectors=vectors, ways=CHEAP, shots=(ALL,), seeds=2, outside=more)
    assert curve.points["accuracy elsewhere"].between(0.74, 1).all()
    told = " ".join(curve.notes)
    assert "elsewhere with 4 texts" in told and "1 text of it left out: they stand in the first" in told


def test_trials_are_found_again_and_damaged_ones_passed_over(texts_and_labels, vectors, tmp_path) -> None:
    store, heard = TrialStore(tmp_path / "a" / "b.jsonl"), []
    asked = {"vectors": vectors, "ways": CHEAP, "shots": (1, ALL), "seeds": 2, "store": store}

    def stop(done: int, _: int) -> None:
        heard.append(done)
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compare_ways(*texts_and_labels, **asked, progress=stop)
    assert len(store.read()) == 3
    one = next(iter(store.read().values()))
    store.path.write_text(store.path.read_text() + '{"way": 3}\nnonsense\n{"way": "head"}\n')
    store.add(replace(one, seed=99, accuracy=0.123))
    found = compare_ways(*texts_and_labels, **asked)
    assert len(store.read()) == 9 and one in found.trials
    assert not TrialStore(tmp_path / "none").read()


def test_who_cannot_win_is_stopped_and_said(texts_and_labels) -> None:
    steady = {("head", 1): [0.80, 0.81, 0.79], ("head", 2): [0.85, 0.86, 0.84]}
    lost = {("bm25", 1): [0.30, 0.31, 0.29], ("bm25", 2): [0.36, 0.37, 0.35]}
    (found,) = stopped_after(made_curve(texts_and_labels, steady | lost), 2, tunes=False, last=4)
    assert found.way == "bm25" and found.behind == pytest.approx(49) and found.expected == pytest.approx(48)
    assert "Nearest by words was stopped at 2 labels a class: 49.0 points behind" in found.sentence()
    gaining = {("bm25", 1): [0.30, 0.31, 0.29], ("bm25", 2): [0.70, 0.71, 0.69]}
    assert not stopped_after(made_curve(texts_and_labels, steady | gaining), 2, tunes=False, last=4)


def test_the_answer_says_when_it_would_change_and_what_tuning_costs(texts_and_labels) -> None:
    found = made_curve(
        texts_and_labels,
        {
            ("head", 2): [0.70, 0.71, 0.72],
            ("head", ALL): [0.80, 0.81, 0.82],
            ("lora", 2): [0.60, 0.61, 0.62],
            ("lora", ALL): [0.85, 0.86, 0.87],
        },
        neighbours=0.82,
    ).answer()
    assert found.startswith(
        "With your 12 labels a class, LoRA is ahead of the frozen head, 86.0% right against"
    )
    assert "difference +5.0 points" in found and "loses 18% of its general neighbours" in found
    assert "with 2 labels a class what needs none is ahead" in found


def test_one_draw_tells_no_ways_apart(texts_and_labels) -> None:
    found = made_curve(texts_and_labels, {("head", ALL): [0.80], ("retrieval", ALL): [0.80]}).answer()
    assert "cannot be told apart yet" in found and "of one draw" in found


def test_what_is_no_better_than_the_commonest_label_is_told(texts_and_labels) -> None:
    at_chance = {("head", ALL): [0.33, 0.36, 0.30], ("retrieval", ALL): [0.30, 0.34, 0.31]}
    said = "no way is clearly better than always guessing the commonest label, 33.3% right."
    assert made_curve(texts_and_labels, at_chance).answer().endswith(said)
    above = {("head", ALL): [0.80, 0.81, 0.82], ("retrieval", ALL): [0.30, 0.34, 0.31]}
    assert said not in made_curve(texts_and_labels, above).answer()


def test_sureness_is_what_is_right_and_reasons_are_the_nearest(texts_and_labels, vectors) -> None:
    data = labelled_texts(*texts_and_labels)
    found = predict_labels(data, ["new"], way="head", vectors=vectors, text_vectors=vectors[20:21] * 1.0)
    assert data.names[found.codes[0]] == "blue" and found.nearest[0, 0] == 20
    assert 0 < found.sureness[0] <= 1 and found.table()["its label 1"].tolist() == ["blue"]
    with pytest.raises(ZetascopeError, match="Every text has a label"):
        predict_labels(data, [], way="head", vectors=vectors, text_vectors=vectors[:0])


def test_a_few_texts_that_are_all_right_make_no_guess_sure() -> None:
    """Two classes 2.4 SD apart, guessed too timidly: sure no more often than right, beyond two errors."""
    rng = np.random.default_rng(7)
    sure, right = [], []
    for _ in range(150):
        codes = rng.integers(0, 2, 104)
        x = rng.normal(size=104) + 2.4 * codes
        chance = 1 / (1 + np.exp(-0.8 * (x - 1.2)))
        made = np.column_stack([1 - chance, chance])
        temperature = best_temperature(made[:4], codes[:4])
        found = hedged(warmed(made[4:], temperature), kept_out=4)
        sure.append(found.max(axis=1).mean())
        right.append((found.argmax(axis=1) == codes[4:]).mean())
        assert found.max() < 0.951 and found.sum(axis=1) == pytest.approx(1)
    gap = np.array(sure) - np.array(right)
    assert gap.mean() <= 2 * gap.std() / np.sqrt(len(gap))


def test_the_temperature_is_the_likeliest() -> None:
    chance = np.random.default_rng(0)
    true = chance.dirichlet(np.ones(3), 4000)
    codes = np.array([chance.choice(3, p=row) for row in true])
    assert best_temperature(warmed(true, 0.5), codes) == pytest.approx(2, rel=0.1)


def test_a_new_label_is_unknown_at_first_and_then_known(texts_and_labels, vectors) -> None:
    study = prepare_study(labelled_texts(*texts_and_labels), ways=CHEAP, seeds=1, vectors=vectors)
    learnt = learn_fact(study, "red", ways=CHEAP).set_index(["way", "examples"])["right"]
    for way in ("Retrieval", "Frozen head"):
        assert learnt[way, 0] == 0 and learnt[way, 12] == 1
    wrong = learn_fact(study, "red", ways=CHEAP, kind="wrong").set_index(["way", "examples"])["right"]
    assert wrong["Frozen head", 0] == 0 and wrong["Frozen head", 12] == 1
    with pytest.raises(ZetascopeError, match="no label 'pink'"):
        learn_fact(study, "pink", ways=CHEAP)


def test_pairs_are_alike_or_not_and_never_too_many() -> None:
    codes, train = np.array([0, 0, 0, 1, 1, 2]), np.arange(6)
    pairs = draw_pairs(train, codes, seed=0, most=50)
    same = codes[pairs.first] == codes[pairs.second]
    assert len(pairs) == 50 and (same == (pairs.alike == 1)).all() and (pairs.first != pairs.second).all()
    assert not (pairs.alike[pairs.first == 5] == 1).any()
