"""The command line's work on many files: fit over all of them, write piece by piece."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from analytics.numbers.basics.parameters import TransformParameters
from analytics.numbers.standardizing.transform_file import parameters_from_json, parameters_to_json
from analytics.progress import Progress, silent
from analytics.recipe import Recipe
from analytics.scale.applying import apply_lazy
from analytics.scale.engines import Native, ScaleError
from analytics.scale.files import MEND, Files, find_files, is_sentence, open_files, unreadable
from analytics.scale.fitting import fit_lazy
from analytics.scale.maps import LazyMap, Stages, check_can_place, map_lazy
from analytics.scale.outliers import LazyOutliers, outliers_lazy
from analytics.scale.profile import profile_lazy
from analytics.scale.recipes import looks_at_all_rows, recipe_lazy
from analytics.scale.sessions import ENGINES, first_line, open_duckdb, open_spark, told
from analytics.scale.text import embed_lazy, named_encoder
from analytics.scale.writing import Run, Written
from analytics.tables import TableProfile

T = TypeVar("T")


@dataclass(frozen=True)
class Engine:
    """Where the work is done, and whether files that cannot be read are left out and named (``skip_bad``)."""

    name: str = "duckdb"
    master: str | None = None
    connect: str | None = None
    memory: str | None = None
    skip_bad: bool = False

    def __post_init__(self) -> None:
        if self.name not in ENGINES:
            raise ScaleError(f"There is no engine {self.name!r}: choose {' or '.join(ENGINES)}.")
        if self.name != "spark" and (self.master or self.connect):
            raise ScaleError("--master and --connect say where Spark runs: add --engine spark.")

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """A session, closed at the end."""
        if self.name == "duckdb":
            with open_duckdb(memory=self.memory) as connection:
                yield connection
            return
        settings = {"spark.driver.memory": self.memory} if self.memory else None
        session = open_spark(master=self.master, connect=self.connect, settings=settings)
        try:
            yield session
        finally:
            session.stop()

    def files(self, source: str) -> Files:
        """The files of ``source``."""
        return find_files(source, skip_bad=self.skip_bad, elsewhere=bool(self.connect))


@dataclass(frozen=True)
class _Known:
    """What a run found out over all files, kept for when it is gone on with, and the files it is of."""

    text: str
    paths: tuple[str, ...]
    left_out: tuple[str, ...]


def standardize_files(
    source: str,
    target: Path,
    *,
    engine: Engine,
    choices: Mapping[str, Any],
    recipe: Recipe | None = None,
    mode: str = "add",
    progress: Progress = silent,
) -> tuple[TransformParameters, Written]:
    """Fit over all files and write their rows with scores; ``choices`` are those of ``fit_lazy``.

    The steps of ``recipe`` are taken before, and stand in the transform.
    """
    kept = json.dumps(json.loads(recipe.to_json()), ensure_ascii=False) if recipe else ""

    def fitted(native: Native) -> str:
        return parameters_to_json(replace(fit_lazy(_after(recipe, native), **choices), recipe=kept))

    with engine.opened() as session:
        text, written = _two_steps(
            session, source, target, engine, ["standardize", dict(choices), kept, mode],
            measure=fitted, work_of=lambda text: _scoring(parameters_from_json(text), recipe, mode),
            progress=progress, pieces=_pieces(recipe),
        )  # fmt: skip
    return parameters_from_json(text), written


def apply_files(
    parameters: TransformParameters,
    source: str,
    target: Path,
    *,
    engine: Engine,
    mode: str = "add",
    progress: Progress = silent,
) -> Written:
    """Write the rows of all files with their scores by a transform, after the steps that stand in it."""
    recipe = Recipe.from_json(parameters.recipe) if parameters.recipe else None
    work = _scoring(parameters, recipe, mode)
    with engine.opened() as session:
        return _two_steps(
            session, source, target, engine, ["apply", parameters_to_json(parameters), mode],
            measure=_only_tried(work), work_of=lambda _text: work, progress=progress, pieces=_pieces(recipe),
        )[1]  # fmt: skip


def _scoring(parameters: TransformParameters, recipe: Recipe | None, mode: str) -> Callable[[Native], Native]:
    return lambda native: apply_lazy(parameters, _after(recipe, native), mode=mode)


def _after(recipe: Recipe | None, native: Native) -> Native:
    return recipe_lazy(recipe, native) if recipe else native


def _pieces(recipe: Recipe | None) -> int | None:
    """One piece where a step looks at all rows together."""
    return 1 if recipe and looks_at_all_rows(recipe) else None


def _only_tried(work: Callable[[Native], Native]) -> Callable[[Native], str]:
    """Finds out before the first piece whether the work fits the table; there is nothing to measure."""

    def tried(native: Native) -> str:
        work(native)
        return ""

    return tried


def clean_files(
    recipe: Recipe, source: str, target: Path, *, engine: Engine, progress: Progress = silent
) -> Written:
    """Write the rows of all files after the steps of a recipe."""

    def cleaned(native: Native) -> Native:
        return recipe_lazy(recipe, native)

    with engine.opened() as session:
        return _two_steps(
            session, source, target, engine, ["clean", recipe.to_json()],
            measure=_only_tried(cleaned), work_of=lambda _text: cleaned,
            progress=progress, pieces=_pieces(recipe),
        )[1]  # fmt: skip


def embed_files(
    source: str, target: Path, column: str, *, engine: Engine, model: str, progress: Progress = silent
) -> Written:
    """Write the rows of all files with the vectors of their texts."""
    with engine.opened() as session:
        files = engine.files(source)
        if files.elsewhere and engine.name == "spark":
            raise ScaleError("Vectors are kept on disks that this machine sees: name files that lie there.")
        run = Run(target, files, ["embed", column, model])
        run.begin()

        def embedded(native: Native) -> Native:
            return embed_lazy(
                native, column, folder=run.folder / "_vectors", encoder=model, progress=progress
            )

        return run.write(session, embedded, pieces=1, skip_bad=engine.skip_bad)


def map_files(
    source: str,
    target: Path,
    column: str,
    *,
    engine: Engine,
    model: str,
    stages: Stages,
    backend: str = "auto",
    **choices: Any,
) -> tuple[LazyMap, Written]:
    """Write the rows of all files with the places of their texts; ``choices`` are those of ``map_lazy``.

    ``backend`` is that of ``load_encoder``; vectors of one are never mixed with another's.
    """
    if choices.get("parameters"):
        check_can_place(choices["parameters"])  # before a folder is begun that the next command would meet
    with engine.opened() as session:
        files = engine.files(source)
        if files.elsewhere and engine.name == "spark":
            raise ScaleError("Vectors are kept on disks that this machine sees: name files that lie there.")
        run = Run(target, files, ["map", column, model, backend, choices])
        encoder = named_encoder(model, backend=backend)
        run.begin()
        made: list[LazyMap] = []

        def mapped(native: Native) -> Native:
            folder = run.folder / "_vectors"
            made.append(map_lazy(native, column, folder=folder, encoder=encoder, stages=stages, **choices))
            return made[-1].table

        written = run.write(session, mapped, pieces=1, skip_bad=engine.skip_bad)
        return made[-1], written


def outliers_files(
    source: str,
    target: Path | None,
    *,
    engine: Engine,
    choices: Mapping[str, Any],
    progress: Progress = silent,
) -> tuple[LazyOutliers, Written | None]:
    """Search all files; with ``target``, write their rows with scores and votes."""
    with engine.opened() as session:
        files = engine.files(source)
        files, found = with_readable(
            session, files, lambda native: outliers_lazy(native, **choices), skip_bad=engine.skip_bad
        )
        if target is None:
            return found, None
        # Piece by piece a search would measure each piece: the whole is written in one.
        run = Run(target, files, ["outliers", dict(choices)])
        run.begin()
        return found, run.write(session, lambda _native: found.scored, progress=progress, pieces=1)


def profile_files(source: str, *, engine: Engine) -> tuple[Files, TableProfile]:
    """Profile the table that lies in all files."""
    with engine.opened() as session:
        return with_readable(session, engine.files(source), profile_lazy, skip_bad=engine.skip_bad)


def _two_steps(
    session: Any,
    source: str,
    target: Path,
    engine: Engine,
    asked: Sequence[object],
    *,
    measure: Callable[[Native], str],
    work_of: Callable[[str], Callable[[Native], Native]],
    progress: Progress,
    pieces: int | None = None,
) -> tuple[str, Written]:
    files = engine.files(source)
    if files.elsewhere and engine.name == "spark":
        files, text = with_readable(session, files, measure, skip_bad=False)
        with told():
            # Spark commits its files itself; what it does not reach the end of is no table.
            work_of(text)(open_files(session, files)).write.parquet(_address(target))
        return text, Written(target, 1, 0)
    run = Run(target, files, asked)
    run.begin()

    def made() -> str:
        readable, text = with_readable(session, files, measure, skip_bad=engine.skip_bad)
        return json.dumps(asdict(_Known(text, readable.paths, readable.left_out)))

    known = _Known(**json.loads(run.kept("_known.json", made)))
    run.files = replace(files, paths=tuple(known.paths), left_out=tuple(known.left_out))
    return known.text, run.write(
        session, work_of(known.text), progress=progress, pieces=pieces, skip_bad=engine.skip_bad
    )


def _address(target: Path) -> str:
    """A path that may be an address: Path makes one line of the two in ``s3://``."""
    scheme, colon, rest = str(target).partition(":/")
    return f"{scheme}://{rest.lstrip('/')}" if colon and len(scheme) > 1 else str(target)


def with_readable(
    session: Any, files: Files, work: Callable[[Native], T], *, skip_bad: bool
) -> tuple[Files, T]:
    """Do some work on all files; where it fails, find the files that cannot be read to their end.

    Raises ScaleError that names them, unless ``skip_bad`` leaves them out, and for what else an engine says.
    """
    try:
        return files, work(open_files(session, files))
    except Exception as error:  # each engine has errors of its own
        if is_sentence(error):
            raise
        failure = error
    bad = [] if files.elsewhere else unreadable(session, files)
    if not bad:
        raise ScaleError(f"The engine stopped: {first_line(failure)}") from failure
    path, reason = bad[0]
    if not skip_bad:
        raise ScaleError(f"{path} can't be read: {reason}. {MEND}") from failure
    for path, reason in bad:
        files = files.without(path, reason)
    if not files.paths:
        raise ScaleError(f"None of the files can be read: {files.left_out[0]}.") from failure
    return files, work(open_files(session, files))
