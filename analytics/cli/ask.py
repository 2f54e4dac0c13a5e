"""``zetascope ask`` and ``zetascope evaluate``: passages that answer, and how good finding is."""

import json as json_module
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analytics.cli.files import Source, check_target, progress_bar, say, write
from analytics.cli.reading import ReadAs, options_of, read_telling
from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    import pandas as pd

    from analytics.retrieval import Evaluation, Index, Questions

Column = Annotated[str, typer.Option(help="The column with the texts.")]
Model = Annotated[
    str, typer.Option(help="all-MiniLM-L6-v2, a local folder, or an id of the Hugging Face Hub.")
]
Tokens = Annotated[
    int | None, typer.Option(help="Most tokens of a passage; default: as many as the model reads.")
]
_PACKAGED = "all-MiniLM-L6-v2"
_LONGEST_LINE = 300  # characters of a passage on the screen


def ask(
    source: Source,
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    column: Column,
    method: Annotated[str, typer.Option(help="words, vectors or hybrid.")] = "hybrid",
    k: Annotated[int, typer.Option("--k", help="Passages to show.")] = 5,
    tokens: Tokens = None,
    model: Model = _PACKAGED,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
) -> None:
    """Ask the texts of a column: the sentences that answer, and the passages found, with the reasons."""
    from analytics.retrieval import answer, retrieve
    from analytics.retrieval.retrieving import check_question
    from analytics.text import open_cache

    check_question(question)  # before anything is read
    index, _ = _index(source, column, model, tokens, read_as)
    found = answer(question, index, method=method, store=open_cache())
    hits = retrieve(question, index, method=method, k=k)
    if json:
        data = {
            "question": question,
            "verdict": found.verdict(),
            "floor": found.floor,
            "answer": _with_rows(found.to_frame()),
            "passages": _with_rows(hits.to_frame()),
            "notes": list(index.notes),
        }
        typer.echo(json_module.dumps(data, indent=2, allow_nan=False))
        return
    say(found.verdict())
    for one in found.sentences:
        say(f"  row {one.document + 1:,} ({one.cosine:.2f}): {_line(one.text)}")
    say(f"Passages by {method}:")
    for rank, hit in enumerate(hits, start=1):
        words = ", ".join(f"{part.word} {part.score:.2f}" for part in hit.words) or "no word of the question"
        say(f"  {rank}. row {hit.document + 1:,}, BM25 {hit.bm25:.2f} ({words}), cosine {hit.cosine:.2f}")
        say(f"     {_line(hit.text)}")
    for note in index.notes:
        say(note, error=True)


