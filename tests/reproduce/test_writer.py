"""Templates are whole files; a filled one differs in its constants alone."""

import ast
import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analytics.numbers import Standardizer
from analytics.numbers.standardizing.methods import METHODS
from analytics.reproduce import PandasReading, recipe_script, scaling_script, standardize_script
from analytics.reproduce.writer import TEMPLATES, script
from tests.conftest import ROOT
from tests.reproduce.random_recipes import random_recipe, random_table

HOSTILE = '"""\\\n\u202e📈 a, b.csv'


def test_a_filled_template_differs_in_its_constants_alone() -> None:
    template = ast.parse((TEMPLATES / "scaling_effects.py").read_text(encoding="utf-8"))
    filled = ast.parse(scaling_script(["a", HOSTILE], HOSTILE, file_name=HOSTILE, settings={"seed": 3}))
    given = {}
    for node in [*template.body, *filled.body]:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id.isupper():
            given[target.id] = ast.unparse(node.value)  # type: ignore[attr-defined]
            node.value = ast.Constant(0)  # type: ignore[attr-defined]
    assert ast.dump(template) == ast.dump(filled)
    assert ast.literal_eval(given["COLUMNS"]) == ["a", HOSTILE, HOSTILE]
    assert ast.literal_eval(given["SOURCE"]) == ast.literal_eval(given["PREDICTED"]) == HOSTILE
    assert given["OPTIONS"] == "ReadOptions()"


@pytest.mark.parametrize("values", [{}, {"TEXT": "a", "MODEL": "b", "HEADS_OFF": [], "OTHER": 1}])
def test_a_constant_that_is_left_out_or_unknown_is_a_fault(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="HEADS_OFF"):
        script("encoder_walk", **values)


def written_scripts() -> dict[str, str]:
    """Every way the pandas script is put together."""
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0], "g": ["a", "b", "a"]})
    reading = PandasReading("pd.read_csv('data.csv')", "data.csv", original=True)
    return {
        f"{method}-{by}-{ending}": standardize_script(
            Standardizer(method, by=by).fit(frame),
            reading=reading,
            transform="t.json",
            target=f"o.{ending}",
            mode="replace" if by else "add",
        )
        for method in METHODS
        for by in (None, "g")
        for ending in ("csv", "parquet")
    }


@pytest.mark.slow
def test_scripts_put_together_from_parts_pass_the_linter(tmp_path: Path) -> None:
    for name, code in written_scripts().items():
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        assert code.count("def score(") == code.count("def all_scores(") == code.count("def write(") == 1
    for seed in range(12):
        rng = random.Random(seed)
        code = recipe_script(random_recipe(rng, most=12), random_table(rng, rows=5), file_name="a.csv")
        (tmp_path / f"recipe_{seed}.py").write_text(code, encoding="utf-8")
    linter = Path(sys.executable).parent / "ruff"
    command = [linter, "check", "--config", ROOT / "pyproject.toml", "--no-cache", tmp_path]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stdout
