"""Which delimiter, quote and escape a text is written with.

Every likely delimiter is tried on a sample. A hypothesis is good when the records it gives have one
width, its cells look like whole values (numbers, dates, names) and not like pieces with other marks in
them, and each column holds one kind of value. The idea of scoring pattern times type is that of van den
Burg, Nazabal and Sutton (2019), "Wrangling messy CSV files by detecting row and type patterns".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import NUMERIC, TYPED, kind_of, without_inner_marks
from analytics.tables.records.even_tail import even_tail
from analytics.tables.records.even_words import even_words
from analytics.tables.records.fixed_width import find_cuts, notes_only
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.lone_name import is_lone_name
from analytics.tables.records.quote_marks import find_escape, find_quote
from analytics.tables.records.records import Lines, Records, Row, parse
from analytics.tables.report import Decision

# Every candidate is tried on the sample, some ten of them: these sizes keep that to tens of milliseconds.
_HEAD_LINES, _MIDDLE_LINES, _SAMPLE_CHARACTERS, _SCORED_ROWS, _SCORED_COLUMNS = 300, 100, 120_000, 120, 200
_ENDLESS = 20_000  # characters of a line that may hide the dialect of all others (a name of 300,000 did)

# How often a mark is a delimiter at all. Marks of prose and of times stand below those that data is exported
# with. At 1.4 the comma wins over tabs between decimal commas; at 0.35 the colon loses a passwd file.
_PRIOR = {",": 1.0, "\t": 1.0, ";": 1.0, "|": 0.95, "^": 0.8, "~": 0.8, " ": 0.65, "  ": 0.8, ":": 0.5}
_LONG_PRIOR = 0.95  # a run like ^|^ is no accident, but a single mark that fits as well is likelier
_CONTROLS = ("\x1f", "\x1e", "\x01", "\x02", "\x07", "\x00")
_RARE = "¬§¦•þ*!&#@$=/%+"
_STEADY = 0.8  # share of lines; a dialect that fits fewer may be one of the notes above the table
_TYPED_TAIL = 0.1  # share of cells that are numbers and such, or else lines with marks may be prose
_WEAK = frozenset(" :/=+-*!&#@$%")
_FIRM = frozenset("\t;|\x1f\x1e\x01\x02")
_LONG_MARK = re.compile(r"[|~^:;#$@!*¦§=<>&]{2,3}(?![|~^:;#$@!*¦§=<>&])(?<![^#$]#|[^#$]\$)")
_INNER_MARK = re.compile(r"[,;| ]")
_TIGHT_COMMA = re.compile(r"[^ ],[^ ]")
# How much a cell that is no number or date looks whole: codes and words more than free text, which a wrong
# delimiter leaves behind, so that prose is not cut where words alone would gain.
_WEIGHT = {"missing": 0.9, "code": 0.8, "words": 0.7, "empty": 0.6, "text": 0.45}
_MESSY = re.compile(r"[\t|;](?! )|[^\s\d],[^\s\d]|\d,[^\s\d]|[^\s\d],\d|[,;|]$|^[,;|]")
_DRAWN = "-=+:|"  # what rules below names are drawn with
_NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    " ": "space",
    "  ": "two or more spaces",
    ":": "colon",
}


@dataclass(frozen=True)
class Guess:
    """A dialect, the width its records mostly have, and how well it fits (higher is better).

    ``steady`` is the share of records of that width, ``typed`` that of cells that are numbers and such.
    ``lines`` is how many lines hold the mark equally often where nothing else speaks for it, else 0.
    ``within`` is a mark that stands within the values of the only column, "" where there is none.
    """

    dialect: Dialect
    width: int
    score: float
    steady: float = 1.0
    typed: float = 0.0
    lines: int = 0
    within: str = ""


def detect_dialect(lines: Lines, *, options: ReadOptions, name: str = "") -> tuple[Guess, Decision]:
    """The best dialect for ``lines`` under ``options``, and the decision in words."""
    sample = _sample_lines(lines)
    guesses = sorted(_guesses(sample, options, name), key=lambda guess: guess.score, reverse=True)
    best = _settle_blanks(guesses)
    best = best if options.delimiter is not None else _of_lone_name(_of_even_words(best, sample), lines)
    best = _of_even_tail(best, lines, options, name) or best
    best = best if options.delimiter is not None else _of_fixed_width(best, lines)
    best = replace(best, dialect=_refine(best.dialect, sample))
    others = [guess for guess in guesses if guess.dialect.delimiter != best.dialect.delimiter]
    return best, _decision(best, others, options)


def _sample_lines(lines: Lines) -> Lines:
    """Lines from the head and from the middle, few enough to be tried many times; none unlike all others."""
    texts, half = lines.texts, len(lines.texts) // 2
    chosen = [*range(min(len(texts), _HEAD_LINES))]
    chosen += range(max(half, _HEAD_LINES), min(len(texts), half + _MIDDLE_LINES))
    usual = sorted(len(texts[index]) for index in chosen)[len(chosen) // 2]
    longest = max(_ENDLESS, 20 * usual)
    kept: list[str] = []
    size = 0
    for index in (index for index in chosen if len(texts[index]) <= longest):
        kept.append(texts[index][: _SAMPLE_CHARACTERS - size])
        size += len(kept[-1])
        if size >= _SAMPLE_CHARACTERS:
            break
    return Lines(kept, lines.ends if isinstance(lines.ends, str) else "\n")


def _of_even_words(best: Guess, sample: Lines) -> Guess:
    """The best guess or, where that finds no cells, a mark that stands equally often in all lines."""
    found = None if best.dialect.delimiter else even_words(sample.texts)
    if found is None:
        return best
    mark, width, lines = found
    return replace(best, dialect=replace(best.dialect, delimiter=mark), width=width, lines=lines)


def _of_lone_name(best: Guess, lines: Lines) -> Guess:
    """The best guess or, where its mark stands within the values below one name, one column."""
    mark = best.dialect.delimiter
    if not mark or best.lines or not is_lone_name(lines.texts[:_HEAD_LINES], mark):
        return best
    return Guess(Dialect("", quote=best.dialect.quote), 1, best.score, typed=best.typed, within=mark)


def _of_fixed_width(best: Guess, lines: Lines) -> Guess:
    """The best guess or, where runs of blanks give lines different numbers of cells, fixed columns."""
    blank = not best.dialect.delimiter.strip(" ") and (best.dialect.runs or not best.dialect.delimiter)
    if not blank or (best.dialect.delimiter and best.steady == 1):
        return best
    cuts = find_cuts(lines.texts)
    fewer = len(cuts) + 1 < best.width  # only single blanks, which stand in texts too, may part too often
    if not cuts or (fewer and (best.dialect.delimiter != " " or best.steady >= _STEADY)):
        return best
    if best.dialect.delimiter and notes_only(lines.texts, cuts, lambda line: len(best.dialect.split(line))):
        return best
    return Guess(Dialect("  ", quote="", runs=True, cuts=cuts), len(cuts) + 1, best.score, typed=best.typed)


def _of_even_tail(best: Guess, lines: Lines, options: ReadOptions, name: str) -> Guess | None:
    """The dialect of a table at the end that fits all its lines, where the best fits those above or few."""
    if options.delimiter is not None or (best.dialect.delimiter and best.steady >= _STEADY):
        return None
    found = even_tail(lines.texts)
    if found is None or found[0] == best.dialect.delimiter or found[1].start == 0:
        return None
    tail = Lines([lines.texts[place] for place in found[1]], "\n")
    guess = max(_guesses(_sample_lines(tail), options, name), key=lambda each: each.score)
    sure = guess.dialect.delimiter.strip(" ") == found[0].strip(" ")
    sure = sure and guess.steady == 1 and guess.typed >= _TYPED_TAIL
    return guess if sure else None


def _settle_blanks(guesses: list[Guess]) -> Guess:
    """The best guess, or one that parts cells at fewer blanks and does so alike in every line.

    It must give as many cells where the best does not always, or cut nothing off but numbers, dates and such.
    """
    best = guesses[0]
    agreed = _agreed(guesses)
    if agreed is not None and best.dialect.runs and not _parts_finer(best, agreed):
        return agreed
    if best.dialect.delimiter not in ("\t", "  "):
        return best
    for guess in guesses[1:]:
        if guess.dialect.delimiter not in ("  ", " ") or not guess.dialect.runs:
            continue
        more = guess.width - best.width
        if more == 0 and best.dialect.delimiter == "  " and guess.steady > best.steady:
            return (
                guess  # as many cells at single blanks in more of the lines: names stand closer than numbers
            )
        if guess.steady < 1:
            continue
        finer = best.dialect.delimiter == "  " and _parts_finer(guess, best)
        if (more == 0 and best.steady < 1) or finer:
            return guess
    return best


def _agreed(guesses: list[Guess]) -> Guess | None:
    """The guess with a mark that people do not write in texts and that stands equally often in every line."""
    for guess in guesses:
        firm = guess.dialect.delimiter in _FIRM and not guess.dialect.runs
        if firm and guess.width > 1 and guess.steady == 1:
            return guess
    return None


def _parts_finer(guess: Guess, other: Guess) -> bool:
    """Whether a guess has more cells than another in every line, all of those numbers, dates and such."""
    more = guess.width - other.width
    return (
        more > 0
        and guess.steady == 1
        and guess.width * guess.typed - other.width * other.typed >= more - 0.01
    )


def score(records: Records) -> Guess:
    """How well records fit their dialect; see the module's description."""
    rows, dialect = records.rows, records.dialect
    if not rows:
        return Guess(dialect, 1, 0.0)
    counts = Counter(len(row) for row in rows)
    # A wider usual width wins over a narrower one of about as many rows: titles and notes are narrow.
    width = max(counts, key=lambda size: counts[size] * (1 - 0.5 / size) if size > 1 else counts[size] * 0.3)
    if width == 1 and dialect.delimiter:
        return Guess(dialect, 1, 0.0)
    body = [row for row in rows if len(row) == width]
    looked = [Row(row[:_SCORED_COLUMNS], dialect) for row in body[:: max(1, len(body) // _SCORED_ROWS)]]
    types = [_column_fit(looked, place) for place in range(min(width, _SCORED_COLUMNS))]
    fit = sum(value for value, _ in types) / len(types)
    typed = sum(share for _, share in types) / len(types)
    if not dialect.delimiter:
        typed = _column_fit(looked[1:], 0)[1] if len(looked) > 1 else typed
        return Guess(dialect, 1, (0.8 if typed > 0.9 else 0.3) * fit)
    prior = _prior(dialect.delimiter, typed)
    consistency = counts[width] / len(rows)
    # One width counts more than whole cells: what fits only some of the lines is rarely the delimiter.
    value = prior * consistency**1.5 * fit * (1 - 0.5 / width)
    return Guess(dialect, width, value, consistency, typed)


def _prior(mark: str, typed: float) -> float:
    """How often a mark separates cells at all; a weak one does where most cells are ``typed``."""
    if _LONG_MARK.fullmatch(mark):
        return _LONG_PRIOR
    prior = _PRIOR.get(mark[0], 1.0 if mark[0] in _CONTROLS else 0.4)
    return prior * (0.3 + 0.7 * typed) if mark in _WEAK else prior


def _column_fit(rows: Sequence[Row], place: int) -> tuple[float, float]:
    """(how whole and alike the cells of one column are, share that is clearly typed or quoted)."""
    groups: Counter[str] = Counter()
    weight, fenced = 0.0, 0
    dialect = rows[0].dialect
    single = not dialect.delimiter
    for row in rows:
        cell, quoted = row.values[place].strip(), row.quoted[place]
        kind = kind_of(cell)
        if kind in TYPED and not (single and _may_be_two(cell, kind)):
            weight += 1.0
            groups["number" if kind in NUMERIC else kind] += 1
            continue
        fenced += quoted and not single and bool(cell)
        weight += _untyped_weight(cell, kind, quoted=quoted, quote=dialect.quote)
        if kind not in ("empty", "missing"):
            groups["other"] += 1
    filled = sum(groups.values())
    alike = max(groups.values()) / filled if filled else 1.0
    typed = min(1.0, (filled - groups["other"] + fenced) / filled) if filled else 0.0
    return weight / len(rows) * (0.6 + 0.4 * alike), typed


def _may_be_two(cell: str, kind: str) -> bool:
    """Whether a typed line holds a mark that as likely parts two cells (``2015-01-01 01:00:00,2``)."""
    if kind in ("number", "address"):
        return _INNER_MARK.search(cell) is not None
    return kind in ("clock", "moment") and _TIGHT_COMMA.search(cell) is not None


def _untyped_weight(cell: str, kind: str, *, quoted: bool, quote: str) -> float:
    if quoted:
        return 0.8  # somebody fenced it in: whole, though of no kind
    if kind in ("text", "number") and (_MESSY.search(cell) or _unbalanced(cell, quote)):
        return 0.05  # other marks stand in it as between cells: a piece of a line cut at the wrong ones
    return _WEIGHT.get(kind, 0.45)


def _unbalanced(cell: str, quote: str) -> bool:
    if quote and cell.count(quote) == 1 and (cell.startswith(quote) or cell.endswith(quote)):
        return True
    return any(cell.count(opening) != cell.count(closing) for opening, closing in ("{}", "[]", "()"))


def _guesses(sample: Lines, options: ReadOptions, name: str) -> Iterator[Guess]:
    text = "\n".join(sample.texts)
    for delimiter, runs in _candidates(text, options):
        quote = options.quote if options.quote is not None else find_quote(text, delimiter)
        escape = options.escape if options.escape is not None else find_escape(text, quote, delimiter)
        dialect = Dialect(delimiter, quote, escape, runs=runs)
        guess = score(parse(sample, dialect))
        # The name outweighs commas in the cells of a narrow table, but not a file without any tab.
        favoured = delimiter == "\t" and name.lower().endswith((".tsv", ".tab"))
        yield replace(guess, score=1.3 * guess.score) if favoured else guess


def _candidates(text: str, options: ReadOptions) -> Iterator[tuple[str, bool]]:
    """(delimiter, runs) worth a try; "" always is."""
    if options.delimiter is not None:
        yield options.delimiter, options.delimiter == "  "
        return
    yield "", False
    long_marks = _long_marks(text)
    yield from ((mark, False) for mark in long_marks)
    parts = {
        sign
        for mark in long_marks
        for sign in mark
        if text.count(sign) == text.count(mark) * mark.count(sign)
    }
    bare = without_inner_marks(text)
    lines = sum(1 for line in bare.split("\n") if line.strip())
    for mark in (*_PRIOR, *_CONTROLS, *_RARE):
        if mark not in text or mark in parts:
            continue
        # A mark that most lines have only within dates, paths and such is part of their cells.
        if mark in _WEAK and mark != " " and 2 * sum(mark in line for line in bare.split("\n")) < lines:
            continue
        if mark == "  ":
            yield "  ", True
            yield " ", True
            yield "\t" if "\t" in text else "  ", True
        elif mark == " " and "\t" in text and "  " not in text:
            yield " ", True
            yield " ", False
        elif 2 * text.count(mark * 2) >= text.count(mark) > 3 and mark != " ":
            yield mark * 2, False
            yield mark, False
        else:
            yield mark, False


def _long_marks(text: str) -> list[str]:
    """Runs of two or three signs that occur equally often in nearly all lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    runs = Counter(run for line in lines for run in set(_LONG_MARK.findall(line)))
    common = [run for run, count in runs.most_common(3) if count >= max(3, 0.8 * len(lines))]
    return [run for run in common if len({line.count(run) for line in lines if run in line}) == 1]


def _refine(dialect: Dialect, sample: Lines) -> Dialect:
    """Whether blanks follow the delimiters."""
    if not dialect.delimiter or " " in dialect.delimiter or dialect.runs:
        return dialect
    if not any(f"{dialect.delimiter} " in text for text in sample.texts):
        return replace(dialect, skip_space=False)
    rows = parse(sample, dialect).rows
    cells = [cell for row in rows for cell in row[1:] if cell.strip(_DRAWN)]
    # Fixed-width writers pad every cell but those of a drawn rule; one in ten may be empty or a note.
    spaced = sum(cell.startswith(" ") for cell in cells)
    return replace(dialect, skip_space=bool(cells) and spaced >= 0.9 * len(cells))


def _decision(best: Guess, others: list[Guess], options: ReadOptions) -> Decision:
    mark = best.dialect.delimiter
    named = _delimiter_name(mark)
    if options.delimiter is not None:
        return Decision("delimiter", mark, f"Cells are separated by {named}, as asked.")
    evidence = f"most records then have {best.width:,} cells and each column holds one kind of value"
    alternatives = tuple(guess.dialect.delimiter for guess in others if guess.score > 0.3 * best.score)[:4]
    if best.dialect.cuts:
        starts = ", ".join(str(cut + 1) for cut in best.dialect.cuts)
        sentence = f"Cells stand in {best.width:,} columns of fixed width, parted at the characters {starts}."
        return Decision("delimiter", mark, sentence, "all lines hold blanks there", ("", mark))
    if not mark:
        return Decision("delimiter", mark, "Every line is one cell: no delimiter fits.", "", alternatives)
    return Decision("delimiter", mark, f"Cells are separated by {named}: {evidence}.", evidence, alternatives)


def _delimiter_name(mark: str) -> str:
    """The delimiter in words."""
    return _NAMES.get(mark, repr(mark) if not mark.isprintable() else f"“{mark}”")
