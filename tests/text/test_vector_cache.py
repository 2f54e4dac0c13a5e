"""Kept vectors: only new texts are encoded, threads and broken files do no harm, the size is bounded."""

import sqlite3
import threading

import numpy as np
import pytest

from analytics.progress import share_of
from analytics.text import vector_cache
from analytics.text.vector_cache import MemoryVectors, VectorCache, encode_cached, open_cache


@pytest.fixture(params=["disk", "memory"])
def store(request, tmp_path):
    return VectorCache(tmp_path / "sub" / "v.sqlite") if request.param == "disk" else MemoryVectors()


def test_only_new_texts_are_encoded(store, encoder) -> None:
    first = encode_cached(encoder, ["a", "b", "a", ""], store=store)
    assert (first.encoded, first.known) == (3, 0)
    assert sorted(encoder.encoded) == ["", "a", "b"]
    again = encode_cached(encoder, ["b", "c", "", "b"], store=store)
    assert (again.encoded, again.known) == (1, 2)
    np.testing.assert_array_equal(again.vectors[0], first.vectors[1])
    np.testing.assert_array_equal(again.vectors, np.stack([encoder.vector(t) for t in ["b", "c", "", "b"]]))


def test_prompts_and_revisions_are_kept_apart(store, encoder) -> None:
    encode_cached(encoder, ["a"], store=store)
    assert encode_cached(encoder, ["a"], store=store, role="query").encoded == 1
    encoder.revision = "2"
    assert encode_cached(encoder, ["a"], store=store).encoded == 1


def test_cancelling_keeps_what_is_done(store, encoder) -> None:
    texts = [f"text {i}" for i in range(20)]

    def stop(done: int, total: int) -> None:
        assert total == 20
        if done >= 8:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        encode_cached(encoder, texts, store=store, progress=stop)
    assert encode_cached(encoder, texts, store=store).known == 8


def test_it_works_without_a_store(encoder) -> None:
    assert encode_cached(encoder, ["a", "a"], store=None).vectors.shape == (2, 16)
    assert encode_cached(encoder, [], store=None).vectors.shape == (0, 16)


def test_odd_texts_have_keys(store, encoder, monkeypatch) -> None:
    monkeypatch.setattr(encoder, "vector", lambda text: np.ones(16, np.float32))
    odd = ["\ud800", "\x00", "🙂", "a" * 1_000_000]
    encode_cached(encoder, odd, store=store)
    assert encode_cached(encoder, odd, store=store).known == 4


def test_adding_ten_rows_encodes_ten_texts(store, encoder) -> None:
    texts = [f"row {i}" for i in range(100)]
    encode_cached(encoder, texts, store=store)
    encoder.encoded.clear()
    seen = []
    again = encode_cached(
        encoder, texts + [f"new {i}" for i in range(10)], store=store, progress=lambda *n: seen.append(n)
    )
    assert (again.encoded, again.known, len(encoder.encoded)) == (10, 100, 10)
    # The rate and the time left are told from this, so what was known does not count as done.
    assert seen == [(0, 10), (4, 10), (8, 10), (10, 10)]
    assert [round(share_of(*one), 1) for one in seen] == [0, 0.4, 0.8, 1]


@pytest.mark.slow
def test_old_vectors_go_when_the_cache_is_full(tmp_path, encoder) -> None:
    cache = VectorCache(tmp_path / "v.sqlite", max_bytes=400_000)
    for start in range(0, 8000, 200):
        encode_cached(encoder, [f"t{i}" for i in range(start, start + 200)], store=cache)
    assert 1000 < cache.size() < 4000
    assert cache.path.stat().st_size < 800_000
    assert encode_cached(encoder, [f"t{i}" for i in range(7900, 8000)], store=cache).known == 100
    assert encode_cached(encoder, ["t0"], store=cache).known == 0


def test_what_is_used_stays(tmp_path, encoder) -> None:
    cache = VectorCache(tmp_path / "v.sqlite")
    encode_cached(encoder, ["old", "used"], store=cache)
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE vectors SET used = used - 2 * 86400")
    encode_cached(encoder, ["used"], store=cache)
    with sqlite3.connect(cache.path) as connection:
        ages = [row[0] for row in connection.execute("SELECT used FROM vectors ORDER BY rowid")]
    assert ages[1] - ages[0] >= 86_400


def test_memory_is_bounded(encoder) -> None:
    store = MemoryVectors(max_bytes=10 * 64)
    encode_cached(encoder, [f"t{i}" for i in range(40)], store=store)
    assert encode_cached(encoder, [f"t{i}" for i in range(40)], store=store).known == 10


def test_threads_share_one_file(tmp_path, encoder) -> None:
    path, failures = tmp_path / "v.sqlite", []

    def work(start: int) -> None:
        for turn in range(5):
            texts = [f"t{(start + i + turn) % 60}" for i in range(40)]
            vectors = encode_cached(encoder, texts, store=VectorCache(path)).vectors
            if not np.array_equal(vectors, np.stack([encoder.vector(t) for t in texts])):
                failures.append(start)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(0, 60, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert VectorCache(path).size() == 60


def test_a_broken_file_is_put_aside(tmp_path, encoder) -> None:
    path = tmp_path / "v.sqlite"
    path.write_bytes(b"this is not a database" * 100)
    encode_cached(encoder, ["a"], store=VectorCache(path))
    assert encode_cached(encoder, ["a"], store=VectorCache(path)).known == 1
    assert path.with_suffix(".broken").exists()


def test_an_unusable_place_does_not_stop_the_work(tmp_path, encoder) -> None:
    (tmp_path / "file").write_text("")
    cache = VectorCache(tmp_path / "file" / "v.sqlite")
    assert encode_cached(encoder, ["a"], store=cache).encoded == 1
    assert cache.size() == 0


def test_a_vector_of_the_wrong_length_is_not_believed(tmp_path, encoder) -> None:
    cache = VectorCache(tmp_path / "v.sqlite")
    encode_cached(encoder, ["a"], store=cache)
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE vectors SET vector = ?", [b"\0" * 8])
    assert encode_cached(encoder, ["a", "b"], store=cache).encoded == 2


def test_texts_are_not_in_the_file(tmp_path, encoder) -> None:
    cache = VectorCache(tmp_path / "v.sqlite")
    encode_cached(encoder, ["a very secret sentence"], store=cache)
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.iterdir())


def test_the_host_can_turn_it_off(monkeypatch) -> None:
    monkeypatch.setenv("ZETASCOPE_CACHE", "off")
    assert open_cache() is None
    monkeypatch.setenv("ZETASCOPE_CACHE", "on")
    cache = open_cache()
    assert cache is not None and cache.path.name == vector_cache.FILE_NAME


def test_known_texts_do_not_load_the_model(tmp_path, encoder, monkeypatch) -> None:
    cache = VectorCache(tmp_path / "v.sqlite")
    first = encode_cached(encoder, ["a", "b"], store=cache)
    monkeypatch.delattr(type(encoder), "dimension")
    monkeypatch.delattr(type(encoder), "backend")
    monkeypatch.delattr(type(encoder), "stream")
    np.testing.assert_array_equal(
        encode_cached(encoder, ["b", "a"], store=cache).vectors, first.vectors[::-1]
    )
