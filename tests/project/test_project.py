"""A project file: what was saved comes back, and what is none is refused in one sentence."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.apart import Limits
from analytics.project import (
    Memory,
    Project,
    ProjectError,
    memory_of_text,
    open_project,
    save_project,
)
from analytics.recipe import Compare, Decide, Keep, Recipe
from analytics.tables import ReadOptions

PROJECT = Project(
    "Prüfung 📈.csv",
    b"a;b\n1,5;x\n2,5;y\n",
    Recipe(
        ReadOptions(delimiter=";", decimal=","), (Keep(Compare("a", ">", 2)), Decide((1,), "drop")), "0" * 64
    ),
    {"a": "number", "b": "identifier"},
    {"outliers": {"outliers_methods": ("iqr", "<b>"), "outliers_by": ()}},
    {"zetascope": "0.1.0"},
)


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(save_project(PROJECT))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(given: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as archive:
        for name, data in given.items():
            archive.writestr(name, data)
    return target.getvalue()


def about(**changes: object) -> bytes:
    return packed(
        parts() | {"project.json": json.dumps(json.loads(parts()["project.json"]) | changes).encode()}
    )


def test_a_project_comes_back_as_it_was_saved() -> None:
    assert open_project(save_project(PROJECT)) == PROJECT


def test_the_same_project_is_the_same_file() -> None:
    assert save_project(PROJECT) == save_project(replace(PROJECT))
    assert save_project(PROJECT) != save_project(replace(PROJECT, name="other.csv"))


def test_the_limits_of_this_machine_hold_and_are_not_saved() -> None:
    mine = replace(PROJECT, recipe=Recipe(ReadOptions(max_rows=7)))
    assert b"max_rows" not in zipfile.ZipFile(io.BytesIO(save_project(mine))).read("recipe.json")
    assert open_project(save_project(mine), limits=ReadOptions(max_rows=9)).recipe.read.max_rows == 9


@settings(deadline=None, max_examples=40)
@given(
    st.binary(max_size=200),
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.just("text"), max_size=3
    ),
    st.dictionaries(
        st.sampled_from(["map", "data"]),
        st.dictionaries(st.just("x"), st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple)),
    ),
)
def test_any_file_and_any_choices_come_back(
    source: bytes, uses: dict[str, str], choices: dict[str, dict[str, tuple[str, ...]]]
) -> None:
    named = {page: {f"{page}_{key}": value for key, value in one.items()} for page, one in choices.items()}
    project = Project("a.csv", source, Recipe(), uses, named, {})
    assert open_project(save_project(project)) == project


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "damaged or none"),
    "no zip": (lambda: b"a,b\n1,2\n", "damaged or none"),
    "cut": (lambda: save_project(PROJECT)[:-30], "damaged or none"),
    "another zip": (lambda: packed({"data.csv": b"a\n1\n"}), "parts are not those"),
    "missing file": (
        lambda: packed({k: v for k, v in parts().items() if k != "file"}),
        "parts are not those",
    ),
    "one more part": (lambda: packed(parts() | {"../evil.py": b""}), "parts are not those"),
    "pickle": (lambda: packed(parts() | {"state.pkl": b"\x80\x04."}), "parts are not those"),
    "other packing": (lambda: packed(parts(), how=zipfile.ZIP_LZMA), "packed in another way"),
    "bomb in the file": (lambda: packed(parts() | {"file": bytes(2_000_000)}), "expands to 2,000,000 bytes"),
    "bomb in the recipe": (lambda: packed(parts() | {"recipe.json": b" " * 2**25}), "expands to"),
    "another file": (lambda: packed(parts() | {"file": b"a\n9\n"}), "not the one it was saved with"),
    "another version": (lambda: about(zetascope_project=2), "version 2, and this Zetascope opens 1"),
    "version as text": (lambda: about(zetascope_project="1" * 99), "of version"),
    "no version": (lambda: packed(parts() | {"project.json": b"{}"}), "no project of Zetascope"),
    "a list": (lambda: packed(parts() | {"project.json": b"[]"}), "no project of Zetascope"),
    "no JSON": (lambda: packed(parts() | {"project.json": b"{"}), "not JSON"),
    "no text": (lambda: packed(parts() | {"project.json": b"\xff"}), "no UTF-8"),
    "deep": (lambda: packed(parts() | {"project.json": b"[" * 100_000}), "deep in each other"),
    "a path": (lambda: about(name="../../etc/passwd"), "no plain name"),
    "a Windows path": (lambda: about(name="C:\\x.csv"), "no plain name"),
    "no name": (lambda: about(name=""), "name cannot be used"),
    "a dot": (lambda: about(name=".."), "no plain name"),
    "a name of two lines": (lambda: about(name="a\nb.csv"), "no plain name"),
    "a long name": (lambda: about(name="a" * 5_000), "name cannot be used"),
    "an unknown use": (lambda: about(uses={"a": "<script>"}), "uses.a cannot be used"),
    "uses of another kind": (lambda: about(uses=[1]), "uses cannot be used"),
    "choices of another kind": (lambda: about(choices={"data": {"data_x": 1}}), "choices"),
    "a choice of no page": (lambda: about(choices={"data": {"zetascope_uploads": ["x"]}}), "none of page"),
    "too many choices": (lambda: about(choices={str(n): {} for n in range(200)}), "choices"),
    "an unknown part": (lambda: about(run="rm -rf /"), "run cannot be used"),
    "half a sign": (lambda: about(uses={"\ud800": "text"}), "cannot be used"),
    "a recipe that is none": (lambda: packed(parts() | {"recipe.json": b"{}"}), "no recipe"),
    "a recipe of another version": (
        lambda: packed(parts() | {"recipe.json": b'{"zetascope_recipe": 9}'}),
        "recipe is of version 9",
    ),
    "an unknown step": (
        lambda: packed(parts() | {"recipe.json": b'{"zetascope_recipe": 1, "steps": [{"step": "eval"}]}'}),
        "Step 1 of the recipe",
    ),
}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a/b\\c.csv", "c.csv"),
        ("x\u202ey\n.csv", "x_y_.csv"),
        ("..", "table"),
        ("", "table"),
        ("é" * 999, "é" * 255),
    ],
)
def test_any_name_of_a_file_is_saved_so_that_it_opens(name: str, kept: str) -> None:
    assert open_project(save_project(replace(PROJECT, name=name))).name == kept


def test_long_names_of_columns_open_again() -> None:
    wide = replace(PROJECT, uses={"x" * 50_000: "text"})
    assert open_project(save_project(wide)) == wide


def test_what_a_browser_remembers_is_checked_like_a_project() -> None:
    memory = Memory("a.csv", "1" * 64, PROJECT.recipe, PROJECT.uses, PROJECT.choices)
    assert memory_of_text(memory.to_json()) == memory
    long = replace(memory, recipe=Recipe(steps=(Decide(tuple(range(1, 400_000)), "drop"),)))
    assert long.to_json() == ""
    for text in ("", "{", "[]", '{"about": 1, "recipe": 2}', '{"about": "{}", "recipe": "{}"}', "[" * 10_000):
        with pytest.raises(ProjectError):
            memory_of_text(text)
    with pytest.raises(ProjectError, match="too long"):
        memory_of_text(" " * (1024**2 + 1))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_project_is_refused_in_one_sentence(name: str) -> None:
    make, said = HOSTILE[name]
    with pytest.raises(ProjectError, match=said) as raised:
        open_project(make(), limits=ReadOptions(max_bytes=1_000_000))
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


@pytest.mark.slow
def test_a_process_of_its_own_says_the_same() -> None:
    assert open_project(save_project(PROJECT), isolated=Limits()) == PROJECT
    with pytest.raises(ProjectError, match="another way"):
        open_project(packed(parts(), how=zipfile.ZIP_LZMA), isolated=Limits())


def test_a_password_is_told() -> None:
    data = bytearray(save_project(PROJECT))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(ProjectError, match="password"):
        open_project(bytes(data))


def test_damage_is_told_or_does_no_harm() -> None:
    rng, whole = random.Random(3), save_project(PROJECT)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            assert open_project(bytes(data)).source == PROJECT.source
        except ProjectError as error:
            assert "\n" not in str(error)
