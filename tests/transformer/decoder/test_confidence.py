"""How sure a translation is, held against the pieces' own probabilities and against known samples."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.transformer.decoder.confidence import (
    Reference,
    confidence,
    mean_probability,
    most_cut_word,
    packaged_reference,
)
from analytics.transformer.decoder.copying import Copying
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.translator.loading import load_translator
from tests.transformer.tiny_translator import SENTENCE, tiny_translator

KNOWN = Reference("0" * 64, 101, "made", tuple(np.arange(101) / 100), (1.0,) * 99 + (4.0, 5.0))


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(seed=2)


def test_the_mean_is_the_models_own_over_chosen_pieces(translator):
    trace = trace_translation(SENTENCE, model=translator, prefix=(7, 8))
    chosen = [step.probability for step in trace.steps if not step.forced]
    found = confidence(trace, reference=KNOWN)
    assert len(chosen) == len(trace.steps) - 2
    assert found.probability == pytest.approx(np.prod(chosen) ** (1 / len(chosen)))
    assert trace.steps[found.weakest].probability == min(chosen)
    assert found.less_sure == pytest.approx(np.ceil(100 * found.probability) / 100)


def test_a_reference_of_another_model_is_not_used(translator):
    trace = trace_translation(SENTENCE, model=translator)
    found = confidence(trace, reference=replace(KNOWN, revision="1" * 64))
    assert found.less_sure is None
    assert found.less_cut is None
    assert replace(found, copied=Copying((), (), ())).doubts == ()


def test_a_sampled_output_is_not_held_against_greedy_ones(translator):
    trace = trace_translation(SENTENCE, model=translator, strategy="sample", seed=3)
    assert confidence(trace, reference=KNOWN).less_sure is None
    assert confidence(trace, reference=KNOWN).less_cut == 0


def test_each_sign_of_doubt_is_one_sentence(translator):
    trace = trace_translation("five xyz", model=translator)
    found = confidence(trace, reference=KNOWN)
    assert found.unknown == ("<unk>",)
    assert "no piece for <unk>" in found.doubts[0]
    unsure = replace(
        found,
        unknown=(),
        less_sure=0.04,
        less_cut=0.99,
        pieces=7,
        most_cut="abc",
        copied=Copying(("40",), (), ()),
    )
    cut, sure, lost = unsure.doubts
    assert "“abc” is cut into 7 pieces" in cut
    assert "99 of 100" in cut
    assert "surer of 96 of 100" in sure
    assert lost.startswith("The sentence has “40”, and the output lacks that")
    assert replace(found, unknown=(), less_sure=0.5, less_cut=0.5, copied=Copying((), (), ())).doubts == ()


def test_without_a_choice_there_is_no_mean():
    assert np.isnan(mean_probability([]))


def test_the_most_cut_word(translator):
    tokens = translator.vocabulary.encode("five six")
    word = [replace(tokens[0], text=text, word=1) for text in ("▁at", "or", "va", ".")]
    assert most_cut_word([tokens[0], *word]) == ("atorva", 3)
    assert most_cut_word([tokens[-1]]) == ("", 0)


@pytest.mark.slow
def test_the_packaged_reference_is_of_the_packaged_weights():
    translator = load_translator()
    known = packaged_reference()
    assert known is not None
    assert known.revision == translator.revision
    assert len(known.probability) == len(known.pieces) == 101
    assert list(known.probability) == sorted(known.probability)
    everyday = confidence(trace_translation("My brother lives in Paris.", model=translator))
    outside = confidence(trace_translation("The constitutional amendment of 1848.", model=translator))
    assert everyday.doubts == ()
    assert outside.doubts
