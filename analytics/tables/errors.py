"""The one error that reading, typing or writing a table raises."""

from analytics.errors import ZetascopeError


class TableError(ZetascopeError):
    """A table that cannot be read or written; ``line`` is the line of the file, where one is to blame."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class LimitError(TableError):
    """A table beyond what the reader was allowed, counted before it was made: no other way to read helps."""

    too_much = True
