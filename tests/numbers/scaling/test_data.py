"""What is left out of a comparison is said; what cannot be compared is refused in one sentence."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers.scaling.data import guess_task, prepare_scaling_data


def table(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "small": rng.normal(size=n),
            "large": rng.normal(size=n) * 1000,
            "flag": pd.array(rng.integers(0, 2, n).astype(bool), dtype="boolean"),
            "whole": pd.array(rng.integers(0, 100, n), dtype="Int64"),
            "arrow": pd.array(rng.normal(size=n), dtype="double[pyarrow]"),
            "note": ["free text"] * n,
            "same": 1.0,
            "empty": np.nan,
            "kind": pd.Categorical(["a", "b", "c"] * (n // 3)),
        }
    )


def test_every_omission_is_noted() -> None:
    frame = table()
    frame.loc[0, "small"], frame.loc[1, "large"], frame.loc[2, "whole"] = np.inf, np.nan, pd.NA
    frame.loc[3, "kind"] = np.nan
    data = prepare_scaling_data(frame, "kind")
    assert data.columns == ("small", "large", "flag", "whole", "arrow")
    assert data.classes == ("a", "b", "c") and data.task == "class" and data.target == "kind"
    assert data.X.shape == (59, 5) and 3 not in data.rows
    notes = " ".join(data.notes)
    for words in ("note", "missing: 1.", "training rows: 63.", "target are left out: 1.", "same, empty"):
        assert words in notes


def test_the_given_frame_is_not_changed() -> None:
    frame = table()
    frame.loc[0, "small"] = np.inf
    before = frame.copy()
    prepare_scaling_data(frame, "kind")
    pd.testing.assert_frame_equal(frame, before)


def test_rare_classes_are_left_out_and_named() -> None:
    data = prepare_scaling_data(
        np.random.default_rng(0).normal(size=(43, 2)), np.array([5, 7] * 20 + [9, 8, 8])
    )
    assert data.classes == ("5", "7") and len(data.X) == 40
    assert data.notes == ("Classes with fewer than 5 rows are left out (2): 8, 9.",)


def test_sampling_keeps_the_shares_of_classes_and_the_pairing_of_rows() -> None:
    rng = np.random.default_rng(0)
    labels = rng.choice(["often", "seldom"], 10_000, p=[0.9, 0.1])
    X = pd.DataFrame({"row": np.arange(10_000.0), "noise": rng.normal(size=10_000)})
    data = prepare_scaling_data(X, pd.Series(labels, name="class"), max_rows=500, seed=3)
    assert len(data.X) == 500 == np.unique(data.rows).size
    assert np.array_equal(data.X[:, 0], data.rows)
    assert [data.classes[i] for i in data.y] == labels[data.rows].tolist()
    assert abs(np.mean(labels[data.rows] == "seldom") - np.mean(labels == "seldom")) < 1 / 400
    assert "500 of 10,000 rows" in data.notes[0]
    again = prepare_scaling_data(X, pd.Series(labels), max_rows=500, seed=3)
    assert np.array_equal(again.rows, data.rows)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([1.5, 2.0, 3.0], "number"),
        (list(range(50)), "number"),
        ([0, 1, 1, 0], "class"),
        ([3.0, 4.0, np.nan], "class"),
        (["x", "y"], "class"),
        ([True, False], "class"),
    ],
)
def test_kind_of_target(values: list[object], task: str) -> None:
    assert guess_task(pd.Series(values)) == task


@pytest.mark.parametrize(
    ("frame", "target", "options", "words"),
    [
        (table()[["note", "kind"]], "kind", {}, "no number column"),
        (table()[["same", "kind"]], "kind", {}, "single value"),
        (table().assign(kind="a"), "kind", {}, "two classes"),
        (table().assign(kind=[f"id{i}" for i in range(60)]), "kind", {}, "60 value"),
        (table().assign(kind=np.nan), "kind", {}, "two classes"),
        (table(), "missing", {}, "no column 'missing'"),
        (table(), "note", {"task": "number"}, "holds text"),
        (table(), "same", {"task": "number"}, "is 1 in every row"),
        (table(6), None, {}, "Only 6 usable rows"),
        (table(), np.arange(3), {}, "3 values for 60 rows"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    frame: pd.DataFrame, target: object, options: dict[str, str], words: str
) -> None:
    with pytest.raises(ZetascopeError, match=words) as raised:
        prepare_scaling_data(frame, target, **options)
    assert str(raised.value).count(". ") == 0
