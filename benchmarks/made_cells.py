"""Columns of cells as programs and people write them, with what bug reports show among them."""

import random
from collections.abc import Callable

WORDS = ["ann", "bob lee", "cy", "d'or", "NA", "none", "x-1", "true", "été", "a b c", "Łódź", "北京"]
MISSING = [
    "",
    "NA",
    "n/a",
    "-",
    "NULL",
    "None",
    "nan",
    "NaN",
    "#N/A",
    "?",
    ".",
    "unknown",
    "--",
    "\\N",
    " ",
    "k.A.",
]
ODD_CELLS = [
    # other numbers than Arrow or a float would make of them
    "0xFFFFFFFFFFFFFFFF", "0x1F", "0X1f", "-0x1", "0b101", "0o17", "007", "-05", "00.5", "1e400", "-1e400",
    "1e-400", "1e5", "1E+05", "12E34", "1e", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "12345678901234567890", "123456789012345678901", "1234567890123456.5", "1e16",
    "0.1000000000000000055511151231257827", "nan", "NaN", "-nan", "inf", "-Infinity", "1.#INF", "-0", "-0.0",
    # marks, signs and units
    "1,5", "1,234", "1.234", "1.234.567", "1,234,567.89", "1.234,5", "1 234", "1\u00a0234", "1\u202f234,5",
    "5'000", "$5", "$1,200.50", "5 €", "€5", "5%", "5 %", "(5)", "5-", "50,00-", "+5", "--5", "\u22125", "±5",
    "1.", ".5", ".", ",", "1_000", "12 kg", "12.5 k", "1.2M", "½", "1/2", "12.5.3", "~5", "<5", ">=5", "5*",
    "٣", "１２", "12³",
    # codes, times and words
    "+4915112345678", "192.168.0.1", "2020-01-02", "31/12/2020", "01/02/03", "19-Sep-03", "12:30", "12:30 PM",
    "24:00", "26:30:00", "2020-01-02T03:04:05Z", "2020-01-02 03:04:05+02:00", "2020-Q1", "20200131", "true",
    "TRUE", "Yes", "x", "N", "#REF!", "#1", "=1+1", "@x", "'7'", "'7",
    # blanks and signs that cannot be seen
    " 7", "7 ", "\t7", "\u00a05", "\ufeff5", "5\u200b", "  ", "\u3000", "5\x0b", "5\x0c", "5\x85", "a\u2028b",
    "\x1a", "\x1b[0m", "~{", "\\", "a\\,b", '"', '""', 'say "no"', '5"', '"5', "🙂", "e\u0301", "x" * 300,
]  # fmt: skip


def column(draw: random.Random, rows: int) -> list[str]:
    """One column of mostly one kind: all alike, with a few odd cells, or with a tail of another kind."""
    cells = _kind(draw, rows)
    for _ in range(draw.choice((0, 0, 0, 0, 1, 1, 2, 5))):
        cells[draw.randrange(rows)] = draw.choice(ODD_CELLS)
    change = draw.random()
    if change < 0.04:
        tail = rows - draw.randrange(rows)
        cells[rows - tail :] = [draw.choice(MISSING)] * tail if draw.random() < 0.5 else _kind(draw, tail)
    elif change < 0.08:
        word = draw.choice(MISSING)
        cells = [word if draw.random() < 0.1 else cell for cell in cells]
    return cells


def _kind(draw: random.Random, rows: int) -> list[str]:
    make = draw.choice(_KINDS)(draw)
    return [make(row) for row in range(rows)]


Maker = Callable[[int], str]


def _counted(draw: random.Random) -> Maker:
    start = draw.choice((0, 1, 990, draw.randrange(2000), 10**9, 2**53 - 20))
    return lambda n: str(start + n)


def _whole(draw: random.Random) -> Maker:
    most = draw.choice((2, 10, 100, 10**6, 10**15))
    least = draw.choice((0, 0, -most))
    return lambda _: str(draw.randrange(least, most))


def _decimal(draw: random.Random) -> Maker:
    digits, scale = draw.randrange(1, 6), draw.choice((0.1, 1, 100, 1e6))
    return lambda _: f"{draw.gauss(0, scale):.{digits}f}"


def _float(draw: random.Random) -> Maker:
    scale = draw.choice((1, 1, 1e-7, 1e18))
    return lambda _: repr(draw.gauss(0, 1) * scale)


