"""Every formula that is written into a saved page becomes MathML, and only what is known does."""

from __future__ import annotations

import ast
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analytics.figures.mathml import FormulaError, mathml
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.encoder.stages import formula_of
from analytics.transformer.encoder.walk import trace_encoder
from analytics.transformer.stages import STAGES
from tests.transformer import tiny_models as tiny
from tests.transformer.tiny_translator import SENTENCE, tiny_translator


def words(formula: str) -> str:
    """What a reader sees, left to right."""
    return "".join(ElementTree.fromstring(mathml(formula)).itertext())


@pytest.mark.parametrize("family", ["bert", "modernbert"])
@pytest.mark.parametrize(
    "pooling", ["mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
)
def test_every_stage_and_check_of_an_encoder_can_be_written(tmp_path, family, pooling):
    trace = trace_encoder("the map", encoder=tiny.tiny_sentence_encoder(family, tmp_path, pooling=pooling))
    for formula in (*(formula_of(stage, trace) for stage in STAGES), *(one.formula for one in trace.checks)):
        assert words(formula)


@pytest.mark.parametrize("strategy", ["greedy", "beam", "sample"])
def test_every_check_of_a_translation_can_be_written(strategy):
    trace = trace_translation(SENTENCE, model=tiny_translator(seed=2), strategy=strategy, max_new_tokens=6)
    for one in trace.checks:
        assert words(one.formula)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        (r"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\sum_k e", "<munder><mo>∑</mo><mi>k</mi></munder><mi>e</mi>"),
        (r"a - 1.5", "<mi>a</mi><mo>−</mo><mn>1.5</mn>"),
        (r"\text{ (<b> & more)}", "<mtext> (&lt;b&gt; &amp; more)</mtext>"),
        (r"\left( x \right)", "<mrow><mo>(</mo><mrow><mi>x</mi></mrow><mo>)</mo></mrow>"),
        (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    ],
)
def test_elements_are_those_of_the_standard(formula, expected):
    assert mathml(formula) == f"<math display='block'><mrow>{expected}</mrow></math>"


@pytest.mark.parametrize(
    "formula", [r"\unknown x", r"\frac{a}", r"{a", r"\text x", "^2", r"\left( a", "a & b", "a}"]
)
def test_what_is_not_known_is_refused(formula):
    with pytest.raises(FormulaError):
        mathml(formula)


def formulas_of_checks() -> list[str]:
    """What any module of the walks hands to ``check`` as a formula, read from the source."""
    found = []
    for path in (Path(__file__).parents[2] / "analytics" / "transformer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given: list[ast.expr] = []
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
                given = node.args[1:2]
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "formula":
                given = [node.value]
            found += [one.value for one in given if isinstance(one, ast.Constant)]
    return found


def test_every_formula_of_a_check_can_be_drawn():
    found = formulas_of_checks()
    assert len(found) > 60
    for formula in found:
        assert mathml(formula)
