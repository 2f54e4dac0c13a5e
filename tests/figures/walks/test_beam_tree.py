"""The beam lattice shows every node once, and the greedy path as far as the tree has it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from analytics.figures.walks.beam_tree import greedy_nodes, lattice
from analytics.transformer.decoder.beams import BeamTree, beam_search
from analytics.transformer.decoder.decoding import Decoding
from tests.transformer.tiny_translator import WORDS, tiny_translator

HOSTILE = "<b onload='x'>"


@pytest.fixture(scope="module")
def tree() -> BeamTree:
    settings = Decoding("beam", num_beams=3, max_new_tokens=8)
    return beam_search(tiny_translator(seed=2), [5, 6, 7, 1], settings)


def marks(svg: str) -> list[ElementTree.Element]:
    return [group for group in ElementTree.fromstring(svg).iter("g") if group.find("circle") is not None]


def test_every_node_is_a_mark_that_can_be_clicked(tree):
    shown = marks(
        lattice(tree, lambda one: WORDS[one], selected=tree.best.node, alt="the tree", clickable=True)
    )
    assert [int(mark.get("data-pick")) for mark in shown] == [node.index for node in tree.nodes]
    for mark, node in zip(shown, tree.nodes, strict=True):
        assert mark.get("class").split()[0] == node.fate
        assert f"{node.log_probability:.3f}" in mark.find("title").text
    selected = [mark for mark in shown if "selected" in mark.get("class")]
    assert [int(mark.get("data-pick")) for mark in selected] == [tree.best.node]


def test_lines_join_a_node_to_what_it_continues(tree):
    root = ElementTree.fromstring(lattice(tree, lambda one: WORDS[one], selected=0, alt="the tree"))
    best = next(path for path in root.iter("path") if path.get("class") == "best-path")
    assert best.get("d").count("L") == len(tree.best.ids) - 1
    faint = next(path for path in root.iter("path") if path.get("class") == "")
    living = [node for node in tree.nodes if node.fate != "pruned" and node.parent >= 0]
    assert faint.get("d").count("L") == len(living)


def test_the_greedy_path_ends_where_it_leaves_the_tree(tree):
    whole = greedy_nodes(tree, tree.best.ids)
    assert [node.token for node in whole] == list(tree.best.ids)
    missing = next(one for one in range(60) if one not in {n.token for n in tree.nodes if n.step == 1})
    assert len(greedy_nodes(tree, (tree.best.ids[0], missing, tree.best.ids[0]))) == 1
    assert greedy_nodes(tree, ()) == []


def test_hostile_names_stay_text_and_a_picture_alone_offers_no_click(tree):
    svg = lattice(tree, lambda one: HOSTILE, selected=0, alt="'><script>")
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == "'><script>"
    assert all(mark.get("data-pick") is None for mark in marks(svg))
    for mark in marks(svg):
        assert mark.find("title").text.startswith(HOSTILE)
