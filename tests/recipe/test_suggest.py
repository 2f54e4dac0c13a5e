"""What is worth a look is found, what is in order is left alone, and each step mends what was told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.recipe import LeaveOut, Recipe, SetType, Suggestion, suggest
from analytics.recipe.suggestions.rows import _copies
from analytics.tables import ReadReport, Table, read_table

SAMPLES = Path(__file__).parents[2] / "sample_data"
RNG = np.random.default_rng(5)


def table(frame: pd.DataFrame) -> Table:
    rows, columns = frame.shape
    report = ReadReport("made", None, None, None, None, None, rows, columns)
    return Table(frame, report, "0" * 64, "made")


def found(frame: pd.DataFrame) -> dict[str, Suggestion]:
    return {one.kind: one for one in suggest(table(frame))}


def words(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([1, 2, 3, 2, 5, 6, 99, 99, 4], (99,)),
        ([1, 2, 3, 2, 5, 6, 99, 99, 98, 98, 4], (98, 99)),
        ([20.5, 21, 19.5, -999, -999, 22], (-999,)),
        ([200, 150, 180, 9999, 9999, 9999, 170], (9999,)),
        ([0, 1, 0, 1, 1, 9, 9, 0], (9,)),
        ([60, 88, 99, 99, 71, 90], None),  # ages
        ([1, 2, 3, 99, 4], None),  # a single value may be one
        ([1, 20, 45, -999, 59], (-999,)),  # but for this
        ([21, 33, 62, 999, 48], (999,)),
        ([21, 133, 262, 999, 348], None),
        ([14 + i / 7 for i in range(100)] + [85, 85], (85,)),
        ([14 + i / 7 for i in range(100)] + [-127.5, -127.5], (-127.5,)),
        ([14 + i / 7 for i in range(100)] + [85], None),
        ([1, 2, 3] * 20 + [50, 50], None),  # counts may be large
        ([-1, -1, 0.5, 0.2, -0.3, 1], None),
        ([8, 9, 9, 7, 10], None),
        ([99, 99, 99, 99], None),
        (list(range(-1_000, 1_000)), None),
    ],
)
def test_codes_among_numbers(values: list[float], codes: tuple[int, ...] | None) -> None:
    frame = pd.DataFrame({"x": values})
    told = found(frame).get("code")
    assert (told.steps[0].values if told else None) == codes  # type: ignore[attr-defined]
    if told:
        mended = Recipe(steps=told.steps).apply(table(frame)).frame.x
        assert mended.isna().sum() == told.cells == sum(value in codes for value in values)  # type: ignore[operator]
        assert "code" not in found(pd.DataFrame({"x": mended}))


@pytest.mark.parametrize(
    ("values", "zeros"),
    [
        ([0] * 5 + [18.5 + i % 3 for i in range(20)], 5),
        ([18.5 + i % 3 for i in range(20)] + [0] * 4, 4),
        ([0, 0, *(90 + i for i in range(12)), 0, *(102 - i for i in range(12)), 0], 4),
        ([0, None, 0, *(-90 - i % 4 for i in range(12))], 2),
        ([0] * 5 + [0.5 * i for i in range(1, 20)], None),  # grows from nothing
        ([0] * 5 + [18, 3, 40, 5, 22, 7, 31, 2, 18, 40, 3, 9, 27], None),  # in no order
        ([0] + [18.5 + i % 3 for i in range(20)], None),  # a single one may be a value
        ([0, 0, 18, 19, 20], None),
        ([0] * 20, None),
        ([0, 1, 1, 0, 1] * 9, None),  # no and yes
        ([0, 50, 50, 50, 51] * 9, None),
    ],
)
def test_zeros_that_stand_for_none(values: list[float | None], zeros: int | None) -> None:
    frame = pd.DataFrame({"x": pd.array(values, dtype="Float64")})
    told = found(frame).get("zero for none")
    assert (told.cells if told else None) == zeros
    if told:
        mended = Recipe(steps=told.steps).apply(table(frame)).frame.x
        assert not (mended == 0).any() and told.rows[0] == values.index(0) + 1


def test_words_for_none_among_words() -> None:
    told = found(pd.DataFrame({"city": words("Rome", "TBD", "n/a", "-", "Oslo", None)}))["word for none"]
    assert told.cells == 3 and told.rows == (2, 3, 4)
    assert "word for none" not in found(pd.DataFrame({"city": words("Rome", "Oslo")}))


CODES = "AL AK AZ AR CA CO CT DE FL GA"


@pytest.mark.parametrize(
    ("word", "others", "says"),
    [
        ("ND", CODES, "a value like all others"),
        ("NA", "DE FR NO IT ES NI IN OR", "a value like all others"),
        ("NaN", "FRA BER JFK LHR", "a value by itself"),
        ("Na", "H He Li Mg Al P S Cl", "a value like all others"),
        ("Null", "Smith Jones Miller O'Brien McAdam", "a value like all others"),
        ("None", "Attached Detached Built-in", "a value like all others"),
        ("none", "Attached Detached Built-in", "a value by itself"),
        ("-", "+", "a value like all others"),
        ("-", "A B", "says"),
        ("ND", "12 0.5 <3 7", "says"),  # not detected
        ("ND", "positive negative", "a value by itself"),
        ("n/a", CODES, "says"),
        ("TBD", CODES, "says"),
    ],
)
def test_a_word_that_may_be_a_value_is_not_stated_to_be_none(word: str, others: str, says: str) -> None:
    column = words(*others.split(), word)
    for frame in (pd.DataFrame({"c": column}), pd.DataFrame({"c": column}).astype("category")):
        told = found(frame).get("word for none")
        assert told is not None and told.rows == (len(column),)
        sure = "says that there is no value" in told.sentence
        assert (says in told.sentence) and sure == (says == "says")


def test_words_that_say_none_and_words_that_may_are_told_apart() -> None:
    frame = pd.DataFrame({"state": words("ND", "n/a", *CODES.split(), "n/a")})
    told = [one for one in suggest(table(frame)) if one.kind == "word for none"]
    assert [(one.cells, one.rows) for one in told] == [(2, (2, 13)), (1, (1,))]


def test_spellings_become_the_commonest() -> None:
    frame = pd.DataFrame(
        {
            "c": words(
                *["Caf\u00e9"] * 5, "cafe", "CAFE\u0301", " caf\u00e9 ", *["New York"] * 4, "new-york", "Rome"
            )
        }
    )
    told = [one for one in suggest(table(frame)) if one.kind == "spelling"]
    assert [one.cells for one in told] == [3, 1]
    mended = Recipe(steps=tuple(one.steps[0] for one in told)).apply(table(frame)).frame.c
    assert set(mended) == {"Caf\u00e9", "New York", "Rome"}
    as_categories = frame.astype("category")
    assert [one for one in suggest(table(as_categories)) if one.kind == "spelling"] == told
    again = Recipe(steps=tuple(one.steps[0] for one in told)).apply(table(as_categories))
    assert set(again.frame.c) == set(mended) and not again.problems()


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("0.6", "-0.6", False),
        ("A", "A-", False),
        ("a -5", "a 5", False),
        ("10\u00b2", "102", False),
        ("\u0431\u043e\u0439", "\u0431\u043e\u0438", False),  # another letter in Cyrillic
        ("\u304c", "\u304b", False),
        ("new-york", "New York", True),
        ("no_answer", "No answer", True),
        ("\u039c\u03ac\u03b9\u03bf\u03c2", "\u039c\u03b1\u03b9\u03bf\u03c2", True),
        ("\uff21", "A", True),
        ("M\u00fcnchen", "MUENCHEN", True),
        ("S\u00f8ren", "Soeren", True),
        ("Queen", "Qun", False),
    ],
)
def test_signs_and_letters_of_other_scripts_make_another_word(one: str, other: str, are_one: bool) -> None:
    frame = pd.DataFrame({"c": words(*[one] * 5, *[other] * 5, *["plain"] * 5)})
    assert ("spelling" in found(frame)) == are_one


@pytest.mark.parametrize(
    ("common", "rare", "is_found"),
    [
        ("Germany", "Germny", True),
        ("Germany", "Gernany", True),
        ("Germany", "Germanyy", True),
        ("Germany", "Romania", False),
        ("cat", "car", False),
        ("Level 1", "Level 2", False),
    ],
)
def test_one_letter_in_a_rare_word(common: str, rare: str, is_found: bool) -> None:
    frame = pd.DataFrame({"c": words(*[common] * 30, rare, *["Elsewhere"] * 20)})
    assert ("one letter" in found(frame)) == is_found
    assert "one letter" not in found(pd.DataFrame({"c": words(*[common] * 30, *[rare] * 20)}))


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["5 kg", "6kg", "7.5 kg", "12 kg", None], "unit", [5, 6, 7.5, 12]),
        (["12 %", "3 %", "4.5 %", "80 %", None], "unit", [12, 3, 4.5, 80]),
        (["12", "13", "x", "15", "16", "17.5"], "number as text", [12, 13, 15, 16, 17.5]),
        (["007", "008", "123"], None, []),
        (["1st", "2nd", "3rd", "4th"], None, []),
        (["red", "green", "5 kg"], None, []),
        (["1Fam", "1Fam", "1Fam", "1Fam", "1Fam", "TwnhsE"], None, []),  # labels, no numbers in "Fam"
        ([*(f"{i} Stk" for i in range(20)), "x"], "unit", list(range(20))),
        (["3", "4", "n/a", "-", "5"], "number as text", [3, 4, 5]),
    ],
)
def test_texts_that_are_something_else(
    cells: list[str | None], kind: str | None, values: list[float]
) -> None:
    frame = pd.DataFrame({"x": words(*cells)})
    told = [one for one in suggest(table(frame)) if one.kind in ("unit", "number as text", "time as text")]
    assert [one.kind for one in told] == ([kind] if kind else [])
    if kind:
        assert Recipe(steps=told[0].steps).apply(table(frame)).frame.x.dropna().tolist() == values


def test_numbers_and_text_in_one_column_are_told_with_both_readings() -> None:
    cells = words(*(f"{i / 4}" if i % 2 else f"see note {i}" for i in range(60)))
    told = found(pd.DataFrame({"x": cells, "few": ["4", "5", "low", "high"] * 15}))
    assert "unique" not in told and told["numbers and text"].cells == 60
    both = [one for one in suggest(table(pd.DataFrame({"x": cells}))) if one.kind == "numbers and text"]
    assert (
        both[0].steps == (SetType("x", "number"), SetType("x", "text")) and "50% of its" in both[0].sentence
    )
    codes = words(*(f"{113_000 + i}" if i % 2 else f"A/5 {i}" for i in range(60)))
    assert "numbers and text" not in found(pd.DataFrame({"x": codes}))


def test_what_mends_values_comes_before_what_adds_a_column() -> None:
    skewed = np.exp(RNG.normal(3, 1, 200))
    frame = pd.DataFrame({"x": skewed.round(2), "n": [*(i % 60 for i in range(199)), -999]})
    told = [one.kind for one in suggest(table(frame)) if one.steps]
    assert told.index("code") < told.index("skewed")


def test_dates_written_in_two_ways_are_dates() -> None:
    frame = pd.DataFrame(
        {"x": words("2024-01-31", "2024-02-29", "2024-03-01", "soon", "2024-04-01", "2024-05-01")}
    )
    assert found(frame)["time as text"].columns == ("x",)


def test_rows_that_stand_twice() -> None:
    frame = pd.DataFrame({"id": [*range(1, 21), 20, 7], "x": [*range(20), 19, 5.5], "y": "a"})
    told = found(frame)
    assert told["duplicate rows"].rows == (21,)
    assert told["repeated key"].rows == (22,)
    assert len(Recipe(steps=told["duplicate rows"].steps).apply(table(frame)).frame) == 21


def test_columns_that_say_little_or_nothing_new() -> None:
    x = RNG.normal(50, 9, 400)
    frame = pd.DataFrame(
        {
            "x": x,
            "same": x,
            "fahrenheit": x * 1.8 + 32,
            "near": x + RNG.normal(0, 1, 400),
            "other": RNG.normal(0, 1, 400),
            "income": np.exp(RNG.normal(10, 1, 400)),
            "empty": np.nan,
            "unit": "kg",
            "some": np.where(RNG.random(400) < 0.3, np.nan, x),
            "rain": np.where(RNG.random(400) < 0.8, 0.0, 1.5),
            "far": np.where(RNG.random(400) < 0.01, np.inf, x[::-1]),
            "side": ["left"] * 398 + ["right"] * 2,
            "kind": [f"k{n % 60}" for n in range(399)] + ["once"],
        }
    )
    told = suggest(table(frame))
    by_kind = {
        kind: {one.columns[0] for one in told if one.kind == kind} for kind in {one.kind for one in told}
    }
    assert by_kind["copy"] == {"same", "some"}
    assert by_kind["linear image"] == {"fahrenheit", "some"}
    assert by_kind["skewed"] == {"income"}
    assert by_kind["empty column"] == {"empty"} and by_kind["constant column"] == {"unit"}
    assert by_kind["missing values"] == {"some"}
    assert by_kind["zeros"] == {"rain"} and by_kind["infinite values"] == {"far"}
    assert by_kind["imbalance"] == {"side"}
    assert by_kind["many categories"] == {"kind"} and by_kind["category of one row"] == {"kind"}
    assert "near" in by_kind["correlated"] and "other" not in by_kind["correlated"]
    assert [bool(one.steps) for one in told] == sorted((bool(one.steps) for one in told), reverse=True)
    linear = next(one for one in told if one.kind == "linear image" and one.columns == ("fahrenheit", "x"))
    assert linear.sentence == "'fahrenheit' is 1.8 times + 32 of 'x'."


@pytest.mark.parametrize("name", ["wine.csv", "exams.csv", "cars_messy.csv"])
def test_every_step_of_a_suggestion_fits_the_table_it_was_made_for(name: str) -> None:
    read = read_table(SAMPLES / name)
    steps = [step for one in suggest(read) for step in one.steps]
    assert not any(Recipe(steps=(step,)).apply(read).problems() for step in steps)


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"x": []}), pd.DataFrame({"x": [1.0]})])
def test_hardly_any_rows_are_no_reason_to_fail(frame: pd.DataFrame) -> None:
    assert isinstance(suggest(table(frame)), tuple)


def test_shapes_of_columns() -> None:
    n = 400
    frame = pd.DataFrame(
        {
            "day": pd.date_range("2023-01-01", periods=n),
            "sales": np.arange(n) * 0.5 + 40 * np.sin(np.arange(n) * 2 * np.pi / 7) + RNG.normal(size=n),
            "noise": RNG.normal(size=n),
            "even": RNG.uniform(3, 9, n),
            "answer": RNG.integers(1, 6, n),
            "code": words(*(f"K{i % 90:04}" for i in range(n))),
            "word": words(*("one" if i % 3 else "three" for i in range(n))),
            "mail": words(*(f"{'x' * (i % 5)}{i}@example.org" for i in range(n))),
        }
    )
    told = {(one.kind, one.columns[0]): one for one in suggest(table(frame))}
    assert ("season", "sales") in told and "every 7 rows" in told["season", "sales"].sentence
    assert ("course over time", "sales") in told and "rises" in told["course over time", "sales"].sentence
    assert ("even spread", "even") in told
    assert ("one length", "code") in told
    assert ("unique", "mail") in told
    assert told["numbers that are codes", "answer"].sentence.startswith("'answer' takes only 1, 2, 3, 4, 5:")
    assert {columns for _, columns in told}.isdisjoint({"noise", "word"})


def test_shapes_are_not_seen_in_noise() -> None:
    """Even spreads apart, whose own noise is what is tested: a normal column says nothing of itself."""
    rng = np.random.default_rng(8)
    days = pd.date_range("2022-01-03", periods=500)
    kinds = [
        one.kind
        for _ in range(20)
        for one in suggest(table(pd.DataFrame({"day": days, "x": rng.normal(size=500)})))
    ]
    assert kinds == []


def test_copies_of_rows_are_those_that_pandas_finds() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        n, d = rng.integers(0, 30), rng.integers(0, 7)
        kinds = (
            rng.choice([1.0, 2.0, np.nan], (d, n)),
            rng.choice([1, 2], (d, n)),
            rng.choice(["a", "b", "c"], (d, n)),
        )
        frame = pd.DataFrame({f"c{place}": kinds[place % 3][place] for place in range(d)}, index=range(n))
        frame = frame.iloc[rng.permutation(n)]
        wanted = frame.duplicated().to_numpy() if d else np.zeros(n, dtype=bool)
        np.testing.assert_array_equal(_copies(frame), wanted if n else np.zeros(0, dtype=bool))


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        (["%Y-%m-%d", "%d/%m/%Y"], "date:%Y-%m-%d|%d/%m/%Y"),
        (["%d.%m.%Y", "%d.%m.%y"], "date:%d.%m.%Y|%d.%m.%y"),
        (["%m/%d/%Y", "%Y/%m/%d"], "date:%m/%d/%Y|%Y/%m/%d"),
        (["%Y-%m-%d"], None),
    ],
)
def test_dates_in_two_formats_are_read_as_one_column(written: list[str], taken: str | None) -> None:
    days = pd.date_range("2024-01-05", periods=60, freq="3D")
    texts = [day.strftime(written[place % 3 % len(written)]) for place, day in enumerate(days)]
    frame = pd.DataFrame({"day": words(*texts)})
    told = found(frame).get("dates in two formats")
    assert (told.steps[0].to if told else None) == taken  # type: ignore[attr-defined]
    if told:
        assert Recipe(steps=told.steps).apply(table(frame)).frame.day.tolist() == days.tolist()


def test_dates_whose_order_is_open_and_units_that_differ_are_told() -> None:
    days = words(*["2024-01-05", "03/04/2024", "2024-02-11"] * 10)
    weights = words(*["3 kg", "500 g"] * 15)
    doors = words(*["12a", "12b"] * 15)
    told = found(pd.DataFrame({"day": days, "weight": weights, "door": doors}))
    assert not told["dates in two formats"].steps and "open" in told["dates in two formats"].sentence
    assert told["units"].columns == ("weight",) and "kg (15), g (15)" in told["units"].sentence


def test_words_that_stand_twice_are_told() -> None:
    city = words(*["Rome", "Oslo", "Oslo", "Bern"] * 5)
    frame = pd.DataFrame({"city": city, "again": city, "code": city.str[:2], "n": range(20)})
    told = {one.columns: one for one in suggest(table(frame)) if one.kind in ("copy", "same by other names")}
    assert told.keys() == {("again", "city"), ("city", "code")}
    assert told["again", "city"].steps == (LeaveOut(("again",)),) and not told["city", "code"].steps
    frame.loc[19, ["again", "code"]] = ["Rome", "Os"]
    assert not {"copy", "same by other names"} & found(frame).keys()


def test_a_skew_that_no_logarithm_mends_is_told_without_a_step() -> None:
    values = -RNG.exponential(size=400)
    told = found(pd.DataFrame({"x": np.where(values < -4, 10 * values, values)}))["skewed"]
    assert not told.steps and "few small values" in told.sentence


def test_a_logarithm_that_is_there_is_not_suggested_again() -> None:
    frame = pd.DataFrame({"x": np.exp(RNG.normal(size=300))})
    told = found(frame)["skewed"]
    assert "skewed" not in found(Recipe(steps=told.steps).apply(table(frame)).frame)
