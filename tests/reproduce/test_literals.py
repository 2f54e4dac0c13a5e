"""What is written into a script is the value again, and nothing else."""

import ast
import math
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ZetascopeError
from analytics.numbers.returns.price_layout import PriceLayout
from analytics.reproduce.literals import call, literal
from analytics.tables import ReadOptions


def evaluated(code: str, **names: object) -> object:
    return eval(code, {"__builtins__": {}, "float": float, **names})  # noqa: S307


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)


@pytest.mark.slow
@given(values)
def test_evaluating_gives_the_value_again(value: object) -> None:
    code = literal(value)
    assert evaluated(code) == value
    assert code.replace("\n", "").isprintable()


@given(st.text())
def test_a_text_is_one_constant_whatever_it_holds(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert len(literal(text).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("größe °C ≥ 5 € 手机 हिन्दी", "'größe °C ≥ 5 € 手机 हिन्दी'"),
        ("sales\u202efdp.csv", r"'sales\u202efdp.csv'"),
        ("\u2066isolated\u2069", r"'\u2066isolated\u2069'"),
        ("a\u200bb\ufeff", r"'a\u200bb\ufeff'"),
        ("📈 up.csv", r"'\U0001f4c8 up.csv'"),
        ("☀\ufe0f", r"'\u2600\ufe0f'"),
        ("\\📈", r"'\\\U0001f4c8'"),
        ("\ud83d", r"'\ud83d'"),
        ('"""); import os', '\'"""); import os\''),
        ("line\nnext\r\u2028", r"'line\nnext\r\u2028'"),
    ],
)
def test_marks_that_mislead_are_escaped_and_letters_stay(text: str, written: str) -> None:
    assert literal(text) == written


def test_numbers_of_numpy_and_those_without_a_literal() -> None:
    written = literal([np.float64(0.1), np.int32(3), np.bool_(True), np.str_("a"), -math.inf])
    assert written == "[0.1, 3, True, 'a', float(\"-inf\")]"
    assert evaluated(literal(math.nan)) != evaluated(literal(math.nan))


def test_only_what_differs_from_the_default_is_written_and_no_limit() -> None:
    options = ReadOptions(delimiter=";", max_rows=5, max_bytes=10, max_columns=7, max_expanded_bytes=9)
    assert literal(options) == "ReadOptions(delimiter=';')"
    assert literal(ReadOptions()) == "ReadOptions()"
    typed = ReadOptions(column_types={"día 📅": "date"}, na_values=("-", "?"), header=False)
    assert evaluated(literal(typed), ReadOptions=ReadOptions) == typed
    layout = PriceLayout("long", "day", ("close",), "asset")
    assert evaluated(literal(layout), PriceLayout=PriceLayout) == layout


def test_long_values_stand_on_lines_of_their_own() -> None:
    names = {f"column {i}": ["a" * 40, i] for i in range(5)}
    code = call("pd.read_csv", "data.csv", dtype=names).text
    assert max(map(len, code.splitlines())) <= 110
    assert evaluated(code, pd=SimpleNamespace(read_csv=lambda *a, **k: (a, k))) == (
        ("data.csv",),
        {"dtype": names},
    )


def test_what_has_no_literal_is_refused_by_name() -> None:
    with pytest.raises(ZetascopeError, match="date values"):
        literal([date(2024, 1, 1)])
