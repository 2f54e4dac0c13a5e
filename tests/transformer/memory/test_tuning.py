"""Fine-tuning a tiny random translator, and both ways to learn compared."""

import pytest
import torch

from analytics.transformer.memory.checkpoints import Checkpoint
from analytics.transformer.memory.comparing import compare, score
from analytics.transformer.memory.pairs import as_pairs, sort_out
from analytics.transformer.memory.tuning import Tuning, trained_numbers, tuned
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


@pytest.mark.slow
@pytest.mark.parametrize("rank", [0, 2])
def test_it_goes_on_where_it_was_ended_as_if_it_had_not_been(translator, encoded, tmp_path, rank):
    tuning = Tuning(epochs=6, tokens=20, rank=rank)
    whole = tuned(encoded, translator=translator, tuning=tuning)
    kept, seen = Checkpoint(tmp_path / "here" / "a.safetensors", every=0), []

    def ended(done: int, total: int) -> None:
        if done == total // 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tuned(encoded, translator=translator, tuning=tuning, checkpoint=kept, progress=ended)
    again = tuned(
        encoded,
        translator=translator,
        tuning=tuning,
        checkpoint=kept,
        progress=lambda *done: seen.append(done),
    )
    assert len(seen) == 1 + seen[-1][1] - seen[-1][1] // 2 and again.revision == whole.revision
    kept.clear()
    assert tuned(encoded, translator=translator, tuning=tuning, checkpoint=kept).revision == whole.revision


@pytest.mark.parametrize("content", [b"", b"no file of tensors", b"\x08" + b"\0" * 7 + b"{}      "])
def test_a_damaged_checkpoint_counts_as_none(translator, encoded, tmp_path, content):
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    tuning = Tuning(epochs=1)
    made = tuned(encoded, translator=translator, tuning=tuning, checkpoint=Checkpoint(path))
    assert made.revision == tuned(encoded, translator=translator, tuning=tuning).revision


@pytest.mark.slow
def test_lora_learns_beside_the_weights_and_leaves_an_ordinary_model(translator, encoded):
    tuning = Tuning(epochs=150, rate=2e-2, keep=0, dropout=0, rank=8)
    made = tuned(encoded, translator=translator, tuning=tuning)
    names, old = (dict(one.model.named_parameters()) for one in (made, translator))
    assert names.keys() == old.keys() and trained_numbers(translator, tuning) < sum(
        one.numel() for one in old.values()
    )
    assert torch.equal(names["model.shared.weight"], old["model.shared.weight"])
    assert sum(
        said == right for said, right in zip(write_all(encoded, translator=made), TARGETS, strict=True)
    )


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
    assert [one.trained > 0 for one in made.ways] == [False, False, True, True]
    assert all(one.peak_bytes >= 0 for one in made.ways)
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
    [
        {"epochs": 0},
        {"epochs": "x"},
        {"rate": float("nan")},
        {"keep": 2},
        {"dropout": 1},
        {"seed": -1},
        {"rank": -1},
    ],
)
def test_settings_that_make_no_sense_are_refused(translator, encoded, wrong):
    (name,) = wrong
    with pytest.raises(TraceError, match=name):
        tuned(encoded, translator=translator, tuning=Tuning(**wrong))


def test_scores_are_those_of_sacrebleu():
    assert score(["le chat dort bien ici"], [["le chat dort bien ici", "autre"]]).bleu == pytest.approx(100)
    assert score(["rien du tout de tel"], [["le chat dort bien ici"]]).bleu < 10
