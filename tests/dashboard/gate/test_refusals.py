"""A refused upload has its session's page say why, once."""

from types import SimpleNamespace

import pytest

from analytics.dashboard.gate import refusals


def session(name: str) -> SimpleNamespace:
    asked: list[object] = []
    return SimpleNamespace(id=name, _client_state="as it was", asked=asked, request_rerun=asked.append)


def test_a_page_says_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = session("one"), session("other")
    refusals.tell(one, "Too large.")
    assert one.asked == ["as it was"]
    monkeypatch.setattr(refusals, "get_script_run_ctx", lambda: SimpleNamespace(session_id=other.id))
    assert refusals.told() == ""
    monkeypatch.setattr(refusals, "get_script_run_ctx", lambda: SimpleNamespace(session_id=one.id))
    assert [refusals.told(), refusals.told()] == ["Too large.", ""]


def test_sessions_that_never_come_back_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1100):
        refusals.tell(session(f"s{number}"), "Too large.")
    assert len(refusals._waiting) <= 1000
    monkeypatch.setattr(refusals, "get_script_run_ctx", lambda: SimpleNamespace(session_id="s1099"))
    assert refusals.told() == "Too large."
    refusals._waiting.clear()
