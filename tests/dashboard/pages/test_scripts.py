"""Each page's script carries how the visitor had the file read, and none of the server's limits."""

import ast
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analytics.dashboard.pages.outliers import decisions
from analytics.dashboard.pages.outliers.search import Found, Search
from analytics.dashboard.pages.relations import downloads as relations
from analytics.dashboard.pages.returns import choices as returns
from analytics.dashboard.pages.scaling_effects import study as scaling
from analytics.dashboard.pages.text_map import downloads
from analytics.dashboard.parts.texts.text_maps import Source
from analytics.dashboard.server.datasets import DataSet, roles_of, upload_limits
from analytics.numbers import find_outliers, find_relations
from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.study import Scale
from analytics.numbers.scaling.plan import ScalingPlan
from analytics.tables import ReadOptions, read_table
from analytics.text import MapParameters
from analytics.text.topics.clusters import TopicChoices
from analytics.text.topics.edits import NO_EDITS

DAYS = "01/02/2023;1,5\n01/03/2023;2,5\n01/04/2023;9,0\n01/05/2023;2,0\n01/06/2023;3,0\n"
SOURCE = f"tag;preis €\n{DAYS}".encode("cp1252")
CHOSEN = ReadOptions(encoding="cp1252", delimiter=";", decimal=",", day_first=True, na_values=("9,0",))


@pytest.fixture
def dataset() -> DataSet:
    options = replace(
        upload_limits(),
        **{name: value for name, value in vars(CHOSEN).items() if not name.startswith("max_")},
    )
    table = read_table(SOURCE, name="mein \u202epreis.csv", options=options)
    return DataSet("key", table.name, table, roles_of(table), source=SOURCE, options=options)


def script_of_returns(dataset: DataSet) -> str:
    wanted = returns.Wanted(PriceLayout("wide", "tag", ("preis €",)), None, "log", Scale())
    return returns.script(dataset, wanted)


def script_of_scaling(dataset: DataSet) -> str:
    request = scaling.Request(("preis €",), None, ScalingPlan(("kmeans",), ("raw",), task="none"))
    return scaling.script(dataset, request)


def script_of_outliers(dataset: DataSet) -> str:
    report = find_outliers(dataset.frame, methods=["iqr"], columns=["preis €"])
    found = Found(dataset, Search(("preis €",), ("iqr",)), report)
    return decisions.script(found, dataset)


def script_of_relations(dataset: DataSet) -> str:
    return relations.script(dataset, find_relations(dataset.frame))


def script_of_map(dataset: DataSet) -> str:
    made = SimpleNamespace(
        source=Source("key", "tag", None, "all-MiniLM-L6-v2"),
        tags=np.array(["", "mine"], dtype=object),
        file_rows=np.array([0, 2]),
        projection=SimpleNamespace(parameters=MapParameters()),
        found=SimpleNamespace(choices=TopicChoices(min_size=5)),
        edits=NO_EDITS,
    )
    return downloads._script(dataset, made, 0.95, None)


@pytest.mark.parametrize(
    "written", [script_of_returns, script_of_scaling, script_of_outliers, script_of_relations, script_of_map]
)
def test_a_script_reads_the_file_as_the_visitor_had_it_read(written, dataset: DataSet) -> None:
    script = written(dataset)
    nodes = [node for node in ast.parse(script).body if isinstance(node, ast.Assign)]
    held = {ast.unparse(node.targets[0]): node.value for node in nodes}
    told = {item.arg: ast.literal_eval(item.value) for item in held["OPTIONS"].keywords}  # type: ignore[attr-defined]
    assert ReadOptions(**told) == CHOSEN
    assert ast.literal_eval(held["SOURCE"]) == dataset.name
    assert "\u202e" not in script
    assert "read_table(SOURCE, options=OPTIONS)" in script
