"""Figures hold the numbers they are given, and nothing a text could smuggle in."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from analytics.figures import attention, attention_lines
from analytics.figures import encoder_walk as figures
from analytics.figures.encoder_walk_html import walk_html
from analytics.transformer.encoder_walk import trace_encoder
from tests.transformer import tiny_models as tiny

HOSTILE = ("<b>x</b>", "[CLS]", "a&b", "<script>")


@pytest.fixture
def weights():
    values = np.random.default_rng(0).random((4, 4))
    return values / values.sum(1, keepdims=True)


def test_square_keeps_values_and_reports_cells(weights):
    figure = attention.square(weights, HOSTILE, HOSTILE, name="weight", limits=(0, 1))
    heat, marks = figure.data
    assert np.array_equal(heat.z, weights)
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert [tuple(cell[:2]) for cell in marks.customdata[:5]] == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]
    assert "<b>" not in json.dumps(figure.to_plotly_json(), default=str).replace("<br>", "")


def test_large_squares_are_not_clickable_but_complete():
    figure = attention.square(np.eye(256), ["t"] * 256, ["t"] * 256, name="weight", limits=(0, 1))
    assert len(figure.data) == 1
    assert figure.data[0].z.shape == (256, 256)
    assert len(figure.layout.xaxis.tickvals) <= attention.TICKS


def test_equal_tokens_stay_apart(weights):
    figure = attention.square(weights, ["the"] * 4, ["the"] * 4, name="weight")
    assert list(figure.layout.yaxis.tickvals) == [0, 1, 2, 3]


def test_shrinking_averages_blocks():
    values = np.random.default_rng(1).random((2, 3, 100, 100))
    small = attention.shrink(values, 48)
    assert small.shape == (2, 3, 48, 48)
    assert small[0, 0, 0, 0] == pytest.approx(values[0, 0, :2, :2].mean())
    even = attention.shrink(values[..., :96, :96], 48)
    assert even.mean() == pytest.approx(values[..., :96, :96].mean())
    assert attention.shrink(values, 200) is values


def test_all_heads_lie_in_their_places():
    values = np.random.default_rng(2).random((2, 3, 4, 4))
    figure = attention.all_heads(values)
    sheet = figure.data[0].z
    assert np.allclose(sheet[5:9, 10:14], values[1, 2])
    assert np.isnan(sheet[4]).all()
    assert figure.data[1].customdata[-1].tolist() == [2, 3]


@pytest.mark.parametrize(("size", "written"), [(4, "%{z:.2f}"), (13, None)])
def test_small_squares_show_their_numbers(size, written):
    names = [str(place) for place in range(size)]
    figure = attention.square(np.eye(size), names, names, name="weight", limits=(0, 1))
    assert figure.data[0].texttemplate == written


def test_strongest_edges_are_the_strongest():
    weights = np.random.default_rng(3).random((30, 30))
    places = attention_lines.strongest_edges(weights, count=10)
    kept = weights[places[:, 0], places[:, 1]]
    assert kept.min() >= np.sort(weights, axis=None)[-10]
    assert (np.diff(kept) <= 0).all()


def drawn_tokens(weights, tokens, **options) -> list[ElementTree.Element]:
    """The token groups of the picture, parsed as XML: the left ones, then the right ones."""
    svg = ElementTree.fromstring(attention_lines.lines(weights, tokens, **options))
    return [group for group in svg.iter("g") if group.get("class", "").startswith("token")]


def test_a_followed_token_shows_its_own_weights(weights):
    groups = drawn_tokens(weights, ("a", "b", "c", "d"))
    assert len(groups) == 8
    left, right = groups[2], groups[4 + 1]
    for group, values in ((left, weights[2]), (right, weights[:, 1])):
        own = group.find("g")
        drawn = sorted(values[values >= attention_lines.SMALLEST], reverse=True)
        shown = sorted((float(text.text) for text in own.iter("text")), reverse=True)
        assert shown == pytest.approx(drawn, abs=6e-4)
        assert sum(path.get("d").count("M") for path in own.iter("path")) == len(drawn)
    assert [group.get("tabindex") for group in groups] == ["0"] * 8


def test_lines_are_harmless_and_follow_the_chosen_token(weights):
    groups = drawn_tokens(weights, HOSTILE, follow=1)
    assert [group.get("class") for group in groups].count("token followed") == 1
    assert groups[1].get("class") == "token followed"
    assert [group.find("text").text for group in groups[:4]] == list(HOSTILE)


def test_lines_of_long_texts_stay_small():
    values = np.random.default_rng(5).random((256, 256)) ** 8
    picture = attention_lines.lines(values / values.sum(1, keepdims=True), ["token"] * 256)
    assert len(picture) < 900_000
    assert picture.count("tabindex") == 512


def test_signed_scales_are_centred():
    figure = figures.stage_matrix(np.array([[1.0, -3.0]]), ["a"], name="x", unit="number")
    assert figure.data[0].zmin == -figure.data[0].zmax
    assert attention.signed_limit(np.zeros(3)) == 1
    assert attention.signed_limit(np.array([np.nan, 2.0])) == 2


def test_offline_page_needs_no_network_and_escapes_the_text(tmp_path):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    page = walk_html(trace_encoder("<script>alert(1)</script> the map", encoder=encoder), layer=1, head=2)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'src="http' not in page
    assert page.count("Plotly.newPlot(") >= 20
    assert "Attention weights, layer 2, head 3" in page
    assert "walk-lines" in page


def test_formulas_of_the_offline_page_are_drawn_and_not_source(tmp_path):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    page = walk_html(trace_encoder("the map", encoder=encoder))
    after_the_scripts = page[page.index("<body>") :]
    assert after_the_scripts.count("<math") >= 20 + 2 * 13
    assert "\\frac" not in after_the_scripts
    assert "\\mathrm" not in after_the_scripts


def test_offline_page_of_an_unknown_family_shows_what_there_is(tmp_path):
    import transformers as tf

    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    encoder[0].model = tf.ElectraModel(tf.ElectraConfig(**tiny.SIZES, embedding_size=24)).eval()
    assert "Last hidden states" in walk_html(trace_encoder("the map", encoder=encoder))
