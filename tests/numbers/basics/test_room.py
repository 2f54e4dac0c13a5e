"""Room for results: as large as asked for, writable, whatever pages it is made of."""

from pathlib import Path

import numpy as np
import pytest

from analytics import memory
from analytics.numbers.basics import room as rooms


@pytest.mark.parametrize(
    "free", ["Node 0, zone Normal" + " 0" * 11, "Node 0, zone Normal" + " 9999" * 11, "?"]
)
def test_room_can_be_written_to_in_pages_of_any_size(
    free: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "free").write_text(free)
    monkeypatch.setattr(memory, "_FREE", tmp_path / "free")
    monkeypatch.setattr(rooms, "_SMALL", 0)
    made = rooms.room((3, 70_000))
    made[...] = np.arange(210_000.0).reshape(3, 70_000)
    assert made[2, -1] == 209_999.0 and made.shape == (3, 70_000)


def test_free_huge_pages_are_counted_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = ["Node 0, zone DMA32 1 1 1 1 1 1 1 1 1 2 3", "Node 0, zone Normal 7 0 0 0 0 0 0 0 0 2 4"]
    (tmp_path / "free").write_text("\n".join(zones))
    monkeypatch.setattr(memory, "_FREE", tmp_path / "free")
    assert memory.free_in_large_pages() == (2 * 2 + 4 * 4) * 2**20
    monkeypatch.setattr(memory, "_FREE", tmp_path / "none")
    assert memory.free_in_large_pages() == np.inf
