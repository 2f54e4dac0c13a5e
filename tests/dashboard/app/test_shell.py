"""The frame around every page: what a run leaves is given back, in place of Streamlit's own search."""

import tomllib

import pytest

from analytics.dashboard.app import shell
from tests.conftest import ROOT


@pytest.mark.slow
def test_each_whole_run_gives_back_what_it_leaves(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(shell, "give_back_soon", lambda: asked.append("after a run"))
    open_page("data").run()
    assert len(asked) == 2


def test_a_run_that_fails_gives_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(shell, "give_back_soon", lambda: asked.append("after a run"))
    with pytest.raises(ZeroDivisionError), shell._whole_run():
        raise ZeroDivisionError
    assert asked


def test_streamlit_does_not_search_all_objects_after_every_look_at_a_job() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False
