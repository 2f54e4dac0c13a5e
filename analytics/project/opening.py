"""A project file from elsewhere: checked part by part, each refusal in one sentence; nothing in it is run."""

from __future__ import annotations

import hashlib
import io
import mmap
import zipfile
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from analytics.apart import ApartError, Limits, run_apart
from analytics.project.project import ABOUT, FILE, LONGEST_NAME, RECIPE, VERSION, Project, ProjectError
from analytics.recipe import Recipe, RecipeError
from analytics.recipe.plain import LARGEST, json_object, plain
from analytics.tables import ReadOptions
from analytics.tables.formats.kinds import BROKEN_ZIP

_DEEPEST = 10
_MOST_COLUMNS = 100_000
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1

_Name = Annotated[str, Field(max_length=10_000)]
_Use = Literal["number", "category", "text", "time", "identifier", "constant", "empty"]


@plain
class About:
    """What ``project.json`` must be."""

    zetascope_project: int
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    uses: Annotated[dict[str, _Use], Field(max_length=_MOST_COLUMNS)]
    choices: Annotated[
        dict[_Name, Annotated[dict[_Name, tuple[_Name, ...]], Field(max_length=1_000)]], Field(max_length=100)
    ]
    made_with: Annotated[dict[_Name, _Name], Field(max_length=100)]


_ABOUT = TypeAdapter(About)


def open_project(
    source: bytes, *, limits: ReadOptions = ReadOptions(), isolated: Limits | None = None
) -> Project:
    """The project in a ``.zeta`` file; its recipe reads with the ``limits`` of this machine.

    ``isolated``: check the file in a process of its own that may use so much.

    Raises:
        ProjectError: no project, of another version, damaged, too large, or with a part that cannot be used.
    """
    if isolated is None:
        return _project(source, limits)
    try:
        answer = run_apart(f"{__name__}:check_task", source, {"most": limits.max_bytes}, limits=isolated)
    except ApartError as error:
        raise ProjectError(str(error)) from error
    parts = answer.document
    return _made(parts["about"], parts["recipe"], bytes(answer.memory), limits)


def check_task(source: bytes | mmap.mmap, arguments: dict[str, Any], target: Any) -> dict[str, str]:
    """What the other process does: the parts, checked, with the file in ``target``."""
    about, recipe, file = _parts(source[:], arguments["most"])
    _made(about, recipe, file, ReadOptions())
    target.write(file)
    return {"about": about, "recipe": recipe}


def _project(source: bytes, limits: ReadOptions) -> Project:
    return _made(*_parts(source, limits.max_bytes), limits)


def _parts(source: bytes, most: int) -> tuple[str, str, bytes]:
    """``project.json``, ``recipe.json`` and the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            parts = archive.infolist()
            if sorted(part.filename for part in parts) != sorted((ABOUT, RECIPE, FILE)):
                raise ProjectError("The file is no project of Zetascope: its parts are not those of one.")
            largest = {ABOUT: LARGEST, RECIPE: LARGEST, FILE: most}
            for part in parts:
                _check_part(part, largest[part.filename])
            about, recipe, file = (archive.read(name) for name in (ABOUT, RECIPE, FILE))
            return about.decode(), recipe.decode(), file
    except ProjectError:
        raise
    except UnicodeDecodeError as error:
        raise ProjectError("The project is damaged: its description is no UTF-8 text.") from error
    except BROKEN_ZIP as error:
        raise ProjectError("The project file is damaged or none: save the project again.") from error


def _check_part(part: zipfile.ZipInfo, most: int) -> None:
    if part.flag_bits & _ENCRYPTED:
        raise ProjectError("The project is protected by a password: save it again without one.")
    if part.compress_type not in _PACKINGS:
        raise ProjectError("The project is packed in another way than Zetascope packs: save it again there.")
    if part.file_size > most:
        raise ProjectError(
            f"The project's part {part.filename!r} expands to {part.file_size:,} bytes, more than {most:,}."
        )


def _made(about: str, recipe: str, file: bytes, limits: ReadOptions) -> Project:
    told = about_of_text(about)
    if hashlib.sha256(file).hexdigest() != told.sha256:
        raise ProjectError("The file in the project is not the one it was saved with: save it again.")
    return Project(told.name, file, recipe_of_text(recipe, limits), told.uses, told.choices, told.made_with)


def about_of_text(text: str) -> About:
    """``project.json``, checked; raises ProjectError."""
    given = json_object(text, what="project", deepest=_DEEPEST, error=ProjectError)
    if "zetascope_project" not in given:
        raise ProjectError("The file is no project of Zetascope.")
    if given["zetascope_project"] != VERSION:
        asked = f"{given['zetascope_project']!r:.40}"
        raise ProjectError(f"The project is of version {asked}, and this Zetascope opens {VERSION}.")
    try:
        told = _ABOUT.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(place)[:40] for place in first["loc"])
        raise ProjectError(
            f"The project's {where or 'description'} cannot be used: {first['msg']}."
        ) from error
    alone = PurePath(told.name.replace("\\", "/")).name
    if told.name != alone or told.name == ".." or not told.name.isprintable():
        raise ProjectError(f"The project calls its file {told.name[:80]!r}, which is no plain name.")
    for page, chosen in told.choices.items():
        odd = next((key for key in chosen if not key.startswith(f"{page}_")), None)
        if odd is not None:
            raise ProjectError(f"The project has a choice {odd[:80]!r} that is none of page {page[:80]!r}.")
    return told


def recipe_of_text(text: str, limits: ReadOptions) -> Recipe:
    """The recipe in a project; raises ProjectError."""
    try:
        return Recipe.from_json(text, limits=limits)
    except RecipeError as error:
        raise ProjectError(f"The project's recipe cannot be used. {error}") from error
