"""The colours of Streamlit's theme and of the figures are the same."""

import tomllib
from pathlib import Path

import pytest

from analytics.figures import theme

ROOT = Path(__file__).parents[2]


def configured() -> dict[str, object]:
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]


@pytest.mark.parametrize(
    ("option", "colours"),
    [
        ("chartCategoricalColors", theme.CATEGORICAL),
        ("chartSequentialColors", theme.SEQUENTIAL),
        ("chartDivergingColors", theme.DIVERGING),
    ],
)
def test_streamlit_and_plotly_share_colours(option: str, colours: tuple[str, ...]) -> None:
    assert tuple(configured()[option]) == colours


def test_no_font_comes_from_the_network() -> None:
    fonts = [value for key, value in configured().items() if "font" in key.lower() and isinstance(value, str)]
    assert fonts
    assert not any("http" in font for font in fonts)


@pytest.mark.parametrize("hostile", ["<b>bold</b>", "a<script>alert(1)</script>", "x & <a href='y'>z</a>"])
def test_labels_carry_no_markup(hostile: str) -> None:
    assert "<" not in theme.label(hostile)


def test_long_labels_are_cut() -> None:
    assert len(theme.label("x" * 500)) == 60


def test_long_titles_take_two_lines_which_stay_harmless() -> None:
    title = theme.base_figure(x_title="Share of <b>the first</b> principal component").layout.xaxis.title.text
    assert title == "Share of &lt;b&gt;the first&lt;/b&gt;<br>principal component"
    assert theme.base_figure(x_title="Score of temp").layout.xaxis.title.text == "Score of temp"


def test_a_long_title_keeps_clear_of_the_numbers_above_it() -> None:
    assert theme.base_figure(x_title="Different texts with this label").layout.xaxis.title.standoff > 0


def test_the_accent_is_lighter_on_a_dark_ground_and_plain_elsewhere() -> None:
    plain, lighter = theme.ACCENT_FILL.rstrip(";").split("; ")
    assert plain == f"fill: {theme.ACCENT}"
    assert lighter.startswith(f"fill: light-dark({theme.ACCENT}, ")
