"""The script of a recipe, with pandas in a clean process, makes exactly the table that the pages show."""

import io
import pickle
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analytics.numbers import Standardizer, find_outliers, find_relations
from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decide, decisions_table
from analytics.recipe import (
    Compare,
    Decide,
    Derive,
    Drop,
    Fence,
    Keep,
    Recipe,
    Rename,
    SetMissing,
    SetType,
    next_of,
    started,
)
from analytics.recipe.steps import AnyStep
from analytics.reproduce import (
    cleaning,
    outlier_script,
    pandas_reading,
    recipe_script,
    relations_script,
    standardize_script,
)
from analytics.reproduce.cleaning.steps import step_lines
from analytics.reproduce.cleaning.walk import cleaning_source, walk
from analytics.tables import ReadOptions, Role, read_table, write_csv
from tests.reproduce.random_recipes import random_recipe, random_table

RECIPES, SEED = 90, 20
_RUN_ALL = """
import pickle, warnings
from pathlib import Path
warnings.simplefilter("ignore")
frames = []
for table, sources in pickle.loads(Path("given").read_bytes()):
    for source in sources:
        space = {}
        exec(source, space)
        before = table.copy()
        frames.append(space["cleaned"](table))
        assert table.equals(before)
Path("made").write_bytes(pickle.dumps(frames))
"""


@pytest.mark.slow
def test_random_recipes_over_random_tables_give_the_same_frames(
    tmp_path: Path, run: Callable[[str], str]
) -> None:
    rng = random.Random(SEED)
    given, wanted = [], []
    for _ in range(6):
        table = random_table(rng)
        recipes = [random_recipe(rng) for _ in range(RECIPES // 6)]
        given.append((table.frame, [cleaning_source({"cleaned": walk(recipe, table)}) for recipe in recipes]))
        wanted += [recipe.apply(table) for recipe in recipes]
    (tmp_path / "given").write_bytes(pickle.dumps(given))
    run(_RUN_ALL)
    frames = pickle.loads((tmp_path / "made").read_bytes())  # noqa: S301, the test's own file
    for frame, made in zip(frames, wanted, strict=True):
        pd.testing.assert_frame_equal(frame, made.frame, check_exact=True)
    done = {type(one.step) for made in wanted for one in made.account if not one.problem}
    assert done == set(step_lines.registry) - {object}


def test_every_step_has_its_lines() -> None:
    steps = set(AnyStep.__origin__.__args__)
    assert steps == set(step_lines.registry) - {object}


@pytest.mark.slow
def test_names_that_end_strings_or_lines_stay_names(tmp_path: Path, run: Callable[[str], str]) -> None:
    name = '"""\'\\\n\u202eimport os\r#📈 {x}'
    table = read_table(b"x,y\n1,a\n2,b\n3,c\n")
    recipe = Recipe(
        ReadOptions(delimiter=","),
        (Rename("y", name), Keep(Compare(name, "!=", name)), SetMissing(name, ("c", name))),
    )
    (tmp_path / "a.csv").write_bytes(b"x,y\n1,a\n2,b\n3,c\n")
    script = recipe_script(recipe, table, file_name="a.csv", target="b.csv")
    assert all(ord(mark) < 0x2000 for mark in script)
    run(script)
    assert (tmp_path / "b.csv").read_bytes() == written(recipe.apply(table).frame)


def test_steps_that_did_nothing_are_remarks_with_their_reason() -> None:
    table = read_table(b"x\n1\n2\n")
    steps = (SetType("gone", "text"), Derive("z", "x * 2", active=False), Decide((1,), "drop"))
    script = recipe_script(Recipe(steps=steps, file="another"), table, file_name="a.csv")
    assert "# Take 'gone' as text: passed over. There is no column 'gone'." in script
    assert "# 'z' is x * 2: switched off." in script
    assert "# Drop rows by number (1): passed over. The row numbers are those of another file." in script
    body = script[script.index("def cleaned") :]
    assert [line for line in body.splitlines() if "frame[" in line] == []


def test_the_walk_over_the_steps_is_that_of_the_recipe() -> None:
    table = random_table(random.Random(1))
    recipe = random_recipe(random.Random(2))
    made = started(table)
    for step, walked in zip(recipe.steps, walk(recipe, table), strict=True):
        assert list(walked.before.columns) == list(made.frame.columns)
        made = next_of(made, step)
        assert walked.after.dtypes.equals(made.frame.dtypes)
        assert walked.problem == made.account[-1].problem


SOLD = "\n".join(["shop,price", *(f"{'AB'[n % 2]},{n * n % 37}.5" for n in range(60)), "C,9999"]).encode()
STEPS = Recipe(
    steps=(Drop(Compare("shop", "==", "A")), Derive("cost", "price * 2"), SetMissing("price", (1.5,)))
)


@pytest.mark.slow
def test_scripts_of_pages_start_from_the_result_of_the_recipe(
    tmp_path: Path, run: Callable[[str], str]
) -> None:
    (tmp_path / "sold.csv").write_bytes(SOLD)
    table = read_table(SOLD)
    made = STEPS.apply(table)
    steps = cleaning(STEPS, table)
    report = find_outliers(made.frame, methods=["modified_zscore"], columns=["price", "cost"])
    decisions = Decisions().add(decide(report, "drop", method="modified_zscore"))
    run(outlier_script(report, decisions, file_name="sold.csv", steps=steps, target="decided.csv"))
    wanted = apply_decisions(made.frame, report, decisions)
    assert 0 < len(wanted) < len(made.frame)
    assert (tmp_path / "decided.csv").read_bytes() == written(wanted)
    told = decisions_table(report, decisions, lines=made.lines)
    assert (tmp_path / "decisions.csv").read_bytes() == written(told)

    with_decisions = STEPS.with_step(Decide((2, 61), "drop")).with_step(Fence("cost", None, 60, "mark"))
    steps = cleaning(with_decisions, table, decided=3)
    run(outlier_script(report, file_name="sold.csv", steps=steps, target="decided.csv"))
    assert (tmp_path / "decided.csv").read_bytes() == written(with_decisions.apply(table).frame)

    standardizer = Standardizer(by="shop", columns=["price"]).fit(made.frame)
    (tmp_path / "t.json").write_text(standardizer.to_json())
    reading = pandas_reading(table, SOLD, file_name="sold.csv")
    assert reading.original
    run(standardize_script(standardizer, reading=reading, transform="t.json", target="z.csv", steps=steps))

    roles = {"shop": "category", "price": "number", "cost": "number"}
    run(relations_script(file_name="sold.csv", roles=roles, steps=steps, target="pairs.csv"))
    found = find_relations(made.frame, roles={name: Role(kind, "") for name, kind in roles.items()})
    assert (tmp_path / "pairs.csv").read_bytes() == written(found.pairs)
    scored = made.frame.assign(price_z=standardizer.transform(made.frame)["price"])
    assert (tmp_path / "z.csv").read_bytes() == written(scored)


def written(frame: pd.DataFrame) -> bytes:
    target = io.BytesIO()
    write_csv(frame, target)
    return target.getvalue()
