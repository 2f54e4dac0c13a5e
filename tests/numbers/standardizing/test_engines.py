"""The transform as SQL and as formulas, computed by the engines that people paste them into."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import StandardizeError, Standardizer
from tests.numbers.standardizing import engines

RNG = np.random.default_rng(11)
X = RNG.lognormal(0, 1, 40)
DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=int(day)) for day in RNG.integers(0, 3, 40)]
ODD = (np.inf, -np.inf, np.nan)
MOMENTS = pd.to_datetime([f"2024-03-0{i % 2 + 1} 10:{i % 2}1:07" for i in range(40)])


def spoiled(values: np.ndarray, *odd: float) -> np.ndarray:
    """The values with some odd ones put in their place."""
    values = values.astype(float).copy()
    values[: len(odd)] = odd
    return values


CASES: dict[str, tuple[str, pd.DataFrame, list[str] | None, dict[str, str]]] = {
    "case of texts": (
        "zscore",
        pd.DataFrame({"x": X, "g": RNG.choice(["a", "A", "ä", "it's", 'say "a"', "1"], 40)}),
        ["g"],
        {"g": "TEXT"},
    ),
    "days": ("zscore", pd.DataFrame({"x": X, "g": pd.to_datetime(pd.Series(DAYS))}), ["g"], {"g": "DATE"}),
    "Python's days": ("robust", pd.DataFrame({"x": X, "g": DAYS}), ["g"], {"g": "DATE"}),
    "days with a gap": (
        "zscore",
        pd.DataFrame({"x": X, "g": pd.to_datetime(pd.Series([None, *DAYS[1:]]))}),
        ["g"],
        {"g": "TIMESTAMP"},
    ),
    "moments": ("minmax", pd.DataFrame({"x": X, "g": MOMENTS}), ["g"], {"g": "TIMESTAMP"}),
    "zero, blank and one": (
        "zscore",
        pd.DataFrame({"x": X, "g": pd.array(RNG.choice([0, 1, -2, pd.NA], 40), dtype="Int64")}),
        ["g"],
        {"g": "INTEGER"},
    ),
    "yes, no and blank": (
        "zscore",
        pd.DataFrame({"x": X, "g": pd.array(RNG.choice([True, False, pd.NA], 40), dtype="boolean")}),
        ["g"],
        {"g": "BOOLEAN"},
    ),
    "decimals": (
        "zscore",
        pd.DataFrame({"x": X, "g": [Decimal("1.10"), Decimal("2.5")] * 20}),
        ["g"],
        {"g": "DECIMAL(9, 2)"},
    ),
    "numbers with NaN": (
        "zscore",
        pd.DataFrame({"x": X, "g": RNG.choice([np.nan, 0.0, 1.5], 40)}),
        ["g"],
        {"g": "DOUBLE PRECISION"},
    ),
    "marks and blanks": (
        "zscore",
        pd.DataFrame({"x": X, "g": RNG.choice(["a*", "a?", "a", "a ", "é", "e\u0301", "a\nb", "=1"], 40)}),
        ["g"],
        {"g": "TEXT"},
    ),
    "an empty text": ("zscore", pd.DataFrame({"x": X, "g": ["", "a"] * 20}), ["g"], {"g": "TEXT"}),
    "two columns": (
        "zscore",
        pd.DataFrame({"x": X, "g": RNG.choice(["a", "A"], 40), "d": pd.to_datetime(pd.Series(DAYS))}),
        ["g", "d"],
        {"g": "TEXT", "d": "DATE"},
    ),
    "a constant": ("zscore", pd.DataFrame({"x": spoiled(np.full(40, 7.0), *ODD)}), None, {}),
    "constant groups": (
        "robust",
        pd.DataFrame({"x": spoiled(np.tile([1.0, 2.0], 20), np.inf, np.nan), "g": ["a", "b"] * 20}),
        ["g"],
        {"g": "TEXT"},
    ),
    "infinite among others": ("zscore", pd.DataFrame({"x": spoiled(X, *ODD)}), None, {}),
    "bent, infinite": ("yeo_johnson", pd.DataFrame({"x": spoiled(X, *ODD)}), None, {}),
    "bent, tiny units": ("yeo_johnson", pd.DataFrame({"x": X * 1e-12}), None, {}),
    "bent, tiny and negative": ("yeo_johnson", pd.DataFrame({"x": -X * 1e-9}), None, {}),
    "bent, both signs": ("yeo_johnson", pd.DataFrame({"x": RNG.normal(0, 3, 40) ** 3}), None, {}),
    "bent, millions": ("yeo_johnson", pd.DataFrame({"x": X * 1e6}), None, {}),
    "bent in groups": (
        "yeo_johnson",
        pd.DataFrame({"x": np.where(np.arange(40) % 2, X, X * 1e-8), "g": ["a", "A"] * 20}),
        ["g"],
        {"g": "TEXT"},
    ),
}  # fmt: skip


def fitted(case: str) -> tuple[Standardizer, pd.DataFrame, np.ndarray, dict[str, str]]:
    method, frame, by, types = CASES[case]
    made = Standardizer(method, columns=["x"], by=by).fit(frame)
    again = Standardizer.from_json(made.to_json())
    return again, frame, made.transform(frame)["x"].to_numpy(), {"x": "DOUBLE PRECISION", **types}


def agree(found: list[float], wanted: np.ndarray, *, digits: float = 1e-11) -> None:
    np.testing.assert_allclose(np.array(found), wanted, rtol=digits, atol=digits)


@pytest.mark.parametrize("case", CASES)
def test_duckdb_scores_as_the_transform_does(case: str) -> None:
    made, frame, wanted, types = fitted(case)
    agree(engines.by_duckdb(frame, types, made.to_sql("t"), "x_z"), wanted)


@pytest.mark.parametrize("case", CASES)
def test_sqlite_scores_as_the_transform_does(case: str) -> None:
    made, frame, wanted, types = fitted(case)
    if "d" in frame or "TIMESTAMP" in types.values() or "DATE" in types.values():
        with pytest.raises(Exception, match="syntax error"):  # told, not scored over all rows
            engines.by_sqlite(frame, types, made.to_sql("t"), "x_z")
    agree(engines.by_sqlite(frame, types, made.to_sql("t", dialect="sqlite"), "x_z"), wanted)


@pytest.fixture(scope="module")
def server() -> Iterator[engines.Postgres]:
    with engines.postgres() as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_postgresql_scores_as_the_transform_does(server: engines.Postgres, case: str) -> None:
    made, frame, wanted, types = fitted(case)
    agree(server.scores(frame, types, made.to_sql("t"), "x_z"), wanted)


OTHER_KINDS = ("days as text", "numbers as text", "texts as numbers")


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every case in LibreOffice: it takes seconds to start, so all go in one run."""
    made = [(frame, m.to_spreadsheet_formula(list(frame))["x"]) for m, frame, *_ in map(fitted, CASES)]
    days = CASES["days"][1]
    text_days = days.assign(g=[f"{day} was the day" for day in CASES["days"][1]["g"].astype(str)])
    made.append((text_days, made[list(CASES).index("days")][1]))
    numbers = CASES["zero, blank and one"][1]
    made.append((numbers.assign(g="1"), made[list(CASES).index("zero, blank and one")][1]))
    made.append((numbers.assign(g=2.0), made[list(CASES).index("case of texts")][1]))
    shown = engines.by_libreoffice(tmp_path_factory.mktemp("sheets"), made)
    return dict(zip([*CASES, *OTHER_KINDS], shown, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_libreoffice_scores_as_the_transform_does(sheets: dict[str, list[str]], case: str) -> None:
    _, frame, wanted, _ = fitted(case)
    there = np.isfinite(frame["x"].to_numpy())  # a sheet has no infinite numbers: such a cell stays empty
    found = [engines.number(cell) for cell in sheets[case]]
    agree(found, np.where(there, wanted, np.nan), digits=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_cells_of_another_kind_than_the_groups_are_told(sheets: dict[str, list[str]], kind: str) -> None:
    assert set(sheets[kind]) == {"#N/A"}


def test_a_sheet_has_no_empty_text_beside_an_empty_cell() -> None:
    frame = pd.DataFrame({"x": [1.0, 2, 3, 5], "g": pd.Series(["", None, "", None], dtype=object)})
    made = Standardizer(columns=["x"], by="g").fit(frame)
    with pytest.raises(StandardizeError, match="cannot tell an empty text from an empty cell"):
        made.to_spreadsheet_formula()


NO_SQL = {
    "zoned": pd.to_datetime(pd.Series(["2024-01-01", "2024-01-02"] * 2)).dt.tz_localize("Europe/Berlin"),
    "lengths": pd.to_timedelta(pd.Series([1, 2] * 2), unit="h"),
    "periods": pd.PeriodIndex(["2024-01", "2024-02"] * 2, freq="M"),
    "clock times": pd.Series([dt.time(1), dt.time(2)] * 2),
    "intervals": pd.cut(pd.Series([1, 2, 3, 4]), 2),
    "infinite": pd.Series([np.inf, 1.0] * 2),
}


@pytest.mark.parametrize("kind", NO_SQL)
def test_groups_that_cannot_be_compared_are_refused_with_the_reason(kind: str) -> None:
    made = Standardizer(columns=["x"], by="g").fit(pd.DataFrame({"x": [1.0, 2, 3, 5], "g": NO_SQL[kind]}))
    for write in (
        lambda: made.to_sql("t"),
        lambda: made.to_sql("t", dialect="sqlite"),
        made.to_spreadsheet_formula,
    ):
        with pytest.raises(StandardizeError, match="neither texts, finite numbers"):
            write()


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (pd.to_datetime(pd.Series(["1850-01-01", "2024-01-02"] * 2)), "count days from 1900"),
        (pd.to_datetime(pd.Series(["2024-01-01 00:00:00.5", "2024-01-01 00:00:01.0"] * 2)), "to the second"),
        (pd.Series([10**15 + 1, 10**15 + 2] * 2), "keep 15 digits"),
        (pd.Series(["x" * 300, "y"] * 2), "at most 255 characters"),
    ],
)  # fmt: skip
def test_groups_that_a_sheet_cannot_hold_are_refused_with_the_reason(labels: pd.Series, words: str) -> None:
    made = Standardizer(columns=["x"], by="g").fit(pd.DataFrame({"x": [1.0, 2, 3, 5], "g": labels}))
    with pytest.raises(StandardizeError, match=words):
        made.to_spreadsheet_formula()
    assert made.to_sql("t").count("WHEN") == 2


def test_files_from_before_kinds_were_noted_compare_days_as_days() -> None:
    made, frame, wanted, types = fitted("days")
    document = json.loads(made.to_json())
    assert document.pop("by_kinds") == ["date"]
    old = Standardizer.from_json(json.dumps(document))
    assert old.to_sql("t") == made.to_sql("t")
    agree(engines.by_duckdb(frame, types, old.to_sql("t"), "x_z"), wanted)


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(StandardizeError, match="no SQL dialect 'oracle': choose one of standard, sqlite"):
        Standardizer().fit(pd.DataFrame({"x": [1.0, 2.5]})).to_sql("t", dialect="oracle")
