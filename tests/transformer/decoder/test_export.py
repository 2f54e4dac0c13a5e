"""What is taken away is what was shown; what a reader types is commented honestly."""

from __future__ import annotations

import html
import io
import unicodedata
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from analytics.figures.walks.decoder_walk_html import translation_html
from analytics.transformer.decoder.export import readme, steps_frame, to_npz, translation_arrays
from analytics.transformer.decoder.source_notes import source_notes
from analytics.transformer.decoder.walk import trace_translation
from tests.transformer.tiny_translator import SENTENCE, tiny_translator


@pytest.fixture(scope="module")
def translator():
    return tiny_translator(seed=2)


@pytest.fixture(scope="module")
def trace(translator):
    return trace_translation(SENTENCE, model=translator, strategy="sample", top_k=7, seed=3, max_new_tokens=8)


def test_the_archive_holds_every_array_and_opens_without_pickle(trace):
    content = to_npz(trace)
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        arrays = translation_arrays(trace)
        assert set(arrays) <= set(found.files)
        for name, array in arrays.items():
            np.testing.assert_array_equal(found[name], array)
    layer = trace.layers[1].cross_attention
    assert arrays["decoder.layer_1.cross_attention.weights"] is layer.weights
    text = zipfile.ZipFile(io.BytesIO(content)).read("README.txt").decode()
    assert text == readme(trace)
    assert "decoder.layer_0.self_attention.mask" in text
    assert "FAILED" not in text


def test_numbers_of_the_archive_give_the_translation_again(trace):
    arrays = translation_arrays(trace)
    hidden = arrays["decoder.layer_1.feed_forward.output"]
    logits = hidden @ trace.weights.head.T + trace.weights.bias
    np.testing.assert_allclose(logits, arrays["logits"], atol=1e-4)


def test_the_steps_table_says_who_chose(translator):
    trace = trace_translation(SENTENCE, model=translator, prefix=(9,), max_new_tokens=8)
    frame = steps_frame(trace)
    assert frame["chosen_by"].tolist() == ["put there", *["greedy"] * (len(frame) - 1)]
    assert frame["read"].tolist()[1:] == frame["wrote"].tolist()[:-1]
    np.testing.assert_allclose(np.log(frame["probability"]), frame["log_probability"])


@pytest.mark.parametrize("strategy", ["greedy", "beam", "sample"])
def test_the_offline_page_holds_every_step_and_needs_no_network(translator, strategy):
    trace = trace_translation(SENTENCE, model=translator, strategy=strategy, num_beams=3, max_new_tokens=8)
    page = translation_html(trace, translator.vocabulary.piece, layer=0, head=1)
    body = page[page.index("<body>") :]
    assert 'src="http' not in page
    assert "\\frac" not in body
    assert body.count("<math") >= len(trace.checks)
    assert body.count("class='heat-map'") == 6
    assert body.count("class='lattice'") == (1 if strategy == "beam" else 0)
    assert "Plotly" not in page
    for step in trace.steps:
        assert f"<td>{step.index + 1}</td><td>{html.escape(step.input_text)}</td>" in body


def test_the_offline_page_escapes_text_and_pieces(trace, translator):
    hostile = "<script>alert(1)</script>"
    token = replace(trace.source.tokens[0], text=hostile)
    source = replace(trace.source, text=hostile, tokens=(token, *trace.source.tokens[1:]))
    step = replace(trace.steps[0], text=hostile)
    changed = replace(trace, source=source, steps=(step, *trace.steps[1:]), translation=hostile)
    page = translation_html(changed, lambda one: f"{hostile}{one}")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love machine learning", None),
        ("Je ne suis pas là avec toi", "looks like French"),
        ("The restaurant is on the main street.", None),
        ("Paris", None),
        ("我喜欢机器学习", "does not look like English"),
        ("Я люблю тебя", "does not look like English"),
        ("naïve café", None),
        (unicodedata.normalize("NFD", "où était très là"), "looks like French"),
        ("?!", "no word"),
        ("12 + 7", "no word"),
    ],
)
def test_doubtful_sources_are_noted(trace, text, expected):
    notes = source_notes(replace(trace.source, text=text))
    assert (expected is None and not notes) or any(expected in note for note in notes if expected)


def test_a_long_source_is_noted(trace):
    token = trace.source.tokens[0]
    (note,) = source_notes(replace(trace.source, text="long", tokens=(token,) * 50))
    assert "With 50 pieces" in note
