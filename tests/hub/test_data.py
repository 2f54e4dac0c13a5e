"""Data of the Hub: found, described, downloaded whole or not at all, and opened without running anything."""

import errno
import io
from pathlib import Path

import pandas as pd
import pytest

from analytics import hub as hub_room
from analytics.errors import ZetascopeError
from analytics.hub import HubError, data_card, downloads, fetch_data, open_data, search_data
from tests.hub.fake_hub import FakeHub, Fault, Repo

pytestmark = pytest.mark.slow  # each starts a Hub of its own, which takes half a second

TRAIN = pd.DataFrame({"word": [f"word number {i}" for i in range(900)], "n": range(900)})
README = (
    "---\nlicense: cc-by-4.0\nx: '<b>'\n---\n# Title\n\n<img src=x>A list of [words](http://x.example) with "
    "numbers.\n\n| a |\n|---|\n"
)
TAGS = ("license:cc-by-4.0", "language:en", "task_categories:text-classification", "size_categories:n<1K")


def parquet(frame: pd.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.to_parquet(target, index=False)
    return target.getvalue()


def words(hub: FakeHub, *, shards: int = 3, **more: object) -> Repo:
    size = len(TRAIN) // shards
    files = {
        f"default/train/{i:04}.parquet": parquet(TRAIN.iloc[i * size : (i + 1) * size]) for i in range(shards)
    }
    files["default/test/0000.parquet"] = parquet(TRAIN.head(5))
    files["fr/partial-train/0000.parquet"] = parquet(TRAIN.head(7))
    own = {"README.md": README.encode(), "words.py": b"raise SystemExit", "words.csv": b"word,n\na,1\n"}
    repo = Repo({"main": own, "refs/convert/parquet": files}, TAGS, **more)  # type: ignore[arg-type]
    hub.repos["dataset", "org/words"] = repo
    return repo


def test_data_is_found_by_its_name_and_conditions(hub: FakeHub) -> None:
    words(hub)
    hub.repos["dataset", "org/other"] = Repo({"main": {}}, ("language:fr",), gated=True)
    hub.repos["dataset", "../etc"] = Repo({"main": {}})
    (found,) = search_data("word", language="en", licence="cc-by-4.0")
    assert (found.name, found.licence, found.languages) == ("org/words", "cc-by-4.0", ("en",))
    assert (found.size, found.tasks, found.gated, found.downloads) == (
        "n<1K",
        ("text-classification",),
        False,
        7,
    )
    assert [one.name for one in search_data(gated=True)] == ["org/other"]
    assert [one.name for one in search_data()] == ["org/words", "org/other"]


def test_the_card_says_what_it_is_before_anything_is_opened(hub: FakeHub) -> None:
    words(hub)
    known = data_card("org/words")
    assert known.card.summary == "A list of words with numbers."
    assert known.card.licence == "cc-by-4.0"
    assert known.configurations == ("default", "fr")
    assert known.splits_of("default") == ("test", "train")
    assert known.split("fr").partial
    assert "code of its own, which is never run here" in " ".join(known.card.warnings)
    assert not hub.sent(".parquet")
    assert not hub.sent("words.py")


def test_a_split_is_a_table(hub: FakeHub) -> None:
    words(hub)
    opened = open_data("org/words")
    pd.testing.assert_frame_equal(opened.table.frame, TRAIN, check_dtype=False)
    assert opened.fetched.statement == "All 900 rows of the split train (default)."
    assert open_data("org/words", split="test").table.frame.shape == (5, 2)
    fetched = fetch_data("org/words", configuration="fr")
    assert "converted the first 5 GB only" in fetched.statement


def test_beyond_the_limit_a_sample_is_drawn_and_stated(hub: FakeHub) -> None:
    words(hub)
    fetched = fetch_data("org/words", max_rows=400)
    assert fetched.statement == (
        "400 rows drawn at random (seed 0) from the 600 in the first 2 of 3 files of the split train "
        "(default)."
    )
    frame = pd.read_parquet(io.BytesIO(fetched.parquet))
    assert len(frame) == 400
    assert frame["n"].is_monotonic_increasing
    assert set(frame["n"]) <= set(range(600))
    assert not hub.sent("train/0002.parquet")
    again = fetch_data("org/words", max_rows=400, seed=1)
    assert list(pd.read_parquet(io.BytesIO(again.parquet))["n"]) != list(frame["n"])


def test_files_are_kept_by_commit(hub: FakeHub) -> None:
    repo = words(hub)
    open_data("org/words")
    asked = len(hub.sent("/lfs/"))
    open_data("org/words")
    assert len(hub.sent("/lfs/")) == asked
    repo.revisions["refs/convert/parquet"] = {"default/train/0000.parquet": parquet(TRAIN.head(300))}
    assert len(open_data("org/words").table.frame) == 300


def test_at_a_revision_its_own_parquet_files_count(hub: FakeHub) -> None:
    repo = words(hub)
    repo.revisions["v1"] = {"data/train-00000-of-00001.parquet": parquet(TRAIN.head(20))}
    assert len(open_data("org/words", revision="v1").table.frame) == 20
    with pytest.raises(HubError, match="no such revision"):
        open_data("org/words", revision="v9")
    with pytest.raises(HubError, match="no Parquet files"):
        open_data("org/words", revision="main")


def test_a_second_try_goes_on_where_the_first_stopped(hub: FakeHub) -> None:
    words(hub, shards=1)
    hub.faults = [Fault("/lfs/", cut=500, times=3)]
    with pytest.raises(HubError, match="it goes on where it stopped"):
        open_data("org/words")
    assert [one[3] for one in hub.sent("/lfs/")] == ["", "bytes=500-", "bytes=1000-"]
    assert not list(downloads.cache_folder().rglob("*.parquet"))
    assert len(open_data("org/words").table.frame) == 900
    assert hub.sent("/lfs/")[-1][3] == "bytes=1500-"
    assert not list(downloads.cache_folder().rglob("*.part*"))


def test_one_cut_is_not_noticed(hub: FakeHub) -> None:
    words(hub, shards=1)
    hub.faults = [Fault("/lfs/", cut=700)]
    assert len(open_data("org/words").table.frame) == 900


def test_content_of_another_hash_is_never_used(hub: FakeHub) -> None:
    words(hub, shards=1)
    hub.faults = [Fault("/lfs/", wrong=True)]
    with pytest.raises(HubError, match="another content than the Hub lists"):
        open_data("org/words")
    assert not list(downloads.cache_folder().rglob("*.parquet*"))
    assert len(open_data("org/words").table.frame) == 900


def test_a_cancelled_download_goes_on_later(hub: FakeHub) -> None:
    words(hub, shards=1)
    hub.faults = [Fault("/lfs/", cut=3_000)]

    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        assert 0 <= getattr(done, "share", 0) <= 1
        assert total >= 1
        if getattr(done, "share", 0) > 0:
            raise CancelledError

    with pytest.raises(CancelledError):
        open_data("org/words", progress=cancel)
    assert not list(downloads.cache_folder().rglob("*.parquet"))
    assert len(open_data("org/words").table.frame) == 900
    assert hub.sent("/lfs/")[-1][3].startswith("bytes=")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            Fault("/api/datasets/org", status=429, headers={"Retry-After": "3600"}),
            "try again in 3,600 seconds",
        ),
        (
            Fault("/api/datasets/org", status=429, headers={"Retry-After": "soon"}),
            "try again in some minutes",
        ),
        (Fault("/lfs/", status=429), "asked too often"),
        (Fault("/api/datasets/org", status=503), r"a fault of its own at the moment \(503\)"),
        (Fault("/api/datasets/org", status=403), "does not allow this"),
        (Fault("/api/datasets/org", status=418), r"a fault \(418\)"),
        (Fault("/lfs/", status=404), "has no org/words"),
    ],
)
def test_faults_are_one_sentence_at_once(hub: FakeHub, fault: Fault, sentence: str) -> None:
    words(hub, shards=1)
    hub.faults = [fault]
    with pytest.raises(HubError, match=sentence) as told:
        open_data("org/words")
    assert str(told.value).count("\n") == 0
    assert hub.url not in str(told.value)
    assert len(open_data("org/words").table.frame) == 900


