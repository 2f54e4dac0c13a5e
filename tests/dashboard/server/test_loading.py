"""Models load beside the page, which says so; a load that failed is tried again."""

import sys
import threading
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.server import loading
from analytics.errors import ZetascopeError


@pytest.fixture(autouse=True)
def fresh() -> None:
    loading._load_of.clear()


def page(load) -> None:
    import streamlit as st

    from analytics.dashboard.parts.widgets import errors_told
    from analytics.dashboard.server.loading import is_loaded

    st.title("A page")
    with errors_told():
        if is_loaded("a model", load):
            st.write("the model is there")


def test_a_page_does_not_wait_for_its_model_and_draws_it_later() -> None:
    begun, release = [], threading.Event()

    def load() -> None:
        begun.append("once")
        release.wait(20)

    at = AppTest.from_function(page, args=(load,)).run()
    assert at.title[0].value == "A page"
    assert "loading" in at.info[0].value
    release.set()
    deadline = time.monotonic() + 20
    while at.info and time.monotonic() < deadline:
        at.run()
    assert at.markdown[-1].value == "the model is there"
    assert begun == ["once"]


def test_a_failure_is_told_and_the_next_run_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 20.0)
    begun = []

    def load() -> None:
        begun.append("once more")
        if len(begun) == 1:
            raise ZetascopeError("The Hub is out of reach")

    at = AppTest.from_function(page, args=(load,)).run()
    assert at.error[0].value == "The Hub is out of reach"
    at.run()
    assert not at.error
    assert at.markdown[-1].value == "the model is there"


def test_a_module_counts_as_imported_at_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 0.05)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.5)\nDONE = True\n")

    def waiting_page() -> None:
        import streamlit as st

        from analytics.dashboard.server.loading import is_imported

        if is_imported("slow_to_import"):
            from slow_to_import import DONE

            st.write(f"imported: {DONE}")

    at = AppTest.from_function(waiting_page).run()
    assert "loading" in at.info[0].value
    deadline = time.monotonic() + 20
    while at.info and time.monotonic() < deadline:
        at.run()
    assert at.markdown[-1].value == "imported: True"


def test_imports_exclude_each_other_and_a_slow_model_holds_none_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "first_import.py").write_text("import time\ntime.sleep(0.3)\nEND = time.monotonic()\n")
    (tmp_path / "second_import.py").write_text("import time\nBEGIN = time.monotonic()\n")
    downloaded = threading.Event()
    names = ("first_import", "second_import")
    threads = [threading.Thread(target=loading.import_now, args=(name,)) for name in names]
    download = threading.Thread(target=loading.load_now, args=("of the Hub", lambda: downloaded.wait(20)))
    for thread in (download, *threads):
        thread.start()
        time.sleep(0.1)
    for thread in threads:
        thread.join(10)
    assert download.is_alive()
    assert sys.modules["second_import"].BEGIN >= sys.modules["first_import"].END
    downloaded.set()
    download.join(10)
    assert not download.is_alive()