def evaluate(
    source: Source,
    column: Column,
    questions: Annotated[Path | None, typer.Option(help="Table of questions.")] = None,
    question: Annotated[str, typer.Option(help="Its column of questions.")] = "question",
    answers: Annotated[
        str, typer.Option(help="Its column of what answers, several in a cell with commas between.")
    ] = "rows",
    relevance: Annotated[
        Path | None,
        typer.Option(help="Table of pairs: number of a question, document. Questions: number, text."),
    ] = None,
    name: Annotated[
        str, typer.Option("--id", help="Column of the texts' names; default: rows, from 1.")
    ] = "",
    title: Annotated[
        str, typer.Option(help="Without questions: the column of titles that must find their texts.")
    ] = "",
    k: Annotated[int, typer.Option("--k", help="Of nDCG and recall.")] = 10,
    tokens: Tokens = None,
    model: Model = _PACKAGED,
    lengths: Annotated[
        bool, typer.Option("--lengths", help="Also try passages of 32, 64 and 128 tokens, each read anew.")
    ] = False,
    tune: Annotated[
        bool,
        typer.Option(
            "--tune",
            help="Also tune a copy of the model on two thirds of the questions and ask it the others.",
        ),
    ] = False,
    each: Annotated[
        Path | None, typer.Option(help="Also write every question's measures here (.csv or .parquet).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
) -> None:
    """Measure how well words, vectors and both find the texts that answer questions, with intervals."""
    from analytics.retrieval import evaluate as measure

    if each is not None:
        check_target(each)
    index, frame = _index(source, column, model, tokens, read_as)
    names = _names(frame, name)
    if questions is None:
        asked = _titles(frame, title, index)
    else:
        asked = _asked(questions, relevance, question, answers, names)
    with progress_bar("Asking") as progress:
        found = measure(asked, index, k=k, progress=progress)
    if each is not None:
        write(found.each, each)
    tried = _lengths(asked, index) if lengths else []
    tuned = _tuned(asked, index, k) if tune else {}
    if json:
        data = {**_data(found), "lengths": tried, "tuned": tuned}
        typer.echo(json_module.dumps(data, indent=2, allow_nan=False))
        return
    _say(found, index)
    if tuned:
        say(f"  {tuned['answer']}")
    for one in tried:
        size = f"of {one['tokens']} tokens" if one["tokens"] else "as long as the model reads"
        say(f"  passages {size} ({one['passages']:,}), {one['method']}: nDCG@10 {one['mean']:.3f}")


def _index(
    source: Path, column: str, model: str, tokens: int | None, read_as: list[str]
) -> "tuple[Index, pd.DataFrame]":
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its warnings are about training
    from analytics.numbers.basics.selection import require_columns
    from analytics.retrieval import build_index
    from analytics.text import load_encoder, open_cache

    frame = read_telling(source, options_of(read_as)).frame
    require_columns(frame, [column])
    texts = frame[column].astype("string").fillna("").tolist()
    with progress_bar("Reading passages") as progress:
        index = build_index(
            texts, encoder=load_encoder(model), tokens=tokens, store=open_cache(), progress=progress
        )
    return index, frame


def _names(frame: "pd.DataFrame", name: str) -> list[object]:
    if not name:
        return list(range(1, len(frame) + 1))
    from analytics.numbers.basics.selection import require_columns

    require_columns(frame, [name])
    return frame[name].tolist()


def _titles(frame: "pd.DataFrame", title: str, index: "Index") -> "Questions":
    from analytics.numbers.basics.selection import require_columns
    from analytics.retrieval import questions_of_titles

    if not title:
        raise ZetascopeError("Nothing says what answers what: give --questions, or --title.")
    require_columns(frame, [title])
    return questions_of_titles(frame[title].tolist(), index.documents)


def _asked(
    questions: Path, relevance: Path | None, question: str, answers: str, names: list[object]
) -> "Questions":
    from analytics.retrieval import questions_of_frame, questions_of_pairs
    from analytics.tables import ReadOptions

    table = read_telling(questions, ReadOptions()).frame
    if relevance is None:
        return questions_of_frame(table, question=question, answers=answers, names=names)
    return questions_of_pairs(table, read_telling(relevance, ReadOptions()).frame, names=names)


def _lengths(asked: "Questions", index: "Index") -> list[dict[str, Any]]:
    from analytics.retrieval import effect_of_length
    from analytics.text import open_cache

    with progress_bar("Trying lengths of passages") as progress:
        tried = effect_of_length(
            index.documents, asked, encoder=index.encoder, store=open_cache(), progress=progress
        )
    plain: list[dict[str, Any]] = json_module.loads(tried.to_json(orient="records"))
    return plain


def _tuned(asked: "Questions", index: "Index", k: int) -> dict[str, Any]:
    from analytics.retrieval.tuning.on_questions import tune_on_questions

    with progress_bar("Tuning on questions") as progress:
        made = tune_on_questions(asked, index, k=k, progress=progress)
    costs = {
        name: getattr(made, name)
        for name in ("train_seconds", "train_processor_seconds", "read_seconds", "parameters", "pairs")
    }
    peak = made.peak_bytes if math.isfinite(made.peak_bytes) else None
    methods = made.to_frame().to_dict("records")
    return {"answer": made.answer(), "methods": methods, **costs, "peak_bytes": peak}


def _data(found: "Evaluation") -> dict[str, object]:
    return {
        "answer": found.answer(),
        "measures": found.to_frame().to_dict("records"),
        "differences": [one.sentence() for one in found.differences],
        "breadth": found.by_breadth().to_dict("records"),
        "recall": found.by_cut().to_dict("records"),
        "seconds": {**found.seconds, "reading the question": found.encoding},
        "bytes": dict(found.bytes),
        "notes": list(found.notes),
    }


def _say(found: "Evaluation", index: "Index") -> None:
    say(found.answer())
    for method, measures in found.measures.items():
        said = ", ".join(f"{name} {mean}" for name, mean in measures.items())
        cost = f"{found.seconds[method] * 1000:.1f} ms, {found.bytes[method] / 1e6:.1f} MB"
        say(f"  {method}: {said}; {cost}")
    for one in found.differences:
        say(f"  {one.sentence()}")
    for row in found.by_breadth().itertuples(index=False):
        say(f"  {row.kind} questions ({row.questions}), {row.method}: nDCG {row.mean:.3f}")
    say(f"  Reading a question takes {found.encoding * 1000:.1f} ms; times are of this machine.")
    for note in (*found.notes, *index.notes):
        say(note)


def _with_rows(frame: "pd.DataFrame") -> list[dict[str, object]]:
    frame = frame.rename(columns={"document": "row"})
    frame["row"] += 1
    plain: list[dict[str, object]] = json_module.loads(frame.to_json(orient="records"))
    return plain


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
