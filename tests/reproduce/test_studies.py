"""The scripts of Returns and Scaling effects read the file as it was read and give the same figures."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import compare_scaling, find_relations
from analytics.numbers.returns.dividends import Dividends
from analytics.numbers.returns.performance import performance_table
from analytics.numbers.returns.price_layout import PriceLayout, guess_layout
from analytics.numbers.returns.study import Scale, study_returns
from analytics.recipe import DropNumbers, LeaveOut, Recipe, SetType
from analytics.reproduce import cleaning, relations_script, returns_script, scaling_script
from analytics.tables import ReadOptions, Role, column_roles, read_table

SEMICOLONS = ReadOptions(delimiter=";", decimal=",", encoding="cp1252", max_rows=10_000, max_columns=50)
PRICES = replace(SEMICOLONS, na_values=("n. v.",), day_first=True)


def prices() -> bytes:
    """Two assets on 36 first days of a month, written day first, with a word of its own for gaps."""
    rng = np.random.default_rng(3)
    days = pd.date_range("2020-01-01", periods=36, freq="MS").strftime("%d/%m/%Y")
    first, second = (100 * np.exp(rng.normal(0, 0.05, (2, 36)).cumsum(axis=1))).round(2)
    rows = [f"{d};{a};{b}".replace(".", ",") for d, a, b in zip(days, first, second, strict=True)]
    rows[7] = f"{days[7]};{first[7]};n. v.".replace(".", ",").replace("n, v,", "n. v.")
    return "\n".join(["Datum;Süd €;Größe", *rows]).encode("cp1252")


@pytest.mark.slow
@pytest.mark.parametrize("scale", [Scale(), Scale(window=12), Scale(halflife=6.0)])
def test_returns_are_compared_again(tmp_path: Path, run: Callable[[str], str], scale: Scale) -> None:
    frame = read_table(prices(), options=PRICES).frame
    assert frame["Größe"].isna().sum() == 1
    layout = guess_layout(frame)
    study = study_returns(frame, layout, kind="simple", scale=scale)
    (tmp_path / "kurse.csv").write_bytes(prices())
    script = returns_script(layout, file_name="kurse.csv", kind="simple", scale=scale, options=PRICES)
    assert "max_" not in script
    run(script + 'study.summary.to_pickle("summary")\n')
    again = pd.read_pickle(tmp_path / "summary")  # noqa: S301, the test's own file
    pd.testing.assert_frame_equal(again, study.summary)


@pytest.mark.slow
def test_chosen_assets_of_a_long_file_are_compared_again(tmp_path: Path, run: Callable[[str], str]) -> None:
    wide = read_table(prices(), options=PRICES).frame
    long = wide.melt("Datum", var_name="name", value_name="Kurs").dropna()
    long.to_csv(tmp_path / "long.csv", index=False)
    frame = read_table(tmp_path / "long.csv").frame
    layout = PriceLayout("long", "Datum", ("Kurs",), "name")
    study = study_returns(frame, layout, assets=("Süd €",))
    run(
        returns_script(layout, file_name="long.csv", assets=("Süd €",))
        + 'study.summary.to_pickle("summary")\n'
    )
    again = pd.read_pickle(tmp_path / "summary")  # noqa: S301, the test's own file
    pd.testing.assert_frame_equal(again, study.summary)


@pytest.mark.slow
def test_decisions_dividends_and_a_time_are_in_the_script(tmp_path: Path, run: Callable[[str], str]) -> None:
    days = pd.bdate_range("2023-01-02", periods=120)
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"day": days, "a": 100 * np.exp(rng.normal(0, 0.01, 120).cumsum()), "paid": 0.0})
    frame["b"] = frame["a"] * np.exp(rng.normal(0, 0.01, 120).cumsum())
    frame.loc[60:, "a"] /= 4
    frame.loc[90, "paid"] = 1.5
    frame.to_csv(tmp_path / "prices.csv", index=False)
    recipe = Recipe().with_step(LeaveOut(("b",)))
    read = recipe.apply(table := read_table(tmp_path / "prices.csv")).frame
    layout = PriceLayout("wide", "day", ("a",))
    (one,) = study_returns(read, layout).suggestions
    choices = {
        "kind": "simple",
        "decisions": (one.taken,),
        "first": "2023-01-20",
        "dividends": Dividends("paid", "a"),
    }
    study = study_returns(read, layout, **choices)
    written = returns_script(
        layout, file_name="prices.csv", rate=0.03, steps=cleaning(recipe, table), **choices
    )
    run(written + 'study.summary.to_pickle("summary")\nperformance.to_pickle("performance")\n')
    again = pd.read_pickle(tmp_path / "summary")  # noqa: S301, the test's own file
    pd.testing.assert_frame_equal(again, study.summary)
    performance = pd.read_pickle(tmp_path / "performance")  # noqa: S301
    expected = performance_table(study.prices, study.returns, per_year=study.per_year, rate=0.03)
    pd.testing.assert_frame_equal(performance, expected)


@pytest.mark.slow
@pytest.mark.parametrize("predicted", ["art", None])
def test_scaling_is_compared_again(tmp_path: Path, run: Callable[[str], str], predicted: str | None) -> None:
    rng = np.random.default_rng(0)
    rows = [
        f"{x:.3f};{1000 * y:.1f};{'süß' if i % 2 else 'herb'}".replace(".", ",")
        for i, (x, y) in enumerate(rng.normal(size=(60, 2)) + np.arange(60)[:, None] % 2)
    ]
    rows[4] = "999,0;12,5;herb"
    content = "\n".join(["höhe;=laut;art", *rows]).encode("cp1252")
    options = replace(SEMICOLONS, na_values=("999,0",))
    frame = read_table(content, options=options).frame
    assert frame["höhe"].isna().sum() == 1
    columns = ["höhe", "=laut"]
    settings = {
        "models": ("knn",) if predicted else ("kmeans", "pca"),
        "scalers": ("raw", "zscore"),
        "seed": 4,
    }
    used = [*columns, predicted] if predicted else columns
    expected = compare_scaling(frame[used], predicted, **settings)
    (tmp_path / "wein.csv").write_bytes(content)
    script = scaling_script(columns, predicted, file_name="wein.csv", settings=settings, options=options)
    assert "max_rows" not in script
    run(script + 'summary.to_pickle("summary")\n')
    again = pd.read_pickle(tmp_path / "summary")  # noqa: S301, the test's own file
    timed = ["fit_seconds"]
    pd.testing.assert_frame_equal(again.drop(columns=timed), expected.drop(columns=timed))


@pytest.mark.slow
def test_relations_are_compared_again_after_the_steps(tmp_path: Path, run: Callable[[str], str]) -> None:
    table = read_table(prices(), options=PRICES)
    recipe = Recipe(steps=(DropNumbers((2, 3)), SetType("Größe", "category")), file=table.sha256)
    made = recipe.apply(table)
    roles = column_roles(made.frame) | {name: Role(kind, "chosen") for name, kind in made.uses.items()}
    expected = find_relations(made.frame, roles=roles).pairs
    assert (expected["n"] <= 34).all() and "cramers_v" not in expected["measure"].tolist()
    (tmp_path / "kurse.csv").write_bytes(prices())
    script = relations_script(
        file_name="kurse.csv",
        options=PRICES,
        steps=cleaning(recipe, table),
        roles={str(name): role.kind for name, role in roles.items()},
    )
    run(script + 'found.pairs.to_pickle("pairs")\n')
    again = pd.read_pickle(tmp_path / "pairs")  # noqa: S301, the test's own file
    pd.testing.assert_frame_equal(again, expected)
