"""A process killed in the middle of encoding leaves a cache whose every vector is right."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from analytics.text.vector_cache import VectorCache, encode_cached
from tests.conftest import ROOT
from tests.text.conftest import FakeEncoder

ENCODING = """
import sys
from pathlib import Path
from analytics.text.vector_cache import VectorCache, encode_cached
from tests.text.conftest import FakeEncoder

texts = [f"text {i}" for i in range(100_000)]
store = VectorCache(Path(sys.argv[1]))
encode_cached(FakeEncoder(), texts, store=store, progress=lambda done, _: done and print(done, flush=True))
"""


def kill_after(path: Path, seconds: float) -> None:
    """Encode into ``path`` in another process, and kill that once it has stored something for a while."""
    command = [sys.executable, "-c", ENCODING, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().strip().isdigit()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_every_vector_is_right_after_a_kill(tmp_path: Path, encoder: FakeEncoder) -> None:
    path = tmp_path / "v.sqlite"
    for seconds in (0.0, 0.013, 0.07):
        kill_after(path, seconds)
    cache = VectorCache(path)
    kept = cache.size()
    assert kept >= 4
    texts = [f"text {i}" for i in range(kept + 50)]
    encoded = encode_cached(encoder, texts, store=cache)
    assert encoded.known >= kept
    assert not path.with_suffix(".broken").exists()
    np.testing.assert_array_equal(encoded.vectors, np.stack([encoder.vector(text) for text in texts]))


@pytest.mark.slow
def test_a_file_cut_off_in_the_middle_gives_no_wrong_vector(tmp_path: Path, encoder: FakeEncoder) -> None:
    path = tmp_path / "v.sqlite"
    texts = [f"text {i}" for i in range(120)]
    encode_cached(encoder, texts, store=VectorCache(path))
    whole = path.read_bytes()
    for size in range(1000, len(whole), len(whole) // 5):
        path.write_bytes(whole[:size])
        path.with_name(path.name + "-wal").unlink(missing_ok=True)
        encoded = encode_cached(encoder, texts, store=VectorCache(path))
        np.testing.assert_array_equal(encoded.vectors, np.stack([encoder.vector(text) for text in texts]))
