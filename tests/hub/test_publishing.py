"""Publishing: looked at before, private, one commit, and nothing left where it fails."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analytics.hub import (
    HubError,
    account,
    data_publication,
    model_publication,
    page_publication,
    publish,
)
from tests.hub.fake_hub import FakeHub, Fault

pytestmark = pytest.mark.slow  # each starts a Hub of its own, which takes half a second

FRAME = pd.DataFrame({"price": [1.5, 2.0] * 300, "note": ["=1+1", "plain"] * 300})
TOKEN = "hf_writer1"


@pytest.fixture(autouse=True)
def users(hub: FakeHub) -> None:
    write = {"auth": {"accessToken": {"role": "write"}}}
    orgs = [{"name": "team", "roleInOrg": "write"}, {"name": "others", "roleInOrg": "read"}]
    hub.users[TOKEN] = {"name": "ann", "orgs": orgs, **write}
    read = {"auth": {"accessToken": {"role": "read"}}}
    hub.users["hf_reader1"] = {"name": "bob", "orgs": [], "role": "read", **read}


def data(**more: object):
    given = {"title": "Prices", "licence": "CC-BY-4.0", "provenance": "prices.csv, read as utf-8", **more}
    return data_publication({"cleaned": FRAME, "scores": FRAME[["price"]]}, **given)  # type: ignore[arg-type]


def test_an_account_says_where_it_may_publish() -> None:
    assert account(TOKEN).owners == ("ann", "team")
    assert account("hf_reader1").owners == ()


def test_all_is_seen_before_it_goes() -> None:
    made = data(recipe='{"steps": []}', steps=["Take out rows 3 to 5."])
    assert list(made.preview()["file"]) == [
        "README.md",
        "data/cleaned.parquet",
        "csv/cleaned.csv",
        "data/scores.parquet",
        "csv/scores.csv",
        "recipe.json",
    ]
    assert 'license: "cc-by-4.0"' in made.card
    assert "600 rows and 2 columns" in made.card
    assert "prices.csv, read as utf-8" in made.card.replace("\\", "")
    assert "1. Take out rows 3 to 5." in made.card
    assert 'pd.read_parquet("data/cleaned.parquet")' in made.card
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(made.files["data/cleaned.parquet"])), FRAME)
    assert b"'=1+1" in made.files["csv/cleaned.csv"]


def test_a_title_adds_nothing_to_the_card() -> None:
    made = data(title='x"\n---\nlicense: mit\n<script>', steps=["**bold** [a](http://x)\n# b"])
    front = made.card.split("\n---\n")[0].splitlines()[1:]
    assert {line.split(":")[0] for line in front} == {"license", "pretty_name", "tags", "configs"}
    assert json.loads(front[0].split(": ", 1)[1]) == "cc-by-4.0"
    assert "<script>" not in made.card.split("\n---\n", 1)[1].replace("\\<", "")
    assert "[a]" not in made.card


def test_it_goes_in_one_commit_and_private(hub: FakeHub) -> None:
    made = data()
    address = publish(made, "ann/prices", token=TOKEN)
    assert address.startswith(hub.url)
    ((kind, name, files),) = hub.commits
    assert (kind, name) == ("dataset", "ann/prices")
    assert files == dict(made.files)
    assert hub.repos["dataset", "ann/prices"].private
    assert {one[2] for one in hub.asked if "/put/" not in one[1]} == {TOKEN}
    assert {one[2] for one in hub.sent("/put/")} == {""}


def test_a_page_is_a_static_space_and_may_be_public(hub: FakeHub) -> None:
    publish(page_publication("<html>", title="Map", licence="mit"), "team/map", token=TOKEN, private=False)
    repo = hub.repos["space", "team/map"]
    assert not repo.private
    assert repo.more["asked"]["sdk"] == "static"
    assert repo.files("main")["index.html"] == b"<html>"


def test_a_page_says_where_it_comes_from_and_how_to_read_it() -> None:
    made = page_publication(
        "<html>", title="Map\n---\n# x", licence="mit", provenance="wine.csv", notes=["3 *texts* of column a"]
    )
    assert list(made.files) == ["README.md", "index.html"]
    front, _, text = made.card.removeprefix("---\n").partition("\n---\n")
    assert yaml.safe_load(front) == {
        "title": "Map --- # x",
        "sdk": "static",
        "app_file": "index.html",
        "license": "mit",
        "tags": ["zetascope"],
    }
    assert "wine.csv" in text
    assert "- 3 \\*texts\\* of column a" in text


@pytest.mark.parametrize(
    "title", ["emoji 😀 ü", "half \ud83d", "bell \x07 next\x85 line\u2028", 'quote " \\ #: - {}', "a" * 5_000]
)
def test_facts_of_a_card_are_yaml_whatever_the_title(title: str) -> None:
    card = page_publication("", title=title, licence="mit").card
    front = yaml.safe_load(card.removeprefix("---\n").partition("\n---\n")[0])
    words = "".join(sign for sign in " ".join(title.split()) if sign.isprintable())
    assert front["title"] == words
    card.encode()


def test_a_cancelled_publication_leaves_nothing(hub: FakeHub) -> None:
    told: list[tuple[int, int]] = []

    def cancel(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        publish(data(), "ann/prices", token=TOKEN, progress=cancel)
    assert told == [(0, 5), (0, 5), (1, 5), (2, 5), (3, 5)]
    assert hub.repos == {}
    assert hub.commits == []


def test_what_cannot_be_taken_away_again_is_told(hub: FakeHub) -> None:
    hub.faults = [Fault("/commit/", status=403), Fault("/repos/delete", status=403)]
    with pytest.raises(HubError, match=r"does not allow this .* is left there, empty: delete it"):
        publish(data(), "ann/prices", token=TOKEN)
    assert hub.repos["dataset", "ann/prices"].revisions == {"main": {}}
    assert hub.repos["dataset", "ann/prices"].private


@pytest.mark.parametrize("part", ["/preupload/", "/info/lfs/", "/put/", "/commit/"])
@pytest.mark.parametrize("status", [403, 500, 429])
def test_nothing_is_left_where_it_fails(hub: FakeHub, part: str, status: int) -> None:
    hub.faults = [Fault(part, status=status, times=9)]
    with pytest.raises(HubError):
        publish(data(), "ann/prices", token=TOKEN)
    assert hub.repos == {}
    assert hub.commits == []


def test_a_taken_name_is_left_as_it_is(hub: FakeHub) -> None:
    publish(data(), "ann/prices", token=TOKEN)
    with pytest.raises(HubError, match="the data set ann/prices already; choose another name"):
        publish(data(title="Other"), "ann/prices", token=TOKEN)
    assert len(hub.commits) == 1
    assert ("dataset", "ann/prices") in hub.repos


@pytest.mark.parametrize(
    ("name", "token", "sentence"),
    [
        ("bob/prices", "hf_reader1", "lacks the permission"),
        ("others2/prices", TOKEN, "lacks the permission"),
        ("ann/prices", "", "needs a token"),
        ("ann/prices", "hf_unknown1", "does not know this token"),
        ("../prices", TOKEN, "not a name on the Hub"),
    ],
)
def test_who_may_not_is_told(hub: FakeHub, name: str, token: str, sentence: str) -> None:
    with pytest.raises(HubError, match=sentence):
        publish(data(), name, token=token)
    assert hub.repos == {}


def test_what_cannot_be_a_publication_is_told() -> None:
    for given in ({"licence": ""}, {"licence": "mit\nx: y"}):
        with pytest.raises(HubError, match="licence"):
            data(**given)
    for names in ((), ("../a",), ("a/b",)):
        with pytest.raises(HubError, match="at least one table"):
            data_publication(dict.fromkeys(names, FRAME), title="", licence="mit", provenance="")


def test_a_models_folder_goes_without_code(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"w" * 3_000)
    with pytest.raises(HubError, match="no README"):
        model_publication(tmp_path)
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / "secret.json").symlink_to("/etc/passwd")
    assert list(model_publication(tmp_path).files) == ["README.md", "model.safetensors"]
    publish(model_publication(tmp_path), "ann/tuned", token=TOKEN)
    assert hub.commits[0][0] == "model"
    (tmp_path / "run.py").write_text("print()")
    with pytest.raises(HubError, match=r"run\.py"):
        model_publication(tmp_path)
