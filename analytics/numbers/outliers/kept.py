"""Results kept under their names until together they take too much memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")


class Kept:
    """The results used last, up to ``max_bytes`` of arrays; may be used from several threads. No result is
    None.

    Two threads that miss the same result both make it: equal names have equal results.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._entries

    def find(self, key: Hashable) -> Any:
        """The result of this name, or None."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result of this name, made now where it is not kept."""
        found = self.find(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def put(self, key: Hashable, result: Any) -> None:
        """Keep a result, and let go of those not used for longest; one that is too large is not kept."""
        size = array_bytes(result)
        if size > self.max_bytes:
            return
        with self._lock:
            self.bytes += size - self._entries.pop(key, (None, 0))[1]
            self._entries[key] = (result, size)
            while self.bytes > self.max_bytes:
                _, (_, freed) = self._entries.popitem(last=False)
                self.bytes -= freed


def array_bytes(result: Any) -> int:
    """The bytes of all arrays in a result: what says its own ``nbytes``, or dataclasses and tuples of it."""
    if hasattr(result, "nbytes"):
        return int(result.nbytes)
    if is_dataclass(result):
        return sum(array_bytes(getattr(result, field.name)) for field in fields(result))
    return sum(map(array_bytes, result)) if isinstance(result, tuple) else 0