def _comma(draw: random.Random) -> Maker:
    digits = draw.choice((1, 2, 2, 3))
    return lambda _: f"{draw.randrange(10**6) / 100:.{digits}f}".replace(".", ",")


def _grouped(draw: random.Random) -> Maker:
    mark, digits = draw.choice((".", ",", " ", "'", "\u202f")), draw.choice((0, 0, 2))
    marks = str.maketrans({",": mark, ".": "," if mark == "." else "."})
    return lambda _: f"{draw.random() * 10 ** draw.randrange(1, 8):,.{digits}f}".translate(marks)


def _united(draw: random.Random) -> Maker:
    before, after = draw.choice(
        (("$", ""), ("", "%"), ("", " %"), ("", " €"), ("£", ""), ("", " kg"), ("", "k"))
    )
    share = draw.choice((1, 1, 0.98, 0.5))
    return lambda _: (
        f"{before}{draw.randrange(5000) / 10}{after}"
        if draw.random() < share
        else str(draw.randrange(5000) / 10)
    )


def _code(draw: random.Random) -> Maker:
    width = draw.choice((3, 5, 8, 12))
    return draw.choice(
        [
            lambda _: f"{draw.randrange(10**width):0{width}d}",
            lambda _: str(draw.randrange(10 ** (width - 1), 10**width)),
            lambda _: f"{draw.randrange(90) + 10}E{draw.randrange(10)}",
            lambda _: ".".join(str(draw.randrange(256)) for _ in range(4)),
            lambda n: f"A-{n:04d}",
        ]
    )


def _words(draw: random.Random) -> Maker:
    few = draw.sample(WORDS, draw.randrange(1, 6))
    return lambda _: draw.choice(few)


def _prose(draw: random.Random) -> Maker:
    marks = draw.choice((" ", " ", ", ", "; ", " | "))
    return lambda _: marks.join(draw.choice(WORDS) for _ in range(draw.randrange(1, 5)))


def _truth(draw: random.Random) -> Maker:
    pair = draw.choice((("true", "false"), ("yes", "no"), ("Y", "N"), ("0", "1"), ("ja", "nein")))
    return lambda _: draw.choice(pair)


def _date(draw: random.Random) -> Maker:
    form = draw.choice(
        (
            "20{y:02d}-{m:02d}-{d:02d}", "{d:02d}/{m:02d}/20{y:02d}", "{m:02d}/{d:02d}/20{y:02d}",
            "{d:02d}.{m:02d}.20{y:02d}", "{d:02d}/{m:02d}/{y:02d}", "{d}.{m}.{y:02d}",
            "20{y:02d}{m:02d}{d:02d}",
            "20{y:02d}-{m:02d}-{d:02d} {h:02d}:00", "20{y:02d}-{m:02d}-{d:02d}T{h:02d}:00:00+01:00",
            "20{y:02d}-{m:02d}-{d:02d}T{h:02d}:00:00Z", "20{y:02d}-{m:02d}", "{d}-Mar-{y:02d}",
            "{d} Jan 20{y:02d}",
        )
    )  # fmt: skip
    first = draw.randrange(20)
    return lambda n: form.format(y=10 + (n // 60 + first) % 20, m=n % 12 + 1, d=n % 28 + 1, h=n % 24)


def _clock(draw: random.Random) -> Maker:
    form = draw.choice(("{h:02d}:{m:02d}", "{h:02d}:{m:02d}:00", "{l}:{m:02d}:00", "{m}:{h:02d}.5"))
    return lambda n: form.format(h=n % 24, m=n % 60, l=n % 40)


def _sparse(draw: random.Random) -> Maker:
    return lambda n: draw.choice(("", "", str(n), f"{n / 8}"))


def _empty(draw: random.Random) -> Maker:
    word = draw.choice(MISSING)
    return lambda _: word


def _leading(draw: random.Random) -> Maker:
    blank = draw.choice((" ", "  ", "+", "\u00a0"))
    return lambda n: f"{blank if draw.random() < 0.5 else ''}{n}"


_KINDS: tuple[Callable[[random.Random], Maker], ...] = (
    _counted, _counted, _whole, _whole, _whole, _decimal, _decimal, _decimal, _float, _float, _comma,
    _grouped,
    _united, _code, _words, _words, _prose, _truth, _date, _date, _clock, _sparse, _empty, _leading,
)  # fmt: skip
"""What there is most of in files stands more often, so that most tables are open to the quick way."""
