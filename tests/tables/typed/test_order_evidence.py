"""What speaks for the day or the month first where no number is over 12; the question stays in any case."""

import pandas as pd
import pytest

from analytics.tables import read_table


def dates(text: str, name: str = "x.csv", column: int = 0) -> tuple[pd.Series, str]:
    """The column as read, and why its order was taken."""
    table = read_table(text.encode(), name=name)
    doubt = next(d for d in table.report.doubts if d.question.startswith("Which comes first"))
    return table.frame.iloc[:, column], doubt.evidence


def minutes(first: str, second: str) -> str:
    """Times from 22:00 to 02:00 of the next day, every 10 minutes."""
    day = [f"{first} {h}:{m:02d}" for h in (22, 23) for m in range(0, 60, 10)]
    return "\n".join([*day, *(f"{second} {h:02d}:{m:02d}" for h in (0, 1) for m in range(0, 60, 10))])


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [("03/02/2020", "04/02/2020", "2020-02-03"), ("02/03/2020", "02/04/2020", "2020-02-03"),
     ("04-02-2020", "05-02-2020", "2020-02-04")],
)  # fmt: skip
def test_time_goes_on_over_midnight(first: str, second: str, wanted: str) -> None:
    found, why = dates("t;v\n" + minutes(first, second).replace("\n", ";1\n") + ";1\n")
    assert found.iloc[0] == pd.Timestamp(f"{wanted} 22:00") and "evenly spaced" in why


def test_uneven_steps_go_on_too() -> None:
    steps = [34, 86, 60, 60, 59, 61, 60, 60, 60, 60, 60, 60, 60, 60]
    times = pd.Timestamp("2020-02-03 23:53") + pd.to_timedelta(pd.Series(steps).cumsum(), "s")
    found, why = dates("t,v\n" + "".join(f"{time:%d/%m/%Y %H:%M:%S},1\n" for time in times))
    assert found.tolist() == times.tolist() and "without a gap" in why


def test_a_clock_in_a_column_of_its_own_goes_on() -> None:
    rows = minutes("3/02/2015", "4/02/2015").replace(" ", ";").split("\n")
    found, why = dates("Datum;Uhr;v\n" + "".join(f"{row};1\n" for row in rows))
    assert found.iloc[-1] == pd.Timestamp("2015-02-04") and "without a gap" in why


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("d,v\n12/10/2023,1\n12/10/2023,2\n", "run_20231210_0018.csv", "2023-12-10"),
        ("d,v\n12/10/2023,1\n12/10/2023,2\n", "run 2023-10-12.csv", "2023-10-12"),
        ("Exported,2026-02-05,\nBy,me,\nd,v,w\n05/02/2026,1,2\n05/02/2026,2,3\n", "x.csv", "2026-02-05"),
        ("From 25/04/2020 on\n\nd,v,w\n05/02/2026,1,2\n05/02/2026,2,3\n", "x.csv", "2026-02-05"),
        ("From 04/25/2020 on\n\nd,v,w\n05/02/2026,1,2\n05/02/2026,2,3\n", "x.csv", "2026-05-02"),
    ],
)
def test_a_date_beside_the_table_tells(text: str, name: str, wanted: str) -> None:
    found, why = dates(text, name)
    assert found.iloc[0] == pd.Timestamp(wanted) and "beside the table" in why


@pytest.mark.parametrize("day", ["05/06/2020", "05-06-2020", "05.06.20", "5/6/2020"])
def test_number_commas_stand_with_days_first(day: str) -> None:
    found, why = dates(f"Datum;Wert\n{day};1,5\n{day};2,25\n")
    assert found.iloc[0] == pd.Timestamp("2020-06-05") and "decimal commas" in why


@pytest.mark.parametrize("name", ["x.csv", "run_20231111.csv", "run_20231340.csv", "12102023.csv"])
def test_what_nothing_tells_stays_text(name: str) -> None:
    found, _ = dates("d,v\n12/10/2023,1.5\n12/10/2023,2.5\n", name)
    assert found.tolist() == ["12/10/2023"] * 2


def test_even_days_and_months_prove_nothing_by_a_clock() -> None:
    found, _ = dates("t,v\n" + "".join(f"0{d}/02/2020 10:00,1\n" for d in range(1, 8)))
    assert found.iloc[0] == "01/02/2020 10:00"
