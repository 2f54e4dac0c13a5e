"""The page on returns: what is wrong with the prices first, then assets on one scale."""

import datetime as dt
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.project import Project, save_project
from analytics.recipe import Recipe

ROOT = Path(__file__).parents[3]
SHILLER = ROOT / "tests" / "numbers" / "returns" / "shiller.csv"
VIEWS = (
    "Prices",
    "Drawdowns",
    "Volatility",
    "Volatility over time",
    "Tails",
    "Correlations",
    "Correlation over time",
    "Calendar",
    "Sums",
)


def opened_with(open_page, content: bytes):
    at = open_page("data")
    at.file_uploader[0].upload("prices.csv", content, "text/csv").run()
    at.switch_page("pages/returns.py").run()
    assert not at.exception
    return at


def text_of(at) -> str:
    parts = [*at.markdown, *at.subheader, *at.caption, *at.info, *at.error]
    return " ".join(part.value for part in parts).replace("\\", "")


def prices(n: int = 60, **columns: object) -> bytes:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=n, freq="B").strftime("%Y-%m-%d")})
    frame["a"] = (100 * np.exp(rng.normal(0, 0.01, n).cumsum())).round(2)
    return frame.assign(**columns).to_csv(index=False).encode()


@pytest.mark.slow
def test_placeholder_zeros_of_the_shiller_file_are_told(open_page) -> None:
    at = opened_with(open_page, SHILLER.read_bytes())
    assert at.multiselect(key="returns_prices").value == ["SP500"]
    assert "Dividend: is what is paid to holders" in text_of(at)
    at.multiselect(key="returns_prices").set_value(["SP500", "Dividend", "PE10"]).run()
    text = text_of(at)
    assert "36 zeros in an otherwise positive series" in text
    assert "153 zeros in an otherwise positive series" in text
    assert at.expander[0].label.startswith("Check first: placeholder zeros (2)")
    assert "months seen" in text
    for view in VIEWS:
        at.segmented_control(key="returns_view").set_value(view).run()
        assert not at.exception and len(at.get("plotly_chart")) == 1, view
    at.segmented_control(key="returns_view").set_value("Volatility").run()
    assert "understates their volatility" in text_of(at)
    at.segmented_control(key="returns_view").set_value("Volatility over time").run()
    assert "the last 12 returns up to each date, times √12 (12 months a year)" in text_of(at)


@pytest.mark.slow
def test_roles_chosen_on_the_data_page_say_where_dates_and_prices_are(open_page) -> None:
    days = pd.date_range("2020-01-01", periods=60, freq="D").strftime("%Y-%m-%d")
    at = opened_with(open_page, prices(settled=days, volume=np.arange(60) + 100.5))
    assert at.selectbox(key="returns_date").value == "day"
    assert at.multiselect(key="returns_prices").options == ["a", "volume"]
    assert at.multiselect(key="returns_prices").value == ["a"]
    assert "volume: its name says that it counts shares or trades" in text_of(at)
    name = at.selectbox(key="data").value
    (key,) = [
        dataset.key for title, dataset in at.session_state["zetascope_uploads"].items() if title == name
    ]
    chosen = {"day": "text", "volume": "number", "a": "category"}
    at.session_state["zetascope_roles"] = {key: chosen}
    at.run()
    assert not at.exception and not at.error
    assert at.selectbox(key="returns_date").options == ["settled"]
    assert at.multiselect(key="returns_prices").options == ["volume"]
    at.session_state["zetascope_roles"] = {key: {"day": "text", "settled": "category"}}
    at.run()
    assert "No column reads as dates" in text_of(at)


