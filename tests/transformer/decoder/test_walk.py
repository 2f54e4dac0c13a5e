"""The decoder walk against transformers' own generation, and its checks at work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from analytics.transformer.checks import all_passed
from analytics.transformer.decoder.decoding import Decoding
from analytics.transformer.decoder.marian_weights import sinusoids
from analytics.transformer.decoder.mask_lab import open_the_mask
from analytics.transformer.decoder.sampling import draw
from analytics.transformer.decoder.trace import added_lengths, alignment
from analytics.transformer.decoder.walk import trace_path, trace_translation
from analytics.transformer.tokens import TraceError
from tests.transformer.tiny_translator import SENTENCE, tiny_translator

SOURCE = torch.tensor([[5, 6, 7, 8, 1]])


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(seed=2)


def eager_generation(translator, **options):
    model = translator.model
    before = model.config._attn_implementation
    model.set_attn_implementation("eager")
    try:
        with torch.no_grad():
            return model.generate(
                input_ids=SOURCE,
                return_dict_in_generate=True,
                output_logits=True,
                output_attentions=True,
                **options,
            )
    finally:
        model.set_attn_implementation(before)


@pytest.mark.parametrize("seed", range(3))
def test_greedy_writes_what_transformers_writes(seed):
    translator = tiny_translator(seed=seed)
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=9)
    theirs = eager_generation(translator, max_new_tokens=9, do_sample=False, num_beams=1)
    assert list(trace.ids) == theirs.sequences[0, 1:].tolist()
    np.testing.assert_allclose(trace.logits, torch.cat(theirs.logits).numpy(), atol=2e-5)
    for step in range(len(trace.steps)):
        for layer, target in enumerate(trace.layers):
            theirs_cross = theirs.cross_attentions[step][layer][0, :, 0]
            theirs_self = theirs.decoder_attentions[step][layer][0, :, 0]
            np.testing.assert_allclose(target.cross_attention.weights[:, step], theirs_cross, atol=1e-5)
            np.testing.assert_allclose(
                target.self_attention.weights[:, step, : step + 1], theirs_self, atol=1e-5
            )


def test_the_right_beams_attention_is_shown(translator):
    options = {"num_beams": 4, "max_new_tokens": 10}
    trace = trace_translation(SENTENCE, model=translator, strategy="beam", **options)
    theirs = eager_generation(
        translator, do_sample=False, output_scores=True, early_stopping=False, **options
    )
    rows = trace.beams.beam_rows(trace.beams.best.node)
    assert any(row > 0 for row in rows), "the best output must have moved between beams for this test"
    for step, row in enumerate(rows):
        cross = theirs.cross_attentions[step][1][row, :, 0]
        np.testing.assert_allclose(trace.layers[1].cross_attention.weights[:, step], cross, atol=1e-5)


@pytest.mark.parametrize("strategy", ["greedy", "beam", "sample"])
@pytest.mark.parametrize("prefix", [(), (9, 12)])
def test_every_check_passes(translator, strategy, prefix):
    trace = trace_translation(SENTENCE, model=translator, strategy=strategy, prefix=prefix, max_new_tokens=9)
    assert all_passed(trace.checks), [one for one in trace.checks if not one.passed]
    assert len(trace.checks) > 80
    assert [step.forced for step in trace.steps[: len(prefix)]] == ["path"] * len(prefix)
    assert trace.ids[: len(prefix)] == prefix


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (lambda t: replace(t, logits=t.logits + 0.01), "Logits"),
        (lambda t: replace(t, written_logits=t.written_logits * 1.01), "No drift while writing"),
        (lambda t: replace(t, embedding_output=t.embedding_output + 0.01), "Decoder embeddings"),
        (lambda t: replace(t, layers=(t.layers[1], t.layers[1])), "Decoder layer 1: cross-attention K"),
    ],
)
def test_a_wrong_number_is_noticed(translator, damage, name):
    trace = damage(trace_translation(SENTENCE, model=translator, max_new_tokens=6))
    assert not next(one for one in trace.checks if one.name == name).passed


def test_a_seen_future_is_noticed(translator):
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=6)
    leaky = replace(trace.layers[0].self_attention, weights=trace.layers[0].self_attention.weights + 0.001)
    layers = (replace(trace.layers[0], self_attention=leaky), trace.layers[1])
    checks = replace(trace, layers=layers).checks
    assert not next(one for one in checks if "nothing of the future" in one.name).passed


def test_log_probabilities_sum_to_the_score_of_the_search(translator):
    trace = trace_translation(SENTENCE, model=translator, strategy="beam", max_new_tokens=9)
    assert trace.score == pytest.approx(trace.beams.best.score, abs=1e-4)
    assert trace.beams.best.final_score == pytest.approx(trace.score / len(trace.ids), abs=1e-4)


def test_a_seed_gives_one_text_and_its_draws_can_be_made_again(translator):
    options = {"strategy": "sample", "temperature": 1.5, "top_k": 20, "top_p": 0.9, "max_new_tokens": 12}
    first, again, other = (
        trace_translation(SENTENCE, model=translator, seed=seed, **options) for seed in (3, 3, 4)
    )
    assert first.ids == again.ids
    assert first.ids != other.ids
    for step in first.steps:
        assert draw(first.next_word(step.index).final, step.point) == step.id


def test_sampling_from_one_candidate_is_greedy(translator):
    sampled = trace_translation(SENTENCE, model=translator, strategy="sample", top_k=1, max_new_tokens=9)
    assert sampled.ids == trace_translation(SENTENCE, model=translator, max_new_tokens=9).ids


def test_another_path_is_continued_by_the_model(translator):
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=9)
    second = int(trace.next_word(1).ranked(3)[1])
    turned = trace_translation(SENTENCE, model=translator, prefix=(trace.ids[0], second), max_new_tokens=9)
    assert turned.ids[:2] == (trace.ids[0], second)
    assert turned.steps[1].rank == 2
    assert turned.steps[1].forced == "path"
    assert turned.steps[2].forced == ""
    longer = trace_translation(SENTENCE, model=translator, prefix=turned.ids[:3], max_new_tokens=9)
    assert longer.ids == turned.ids


def test_any_path_of_the_tree_can_be_traced(translator):
    trace = trace_translation(SENTENCE, model=translator, strategy="beam", max_new_tokens=9)
    pruned = next(node for node in trace.beams.nodes if node.fate == "pruned" and node.step == 2)
    ids = [node.token for node in trace.beams.path(pruned.index)]
    walked = trace_path(trace, ids, model=translator)
    assert walked.ids == tuple(ids)
    assert walked.score == pytest.approx(pruned.score, abs=1e-4)
    assert all_passed(walked.checks)


def test_an_output_cut_at_the_limit_says_so():
    translator = tiny_translator(seed=0, end_bias=-50)
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=5)
    assert (len(trace.steps), trace.ended) == (5, False)
    translator.model.generation_config.forced_eos_token_id = 1
    forced = trace_translation(SENTENCE, model=translator, max_new_tokens=5)
    assert forced.ids[-1] == 1
    assert forced.steps[-1].forced == "limit"
    assert not forced.ended
    assert all_passed(forced.checks)


def test_position_table_is_marians_and_not_interleaved(translator):
    table = translator.model.model.decoder.embed_positions.weight.numpy()
    np.testing.assert_allclose(sinusoids(*table.shape), table, atol=1e-6)
    assert table[1, 0] == pytest.approx(np.sin(1))
    assert table[1, table.shape[1] // 2] == pytest.approx(np.cos(1), abs=1e-6)


def test_added_vectors_are_what_each_source_token_puts_in(translator):
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=6)
    block, own = trace.layers[0].cross_attention, trace.weights.decoder[0][1]
    lengths = added_lengths(block, own, heads=range(3))
    for row in (0, 2):
        parts = []
        for key in range(5):
            joined = np.concatenate([block.weights[head, row, key] * block.v[head, key] for head in range(3)])
            parts.append(own.projection.weight @ joined)
            assert lengths[row, key] == pytest.approx(np.linalg.norm(parts[-1]), rel=1e-4)
        whole = np.sum(parts, axis=0) + own.projection.bias
        np.testing.assert_allclose(whole, block.projected[row], atol=1e-5)


@pytest.mark.parametrize("added", [False, True])
@pytest.mark.parametrize("head", [None, 0, 2])
def test_alignment_rows_are_shares(translator, added, head):
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=6)
    rows = alignment(trace, layer=1, head=head, added=added)
    assert rows.shape == (len(trace.steps), 5)
    np.testing.assert_allclose(rows.sum(1), 1, atol=1e-5)


def test_without_the_mask_the_future_leaks(translator):
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=6)
    lab = open_the_mask(trace, model=translator)
    assert lab.moved_masked.max() < 1e-6
    assert lab.moved_open.min() > 1e-4
    np.testing.assert_allclose(lab.masked, [step.probability for step in trace.steps], atol=1e-6)
    assert np.triu(lab.weights_masked, 1).max() == 0
    assert lab.weights_open[..., 0, 1:].min() > 0
    assert lab.replaced_by != lab.changed_input


def test_a_single_token_has_no_future(translator):
    trace = trace_translation(SENTENCE, model=translator, max_new_tokens=1)
    with pytest.raises(TraceError, match="two tokens"):
        open_the_mask(trace, model=translator)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "nothing to translate"),
        (" \n\t ", {}, "nothing to translate"),
        ("five " * 40, {}, "41 tokens long and the walk takes 40"),
        (SENTENCE, {"strategy": "best"}, "strategy 'best'"),
        (SENTENCE, {"num_beams": 0}, "num_beams 0"),
        (SENTENCE, {"temperature": 0.0}, "temperature 0.0"),
        (SENTENCE, {"temperature": float("nan")}, "temperature nan"),
        (SENTENCE, {"top_k": -1}, "top_k -1"),
        (SENTENCE, {"top_p": 0.0}, "top_p 0.0"),
        (SENTENCE, {"seed": -1}, "seed -1"),
        (SENTENCE, {"max_new_tokens": 41}, "max_new_tokens 41"),
        (SENTENCE, {"prefix": (60,)}, "ids outside 0 to 59"),
        (SENTENCE, {"prefix": (1,)}, "end token"),
        (SENTENCE, {"prefix": (5,) * 9, "max_new_tokens": 9}, "prefix as long"),
        (SENTENCE, {"length_penalty": float("inf")}, "length_penalty inf"),
    ],
)
def test_bad_input_is_told(translator, text, options, message):
    with pytest.raises(TraceError, match=message):
        trace_translation(text, model=translator, **options)


def test_unknown_words_are_marked_and_translated_all_the_same(translator):
    trace = trace_translation("five zebra six", model=translator, max_new_tokens=5)
    assert trace.source.unknown == (1,)
    assert len(trace.steps) >= 1


def test_the_model_is_left_alone(translator):
    before = {name: value.clone() for name, value in translator.model.state_dict().items()}
    trace = trace_translation(SENTENCE, model=translator, strategy="beam", max_new_tokens=6)
    open_the_mask(trace, model=translator)
    assert translator.model.config._attn_implementation == "sdpa"
    assert all(torch.equal(value, before[name]) for name, value in translator.model.state_dict().items())


def test_the_settings_travel_as_one_object_or_as_keywords(translator):
    settings = Decoding("sample", top_k=5, seed=4, max_new_tokens=6)
    whole = trace_translation(SENTENCE, model=translator, settings=settings)
    assert whole.settings == settings
    keywords = {"strategy": "sample", "top_k": 5, "seed": 4, "max_new_tokens": 6}
    assert trace_translation(SENTENCE, model=translator, **keywords).ids == whole.ids
    changed = trace_translation(SENTENCE, model=translator, settings=settings, strategy="greedy").settings
    assert changed == Decoding("greedy", top_k=5, seed=4, max_new_tokens=6)


def test_without_a_limit_the_models_own_holds(translator):
    assert trace_translation(SENTENCE, model=translator, settings=Decoding()).settings.limit == 40
    assert Decoding().limit == 80
