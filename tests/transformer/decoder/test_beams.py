"""Beam search against transformers' own, and the laws of its tree."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from analytics.transformer.decoder.beams import beam_search
from analytics.transformer.decoder.decoding import Decoding
from tests.transformer.tiny_translator import tiny_translator

SOURCE = [5, 6, 7, 8, 1]


def generated(translator, settings: Decoding, **options):
    with torch.no_grad():
        return translator.model.generate(
            input_ids=torch.tensor([SOURCE]),
            num_beams=settings.num_beams,
            num_return_sequences=settings.num_beams,
            length_penalty=settings.length_penalty,
            max_new_tokens=settings.max_new_tokens,
            early_stopping=False,
            do_sample=False,
            return_dict_in_generate=True,
            output_scores=True,
            output_logits=True,
            **options,
        )


def until_end(row) -> tuple[int, ...]:
    ids = row.tolist()[1:]
    return tuple(ids[: ids.index(1) + 1]) if 1 in ids else tuple(ids)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("beams", "penalty", "limit"), [(2, 1.0, 12), (4, 1.0, 12), (4, 0.0, 9), (3, 2.0, 7), (5, 1.0, 3)]
)
def test_hypotheses_and_scores_are_transformers_own(seed, beams, penalty, limit):
    translator = tiny_translator(seed=seed)
    settings = Decoding("beam", num_beams=beams, length_penalty=penalty, max_new_tokens=limit)
    ours, theirs = beam_search(translator, SOURCE, settings), generated(translator, settings)
    assert [one.ids for one in ours.hypotheses] == [until_end(row) for row in theirs.sequences]
    np.testing.assert_allclose(
        [one.final_score for one in ours.hypotheses], theirs.sequences_scores, rtol=1e-4
    )
    for hypothesis, rows in zip(ours.hypotheses, theirs.beam_indices.tolist(), strict=True):
        assert ours.beam_rows(hypothesis.node) == tuple(rows[: len(hypothesis.ids)])


def test_forced_end_and_suppressed_ids_follow_transformers():
    translator = tiny_translator(seed=1, end_bias=-5)
    greedy = beam_search(translator, SOURCE, Decoding("beam", num_beams=1, max_new_tokens=5)).best.ids[0]
    translator.model.generation_config.forced_eos_token_id = 1
    translator.model.generation_config.bad_words_ids = [[0], [greedy]]
    settings = Decoding("beam", num_beams=3, max_new_tokens=6)
    ours, theirs = beam_search(translator, SOURCE, settings), generated(translator, settings)
    assert [one.ids for one in ours.hypotheses] == [until_end(row) for row in theirs.sequences]
    assert ours.best.ids[-1] == 1
    assert not ours.best.ended
    assert greedy not in {node.token for node in ours.nodes}


def test_logits_of_the_best_path_come_from_the_beam_that_held_it():
    translator = tiny_translator(seed=2)
    settings = Decoding("beam", num_beams=4, max_new_tokens=12)
    ours, theirs = beam_search(translator, SOURCE, settings), generated(translator, settings)
    rows = ours.beam_rows(ours.best.node)
    expected = [theirs.logits[step][row].numpy() for step, row in enumerate(rows)]
    np.testing.assert_allclose(ours.logits, expected, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_the_tree_adds_up(seed):
    translator = tiny_translator(seed=seed)
    tree = beam_search(translator, SOURCE, Decoding("beam", num_beams=3, max_new_tokens=10))
    for place, node in enumerate(tree.nodes):
        parent_score = tree.nodes[node.parent].score if node.parent >= 0 else 0
        assert node.index == place
        assert node.score == pytest.approx(parent_score + node.log_probability)
        assert node.parent < place
        if node.parent >= 0:
            assert tree.nodes[node.parent].fate == "kept"
            assert tree.nodes[node.parent].step == node.step - 1
    for step in range(max(node.step for node in tree.nodes) + 1):
        now = [node for node in tree.nodes if node.step == step]
        assert [node.rank for node in now] == list(range(len(now)))
        assert sum(node.fate == "kept" for node in now) <= 3
    best = tree.path(tree.best.node)
    assert tuple(node.token for node in best) == tree.best.ids
    assert best[-1].fate == "finished"


def test_one_beam_without_a_choice_is_greedy():
    translator = tiny_translator(seed=3)
    beam = beam_search(translator, SOURCE, Decoding("beam", num_beams=1, max_new_tokens=8)).best
    theirs = translator.model.generate(
        input_ids=torch.tensor([SOURCE]), num_beams=1, do_sample=False, max_new_tokens=8
    )
    assert beam.ids == until_end(theirs[0])


def test_a_prefix_is_the_trunk_of_the_tree():
    translator = tiny_translator(seed=1)
    tree = beam_search(translator, SOURCE, Decoding("beam", num_beams=3, max_new_tokens=10, prefix=(9, 12)))
    assert all(one.ids[:2] == (9, 12) for one in tree.hypotheses)
    assert [node.forced for node in tree.path(tree.best.node)][:3] == [True, True, False]
    assert tree.nodes[0].log_probability < 0
