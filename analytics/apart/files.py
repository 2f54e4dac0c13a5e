"""Files in memory: mapped without a copy."""

from __future__ import annotations

import mmap
import os


def mapped(descriptor: int) -> mmap.mmap:
    """A file that is not empty, where the system can with all its pages at once."""
    if hasattr(mmap, "MAP_POPULATE"):
        flags = mmap.MAP_PRIVATE | mmap.MAP_POPULATE
        return mmap.mmap(descriptor, 0, flags=flags, prot=mmap.PROT_READ)
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def whole(descriptor: int) -> bytes:
    """All that an open file holds."""
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return file.read()
