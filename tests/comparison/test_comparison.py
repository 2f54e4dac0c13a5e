"""Two tables side by side: columns, values and rows, each change made on purpose and found again."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.comparison import compare_tables, propose_keys
from analytics.comparison.distributions import psi_of, spread_of
from analytics.errors import ZetascopeError
from analytics.tables import column_roles


def yesterday(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": np.arange(rows) * 3 + 7,
            "size": rng.normal(50, 5, rows),
            "kind": rng.choice(["a", "b", "c"], rows),
            "day": pd.date_range("2024-01-01", periods=rows, freq="h"),
            "client": [f"client {i}" for i in range(rows)],
            "count": rng.integers(0, 90, rows),
        }
    )


def today() -> pd.DataFrame:
    """Another order, 10 rows gone, one new, three cells changed, one by rounding only."""
    frame = yesterday().sample(frac=1, random_state=1).iloc[:390].reset_index(drop=True)
    frame.loc[0, "size"] += 1
    frame.loc[0, "kind"] = None
    frame.loc[5, "client"] = "someone else"
    frame.loc[9, "size"] *= 1 + 1e-13
    new = frame.iloc[[0]].assign(id=99_999)
    return pd.concat([frame, new], ignore_index=True)


def test_rows_are_found_again_by_their_key_down_to_the_cell() -> None:
    old, new = yesterday(), today()
    rows = compare_tables(old, new, key="id").rows
    assert rows is not None
    kept = set(new["id"]) & set(old["id"])
    assert rows.matched == len(kept) == 390
    assert rows.added.tolist() == [391]
    assert set(old["id"].iloc[rows.gone - 1]) == set(old["id"]) - kept
    assert (rows.changed_rows, rows.changed_cells, rows.close) == (2, 3, 1)
    listed = rows.cells.set_index("column")
    assert listed.loc["size", "difference"] == pytest.approx(1)
    assert (listed.loc["client", "row now"], listed.loc["client", "now"]) == (6, "someone else")
    before = int(listed.loc["client", "row before"])
    assert old["id"].iloc[before - 1] == new["id"].iloc[5]
    assert listed.loc["kind", "now"] == "" and listed.loc["kind", "before"] in "abc"
    assert rows.moved
    exact = compare_tables(old, new, key="id", tolerance=0).rows
    assert exact is not None and (exact.changed_cells, exact.close) == (4, 0)


def test_rows_without_a_range_index_keep_their_numbers_in_the_file() -> None:
    old, new = yesterday(), yesterday().iloc[10:20]
    rows = compare_tables(old, new.assign(count=lambda f: f["count"] + 1), key="id").rows
    assert rows is not None
    assert rows.cells["row now"].tolist() == rows.cells["row before"].tolist() == list(range(11, 21))
    assert len(rows.gone) == 390


def test_repeated_and_missing_keys_are_told_and_never_matched() -> None:
    old = yesterday(30)
    new = pd.concat([old, old.iloc[[3, 3]], old.iloc[[4]].assign(id=None)], ignore_index=True)
    found = compare_tables(old, new, key=["id"])
    rows = found.rows
    assert rows is not None
    assert (rows.matched, rows.repeated_now, rows.keyless_now, rows.changed_cells) == (29, 3, 1, 0)
    assert len(rows.gone) == len(rows.added) == 0
    assert rows.repeated_examples == ("16",) or rows.repeated_examples == ("16.0",)
    assert any("no key" in said for said in found.sentences())
    assert not propose_keys(old, new, roles=column_roles(new))


def test_a_key_of_another_type_still_finds_its_rows() -> None:
    old = yesterday(50)
    rows = compare_tables(old, old.assign(id=old["id"].astype(str)), key="id").rows
    assert rows is not None and rows.matched == 50 and rows.changed_cells == 0
    as_float = compare_tables(old, old.assign(id=old["id"].astype(float)), key="id").rows
    assert as_float is not None and as_float.matched == 50


def test_keys_that_look_otherwise_are_told_where_none_is_found() -> None:
    old = yesterday(20).assign(id=lambda f: f["id"].map("{:05}".format))
    found = compare_tables(old, yesterday(20), key="id")
    assert found.rows is not None and found.rows.matched == 0
    assert "look like 00007 before and 7 now" in " ".join(found.sentences())


def test_lists_and_days_beside_texts_are_compared_as_people_write_them() -> None:
    old = pd.DataFrame({"k": [1, 2], "held": [[1], [2]], "day": pd.to_datetime(["2024-01-01", "2024-01-02"])})
    new = pd.DataFrame({"k": [1, 2], "held": [[1], [3]], "day": ["2024-01-01", "soon"]})
    rows = compare_tables(old, new, key="k").rows
    assert rows is not None and rows.by_column.to_dict() == {"held": 1, "day": 1}


def test_columns_are_added_gone_renamed_and_of_another_type() -> None:
    old = yesterday()
    new = old.rename(columns={"client": "customer", "size": "Size "}).drop(columns="day")
    new["count"] = "n" + new["count"].astype(str)
    changes = compare_tables(old, new).columns
    assert changes.added == ("Size ", "customer") and changes.gone == ("size", "day", "client")
    assert {(one.before, one.now) for one in changes.renamed} == {("size", "Size "), ("client", "customer")}
    assert [one.column for one in changes.types] == ["count"]
    taken = compare_tables(old, new, key="id", renamed={"client": "customer"})
    assert "customer" in taken.columns.common and taken.columns.gone == ("size", "day")
    assert taken.rows is not None and taken.rows.by_column["customer"] == 0


def test_different_columns_do_not_look_renamed() -> None:
    rng = np.random.default_rng(2)
    old = pd.DataFrame({"id": range(200), "smoker": rng.random(200) < 0.5, "height": rng.normal(size=200)})
    new = pd.DataFrame({"id": range(200), "member": rng.random(200) < 0.5, "weight": rng.normal(size=200)})
    assert compare_tables(old, new).columns.renamed == ()


def test_values_that_moved_are_told_with_psi_and_ks() -> None:
    old, new = yesterday(), yesterday()
    new["size"] += 6
    new["kind"] = new["kind"].mask(new.index < 200, "d")
    new["day"] += pd.Timedelta(days=300)
    found = compare_tables(old, new)
    table = found.values.set_index("column")
    assert table["verdict"].to_dict() | {"count": "as before"} == table["verdict"].to_dict()
    assert set(table.index[table["verdict"] == "changed"]) == {"size", "kind", "day"}
    assert table.loc["size", "ks"] == pytest.approx(stats.ks_2samp(old["size"], new["size"]).statistic)
    assert table.loc["size", "p"] == pytest.approx(stats.ks_2samp(old["size"], new["size"]).pvalue)
    assert table.loc["day", "ks"] == pytest.approx(1)
    assert table.loc["size", "mean_now"] - table.loc["size", "mean_before"] == pytest.approx(6)
    assert table.loc["size", "psi_means"] == "large"
    levels = found.levels["kind"].set_index("level")
    assert levels.loc["d", "rows_before"] == 0 and levels.loc["d", "share_now"] == pytest.approx(0.5)
    assert any("value is new: 'd'" in said for said in found.sentences())
    assert any("the mean went up" in said for said in found.sentences())


def test_ties_leave_the_chance_of_a_difference_what_it_is() -> None:
    """Of two values, rows dealt out anew follow the hypergeometric law."""
    old, new = pd.Series([0.0] * 14 + [1.0] * 6), pd.Series([0.0] * 8 + [1.0] * 17)
    law = stats.hypergeom(45, 23, 25)
    ones = np.arange(26)
    expected = law.pmf(ones[np.abs(ones - law.mean()) >= abs(17 - law.mean()) - 1e-9]).sum()
    assert spread_of(old, new, kind="number").p == pytest.approx(expected, abs=4 * np.sqrt(expected / 4_999))


@pytest.mark.slow
def test_counts_and_rare_levels_of_one_law_are_called_different_as_seldom_as_said() -> None:
    rng, small, pairs = np.random.default_rng(3), np.zeros(2, dtype=int), 40
    for _ in range(pairs):
        counts = [pd.Series(rng.poisson(1.0, n).astype(float)) for n in (40, 60)]
        levels = [pd.Series(rng.integers(0, 30, n).astype(str)) for n in (40, 60)]
        found = spread_of(*counts, kind="number"), spread_of(*levels, kind="category")
        small += [one.p < 0.2 for one in found]
    assert (small <= stats.binom.ppf(0.999, pairs, 0.2)).all()
    assert (small >= stats.binom.ppf(0.001, pairs, 0.12)).all()  # ties: no p-value lies just below 0.2


def test_psi_is_the_sum_over_the_bins() -> None:
    before, now = np.array([50, 30, 20]), np.array([30, 30, 40])
    p, q = (before + 0.5) / 101.5, (now + 0.5) / 101.5
    psi, chance = psi_of(before, now)
    assert psi == pytest.approx(((q - p) * np.log(q / p)).sum())
    assert chance == pytest.approx(stats.chi2.ppf(0.95, 2) * 0.02)


def test_few_rows_are_too_few_to_judge_and_not_called_unchanged() -> None:
    rng = np.random.default_rng(3)
    old, new = (pd.DataFrame({"x": rng.normal(size=n)}) for n in (500, 12))
    found = compare_tables(old, new)
    assert found.values["verdict"].tolist() == ["too few rows to judge"]
    assert any("Too few rows" in said for said in found.sentences())


@pytest.mark.slow
@pytest.mark.parametrize(("before", "now"), [(100, 100), (1_000, 150), (60, 5_000)])
@pytest.mark.parametrize("kind", ["normal", "lognormal", "category"])
def test_files_of_one_law_seldom_pass_what_chance_explains(before: int, now: int, kind: str) -> None:
    rng = np.random.default_rng(before)

    def drawn(n: int) -> pd.Series:
        if kind == "category":
            return pd.Series(rng.choice(list("abcd"), n, p=[0.5, 0.3, 0.15, 0.05]))
        return pd.Series(getattr(rng, kind)(size=n))

    asked = "category" if kind == "category" else "number"
    found = [spread_of(drawn(before), drawn(now), kind=asked) for _ in range(200)]
    assert np.mean([one.psi > one.psi_chance for one in found]) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean([one.p < 0.05 for one in found]) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_equal_tables_have_no_change_and_json_holds_all() -> None:
    found = compare_tables(yesterday(), yesterday(), key="id")
    assert found.rows is not None and found.rows.changed_cells == 0 and not found.rows.moved
    assert set(found.values["verdict"]) == {"as before"}
    data = json.loads(json.dumps(compare_tables(yesterday(), today(), key="id").to_data(), allow_nan=False))
    assert data["rows"]["added"] == [391]
    assert [cell["column"] for cell in data["rows"]["cells"]].count("size") == 1


def test_keys_are_proposed_likeliest_first_and_pairs_where_no_single_one_is() -> None:
    old, new = yesterday(), today()
    assert propose_keys(old, new, roles=column_roles(new))[0].columns == ("id",)
    rows = [(shop, day, shop * day) for shop in range(4) for day in range(30)]
    sales = pd.DataFrame(rows, columns=["shop", "day", "sold"])
    pairs = propose_keys(sales, sales.iloc[:100], roles=column_roles(sales))
    assert ("shop", "day") in [one.columns for one in pairs] or ("day", "shop") in [
        one.columns for one in pairs
    ]


def test_a_row_that_stands_twice_leaves_its_column_a_key() -> None:
    new = yesterday(60)[["id", "size", "kind"]]
    old = pd.concat([new, new.iloc[[7]]], ignore_index=True)
    (found,) = propose_keys(old, new, roles=column_roles(new))
    assert (found.columns, found.shared, found.unmatched) == (("id",), 59, 2)
    assert found.sentence == "id: 2 rows repeat a value or have none and can't be matched, 59 rows in both."
    rows = compare_tables(old, new, key="id").rows
    assert rows is not None and rows.matched == 59
    often = old.assign(id=old["id"] // 30)
    assert not propose_keys(often, often, roles=column_roles(often))


def test_whole_numbers_beyond_floats_are_compared_exactly() -> None:
    old = pd.DataFrame({"k": ["a", "b"], "n": [2**60, 2**60]})
    new = pd.DataFrame({"k": ["a", "b"], "n": [2**60 + 1, 2**60]})
    rows = compare_tables(old, new, key="k", tolerance=0).rows
    assert rows is not None and rows.changed_cells == 1


@pytest.mark.parametrize("dtype", ["Int64", "float64[pyarrow]", "category", "string"])
def test_columns_of_every_flavour_are_compared(dtype: str) -> None:
    old = pd.DataFrame({"k": range(6), "x": pd.Series([1, 2, 3, 1, 2, 3]).astype(dtype)})
    new = old.copy()
    new["x"] = new["x"].where(new["k"] != 2)
    rows = compare_tables(old, new, key="k").rows
    assert rows is not None and rows.changed_cells == 1
    by_place = compare_tables(old, new.iloc[:5], key=[]).rows
    assert by_place is not None and by_place.gone.tolist() == [6]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: compare_tables(yesterday(), [1]), "no table"),  # type: ignore[arg-type]
        (lambda: compare_tables(yesterday(), yesterday(), key="absent"), "no column 'absent'"),
        (lambda: compare_tables(yesterday(), yesterday(), tolerance=2), "tolerance is 2"),
        (lambda: compare_tables(yesterday(), yesterday(), renamed={"id": "gone"}), "can't have become"),
    ],
)
def test_bad_input_is_told(call, said: str) -> None:
    with pytest.raises(ZetascopeError, match=said):
        call()


@pytest.mark.parametrize("rows", [0, 1])
def test_empty_tables_are_compared_too(rows: int) -> None:
    for old, new in ((yesterday(rows), yesterday()), (yesterday(), yesterday(rows)), (yesterday(0),) * 2):
        assert compare_tables(old, new, key="id").sentences()


@pytest.mark.slow
def test_many_columns_of_other_names_are_not_compared_pair_by_pair() -> None:
    old = pd.DataFrame([np.arange(900.0)] * 3, columns=[f"Old Name {i}" for i in range(900)])
    new = old.rename(columns=lambda name: name.lower().replace(" ", "_"))
    changes = compare_tables(old, new).columns
    assert [(one.before, one.now) for one in changes.renamed[:2]] == [
        ("Old Name 0", "old_name_0"),
        ("Old Name 1", "old_name_1"),
    ]
    assert len(changes.renamed) == 900


def test_values_that_end_in_a_full_stop_or_are_blank_stand_in_quotes() -> None:
    old = pd.DataFrame({"client": ["Neu & Co.", "Alt AG", "Alt AG", ""] * 5})
    new = pd.DataFrame({"client": ["Alt AG"] * 20})
    said = compare_tables(old, new).sentences()
    assert any("'Neu & Co.'" in one and "''" in one for one in said)
    assert not any(one.endswith("..") for one in said)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [1, 3, 10])
def test_tables_of_one_law_have_a_changed_column_once_in_twenty_at_most(columns: int) -> None:
    """Numbers and categories by turns; none is called changed, or drifted, more often."""
    rng, times, told = np.random.default_rng(columns), 30, 0
    for _ in range(times):
        found = compare_tables(*(_of_one_law(rng, rows, columns) for rows in (200, 20)))
        changed = (found.values["verdict"] == "changed").any()
        told += changed or any(" sd, from" in one for one in found.drift)
    assert told <= stats.binom.ppf(0.999, times, 0.05)


def _of_one_law(rng: np.random.Generator, rows: int, columns: int) -> pd.DataFrame:
    laws = (
        lambda: rng.standard_normal(rows),
        lambda: rng.choice(list("abcd"), rows, p=[0.7, 0.2, 0.07, 0.03]),
        lambda: rng.lognormal(0, 1.5, rows),
    )
    return pd.DataFrame({f"c{place}": laws[place % len(laws)]() for place in range(columns)})
