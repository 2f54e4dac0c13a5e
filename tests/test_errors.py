"""What a visitor reads of an error."""

from analytics.errors import ZetascopeError
from analytics.tables import TableError


def test_a_sentence_is_no_longer_than_people_read() -> None:
    told = str(TableError("There is no column 'x'; choose one of " + "a, " * 10_000 + "b."))
    assert len(told) < 2_100
    assert told.startswith("There is no column 'x'; choose one of a, ")
    assert told.endswith("a, b.")
    assert str(ZetascopeError("Short.")) == "Short."
