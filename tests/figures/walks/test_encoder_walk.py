"""Figures hold the numbers they are given, and nothing a text could smuggle in."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from analytics.figures import matrix
from analytics.figures.svg import standing_alone
from analytics.figures.walks import attention_lines
from analytics.figures.walks.encoder_walk_html import walk_html
from analytics.transformer.encoder.walk import trace_encoder
from tests.transformer import tiny_models as tiny

HOSTILE = ("<b>x</b>", "[CLS]", "a&b", "<script>")


@pytest.fixture
def weights():
    values = np.random.default_rng(0).random((4, 4))
    return values / values.sum(1, keepdims=True)


def test_shrinking_averages_blocks():
    values = np.random.default_rng(1).random((2, 3, 100, 100))
    small = matrix.shrink(values, 48)
    assert small.shape == (2, 3, 48, 48)
    assert small[0, 0, 0, 0] == pytest.approx(values[0, 0, :2, :2].mean())
    even = matrix.shrink(values[..., :96, :96], 48)
    assert even.mean() == pytest.approx(values[..., :96, :96].mean())
    assert matrix.shrink(values, 200) is values


def test_all_heads_lie_in_their_places():
    values = np.random.default_rng(2).random((2, 3, 4, 4))
    picture = matrix.all_heads(values)
    assert np.allclose(picture.values[5:9, 10:14], values[1, 2])
    assert np.isnan(picture.values[4]).all()
    assert (picture.rows, picture.columns) == (("1", "2"), ("1", "2", "3"))


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


def test_lines_stand_alone_as_a_file(weights):
    file = standing_alone(attention_lines.lines(weights, HOSTILE))
    root = ElementTree.fromstring(file)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [text.text for text in root.iter() if text.text in HOSTILE].count("<script>") == 2


def test_lines_of_long_texts_stay_small():
    values = np.random.default_rng(5).random((256, 256)) ** 8
    picture = attention_lines.lines(values / values.sum(1, keepdims=True), ["token"] * 256)
    assert len(picture) < 900_000
    assert picture.count("tabindex") == 512


def test_signed_scales_are_centred():
    picture = matrix.vector_matrix(np.array([[1.0, -3.0]]), ["a"], name="x", unit="number")
    assert picture.limits[0] == -picture.limits[1]
    assert matrix.signed_limit(np.zeros(3)) == 1
    assert matrix.signed_limit(np.array([np.nan, 2.0])) == 2


def test_what_is_packed_can_be_read_again(weights):
    picture = matrix.token_matrix(weights, HOSTILE, ["\n x"] * 4, name="weight", limits=(0, 1))
    packed = picture.packed(alt="said", clickable=True, chosen=(1, 2), file="f")
    length = int.from_bytes(packed[:4], "little")
    header = json.loads(packed[4 : 4 + length])
    values = np.frombuffer(packed[4 + length :], "<f4").reshape(header["shape"])
    np.testing.assert_array_equal(values, weights.astype(np.float32))
    assert header["rows"] == list(HOSTILE)
    assert header["columns"] == ["x"] * 4
    assert (header["chosen"], header["limits"], header["digits"]) == ([1, 2], [0, 1], 2)


def test_offline_page_needs_no_network_and_escapes_the_text(tmp_path):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path)
    page = walk_html(trace_encoder("<script>alert(1)</script> the map", encoder=encoder), layer=1, head=2)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'src="http' not in page
    assert page.count("class='heat-map'") >= 20
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
