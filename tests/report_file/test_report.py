"""A report says what the package computes, on a page that cannot run anything from the file."""

import itertools
import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from analytics.figures.profile import column_picture
from analytics.numbers import find_outliers
from analytics.recipe import (
    Compare,
    Decide,
    Keep,
    LeaveOut,
    Measure,
    Recipe,
    Rename,
    SetMissing,
    SetType,
    Step,
    Summarise,
    Tidy,
)
from analytics.report_file import content, make_report, report_data, report_page
from analytics.report_file.content import METHODS
from analytics.tables import ReadOptions, Table, profile_table, read_table

HOSTILE = "<script>alert(1)</script>"
SOLD = (
    "shop;price;day;note\n"
    + "\n".join(
        f"{'Rome' if n % 3 else ' Oslo '};{n % 7},5;2024-01-{n % 27 + 1:02};{HOSTILE if n == 4 else 'ok'}"
        for n in range(60)
    )
    + "\nRome;9999,5;2024-02-01;\u202eodd\n"
).encode()
RECIPE = Recipe(
    ReadOptions(delimiter=";"),
    (Tidy("shop"), SetMissing("note", ("ok",)), SetType("gone", "text"), Decide((3,), "drop")),
)


def table() -> Table:
    return read_table(SOLD, name=f"{HOSTILE}.csv", options=RECIPE.read)


class _Page(HTMLParser):
    """Elements of a page: is each closed, in its order, and which there are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("rect",), tag  # HTML does not close other elements so
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_tells_every_part_and_runs_nothing() -> None:
    report = make_report(table(), RECIPE)
    text = report_page(report)
    page = _Page(text)
    tags = {tag for tag, _ in page.found}
    assert not tags & {"script", "img", "link", "iframe", "object"}
    assert not re.search(r"(src|href)='?\"?(https?:)?//", text)
    assert "default-src 'none'" in text
    assert "\u202e" not in text
    said = " ".join(page.texts)
    for account in report.account:
        assert account.sentence() in said
    for one in [*report.suggestions[:200], *report.unusual.rows]:
        assert one.sentence.replace("\u202e", "\ufffd")[:100] in said
    for name in report.table.frame.columns:
        assert name in page.texts
    assert "Drop rows by number (3): 61 rows became 60." in said
    assert HOSTILE in said and HOSTILE not in text
    assert report.as_read.sha256 in said


def test_headings_go_down_one_by_one_and_pictures_have_words() -> None:
    page = _Page(report_page(make_report(table(), RECIPE)))
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    pictures = [attributes for tag, attributes in page.found if tag == "svg"]
    assert len(pictures) == 3  # not of notes, which are all different
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    links = [one["href"] for tag, one in page.found if tag == "a"]
    assert {f"#{one['id']}" for tag, one in page.found if tag == "h2"} == set(links)


def test_figures_are_those_of_the_package() -> None:
    report = make_report(table(), RECIPE)
    frame = RECIPE.apply(table()).frame
    price = frame["price"].astype("float64")
    (score,) = report.scores
    assert score.highest == pytest.approx((price.max() - price.mean()) / price.std())
    assert score.far == int(((price - price.mean()).abs() > 3 * price.std()).sum()) == 1
    found = find_outliers(frame, methods=METHODS, columns=["price"])
    assert report.unusual.flagged == len(found.flagged_rows()) > 0
    assert report.unusual.rows[0].number == 61
    assert report.unusual.rows[0].line == 62


def test_a_part_of_many_rows_is_searched_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "SEARCHED", 40)
    unusual = make_report(table(), RECIPE).unusual
    assert unusual.notes[0] == "Searched are 40 rows of 60, drawn at random with seed 0."
    frame = RECIPE.apply(table()).frame
    for one in unusual.rows:
        assert frame.loc[one.number - 1, "price"] in (9999.5, 6.5, 0.5) and one.line == one.number + 1


def test_json_is_plain_and_holds_the_same() -> None:
    report = make_report(table(), RECIPE)
    data = json.loads(json.dumps(report_data(report), allow_nan=False, default=str))
    assert [one["sentence"] for one in data["account"]] == [one.sentence() for one in report.account]
    assert [one["decision"] for one in data["account"]] == [False, False, False, True]
    assert Recipe.from_json(json.dumps(data["recipe"])) == RECIPE
    assert data["rows"] == 60 and data["rows_as_read"] == 61
    assert sum(data["columns"][1]["histogram"]["counts"]) == 60
    assert data["unusual"]["flagged"] == report.unusual.flagged


@pytest.mark.parametrize(
    "data",
    [
        b"a\n",
        b"a,b\n,\n,\n",
        b"a\n1\n",
        b"x,y\n1,1\n1,1\n1,1\n",
        b"t\n2024-01-01\n",
        b"a\ninf\n-inf\n1\n2\n3\n",
    ],
)
def test_tables_with_little_in_them_have_a_report(data: bytes) -> None:
    report = make_report(read_table(data))
    _Page(report_page(report))
    json.dumps(report_data(report), allow_nan=False, default=str)


@pytest.mark.parametrize(
    "steps",
    [
        (Keep(Compare("price", ">", 1e9)),),
        (LeaveOut(("shop", "price", "day", "note")),),
        (Summarise(("shop",), (Measure("mean", "price"),)),),
        (SetType("price", "text"), Rename("shop", "a\"'\n<b>")),
        (SetMissing("price", tuple(n + 0.5 for n in range(7))),),
    ],
)
def test_any_recipe_has_a_report(steps: tuple[Step, ...]) -> None:
    report = make_report(table(), Recipe(RECIPE.read, steps))
    _Page(report_page(report))
    json.dumps(report_data(report), allow_nan=False, default=str)
    assert all(not one.problem for one in report.account)


def test_relations_are_rank_correlations_of_rows_that_have_both() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.normal(size=300), "c": rng.normal(size=300)})
    frame["b"] = np.exp(frame["a"])
    frame.loc[:9, "b"] = np.nan
    report = make_report(read_table(frame.to_csv(index=False).encode()))
    closest = report.relations.pairs[0]
    assert {closest.first, closest.second} == {"a", "b"}
    assert closest.value == pytest.approx(1) and closest.n == 290
    assert report.relations.sentences[0] in " ".join(_Page(report_page(report)).texts)


def test_a_picture_draws_the_counts() -> None:
    column = profile_table(pd.DataFrame({"x": [1, 1, 1, 2]})).columns["x"]
    drawn = column_picture(column)
    heights = [float(one) for one in re.findall(r"<rect [^>]*height='([\d.]+)'", drawn)]
    assert heights == [72, 24]
    words = profile_table(pd.DataFrame({"w": ["a<b", "a<b", "c"]})).columns["w"]
    assert "a&lt;b" in column_picture(words) and "a<b" not in column_picture(words)
