"""The page on returns: what is wrong with the prices first, then assets on one scale."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]
SHILLER = ROOT / "tests" / "numbers" / "returns" / "shiller.csv"
VIEWS = ("Prices", "Drawdowns", "Volatility", "Volatility over time", "Tails", "Correlations", "Sums")


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


def test_placeholder_zeros_of_the_shiller_file_are_told(open_page) -> None:
    at = opened_with(open_page, SHILLER.read_bytes())
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
    assert "44.86 on 2005-02-28 (about 1/2)" in text_of(at)
    at.selectbox(key="returns_kind").select("simple").run()
    at.multiselect(key="returns_assets").set_value(["IBM"]).run()
    assert not at.exception and not at.error


@pytest.mark.slow
def test_the_script_on_the_page_repeats_the_summary(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page("returns", data="Stocks")
    monkeypatch.chdir(ROOT / "sample_data")
    namespace: dict[str, object] = {}
    exec(compile(at.code[0].value, "script", "exec"), namespace)
    shown = at.dataframe[0].value.set_index("asset")
    np.testing.assert_allclose(100 * namespace["study"].summary["volatility"], shown["volatility a year"])


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
        (prices(b=np.nan), "a moves most"),
        (prices(b=0.0), "60 zeros"),
        (prices(b=5.0), "stands still"),
        (b"day,a\n2024-01-01,-1\n2024-01-02,-2\n2024-01-03,-3\n", "No series has at least three positive"),
        (
            b"day,a\n" + b"2024-01-01,1.5\n2024-01-01,2.5\n" * 3 + b"2024-01-02,2\n2024-01-03,3\n",
            "repeat a date",
        ),
    ],
)
def test_bad_prices_are_told_and_the_page_goes_on(open_page, content: bytes, words: str) -> None:
    assert words in text_of(opened_with(open_page, content))


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
