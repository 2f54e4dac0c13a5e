"""Yesterday's transform on another file: refused, or scored with a report."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.numbers import StandardizeError, Standardizer, apply_to_file, with_scores

RNG = np.random.default_rng(8)
OLD = pd.DataFrame(
    {"g": RNG.choice(["a", "b"], 500), "x": RNG.normal(100, 10, 500), "y": RNG.normal(0, 1, 500)}
)
FITTED = Standardizer(by="g").fit(OLD)


def test_the_same_file_fits_and_has_not_drifted() -> None:
    report = apply_to_file(FITTED, OLD)
    pd.testing.assert_frame_equal(report.scores, FITTED.transform(OLD))
    assert report.drifted == ()
    assert report.new_columns == ()
    assert "No column has drifted" in report.sentences()[0]


def test_drift_of_mean_spread_and_missing_is_measured() -> None:
    new = OLD.assign(x=OLD["x"] + 20, y=OLD["y"] * 3)
    new.loc[:99, "y"] = np.nan
    report = apply_to_file(FITTED, new)
    moved = {one.column: one for one in report.drift}
    assert moved["x"].shift == pytest.approx(20 / OLD["x"].std(ddof=0))
    assert moved["x"].ratio == pytest.approx(1.0)
    assert moved["y"].missing_now == pytest.approx(0.2)
    assert moved["y"].ratio == pytest.approx(3 * OLD["y"][100:].std(ddof=0) / OLD["y"].std(ddof=0))
    assert moved["x"].beyond == pytest.approx(
        np.mean(np.abs(new["x"] - OLD["x"].mean()) > 3 * OLD["x"].std(ddof=0))
    )
    assert {one.column for one in report.drifted} == {"x", "y"}
    assert "the mean went up by 2" in report.sentences()[0]
    assert "missing: 0.0% before, 20.0% now" in report.sentences()[1]


def test_new_columns_and_groups_are_reported() -> None:
    new = pd.DataFrame({"z": [1.0, 2.0, 3.0], "g": ["a", "c", None], "x": [100.0] * 3, "y": [0.0] * 3})
    report = apply_to_file(FITTED, new)
    assert report.new_columns == ("z",)
    assert report.unseen_groups == {("c",): 1, (None,): 1}
    assert report.absent_groups == (("b",),)
    said = " ".join(report.sentences())
    assert "2 rows belong to 2 groups" in said
    assert "New columns, left as they are: z" in said
    again = Standardizer.from_parameters(FITTED.parameters_)
    assert "Not scored, left as they are: z" in apply_to_file(again, new).sentences()[-1]
    assert "New columns" not in " ".join(apply_to_file(again, new, first=["x", "y", "g", "z"]).sentences())
    overall = (100.0 - OLD["x"].mean()) / OLD["x"].std(ddof=0)
    assert report.scores["x"][1] == pytest.approx(overall)


def test_a_transform_read_from_json_applies_alike() -> None:
    again = Standardizer.from_json(FITTED.to_json())
    report = apply_to_file(again, OLD.assign(more=1))
    pd.testing.assert_frame_equal(report.scores, FITTED.transform(OLD), check_exact=True)
    assert report.new_columns == ("more",)


def test_a_file_that_does_not_fit_is_refused_naming_every_column() -> None:
    with pytest.raises(StandardizeError, match=r"lacks 'y', 'g'"):
        apply_to_file(FITTED, pd.DataFrame({"x": [1.0]}))
    with pytest.raises(StandardizeError, match=r"lacks 'y'.*'x' is not numbers"):
        apply_to_file(FITTED, pd.DataFrame({"g": ["a"], "x": ["12,5"]}))
    twice = pd.DataFrame([["a", 1.0, 2.0, 3.0]], columns=["g", "x", "x", "y"])
    with pytest.raises(StandardizeError, match=r"more than one 'x'"):
        apply_to_file(FITTED, twice)


def test_empty_constant_and_vanished_columns_are_told() -> None:
    old = pd.DataFrame({"x": [2.0, 2.0], "y": [1.0, 3.0]})
    new = pd.DataFrame({"x": [2.0, 9.0], "y": [np.nan, np.nan]})
    for rows, drifted in ((1, False), (20, True)):  # of two rows each, chance explains all
        flat = Standardizer().fit(pd.concat([old] * rows))
        report = apply_to_file(flat, pd.concat([new] * rows))
        assert [one.drifted for one in report.drift] == [drifted, drifted]
        assert "scores stay 0" in report.drift[0].sentence
        assert "no value is left" in report.drift[1].sentence
    assert apply_to_file(flat, pd.DataFrame({"x": [], "y": []}, dtype=float)).rows == 0


def test_scores_are_added_behind_or_put_in_place() -> None:
    scores = FITTED.transform(OLD)
    added = with_scores(OLD, scores)
    assert added.columns.tolist() == ["g", "x", "y", "x_z", "y_z"]
    replaced = with_scores(OLD, scores, mode="replace")
    assert replaced.columns.tolist() == ["g", "x", "y"]
    pd.testing.assert_series_equal(replaced["x"], added["x_z"], check_names=False)
    with pytest.raises(StandardizeError, match="already has a column 'x_z'"):
        with_scores(added, scores)
    with pytest.raises(StandardizeError, match="mode 'both'"):
        with_scores(OLD, scores, mode="both")
    with pytest.raises(StandardizeError, match="2 rows of scores"):
        with_scores(OLD, scores.iloc[:2])


LAWS = {
    "normal": lambda rng, shape: rng.normal(50, 4, shape),
    "uniform": lambda rng, shape: rng.uniform(0, 1, shape),
    "exponential": lambda rng, shape: rng.exponential(3, shape),
    "few values": lambda rng, shape: rng.integers(0, 4, shape).astype(float),
    "lognormal": lambda rng, shape: rng.lognormal(0, 1.5, shape),
    "Student's with two degrees": lambda rng, shape: rng.standard_t(2, shape),
    "mostly zero": lambda rng, shape: np.where(rng.random(shape) < 0.9, 0.0, rng.lognormal(0, 1, shape)),
}


HEAVY = ("lognormal", "Student's with two degrees", "mostly zero")
LAWS_AND_ROWS = [
    *((law, rows) for law in LAWS if law not in HEAVY for rows in (1, 2, 5, 10, 20, 100, 500)),
    *(pytest.param(law, rows, marks=pytest.mark.slow) for law in HEAVY for rows in (5, 20, 100, 500)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("law", "rows"), LAWS_AND_ROWS)
def test_a_file_of_the_same_law_has_not_drifted(law: str, rows: int) -> None:
    """At most one file in twenty over all its ten columns, within binomial limits."""
    rng, files = np.random.default_rng(rows), 80
    names = [f"c{i}" for i in range(10)]

    def file(n: int) -> pd.DataFrame:
        values = LAWS[law](rng, (n, 10))
        return pd.DataFrame(np.where(rng.random((n, 10)) < 0.1, np.nan, values), columns=names)

    fitted = Standardizer().fit(file(400))
    drifted = sum(bool(apply_to_file(fitted, file(rows)).drifted) for _ in range(files))
    assert drifted <= stats.binom.ppf(0.999, files, 0.05)


def test_a_shift_that_few_rows_show_is_told_and_smaller_ones_are_left_open() -> None:
    far = apply_to_file(FITTED, OLD.head(5).assign(x=[150.0, 151.0, 149.0, 152.0, 148.0]))
    assert [one.column for one in far.drifted] == ["x"]
    few = apply_to_file(FITTED, OLD.head(5))
    assert "5 rows are too few to judge drift: only a shift of the mean above" in few.sentences()[0]
    assert apply_to_file(FITTED, OLD.head(1)).sentences()[0] == "1 row is too few to judge drift."
    assert apply_to_file(FITTED, OLD).too_few == ""


@pytest.mark.parametrize("law", LAWS)
def test_a_wider_and_a_moved_law_are_told(law: str) -> None:
    rng = np.random.default_rng(5)
    fitted = Standardizer().fit(pd.DataFrame({"x": LAWS[law](rng, 1_000)}))
    values = LAWS[law](rng, 400)
    middle = np.median(values)
    moved = apply_to_file(fitted, pd.DataFrame({"x": values + 3 * fitted.parameters_.overall("x").sd}))
    assert "the mean went up" in moved.drift[0].sentence
    if law != "mostly zero":  # whose few other values alone would be wider
        wider = apply_to_file(fitted, pd.DataFrame({"x": middle + 4 * (values - middle)}))
        assert "the spread is" in wider.drift[0].sentence


def test_a_transform_without_marks_judges_no_spread_and_says_so() -> None:
    document = json.loads(FITTED.to_json())
    for fit in document["fits"]:
        fit.pop("marks", None)
    report = apply_to_file(Standardizer.from_json(json.dumps(document)), OLD.assign(x=OLD["x"] + 20))
    assert [one.column for one in report.drifted] == ["x"]
    assert any("changes of spread are not judged" in said for said in report.sentences())
    assert not any("not judged" in said for said in apply_to_file(FITTED, OLD).sentences())


@pytest.mark.slow
@pytest.mark.parametrize("rows", [20, 100])
def test_a_rare_value_that_had_not_come_yet_is_no_drift(rows: int) -> None:
    rng, files, called = np.random.default_rng(rows), 60, 0
    for _ in range(files):
        old, new = ((rng.random(count) < 0.05).astype(float) for count in (20, rows))
        called += bool(
            apply_to_file(Standardizer().fit(pd.DataFrame({"x": old})), pd.DataFrame({"x": new})).drifted
        )
    assert called <= stats.binom.ppf(0.999, files, 0.05)
