"""What a report says beyond the table: doubts and their answers."""

from analytics.tables import Alternative, ReadOptions


def test_an_answer_changes_only_what_it_answers() -> None:
    asked = ReadOptions(encoding="utf-8", column_types={"code": "text"})
    answer = Alternative("numbers", (("column_types", (("price", "number"),)), ("decimal", ",")))
    assert answer.chosen(asked) == ReadOptions(
        encoding="utf-8", decimal=",", column_types={"code": "text", "price": "number"}
    )
