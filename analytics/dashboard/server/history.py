"""What something is now, what it was before, and what was undone."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST_UNDONE = 100  # more steps back than anyone follows


@dataclass(frozen=True)
class History(Generic[T]):
    """A value that can be changed and come back."""

    now: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()

    def changed(self, now: T) -> "History[T]":
        """With another value, from which one can come back; the same where it is no other."""
        return self if now == self.now else History(now, (*self.past, self.now)[-_MOST_UNDONE:])

    def undone(self) -> "History[T]":
        """The value before the last change; the same where there was none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redone(self) -> "History[T]":
        """The value that was undone last; the same where there is none."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])
