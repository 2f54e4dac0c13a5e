"""A memory of pairs for a tiny random translator: every number, every refusal."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from analytics.transformer.checks import all_passed
from analytics.transformer.decoder.decoding import Decoding
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.memory.files import from_bytes, to_bytes
from analytics.transformer.memory.nearest import Keys, nearest
from analytics.transformer.memory.pairs import MOST_PAIRS, as_pairs, sort_out
from analytics.transformer.memory.store import Memory
from analytics.transformer.memory.writing import write_all
from analytics.transformer.tokens import TraceError
from tests.transformer.tiny_translator import SENTENCE, tiny_translator

SOURCES = [SENTENCE, "five five nine", "w12 w13 w14 w15", "six w20"]
TARGETS = ["w30 w31 w32", "w33 w34", "w35 w36 w37 w38", "w39"]


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(end_bias=0.0)


@pytest.fixture(scope="module")
def memory(translator):
    return Memory.from_pairs(SOURCES, TARGETS, translator=translator)


def test_every_place_of_every_translation_is_an_entry(memory, translator):
    assert len(memory) == sum(len(target.split()) + 1 for target in TARGETS)
    one = trace_translation(
        SOURCES[1], model=translator, prefix=translator.vocabulary.target_ids(TARGETS[1])[:-1]
    )
    states = memory.states.keys[memory.stretch(1)].astype(np.float32)
    assert np.abs(states - one.layers[-1].output[: len(states)]).max() < 5e-3  # float16 of values up to 4
    assert memory.states.ids[memory.stretch(1)].tolist() == list(translator.vocabulary.target_ids(TARGETS[1]))


def test_what_is_remembered_is_said_where_the_memory_has_all_the_say(memory, translator):
    for source, target in zip(SOURCES, TARGETS, strict=True):
        trace = trace_translation(
            source, model=translator, memory=memory.asked(neighbours=1), weight=1.0, max_new_tokens=8
        )
        assert trace.translation == target
        assert trace.recalled[0].distances[0] < 1e-3


def test_a_weight_of_zero_changes_nothing(memory, translator):
    alone = trace_translation(SENTENCE, model=translator, max_new_tokens=8)
    assert (
        trace_translation(SENTENCE, model=translator, memory=memory, weight=0, max_new_tokens=8).ids
        == alone.ids
    )


@pytest.mark.parametrize("weight", ["adaptive", 0.3])
@pytest.mark.parametrize("strategy", ["greedy", "sample"])
def test_every_number_is_checked(memory, translator, weight, strategy):
    trace = trace_translation(
        SENTENCE, model=translator, memory=memory, weight=weight, max_new_tokens=6, strategy=strategy
    )
    assert all_passed(trace.checks), [one.name for one in trace.checks if not one.passed]
    assert sum(one.name.startswith("Memory") for one in trace.checks) >= 7
    wrong = replace(trace.recalled[0], distances=trace.recalled[0].distances + 1)
    assert not all_passed(replace(trace, recalled=(wrong, *trace.recalled[1:])).checks)
    wrong = replace(trace.recalled[0], shares=trace.recalled[0].shares * 1.01)
    assert not all_passed(replace(trace, recalled=(wrong, *trace.recalled[1:])).checks)
    if weight == "adaptive":
        wrong = replace(trace.recalled[0], readings=trace.recalled[0].readings + 0.1)
        assert not all_passed(replace(trace, recalled=(wrong, *trace.recalled[1:])).checks)
    wrong = replace(trace.recalled[0], state=trace.recalled[0].state + 1)
    assert not all_passed(replace(trace, recalled=(wrong, *trace.recalled[1:])).checks)


def test_many_are_written_as_one_is(memory, translator):
    encoded, _ = sort_out(as_pairs(SOURCES, TARGETS), translator=translator)
    for given in (None, memory):
        together = write_all(encoded, translator=translator, memory=given)
        alone = [trace_translation(source, model=translator, memory=given) for source in SOURCES]
        assert together == [one.translation for one in alone]


def test_a_corrected_pair_changes_the_answer_at_once(memory, translator):
    asked = memory.asked(neighbours=1)
    other = asked.corrected(1, source=SENTENCE, target="w50 w51", translator=translator)
    trace = trace_translation(SENTENCE, model=translator, memory=other, weight=1.0, max_new_tokens=8)
    assert trace.translation == "w50 w51"
    fresh = Memory.from_pairs(SOURCES, ["w50 w51", *TARGETS[1:]], translator=translator)
    assert other.states.ids.tolist() == fresh.states.ids.tolist()
    assert other.states.owners.tolist() == fresh.states.owners.tolist()
    assert np.abs(other.states.keys - fresh.states.keys).max() < 5e-3
    assert asked.pair(1).target == TARGETS[0]


def test_a_deleted_pair_is_gone(memory, translator):
    less = memory.without(2)
    assert [pair.row for pair in less.pairs] == [1, 3, 4]
    fresh = Memory.from_pairs([SOURCES[0], *SOURCES[2:]], [TARGETS[0], *TARGETS[2:]], translator=translator)
    assert less.states.owners.tolist() == fresh.states.owners.tolist()
    assert less.states.ids.tolist() == fresh.states.ids.tolist()
    trace = trace_translation(SOURCES[1], model=translator, memory=less, max_new_tokens=4)
    assert 2 not in np.concatenate([one.rows for one in trace.recalled])
    with pytest.raises(TraceError, match="no pair of row 2"):
        less.without(2)
    with pytest.raises(TraceError, match="no pair of row True"):
        less.without(True)
    with pytest.raises(TraceError, match="only pair"):
        less.without(1).without(3).without(4)


def test_the_search_is_exact():
    rng = np.random.default_rng(5)
    values = rng.standard_normal((5_000, 16)).astype(np.float16)
    values[100:140] = values[7]  # equal keys: the earlier first
    queries = np.concatenate([values[[7]], rng.standard_normal((6, 16))]).astype(np.float32)
    found = nearest(Keys.of(values), queries, count=9, barred=[slice(0, 50), *[slice(0, 0)] * 6])
    for place, query in enumerate(queries):
        distances = ((values.astype(np.float64) - query) ** 2).sum(1)
        if place == 0:
            distances[:50] = np.inf
        best = np.lexsort((np.arange(5_000), distances))[:9]
        assert found.places[place].tolist() == best.tolist()
        assert np.allclose(found.distances[place], distances[best], rtol=1e-12)


def test_a_memory_comes_back_from_its_file(memory, translator):
    again = from_bytes(to_bytes(memory.asked(neighbours=3, temperature=7.5)))
    assert again.pairs == memory.pairs and (again.neighbours, again.temperature) == (3, 7.5)
    assert again.weighing == memory.weighing
    assert np.array_equal(again.states.keys, memory.states.keys)


@pytest.mark.parametrize("cut", [0, 5, 40, 600, -3])
def test_a_broken_file_is_refused(memory, cut):
    with pytest.raises(TraceError, match="no memory saved by Zetascope"):
        from_bytes(to_bytes(memory)[:cut])


def test_a_file_whose_parts_do_not_fit_is_refused(memory):
    for wrong in (
        replace(memory, pairs=memory.pairs[:2]),
        replace(memory, states=replace(memory.states, ids=memory.states.ids - 100)),
        replace(memory, states=replace(memory.states, places=memory.states.places[:3])),
    ):
        with pytest.raises(TraceError, match="no memory saved by Zetascope"):
            from_bytes(to_bytes(wrong))
    with pytest.raises(TraceError, match="neighbours"):
        from_bytes(to_bytes(replace(memory, neighbours=-4)))


def test_what_cannot_be_used_is_listed(translator):
    sources = ["five", "five", "", "six", "nine", None, "w9 " * 200, "seven seven"]
    targets = ["w30", "w30", "w31", float("nan"), "nine", "w32", "w33", "w34 " * 200]
    memory = Memory.from_pairs(sources, targets, translator=translator)
    assert [pair.row for pair in memory.pairs] == [1]
    said = {one.pair.row: one.reason for one in memory.left_out}
    assert said.keys() == {2, 3, 4, 5, 6, 7, 8}
    assert "row 1" in said[2] and "empty" in said[3] and "empty" in said[4] and "same text" in said[5]
    assert "201 pieces" in said[7] and "201 pieces" in said[8]
    trace = trace_translation("five", model=translator, memory=memory, max_new_tokens=3)
    assert all_passed(trace.checks)


FRENCH = ["Je suis dans le jardin avec ma mère", "Il ne sait pas où elle est"]
ENGLISH = ["I am in the garden with my mother", "He does not know where she is"]


@pytest.mark.parametrize(
    ("sources", "targets", "told"),
    [
        ([], [], "no sentence pairs"),
        (["five"], ["six", "nine"], "one for each"),
        ("five", "six", "two columns"),
        ({"five": 1}, {"six": 1}, "two columns"),
        (np.array([["five"]]), np.array([["six"]]), "two columns"),
        (iter(["five"]), iter(["six"]), "two columns"),
        (["", "five"], ["six", "five"], "No pair can be used"),
        (FRENCH, ENGLISH, "look French"),
        (range(MOST_PAIRS + 1), range(MOST_PAIRS + 1), "50,000 at most"),
        ([1, 2], [3, 4], "empty or no text"),
    ],
)
def test_what_no_memory_can_be_made_of_is_told(translator, sources, targets, told):
    with pytest.raises(TraceError, match=told):
        Memory.from_pairs(sources, targets, translator=translator)


def test_what_is_no_translator_is_refused():
    with pytest.raises(TraceError, match="load_translator"):
        Memory.from_pairs(SOURCES, TARGETS, translator="five")


def test_a_column_in_the_wrong_language_is_noted(translator):
    assert "write French" in " ".join(
        Memory.from_pairs(ENGLISH, ENGLISH[::-1], translator=translator).notes
    ).replace("writes", "write")


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan"), "often", None, True])
def test_a_weight_that_is_none_is_refused(memory, translator, weight):
    with pytest.raises(TraceError, match="weight"):
        trace_translation(SENTENCE, model=translator, memory=memory, weight=weight)


def test_a_memory_of_another_model_or_for_beams_is_refused(memory, translator):
    other = replace(translator, revision="1" * 64)
    with pytest.raises(TraceError, match="another model"):
        trace_translation(SENTENCE, model=other, memory=memory)
    with pytest.raises(TraceError, match="another model"):
        memory.corrected(1, source="five", target="six", translator=other)
    with pytest.raises(TraceError, match="Beam search"):
        trace_translation(SENTENCE, model=translator, memory=memory, settings=Decoding(strategy="beam"))
    with pytest.raises(TraceError, match="is no memory"):
        trace_translation(SENTENCE, model=translator, memory="five")


@pytest.mark.parametrize(
    "how", [{"neighbours": 0}, {"neighbours": 2.5}, {"temperature": 0}, {"temperature": "x"}]
)
def test_questions_that_make_no_sense_are_refused(memory, how):
    with pytest.raises(TraceError, match=r"use 1 to 128|use 0\.01"):
        memory.asked(**how)


def test_states_beyond_half_precision_are_refused():
    broken = tiny_translator()
    with torch.no_grad():
        broken.model.model.decoder.layers[-1].final_layer_norm.weight.mul_(1e6)
    with pytest.raises(TraceError, match="half precision"):
        Memory.from_pairs(SOURCES, TARGETS, translator=broken)
