"""Models load beside the page, which says so; a load that failed is tried again."""

import importlib
import sys
import threading
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.server import loading
from analytics.errors import ZetascopeError

LIMIT = 120.0
"""Seconds after which something that is waited for will never come; nothing here takes one."""


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


@pytest.mark.slow
def test_a_page_does_not_wait_for_its_model_and_draws_it_later() -> None:
    begun, release = [], threading.Event()

    def load() -> None:
        begun.append("once")
        release.wait(LIMIT)

    at = AppTest.from_function(page, args=(load,), default_timeout=LIMIT).run()
    assert at.title[0].value == "A page"
    assert "loading" in at.info[0].value
    release.set()
    deadline = time.monotonic() + LIMIT
    while at.info and time.monotonic() < deadline:
        at.run()
    assert at.markdown[-1].value == "the model is there"
    assert begun == ["once"]


def test_a_failure_is_told_and_the_next_run_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE", LIMIT)
    begun = []

    def load() -> None:
        begun.append("once more")
        if len(begun) == 1:
            raise ZetascopeError("The Hub is out of reach")

    at = AppTest.from_function(page, args=(load,), default_timeout=LIMIT).run()
    assert at.error[0].value == "The Hub is out of reach"
    at.run()
    assert not at.error
    assert at.markdown[-1].value == "the model is there"


@pytest.mark.slow
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

    at = AppTest.from_function(waiting_page, default_timeout=LIMIT).run()
    assert "loading" in at.info[0].value
    deadline = time.monotonic() + LIMIT
    while at.info and time.monotonic() < deadline:
        at.run()
    assert at.markdown[-1].value == "imported: True"


@pytest.mark.slow
def test_imports_exclude_each_other_and_a_slow_model_holds_none_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    names = ("one_import", "other_import")
    for name in names:
        code = "import time\nBEGIN = time.monotonic()\ntime.sleep(0.2)\nEND = time.monotonic()\n"
        (tmp_path / f"{name}.py").write_text(code)
    downloaded = threading.Event()
    threads = [threading.Thread(target=loading.import_now, args=(name,)) for name in names]
    download = threading.Thread(target=loading.load_now, args=("of the Hub", lambda: downloaded.wait(LIMIT)))
    for thread in (download, *threads):
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert download.is_alive()
    one, other = sorted((sys.modules[name] for name in names), key=lambda module: module.BEGIN)
    assert other.BEGIN >= one.END
    downloaded.set()
    download.join(LIMIT)
    assert not download.is_alive()


def test_what_a_half_imported_module_lacks_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, go_on = threading.Event(), threading.Event()
    (tmp_path / "slowly_there.py").write_text(
        "import threading\nstarted, go_on = threading.zetascope\nstarted.set()\ngo_on.wait()\nTensor = 1\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(threading, "zetascope", (started, go_on), raising=False)
    beside = threading.Thread(target=importlib.import_module, args=("slowly_there",))
    beside.start()
    started.wait()
    with pytest.raises(AttributeError) as half:
        _ = sys.modules["slowly_there"].Tensor
    go_on.set()
    assert loading.is_whole_now(half.value)
    beside.join()
    with pytest.raises(AttributeError) as absent:
        _ = sys.modules["slowly_there"].Nothing
    assert not loading.is_whole_now(absent.value)
    assert not loading.is_whole_now(AttributeError("of no module"))