@pytest.mark.slow
def test_the_stock_sample_in_every_scale(open_page) -> None:
    at = open_page("returns", data="Stocks")
    assert "FB moves most" in text_of(at)
    for scale, words in (
        ("past window", "60 days before"),
        ("past volatility", "halves every"),
        ("full sample", ""),
    ):
        at.selectbox(key="returns_scale").select(scale).run()
        assert not at.exception and not at.error
        assert words in text_of(at) or "every 20 days" in text_of(at)
    at.selectbox(key="returns_price").select("close").run()
    assert "88.99 to 44.86 on 2005-02-28, about 1:2" in text_of(at)
    at.selectbox(key="returns_kind").select("log").run()
    at.multiselect(key="returns_assets").set_value(["IBM"]).run()
    assert not at.exception and not at.error


@pytest.mark.slow
def test_the_script_on_the_page_repeats_the_summary(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page("returns", data="Stocks")
    monkeypatch.chdir(ROOT / "sample_data")
    namespace: dict[str, object] = {}
    exec(compile(at.code[0].value, "script", "exec"), namespace)
    shown = at.dataframe[0].value.set_index("asset")
    np.testing.assert_allclose(
        100 * namespace["study"].summary["volatility"], shown["volatility a year (simple)"]
    )


@pytest.mark.slow
def test_a_table_without_dates_says_so_and_offers_prices(open_page) -> None:
    at = open_page("returns")
    assert "No column reads as dates" in text_of(at)
    at.button(key="returns_open_stocks").click().run()
    assert not at.exception and "moves most" in text_of(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (prices(2), "Only 2 dates"),
        (prices(b=-1.5), "Without returns: b"),
        (prices(b=np.nan), "a moves by"),
        (prices(b=0.0), "60 zeros"),
        (prices(b=5.0), "stands still"),
        (b"day,a\n2024-01-01,-1\n2024-01-02,-2\n2024-01-03,-3\n", "No series has at least three positive"),
        (
            b"day,a\n" + b"2024-01-01,1.5\n2024-01-01,2.5\n" * 3 + b"2024-01-02,2\n2024-01-03,3\n",
            "choose the column that names the asset under Prices",
        ),
    ],
)
def test_bad_prices_are_told_and_the_page_goes_on(open_page, content: bytes, words: str) -> None:
    assert words in text_of(opened_with(open_page, content))


@pytest.mark.slow
def test_that_rows_of_a_date_were_passed_over_is_told_outside_a_folded_list(open_page) -> None:
    still = prices(**{f"still {i}": 5.0 for i in range(9)})
    content = still + still.splitlines(keepends=True)[-1]
    captions = " ".join(one.value for one in opened_with(open_page, content).caption).replace("\\", "")
    assert "1 row repeats a date; the last row of each date counts." in captions


@pytest.mark.slow
def test_assets_beyond_the_first_dozen_are_listed_as_left_out(open_page) -> None:
    extra = {f"asset {i}": np.linspace(5, 9 + i, 60) for i in range(14)}
    at = opened_with(open_page, prices(**extra))
    assert len(at.multiselect(key="returns_prices").value) == 12
    left = [line for line in text_of(at).split("\n") if "only the first 12 of 15 are shown at first" in line]
    assert len(left) == 3 and "asset 13" in left[-1]
    at.multiselect(key="returns_prices").set_value(
        [*at.multiselect(key="returns_prices").value, "asset 13"]
    ).run()
    assert "asset 13: only" not in text_of(at)


def split_file() -> bytes:
    frame = pd.read_csv(io.BytesIO(prices(300)))
    frame["b"] = (200 * np.exp(np.random.default_rng(1).normal(0, 0.008, 300).cumsum())).round(2)
    frame.loc[150:, "a"] = (frame.loc[150:, "a"] / 4).round(3)
    return frame.to_csv(index=False).encode()


def headline(at) -> str:
    return at.subheader[0].value.replace("\\", "")


def decision(at):
    return next(one for one in at.segmented_control if (one.key or "").startswith("returns_decide_"))


