"""The one guard: owner/name on the Hub passes, and nothing that could be a path of this machine."""

from pathlib import Path

import pytest

from analytics.hub import HubError, checked_name, checked_revision, is_name
from analytics.hub.names import is_safe_path

PATHS = (
    *("/etc", "/etc/passwd", "etc/", "../etc", "a/..", "../..", "a/../b", "./a", "a/.", "~/a", "~root/a"),
    *(
        "\\\\host\\share",
        "//host/share",
        "a\\b",
        "C:",
        "C:/a",
        "C:\\a",
        "file:///etc",
        "file:a/b",
        "hf://a/b",
    ),
    *(
        "https://host/a",
        "a%2Fb/c",
        "%2e%2e/a",
        "..%2fa/b",
        "a/b\x00",
        "\x00/a",
        "a/b\n",
        "a\n/b",
        "a／b",
        "a∕b",
    ),
    *(
        "a/b/c",
        "model",
        "",
        " ",
        "/",
        "a//b",
        "$HOME/a",
        "a/b;c",
        "-rf/a",
        "a/-b",
        "a/b--c",
        "a/b.git",
        "é/a",
    ),
    *(
        ".a/b",
        "a/.b",
        "a./b",
        "a/b.",
        "\u2025/a",
        f"a/{'b' * 97}",
        "a/b c",
        "a/b#c",
        "a/b?c",
        "a/b@c",
        "a|b/c",
    ),
)


@pytest.mark.parametrize("name", PATHS)
def test_a_path_is_no_name(name: str) -> None:
    assert not is_name(name)
    if name == name.strip():
        with pytest.raises(HubError, match="write owner/name"):
            checked_name(name)


@pytest.mark.parametrize("name", [None, 3, b"a/b", Path("a/b"), ["a/b"]])
def test_what_is_no_text_is_no_name(name: object) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    "name", ["sentence-transformers/all-MiniLM-L6-v2", "a/b", "_a/b_", "o1/x.y-z_0", "BAAI/bge-m3"]
)
def test_names_pass(name: str) -> None:
    assert checked_name(f" {name} ") == name


def test_what_lies_below_the_working_directory_is_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org" / "model").mkdir(parents=True)
    (tmp_path / "org" / "link").symlink_to("/etc")
    (tmp_path / "org" / "broken").symlink_to("nowhere")
    assert not any(map(is_name, ("org/model", "org/link", "org/broken")))
    assert is_name("org/other")


@pytest.mark.parametrize("revision", ["main", "v1.0", "refs/convert/parquet", "refs/pr/3", "0a1b2c"])
def test_revisions_pass(revision: str) -> None:
    assert checked_revision(revision) == revision


@pytest.mark.parametrize(
    "revision", ["", "../x", "a/../b", "/a", "a/", "a b", "a\x00", "-x", "a\\b", "a%2f", "~"]
)
def test_other_revisions_do_not(revision: str) -> None:
    with pytest.raises(HubError, match="not a revision"):
        checked_revision(revision)


@pytest.mark.parametrize(
    "path",
    ["../a", "a/../b", "/a", "a//b", "a\\b", "C:a", "a\x00b", "", ".", "a/.", " a", "a/b ", "a\nb"],
)
def test_a_repositorys_path_stays_inside(path: str) -> None:
    assert not is_safe_path(path)
    assert is_safe_path("data/train-00000-of-00001.parquet")
    assert is_safe_path(".gitattributes")
