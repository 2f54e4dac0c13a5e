"""What a browser says it kept is a stranger's: only what can be what it was given is taken."""

from typing import Any

import pytest

from analytics.dashboard.parts.browser_memory import Found, _checked
from analytics.project.memory import LARGEST

SHA, OTHER = "a" * 64, "b" * 64


def entry(**changes: Any) -> dict[str, Any]:
    return {"sha": SHA, "name": "a.csv", "text": "{}", "at": 1} | changes


def test_what_was_kept_is_taken() -> None:
    kept = {"open": SHA, "entries": [entry(), entry(sha=OTHER, name="b.csv")]}
    assert _checked(kept) == Found({SHA: "{}", OTHER: "{}"}, {SHA: "a.csv", OTHER: "b.csv"}, SHA)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "text",
        [],
        {},
        {"entries": "text"},
        {"entries": {"sha": SHA}},
        {"open": SHA, "entries": []},
        {"open": [SHA], "entries": [1, None, [], "x"]},
        {
            "open": {},
            "entries": [entry(sha=1), entry(sha="../etc"), entry(sha=SHA.upper()), entry(sha=SHA + "\n")],
        },
        {"open": SHA, "entries": [entry(name=""), entry(name="x" * 300), entry(name=None)]},
        {"open": SHA, "entries": [entry(text=None), entry(text={}), entry(text="x" * (LARGEST + 1))]},
    ],
)
def test_anything_else_is_left_out(kept: Any) -> None:
    assert _checked(kept) == Found({}, {})


def test_no_more_are_looked_at_than_are_kept() -> None:
    many = [entry(sha=f"{n:064x}") for n in range(1_000)]
    assert len(_checked({"entries": many}).texts) == 10
