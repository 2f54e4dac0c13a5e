"""Fine-tuning a tiny random translator, and both ways to learn compared."""

import pytest
import torch

from analytics.transformer.memory.comparing import compare, score
from analytics.transformer.memory.pairs import as_pairs, sort_out
from analytics.transformer.memory.tuning import Tuning, tuned
from analytics.transformer.memory.writing import write_all
from analytics.transformer.tokens import TraceError
from tests.transformer.tiny_translator import tiny_translator

SOURCES = [f"w{number} w{number + 1}" for number in range(10, 24)]
TARGETS = [f"w{number + 30} w{number + 31}" for number in range(10, 24)]


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(end_bias=0.0)


@pytest.fixture(scope="module")
def encoded(translator):
    return sort_out(as_pairs(SOURCES, TARGETS), translator=translator)[0]


def test_it_learns_its_pairs_and_leaves_the_old_model_alone(translator, encoded):
    before = {name: one.clone() for name, one in translator.model.named_parameters()}
    made = tuned(encoded, translator=translator, tuning=Tuning(epochs=120, rate=1e-2, keep=0, dropout=0))
    assert write_all(encoded, translator=made) == TARGETS
    assert all(torch.equal(before[name], one) for name, one in translator.model.named_parameters())
    assert not made.model.training


def test_what_is_kept_of_the_old_weights_is_kept(translator, encoded):
    old, new, half = (
        dict(
            tuned(encoded, translator=translator, tuning=Tuning(epochs=1, keep=keep)).model.named_parameters()
        )
        for keep in (1, 0, 0.5)
    )
    for name, one in translator.model.named_parameters():
        assert torch.allclose(old[name], one, atol=1e-7)
        assert torch.allclose(half[name], (one + new[name]) / 2, atol=1e-6)
    assert any(not torch.equal(new[name], one) for name, one in translator.model.named_parameters())


def test_all_ways_are_scored_on_sentences_that_nothing_learned(translator):
    counted = []
    made = compare(
        SOURCES * 2,
        TARGETS * 2,
        translator=translator,
        tuning=Tuning(epochs=2),
        progress=lambda done, total: counted.append((done, total)),
    )
    assert (made.learned, made.aside) == (11, 3)
    assert len(made.ways) == 4 and made.ways[0].bytes == 0 < made.ways[1].bytes < made.ways[3].bytes
    assert (2, 2) in counted and counted[-1] == (11, 11)


def test_too_few_pairs_and_a_cancelled_run_end(translator, encoded):
    with pytest.raises(TraceError, match="too few to compare"):
        compare(SOURCES[:9], TARGETS[:9], translator=translator)
    with pytest.raises(TraceError, match="no pair"):
        tuned([], translator=translator)

    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tuned(encoded, translator=translator, progress=cancel)


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"epochs": "x"}, {"rate": float("nan")}, {"keep": 2}, {"dropout": 1}, {"seed": -1}],
)
def test_settings_that_make_no_sense_are_refused(translator, encoded, wrong):
    (name,) = wrong
    with pytest.raises(TraceError, match=name):
        tuned(encoded, translator=translator, tuning=Tuning(**wrong))


def test_scores_are_those_of_sacrebleu():
    assert score(["le chat dort bien ici"], [["le chat dort bien ici", "autre"]]).bleu == pytest.approx(100)
    assert score(["rien du tout de tel"], [["le chat dort bien ici"]]).bleu < 10
