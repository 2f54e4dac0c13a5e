"""Rows in blocks small enough for the cache, or for a call of progress between them."""


def blocks(rows: int, size: int) -> list[slice]:
    """Slices of ``size`` rows each, the last one shorter, that together hold all ``rows``."""
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]
