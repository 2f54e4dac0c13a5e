"""Words that mean missing: among numbers by themselves, among words where somebody says so."""

import pytest

from analytics.tables import ReadOptions, TableError
from tests.tables.typed.reading import answers, chosen, convert, read, values


def test_a_word_for_missing_in_a_column_of_text_is_asked_with_its_count() -> None:
    cells: list[str | None] = ["NA", "Namibia", "n/a", "NA"]
    converted = read(cells)
    assert values(converted) == cells
    (doubt,) = converted.doubts
    assert "3 cells say 'NA', 'n/a'" in doubt.evidence
    assert "line 2: NA" in doubt.evidence
    assert answers(doubt) == {"missing": ["missing", "missing"]}
    empty, keep = chosen({"x": cells}, doubt.alternatives[0]), chosen({"x": cells}, doubt.taken)
    assert values(empty) == [None, "Namibia", None, None]
    assert values(keep) == cells
    assert not empty.doubts
    assert not keep.doubts


def test_answers_for_one_column_leave_the_others() -> None:
    columns: dict[str, list[str | None]] = {"a": ["NA", "x"], "b": ["NA", "y"]}
    first = convert(columns).doubts[0].alternatives[0].chosen(ReadOptions(missing_words={"b": ("y",)}))
    assert first == ReadOptions(missing_words={"b": ("y",), "a": ("NA",)})
    converted = convert(columns, options=first)
    assert (values(converted, "a"), values(converted, "b")) == ([None, "x"], ["NA", None])


@pytest.mark.parametrize(("words", "expected"), [(("99",), ["1", "NA", None]), ((), ["1", "NA", "99"])])
def test_the_words_of_a_column_replace_the_usual_ones(words: tuple[str, ...], expected: list[object]) -> None:
    assert values(read(["1", "NA", "99"], options=ReadOptions(missing_words={"x": words}))) == expected


def test_missing_words_are_counted_in_every_kind_of_column() -> None:
    for cells in (["1", "NA"], ["2024-01-05", "NA"], ["true", "NA"], ["26:30:00", "NA"]):
        converted = read(list(cells))
        assert values(converted)[1] is None
        assert "1 cell ('NA') taken as missing" in converted.readings[0].sentence
        assert not converted.doubts


def test_one_word_may_stand_alone_and_what_is_no_word_is_refused() -> None:
    assert ReadOptions(missing_words={"x": "NA"}).missing_words == (("x", ("NA",)),)
    for wrong in ({"x": 5}, {"x": [5]}, 3, ["x"]):
        with pytest.raises(TableError, match=r"missing_words (takes|for column)"):
            ReadOptions(missing_words=wrong)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="column_types takes"):
        ReadOptions(column_types=3)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="cannot be read as 5"):
        ReadOptions(column_types={"x": 5})  # type: ignore[dict-item]


def test_a_word_that_ends_in_a_point_ends_the_sentence() -> None:
    (doubt,) = read(["good", "k.A.", "bad"]).doubts
    assert doubt.evidence.endswith("line 3: k.A.")
