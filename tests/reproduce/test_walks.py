"""The scripts of the Encoder and Decoder pages trace the same text with the same settings."""

from __future__ import annotations

import ast
from dataclasses import asdict, replace

import numpy as np
import pytest

from analytics.reproduce import trace_script, translation_script
from analytics.text import load_encoder
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.encoder.walk import trace_encoder
from tests.transformer import tiny_models as tiny
from tests.transformer.tiny_translator import SENTENCE, tiny_translator


def constants(script: str) -> dict[str, ast.expr]:
    """What the names in capitals hold."""
    nodes = ast.parse(script).body
    assigned = [node for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign)]
    targets = [node.targets[0] if isinstance(node, ast.Assign) else node.target for node in assigned]
    return {target.id: node.value for target, node in zip(targets, assigned, strict=True)}


@pytest.fixture(scope="module")
def encoder_trace(tmp_path_factory):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert"))
    return trace_encoder("we read \"the map\"\n'of' texts", encoder=encoder, heads_off=[(1, 0)])


@pytest.fixture(scope="module")
def translation():
    translator = tiny_translator(seed=2)
    return trace_translation(SENTENCE, model=translator, strategy="sample", top_k=7, seed=3, max_new_tokens=8)


def test_script_is_python_and_keeps_the_text_and_the_heads(encoder_trace) -> None:
    held = constants(trace_script(encoder_trace))
    assert ast.literal_eval(held["TEXT"]) == encoder_trace.source.text
    assert ast.literal_eval(held["HEADS_OFF"]) == [(1, 0)]
    assert "heads_off=HEADS_OFF" in trace_script(encoder_trace)


def test_the_script_names_what_differs_from_the_defaults_and_compiles(translation) -> None:
    script = translation_script(translation)
    compile(script, "translate.py", "exec")
    assert "strategy='sample'" in script
    assert "top_k=7" in script
    assert "temperature" not in script


def test_the_script_quotes_hostile_text(translation) -> None:
    hostile = 'a"""); import os; os.system("x") #\n\\'
    script = translation_script(replace(translation, source=replace(translation.source, text=hostile)))
    compile(script, "translate.py", "exec")
    assert repr(hostile) in script


@pytest.mark.slow
def test_the_script_makes_the_same_trace_in_a_clean_process(tmp_path, run) -> None:
    trace = trace_encoder("I love machine learning", encoder=load_encoder(), heads_off=[(2, 3)])
    said = run(trace_script(trace))
    assert said.count("passed") == len(trace.checks)
    assert "FAILED" not in said
    with np.load(tmp_path / "walk.npz", allow_pickle=False) as archive:
        assert np.abs(archive["vector"] - trace.vector).max() < 1e-6
        assert np.abs(archive["layer_5.weights"] - trace.layers[5].weights).max() < 1e-5


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings", [{"strategy": "beam", "num_beams": 3}, {"strategy": "sample", "seed": 7}]
)
def test_the_script_makes_the_same_translation_in_a_clean_process(tmp_path, run, settings) -> None:
    trace = trace_translation("Where is the station?", **settings)
    said = run(translation_script(trace) + "from dataclasses import asdict\nprint(asdict(trace.settings))\n")
    assert said.splitlines()[0] == trace.translation
    assert said.count("passed") == len(trace.checks)
    assert ast.literal_eval(said.splitlines()[-1]) == asdict(trace.settings)
    with np.load(tmp_path / "translation.npz", allow_pickle=False) as archive:
        np.testing.assert_allclose(archive["logits"], trace.logits, atol=1e-4)
