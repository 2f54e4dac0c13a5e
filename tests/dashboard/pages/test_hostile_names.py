"""Names and cells that would be live in Markdown, on pages that say them in many sentences."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

MARKS = (
    ":red[Q]",
    "[Q](http://q.example)",
    "**Q**",
    "<b>Q</b>",
    "`Q`",
    "$Q$",
    "![Q](q.png)",
    ":streamlit:Q",
    "a -> Q",
)
TURNED = "\u202eQ"
LIVE = re.compile(
    r"""(?<!\\):red\[Q|(?<!\\)\[Q\]\((?!\\)|(?<!\\)\*\*Q|<b>Q|(?<!\\)`Q(?!\\)|(?<!\\)\$Q|(?<!\\):streamlit:|\u202eQ""",
    re.VERBOSE,
)


def file(cell: str) -> bytes:
    head = ",".join(f'"{name}"' for name in ("key", *MARKS, TURNED))
    words = [f'"{mark}"' for mark in (*MARKS, TURNED)]
    rows = []
    for i in range(80):
        numbers, places = [str((i * 37 + j) % 101) for j in range(len(words))], range(len(words))
        told = [words[(i * 7 + j) % len(words)] if j % 2 else numbers[j] for j in places]
        rows.append(f"{i},{','.join(told)}")
    return "\n".join([head, *rows]).replace("Q", f"Q{cell}").encode()


def texts(node: Any) -> Iterator[tuple[str, str]]:
    """All texts of a page that its browser reads as Markdown; tables and charts have cells of their own."""
    for element in node:
        proto = element.proto
        for field in ("body", "label", "help", "placeholder", "caption"):
            said = getattr(proto, field, "")
            if isinstance(said, str):
                yield f"{element.type} {field}", said
        options = getattr(proto, "options", ())
        if element.type in ("radio", "segmented_control", "pills", "button_group", "checkbox"):
            for option in options:
                yield f"{element.type} option", str(getattr(option, "content", option))


def live(at: Any) -> list[tuple[str, str]]:
    return [(where, said[:200]) for where, said in texts(at.main) if LIVE.search(said)]


@pytest.mark.parametrize("page", ["data", "relations", "changes"])
def test_no_name_and_no_cell_is_live(open_page: Any, page: str) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("x :red[Q] [Q](http://q.example) \u202eQ.csv", file("1"), "text/csv").run()
    assert not at.exception
    if page == "changes":
        at.switch_page("pages/changes.py").run()
        at.file_uploader[0].upload("**Q** <b>Q.csv", file("2").replace(b"17,", b"18,"), "text/csv")
        at.run()
    elif page != "data":
        at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    assert live(at) == []
    assert any("Q" in said for _, said in texts(at.main))


def prices() -> bytes:
    """Every second asset rests at weekends, so that each has a calendar of its own, and the page says so."""
    names = (*MARKS[:4], TURNED)
    head = ",".join(["date", *(f'"{name}"' for name in names)])
    rows = []
    for day in range(60):
        date = np.datetime64("2024-01-01") + day
        traded = [str(100 + (day * (7 + j)) % 13) if day % 7 < 5 or j % 2 else "" for j in range(len(names))]
        rows.append(f"{date},{','.join(traded)}")
    return "\n".join([head, *rows]).replace("Q", "Q1").encode()


def test_no_asset_is_live(open_page: Any) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("prices.csv", prices(), "text/csv").run()
    at.switch_page("pages/returns.py").run()
    assert not at.exception
    assert live(at) == []
    assert any("each asset's own calendar" in said and "Q1" in said for _, said in texts(at.main))


def test_what_is_live_would_be_noticed() -> None:
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_string("import streamlit as st\nst.caption(':red[Q1]')\nst.checkbox('**Q1**')").run()
    assert len(live(at)) == 2
