"""The beam lattice shows every node once, and the greedy path as far as the tree has it."""

from __future__ import annotations

from analytics.figures.beam_tree import greedy_nodes, lattice
from analytics.transformer.beams import beam_search
from analytics.transformer.decoding import Decoding
from tests.transformer.tiny_translator import WORDS, tiny_translator


def test_every_node_is_a_mark_that_can_be_clicked():
    tree = beam_search(tiny_translator(seed=2), [5, 6, 7, 1], Decoding("beam", num_beams=3, max_new_tokens=8))
    figure = lattice(tree, lambda one: WORDS[one], selected=tree.best.node)
    marks = [trace for trace in figure.data if trace.customdata is not None]
    shown = sorted(int(row[0]) for trace in marks for row in trace.customdata)
    assert shown == [node.index for node in tree.nodes]


def test_the_greedy_path_ends_where_it_leaves_the_tree():
    tree = beam_search(tiny_translator(seed=2), [5, 6, 7, 1], Decoding("beam", num_beams=3, max_new_tokens=8))
    whole = greedy_nodes(tree, tree.best.ids)
    assert [node.token for node in whole] == list(tree.best.ids)
    missing = next(one for one in range(60) if one not in {n.token for n in tree.nodes if n.step == 1})
    assert len(greedy_nodes(tree, (tree.best.ids[0], missing, tree.best.ids[0]))) == 1
    assert greedy_nodes(tree, ()) == []


def test_hostile_names_stay_text():
    tree = beam_search(tiny_translator(seed=2), [5, 6, 7, 1], Decoding("beam", num_beams=2, max_new_tokens=3))
    figure = lattice(tree, lambda one: "<b>x</b>", selected=0)
    texts = [text for trace in figure.data if trace.text is not None for text in trace.text]
    assert texts
    assert not any("<b>" in text for text in texts)