def test_a_silent_hub_is_not_waited_for(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    words(hub, shards=1)
    monkeypatch.setitem(hub_room.client._SECONDS, "read", 0.1)
    hub.faults = [Fault("/lfs/", wait=0.6)]
    with pytest.raises(HubError, match="out of reach or does not answer"):
        open_data("org/words")
    hub.faults = [Fault("/api/datasets/org", wait=0.6)]
    with pytest.raises(HubError, match="out of reach or does not answer"):
        data_card("org/words")


def test_no_hub_at_all_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubError, match="out of reach"):
        search_data("words")


def test_a_full_disk_keeps_nothing(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    words(hub, shards=1)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(downloads, "_receive", full)
        with pytest.raises(HubError, match="disk of this machine is full"):
            open_data("org/words")
    assert not [path for path in downloads.cache_folder().rglob("*.parquet*") if path.is_file()]
    assert len(open_data("org/words").table.frame) == 900


def test_what_never_fits_is_refused_and_the_least_used_goes(hub: FakeHub) -> None:
    words(hub, shards=1)
    with pytest.raises(HubError, match="may take 0 MB here"):
        fetch_data("org/words", most_bytes=1_000)
    fetch_data("org/words", split="train")
    room = len(parquet(TRAIN.head(5))) + 100
    fetch_data("org/words", split="test", most_bytes=room)
    kept = [path.parent.name for path in downloads.cache_folder().rglob("*.parquet")]
    assert kept == ["test"]


def test_a_renamed_data_set_is_found_and_told(hub: FakeHub) -> None:
    words(hub)
    hub.renamed = {"old/words": "org/words"}
    known = data_card("old/words")
    assert "old/words has been renamed: it is org/words now." in known.card.warnings
    assert len(open_data("old/words").table.frame) == 900


def test_gated_data_is_for_those_let_in_even_when_it_is_on_the_disk(hub: FakeHub) -> None:
    hub.users = {"hf_member": {"name": "ann"}, "hf_stranger": {"name": "bob"}}
    words(hub, gated=True, readers=frozenset({"hf_member"}))
    assert "gated" in " ".join(data_card("org/words").card.warnings)
    with pytest.raises(HubError, match="ask for access on its page"):
        open_data("org/words")
    assert len(open_data("org/words", token="hf_member").table.frame) == 900
    with pytest.raises(HubError, match="have not let you in"):
        open_data("org/words", token="hf_stranger")
    with pytest.raises(HubError, match="ask for access on its page"):
        open_data("org/words")
    assert all(one[2] in ("", "hf_member", "hf_stranger") for one in hub.asked)


def test_private_data_and_bad_tokens(hub: FakeHub) -> None:
    hub.users = {"hf_member": {"name": "ann"}}
    words(hub, private=True, readers=frozenset({"hf_member"}))
    with pytest.raises(HubError, match="private and needs a token"):
        open_data("org/words")
    assert len(open_data("org/words", token=" hf_member ").table.frame) == 900
    with pytest.raises(HubError, match="does not know this token") as told:
        open_data("org/words", token="hf_unknown1")
    assert "hf_unknown1" not in str(told.value)
    with pytest.raises(HubError, match="not a token") as told:
        open_data("org/words", token="hf secret\r\nX-Evil: 1")
    assert "secret" not in str(told.value)


def test_the_owners_token_and_ours_go_nowhere_else(hub: FakeHub) -> None:
    hub.users = {"hf_member": {"name": "ann"}}
    words(hub)
    open_data("org/words", token="hf_member")
    assert {one[2] for one in hub.sent("/resolve/")} == {"hf_member"}
    assert {one[2] for one in hub.sent("/lfs/")} == {""}
    hub.asked.clear()
    search_data("words")
    assert {one[2] for one in hub.asked} == {""}
    assert not hub.sent("agent")


@pytest.mark.parametrize(
    "question",
    [
        {"configuration": "de"},
        {"split": "dev"},
        {"revision": "../main"},
        {"revision": "a b"},
        {"max_rows": 0},
        {"max_rows": "many"},
    ],
)
def test_questions_that_cannot_be_are_told(hub: FakeHub, question: dict[str, object]) -> None:
    words(hub)
    with pytest.raises(ZetascopeError):
        open_data("org/words", **question)  # type: ignore[arg-type]


def test_a_path_of_the_repository_never_leaves_its_folder(hub: FakeHub, tmp_path: Path) -> None:
    repo = words(hub)
    small = parquet(TRAIN.head(3))
    for path in ("../../../out/train.parquet", "/tmp/train.parquet", "a\\..\\b.parquet", "C:/x.parquet"):
        repo.revisions["refs/convert/parquet"][path] = small
    open_data("org/words")
    outside = [p for p in tmp_path.rglob("*.parquet") if downloads.cache_folder() not in p.parents]
    assert outside == []


def test_what_is_no_parquet_is_told(hub: FakeHub) -> None:
    repo = words(hub)
    repo.revisions["refs/convert/parquet"] = {"default/train/0000.parquet": b"PAR1 no PAR1"}
    with pytest.raises(HubError, match="no sound Parquet file"):
        open_data("org/words")


@pytest.mark.slow
def test_files_are_opened_in_a_process_of_their_own(hub: FakeHub) -> None:
    from analytics.apart import Limits

    repo = words(hub)
    limits = Limits(memory_mb=1_000, cpu_seconds=60, seconds=60)
    assert len(open_data("org/words", max_rows=400, limits=limits).table.frame) == 400
    repo.revisions["refs/convert/parquet"] = {"default/train/0000.parquet": b"PAR1 no PAR1"}
    with pytest.raises(HubError, match="no sound Parquet file"):
        open_data("org/words", limits=limits)


@pytest.mark.parametrize(
    ("branch", "files", "expected"),
    [
        (
            "main",
            ["data/train-00000-of-00002-0123456789abcdef", "data/train-00001-of-00002-fedcba9876543210"],
            2,
        ),
        ("main", ["part-00000-1b2c.c000.snappy", "part-00001-1b2c.c000.snappy"], 2),
        ("main", ["en/test/part-0", "en/test/part-1"], 2),
        ("refs/convert/parquet", ["default/train/0000", "data/train/0000"], 1),
    ],
)
def test_the_files_of_a_split_are_found_and_no_others(
    branch: str, files: list[str], expected: int, hub: FakeHub
) -> None:
    """A configuration of the name data is none of the folder data; every shard belongs to its split."""
    content = {f"{name}.parquet": parquet(TRAIN[at * 5 : at * 5 + 5]) for at, name in enumerate(files)}
    hub.repos["dataset", "org/shards"] = Repo({"main": {}} | {branch: content})
    opened = open_data("org/shards")
    assert len(opened.fetched.split.files) == expected
    assert len(opened.table.frame) == 5 * expected


def test_files_of_a_split_fit_together_by_their_names(hub: FakeHub) -> None:
    frames = [
        pd.DataFrame({"x": pd.array([1, 2], "int32[pyarrow]"), "y": [None, None]}),
        pd.DataFrame({"y": ["b", "c"], "x": pd.array([2**40, 3], "int64[pyarrow]")}),
    ]
    files = {f"default/train/{at:04}.parquet": parquet(frame) for at, frame in enumerate(frames)}
    hub.repos["dataset", "org/mixed"] = Repo({"main": {}, "refs/convert/parquet": files})
    frame = open_data("org/mixed").table.frame
    assert frame["x"].tolist() == [1, 2, 2**40, 3]
    assert frame["y"].dropna().tolist() == ["b", "c"]
    files["default/train/0002.parquet"] = parquet(pd.DataFrame({"x": [1], "z": [1]}))
    hub.repos["dataset", "org/mixed"] = Repo({"main": {}, "refs/convert/parquet": files})
    with pytest.raises(HubError, match="do not fit together"):
        open_data("org/mixed")
