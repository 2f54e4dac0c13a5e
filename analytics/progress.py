"""How long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total), and often enough that raising in it cancels the work within about a second."""


class Done(int):
    """How many things are done, with the ``share`` of the work that this is: long texts take longer."""

    share: float

    def __new__(cls, count: int, *, share: float) -> "Done":
        made = super().__new__(cls, count)
        made.share = share
        return made


def share_of(done: int, total: int) -> float:
    """The share of the work that is done, in [0, 1]."""
    if isinstance(done, Done):
        return min(max(done.share, 0.0), 1.0)
    return min(done / total, 1.0) if total else 0.0


def silent(done: int, total: int) -> None:
    """Report to nobody."""
