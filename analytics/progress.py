"""How long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total), and often enough that raising in it cancels the work within about a second."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""
