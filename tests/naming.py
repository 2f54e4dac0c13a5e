"""Which of many inputs a test failed on, where a test for each would cost more than the inputs do."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def naming(kind: str) -> Iterator[None]:
    """Add the input's name to whatever is raised."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"with {kind}")
        raise