@pytest.mark.slow
def test_a_split_is_decided_undone_and_kept_for_its_file(open_page) -> None:
    at = opened_with(open_page, split_file())
    assert headline(at).startswith("With the 1:4 split of a on 2024-07-29 taken as a split, ")
    assert "As a fall, a moves most" in text_of(at)
    assert "all figures are as the file has them" in text_of(at)
    table = at.dataframe[0].value
    as_a_fall = table["volatility a year (simple)"].max()

    decision(at).set_value("a split").run()
    assert not at.exception and headline(at).startswith("a moves most")
    assert at.dataframe[0].value["volatility a year (simple)"].max() < as_a_fall / 3
    assert "As decided: 1 taken as a split" in text_of(at)
    assert 'Decision("split", "split", "a"' in at.code[0].value or "action=" in at.code[0].value

    at.button(key="returns_undo").click().run()
    assert headline(at).startswith("With the 1:4 split") and decision(at).value is None
    at.button(key="returns_redo").click().run()
    assert decision(at).value == "a split"
    at.switch_page("pages/data.py").run()
    at.switch_page("pages/returns.py").run()
    assert decision(at).value == "a split" and headline(at).startswith("a moves most")
    ((noted,),) = [tuple(notes.values()) for notes in at.session_state["zetascope_page_notes"].values()]
    at.selectbox(key="data").select("stocks").run()
    assert "As decided" not in text_of(at)

    choices = {"returns": {"returns_decided": (*noted, "no decision")}}
    project = save_project(Project("prices.csv", split_file(), Recipe(), choices=choices))
    at = open_page("data")
    at.file_uploader[0].upload("day.zeta", project, "application/zip").run()
    at.switch_page("pages/returns.py").run()
    assert not at.exception and decision(at).value == "a split"


@pytest.mark.slow
def test_all_is_decided_at_once_and_a_ratio_by_hand(open_page) -> None:
    at = opened_with(open_page, split_file())
    at.button(key="returns_refuse_all").click().run()
    assert decision(at).value == "a fall" and "As decided: 1 taken as a real move" in text_of(at)
    at.button(key="returns_undo").click().run()
    at.button(key="returns_take_all").click().run()
    assert decision(at).value == "a split"
    at.text_input(key="returns_hand_date").set_value("2024-07-29").run()
    at.number_input(key="returns_hand_value").set_value(3.9).run()
    at.button(key="returns_hand_set").click().run()
    assert not at.exception and "By hand: a, 2024-07-29: 1:3.9 split" in text_of(at)
    at.text_input(key="returns_hand_date").set_value("2024-07-28").run()
    assert "a has no value on 2024-07-28" in text_of(at) and at.button(key="returns_hand_set").disabled


@pytest.mark.slow
def test_one_kind_of_returns_is_named_in_every_header(open_page) -> None:
    at = opened_with(open_page, split_file())
    for kind, mark in (("simple", "(simple)"), ("log", "(log)"), ("differences", "(difference)")):
        at.selectbox(key="returns_kind").select(kind).run()
        at.selectbox(key="returns_benchmark").select("b").run()
        assert not at.exception and not at.error
        headers = [str(name) for table in at.dataframe for name in table.value.columns]
        marks = {"(simple)", "(log)", "(difference)"} - {mark}
        assert not [name for name in headers if any(other in name for other in marks)]
        assert sum(mark in name for name in headers) >= 12
    at.date_input(key="returns_from").set_value(dt.date(2024, 8, 1)).run()
    assert "2024-07" not in headline(at)


@pytest.mark.slow
def test_what_is_no_price_is_said_and_differences_are_a_click_away(open_page) -> None:
    rng = np.random.default_rng(0)
    hours = pd.date_range("2024-05-01", periods=240, freq="h").delete(range(100, 109))
    frame = pd.DataFrame({"time": hours, "temperature °C": (15 + rng.normal(0, 1, 231)).round(1)})
    at = opened_with(open_page, frame.to_csv(index=False).encode())
    assert headline(at).startswith("temperature °C is a measurement, as ")
    assert "10 hours without values" in text_of(at)
    at.button(key="returns_take_differences").click().run()
    assert at.selectbox(key="returns_kind").value == "differences"
    assert headline(at).startswith("Differences of temperature °C: ")
    assert "best (difference)" in at.dataframe[0].value.columns
