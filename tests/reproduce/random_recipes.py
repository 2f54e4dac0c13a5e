"""Tables of every kind of column, and recipes of steps that fit them more often than not."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from analytics.recipe import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Contains,
    Decide,
    Derive,
    Drop,
    DropDuplicates,
    DropNumbers,
    Extreme,
    Fence,
    Fill,
    IsMissing,
    Keep,
    LeaveOut,
    Matches,
    Measure,
    Not,
    OneOf,
    Pivot,
    Recipe,
    Rename,
    Replace,
    Sample,
    SetMissing,
    SetTags,
    SetType,
    SetUnit,
    SetValues,
    Shows,
    SplitByUnit,
    Step,
    StripUnit,
    Summarise,
    Tidy,
    ToUnit,
    Unpivot,
)
from analytics.tables import Table, read_table

NUMBERS, TEXTS = ["x", "n", "gaps", 'it\'s "5"\\'], ["city", "weight", "Größe 📈"]
TIMES, SPANS, TRUTHS = ["day", "stamp"], ["time"], ["paid", "sure"]
NAMES = [*NUMBERS, *TEXTS, *TIMES, *SPANS, *TRUTHS]
CITIES = ["Rome", " rome ", "Oslo", "Oslo  east", "", 'a "quoted" one', "=1+1", "Ærø", "x\\n"]
FORMULAS = [
    "x * 2 - n / gaps",
    "log(x) + log10(n) + log1p(gaps) + exp(x) + sqrt(x) + abs(n)",
    "round(x, 1) + floor(x) + min(x, n, 1) + max(x, gaps)",
    "difference(x) + previous(n) + change(gaps)",
    "zscore(x) - rank(n) + bins(gaps, 4)",
    "x ^ 2 % 3 - -n",
    "year(day) + quarter(day) + month(day) + day(day) + weekday(day)",
    "hour(stamp) + hours(time)",
    "days(day, previous(day))",
    "length(city) + length(left(city, 2))",
    "join(lower(city), '-', upper([Größe 📈]))",
    "if(paid and not missing(x), city, 'none')",
    "if(x > n or city == 'Oslo', x, 0)",
    "first(gaps, n)",
    "first(city, 'nowhere')",
    "x != 2 and n <= gaps and 1 < x",
    "city != 'Rome' and day >= '2024-02-01' and time < '26:30:00'",
    "previous(city)",
    "zscore(5) + 1 + 2",
    '[it\'s "5"\\] / 2',
    "'text'",
    "1 / 0",
    "city < 'P'",
    "if(missing(day), previous(day), day)",
]


def random_table(rng: random.Random, *, rows: int = 40) -> Table:
    """A file with numbers, texts, dates, lengths of time and truth values, with gaps and repeats."""
    lines = ['x,n,gaps,"it\'s ""5""\\",city,weight,Größe 📈,day,stamp,time,paid,sure']
    for _ in range(rows):
        gap = rng.random
        lines.append(
            ",".join(
                [
                    f"{rng.gauss(0, 3):.2f}",
                    str(rng.randint(-3, 9)),
                    "" if gap() < 0.3 else str(rng.choice([1, 2, 3, -999])),
                    f"{rng.randint(0, 99)}.5",
                    '"' + rng.choice(CITIES).replace('"', '""') + '"',
                    rng.choice(["5 kg", "6kg", "kg 7", "about 8", "300 g", ""]),
                    rng.choice(["a", "b", "é", "e\u0301"]),
                    "" if gap() < 0.2 else f"2024-0{rng.randint(1, 4)}-1{rng.randint(0, 9)}",
                    f"2024-01-1{rng.randint(0, 9)}T0{rng.randint(0, 9)}:15:00+02:00",
                    "" if gap() < 0.2 else f"{rng.randint(0, 30)}:0{rng.randint(0, 9)}:00",
                    rng.choice(["true", "false", ""]),
                    rng.choice(["true", "false"]),
                ]
            )
        )
    lines += lines[-3:]
    return read_table("\n".join(lines).encode())


def random_recipe(rng: random.Random, *, most: int = 5) -> Recipe:
    """A recipe of some steps."""
    return Recipe(steps=tuple(rng.choice(_STEPS)(rng) for _ in range(rng.randint(1, most))))


def _value(rng: random.Random, name: str) -> Any:
    if name in NUMBERS:
        return rng.choice([2, -999, 0.5, 3.0, 7, 10**30, 1e308])
    if name in TIMES:
        return rng.choice(["2024-02-01", "2024-01-12T05:15:00", "2024-03-15T00:00:00+02:00", "0001-01-01"])
    if name in SPANS:
        return rng.choice(["26:30:00", "2 days", "05:03:00", "-1 days", "99999999 days"])
    return rng.choice([True, False]) if name in TRUTHS else rng.choice([*CITIES, "é", "5 kg", "'\"\u202e"])


def _values(rng: random.Random, name: str) -> tuple[Any, ...]:
    return tuple(_value(rng, name) for _ in range(rng.randint(0, 4)))


def _condition(rng: random.Random, depth: int = 0) -> Condition:
    name = rng.choice([*NAMES, "made"])
    made: list[Callable[[], Condition]] = [
        lambda: Compare(name, rng.choice(["==", "!=", "<", "<=", ">", ">="]), _value(rng, name)),
        lambda: Between(name, *sorted([_value(rng, name), _value(rng, name)])),
        lambda: OneOf(name, _values(rng, name)),
        lambda: Contains(rng.choice(TEXTS), rng.choice(["o", "KG", '"', "\\", "é"]), rng.random() < 0.5),
        lambda: Matches(rng.choice(TEXTS), rng.choice([r"^[A-Z]\w+$", r"\d", "(", r"(o)+", r"\pL"])),
        lambda: IsMissing(name),
        lambda: Shows(rng.choice(["O", "1", "2.5", "2024-0", '"', "é"]), rng.choice([(), (name,)])),
        lambda: Extreme(name, rng.randint(1, 9), rng.random() < 0.5),
        lambda: Not(_condition(rng, depth + 1)),
        lambda: AllOf(tuple(_condition(rng, depth + 1) for _ in range(rng.randint(0, 3)))),
        lambda: AnyOf(tuple(_condition(rng, depth + 1) for _ in range(rng.randint(0, 3)))),
    ]
    return rng.choice(made if depth < 3 else made[:8])()


def _rows(rng: random.Random) -> tuple[int, ...]:
    return tuple(rng.sample(range(1, 60), rng.randint(0, 5)))


def _some(rng: random.Random, names: list[str], most: int) -> tuple[str, ...]:
    return tuple(rng.sample(names, rng.randint(0, min(most, len(names)))))


def _name(rng: random.Random, names: list[str] = NAMES) -> str:
    return rng.choice([*names, "made", "gone"] if rng.random() < 0.1 else names)


def _measures(rng: random.Random) -> tuple[Measure, ...]:
    hows: list[Any] = ["values", "sum", "mean", "median", "sd", "min", "max"]
    some = [Measure(rng.choice(hows), _name(rng, NUMBERS)) for _ in range(2)]
    return (*some, Measure("rows"), Measure("share"), Measure("max", _name(rng, [*TIMES, *SPANS, *TEXTS])))


_TYPES = [
    "date:%Y-%m-%d|%Y",
    "text",
    "number",
    "integer",
    "category",
    "identifier",
    "date:%Y",
    "duration",
    "boolean",
    "number:,",
]


def _on_value(make: Callable[..., Step]) -> Callable[[random.Random], Step]:
    def made(rng: random.Random) -> Step:
        name = _name(rng)
        return make(rng, name)

    return made


_STEPS: list[Callable[[random.Random], Step]] = [
    lambda rng: Keep(_condition(rng), active=rng.random() < 0.9),
    lambda rng: Keep(_condition(rng)),
    lambda rng: Drop(_condition(rng)),
    lambda rng: DropNumbers(_rows(rng)),
    lambda rng: DropDuplicates(_some(rng, NAMES, 2)),
    lambda rng: Sample(rng.randint(20, 60), rng.randint(0, 9)),
    lambda rng: Rename(_name(rng), rng.choice(["made", "neu 'x'", _name(rng)])),
    lambda rng: LeaveOut(_some(rng, NAMES, 2)),
    lambda rng: SetType(_name(rng), rng.choice(_TYPES)),
    lambda rng: SetType(_name(rng), "category"),
    lambda rng: SetUnit(_name(rng), "kg\n'"),
    lambda rng: StripUnit("weight", rng.choice(["kg", "k"])),
    lambda rng: ToUnit("weight", rng.choice(["kg", "lb"])),
    lambda rng: ToUnit(_name(rng, NUMBERS), "g", _name(rng, TEXTS)),
    lambda rng: SplitByUnit(_name(rng, NUMBERS), _name(rng, TEXTS)),
    lambda rng: Tidy(_name(rng, TEXTS), rng.choice(["keep", "lower", "upper"])),
    _on_value(lambda rng, name: SetMissing(name, _values(rng, name))),
    _on_value(lambda rng, name: Replace(name, _values(rng, name), _value(rng, name))),
    _on_value(lambda rng, name: Fill(name, "value", _value(rng, name))),
    lambda rng: Fill(_name(rng), rng.choice(["mean", "median", "most frequent", "previous"])),
    lambda rng: Derive(rng.choice(["made", "z"]), rng.choice(FORMULAS)),
    lambda rng: Derive(rng.choice(["made", "z"]), rng.choice(FORMULAS)),
    lambda rng: Fence(
        _name(rng, NUMBERS),
        rng.choice([None, 0, -1.5]),
        rng.choice([None, 5, 3.25]),
        rng.choice(["drop", "mark", "winsorize", "set missing"]),
    ),
    lambda rng: Decide(_rows(rng), rng.choice(["keep", "drop", "mark", "set missing"]), _some(rng, NAMES, 2)),
    lambda rng: SetValues(_name(rng, NUMBERS), (1, 5, 9), rng.choice([(1, 2, -3), (0.5, 1, 2)])),
    lambda rng: SetTags(rng.choice(["tags", "city"]), tuple((row, "t'\"\\") for row in _rows(rng))),
    lambda rng: Summarise(_some(rng, [*TEXTS, *TIMES, *TRUTHS], 2), _measures(rng)),
    lambda rng: Pivot((_name(rng, ["city", "day", "paid"]),), _name(rng, TEXTS), _name(rng, NUMBERS)),
    lambda rng: Unpivot(_some(rng, rng.choice([NUMBERS, TEXTS, TIMES]), 3) or ("x",), "name", "value"),
]
