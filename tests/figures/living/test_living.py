"""The living pictures hold the trace's own numbers, nothing a text could smuggle in, and all their places."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from analytics.figures.living import (
    causal_model,
    decoder_inside,
    decoder_model,
    encoder_inside,
    encoder_model,
    pieces,
)
from analytics.figures.living.causal_flow import causal_flow, read_rows
from analytics.figures.living.causal_scenes import causal_scenes
from analytics.figures.living.decoder_flow import decoder_flow
from analytics.figures.living.decoder_scenes import decoder_scenes
from analytics.figures.living.encoder_flow import encoder_flow
from analytics.figures.living.scenes import encoder_scenes
from analytics.transformer.causal.numbers import stages_of
from analytics.transformer.causal.walk import trace_prompt
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.encoder.walk import trace_encoder
from analytics.words import number_text
from tests.transformer import tiny_models as tiny
from tests.transformer.tiny_causal import PROMPT, tiny_causal
from tests.transformer.tiny_translator import tiny_translator

TEXT = "the map of words <b>&x</b> and the words"


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    return trace_encoder(TEXT, encoder=tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert")))


@pytest.fixture(scope="module")
def translation():
    return trace_translation("w1 w2 w3", model=tiny_translator())


@pytest.fixture(scope="module", params=["gpt2", "llama shared heads"])
def writing(request, tmp_path_factory):
    return trace_prompt(PROMPT, model=tiny_causal(request.param, tmp_path_factory.mktemp("causal")))


def parts(svg: str, attribute: str) -> list[ElementTree.Element]:
    """Elements with the attribute; parsing fails where a text became markup."""
    return [one for one in ElementTree.fromstring(svg).iter() if one.get(attribute) is not None]


def picks(svg: str) -> set[str]:
    return {str(one.get("data-pick")) for one in parts(svg, "data-pick")}


def test_lengths_and_shares_are_those_of_the_trace(trace):
    flow = encoder_flow(trace)
    last = f"block {len(trace.layers)}"
    assert np.allclose(flow.lengths["token"], np.sqrt((trace.token_embeddings**2).sum(1)))
    assert np.allclose(flow.lengths[last], np.sqrt((trace.layers[-1].output ** 2).sum(1)))
    assert np.allclose(flow.mixing.sum(-1), 1, atol=1e-5)
    assert np.allclose(flow.focus[0, 1], trace.layers[0].weights[1].max(1).mean())
    assert flow.shares.sum() == pytest.approx(1)


def test_a_ribbon_is_as_wide_as_its_vector_is_long(trace):
    rows = pieces.rows_of(trace.tokens, np.ones(len(trace.tokens)))
    sizes = encoder_flow(trace).lengths["token"]
    stations = [pieces.Station(x, sizes, "here") for x in (0.0, 10.0)]
    drawn = ElementTree.fromstring(f"<g>{pieces.ribbons(stations, rows, sizes, largest=sizes.max())}</g>")
    for row, path in enumerate(drawn):
        edge = [float(point.split()[1].rstrip("Z")) for point in str(path.get("d")).lstrip("M").split("L")]
        expected = max(rows.thick * sizes[rows.kept[row]] / sizes.max(), 0.8)
        assert edge[3] - edge[0] == pytest.approx(expected, abs=0.02)


def test_lines_and_shares_in_the_picture_are_the_numbers(trace):
    svg = encoder_model.model_picture(trace)
    shares = [float(str(one.get("data-share"))) for one in parts(svg, "data-share")]
    assert shares == pytest.approx(trace.ledger.shares, abs=1e-4)
    weights = pieces.between(trace.layers[0].weights.mean(0))
    drawn = [float(str(one.get("data-weight"))) for one in parts(svg, "data-weight")]
    assert drawn[0] == pytest.approx(weights.max(), abs=1e-4)


def test_every_part_of_the_encoder_is_a_place(trace):
    whole = picks(encoder_model.model_picture(trace))
    assert {"tokens", "embedding_sum", "pooled", "vector", "pair", "ledger", "by_hand"} <= whole
    assert {f"head/{layer + 1}/{head + 1}" for layer, head in np.ndindex(trace.attention.shape[:2])} <= whole
    block = picks(encoder_inside.block_picture(trace, 1))
    assert {"attention/2", "head/2/1", "attention_output/2", "feed_forward_hidden/2", "output/2"} <= block
    inside = picks(encoder_inside.head_picture(trace, 1, 0))
    assert inside == {"head/2/1"} | {f"{key}/2/1" for key in "q k scores mask weights v heads".split()}


def test_the_place_in_view_is_selected(trace):
    svg = encoder_inside.head_picture(trace, 0, 1, here="scores/1/2")
    chosen = [one for one in parts(svg, "data-pick") if "selected" in str(one.get("class"))]
    assert [one.get("data-pick") for one in chosen] == ["scores/1/2"]


def test_a_small_matrix_shades_by_size_and_sign():
    drawn = pieces.small_matrix(np.array([[1.0, -0.5], [0.0, np.nan]]), (0, 0, 20, 20), limit=1.0)
    cells = ElementTree.fromstring(f"<g>{drawn}</g>")
    assert [(one.get("class"), one.get("fill-opacity")) for one in cells] == [
        ("cells", "1.0"),
        ("cells against", "0.5"),
    ]


def test_long_texts_draw_the_tokens_that_give_most_and_say_so():
    rows = pieces.rows_of([str(place) for place in range(100)], np.arange(100.0))
    assert rows.names[0] == str(100 - pieces.ROWS)
    assert "24 of 100 tokens are drawn" in rows.cut


def test_play_names_the_parts_of_the_picture(trace):
    known = {one.get("data-part") for one in parts(encoder_model.model_picture(trace), "data-part")}
    scenes = encoder_scenes(trace)
    assert {part for scene in scenes for part in scene.parts} <= known
    assert f"{len(trace.tokens)} pieces" in scenes[0].said
    assert len({scene.said for scene in scenes}) == len(scenes)


def test_the_decoder_is_drawn_at_the_piece_being_written(translation):
    step = len(translation.steps) - 1
    flow = decoder_flow(translation, step)
    svg = decoder_model.model_picture(translation, step, lambda one: f"<{one}>", here="next_word")
    chances = [float(str(one.get("data-chance"))) for one in parts(svg, "data-chance")]
    assert chances == pytest.approx(translation.next_word(step).probabilities[flow.best], abs=1e-4)
    looked = np.stack([layer.cross_attention.weights.mean(0)[step] for layer in translation.layers])
    drawn = {round(float(str(one.get("data-weight"))), 4) for one in parts(svg, "data-weight")}
    assert {round(float(weight), 4) for weight in looked[looked >= pieces.SMALLEST]} <= drawn
    known = {one.get("data-part") for one in parts(svg, "data-part")}
    assert {part for scene in decoder_scenes(translation, step) for part in scene.parts} <= known


def test_blocks_and_heads_of_the_decoder_are_places(translation):
    block = picks(decoder_inside.block_picture(translation, 0, 0))
    assert {"self_attention/1", "cross_head/1/1", "feed_forward/1"} <= block
    inside = picks(decoder_inside.head_picture(translation, 0, "cross_attention", 0, 0))
    assert {"cross_head/1/1", "cross_attention.scores/1/1"} <= inside


def test_a_decoder_only_model_is_drawn_at_the_token_being_written(writing):
    step = 1
    read = len(writing.prompt_tokens) + step
    flow = causal_flow(writing, step)
    looked = np.mean([layer.weights[:, read - 1, :read] for layer in writing.layers], axis=(0, 1))
    assert np.allclose(flow.looked, looked) and flow.looked.sum() == pytest.approx(1, abs=1e-5)
    assert np.allclose(flow.lengths["block 2"], np.sqrt((writing.layers[1].output[:read] ** 2).sum(1)))
    svg = causal_model.model_picture(writing, step, lambda one: f"<{one}>")
    chances = [float(str(one.get("data-chance"))) for one in parts(svg, "data-chance")]
    assert chances == pytest.approx(np.sort(writing.next_word(step).probabilities)[::-1][:6], abs=1e-4)
    between = pieces.between(flow.mixing[0])
    drawn = [float(str(one.get("data-weight"))) for one in parts(svg, "data-weight")]
    assert drawn[0] == pytest.approx(between.max(), abs=1e-4)
    known = {one.get("data-part") for one in parts(svg, "data-part")}
    scenes = causal_scenes(writing, step)
    assert {part for scene in scenes for part in scene.parts} <= known
    assert f"{read} tokens (1 written by the model itself) are there" in scenes[0].said


def test_places_of_a_decoder_only_model_are_its_stages(writing):
    stages = {stage.key for stage in stages_of(writing)}
    drawn = [
        causal_model.model_picture(writing, 0, str),
        causal_model.block_picture(writing, 0, 1),
        causal_model.head_picture(writing, 0, 1, 0),
    ]
    places = {place.split("/")[0] for svg in drawn for place in picks(svg)}
    assert stages <= places | {"tokens"}
    views = {"block", "head", "attention", "next_word", "kept", "sampling", "checks"}
    assert places - stages == views


def test_the_last_token_of_a_long_prompt_is_always_drawn(tmp_path):
    trace = trace_prompt("the map of all texts good " * 6, model=tiny_causal("gpt2", tmp_path))
    rows = read_rows(trace, causal_flow(trace, 0))
    assert len(rows.kept) == pieces.ROWS and rows.kept[-1] == 35
    assert "24 of 36 tokens are drawn" in causal_model.legend(trace, 0)


def test_where_norms_come_first_the_ribbon_is_the_sum_that_goes_on(writing):
    svg = causal_model.block_picture(writing, 0, 0)
    told = [one.text for one in ElementTree.fromstring(svg).iter() if "attention residual" in str(one.text)]
    size = np.linalg.norm(writing.layers[0].attention_residual[0])
    assert f"attention residual {number_text(float(size))}" in str(told[0])
    assert not any("attention norm" in str(one) for one in told)


def test_play_claims_no_more_than_the_numbers(trace):
    scenes = encoder_scenes(trace)
    weights = trace.layers[0].weights.mean(0) * ~np.eye(len(trace.tokens), dtype=bool)
    own = weights[np.ix_(~trace.special, ~trace.special)].max()
    (look,) = [one.said for one in scenes if "In block 1, the strongest look from one token to" in one.said]
    assert f"weight {own:.2f}" in look
    most = int(np.abs(trace.ledger.shares).argmax())
    share = f"{100 * trace.ledger.shares[most]:.0f}%"
    assert any(f"the largest share is that of {trace.tokens[most]}, {share}" in one.said for one in scenes)
