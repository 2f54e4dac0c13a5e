"""Beam search as transformers does it, with every candidate kept as a node of a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from analytics.transformer.decoder.decoding import CachedDecoder, Decoding, forced_token
from analytics.transformer.decoder.sampling import log_softmax, top_ids
from analytics.transformer.translator.loading import Translator

Fate = Literal["kept", "finished", "pruned"]


@dataclass(frozen=True)
class BeamNode:
    """One candidate continuation.

    ``parent`` is the index of the node it continues, -1 for the first token; ``row`` the live beam it came
    from at its step. ``score`` is the sum of log-probabilities up to here. ``rank`` (from 0) is its place
    among the step's candidates. ``fate``: kept as a live beam, finished with the end token, or pruned.
    """

    index: int
    parent: int
    step: int
    token: int
    row: int
    log_probability: float
    score: float
    rank: int
    fate: Fate
    forced: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """A finished output; ``ended`` is False where the limit cut it off.

    ``final_score`` = score / length ** length_penalty.
    """

    node: int
    ids: tuple[int, ...]
    score: float
    final_score: float
    ended: bool


@dataclass(frozen=True)
class BeamTree:
    """The whole search: nodes in the order they were considered, hypotheses best first.

    ``logits`` (T, V) belong to the best hypothesis, each row from the beam that held it at that step.
    """

    nodes: tuple[BeamNode, ...]
    hypotheses: tuple[Hypothesis, ...]
    logits: np.ndarray
    num_beams: int
    length_penalty: float

    @property
    def best(self) -> Hypothesis:
        return self.hypotheses[0]

    def path(self, node: int) -> tuple[BeamNode, ...]:
        """The nodes from the first token to ``node``."""
        steps: list[BeamNode] = []
        while node >= 0:
            steps.append(self.nodes[node])
            node = self.nodes[node].parent
        return tuple(reversed(steps))

    def beam_rows(self, node: int) -> tuple[int, ...]:
        """Which live beam computed each token of the path (transformers' ``beam_indices``)."""
        return tuple(step.row for step in self.path(node))


@dataclass
class _Search:
    """The state of a running search. ``live`` holds node indices, -1 for the empty output."""

    translator: Translator
    settings: Decoding
    nodes: list[BeamNode] = field(default_factory=list)
    live: list[int] = field(default_factory=lambda: [-1])
    done: list[Hypothesis] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)

    def score_of(self, node: int) -> float:
        return self.nodes[node].score if node >= 0 else 0.0

    def ids_of(self, node: int) -> tuple[int, ...]:
        ids: list[int] = []
        while node >= 0:
            ids.append(self.nodes[node].token)
            node = self.nodes[node].parent
        return tuple(reversed(ids))


def beam_search(translator: Translator, source_ids: Sequence[int], settings: Decoding) -> BeamTree:
    """Search with ``settings.num_beams`` live beams.

    At each step the 2 * num_beams best continuations of all beams are the candidates: the best num_beams of
    those without the end token live on, and those with it finish if they are among the best num_beams. The
    search ends when the best live beam, at its present length, cannot beat the worst of num_beams finished
    outputs, or at the limit, where live beams count as finished.
    """
    decoder = CachedDecoder(translator, source_ids)
    search = _Search(translator, settings)
    while True:
        step = len(search.rows)
        newest = [search.nodes[node].token if node >= 0 else translator.start_id for node in search.live]
        search.rows.append(decoder.step(newest))
        candidates = _candidates(search, step)
        at_limit = step + 1 == settings.limit
        parents = _sort_out(search, candidates, step, at_limit=at_limit)
        if at_limit or not search.live or not _can_improve(search, step):
            break
        decoder.follow(parents)
    return _finished_tree(search)


def _candidates(search: _Search, step: int) -> list[BeamNode]:
    """The best continuations of all live beams, best first; one per beam where the token is forced."""
    forced = forced_token(search.translator, search.settings, step)
    logs = log_softmax(search.rows[step].astype(np.float64))
    if forced is not None:
        # A token the settings put in costs nothing; a prefix token costs what the model thinks of it.
        costs = logs[:, forced[0]] if forced[1] == "path" else np.zeros(len(logs))
        pairs = [(row, forced[0], float(cost)) for row, cost in enumerate(costs)]
    else:
        logs[:, list(search.translator.suppressed)] = -np.inf
        pairs = _best_pairs(logs, [search.score_of(node) for node in search.live], search.settings.num_beams)
    first = len(search.nodes)
    pairs.sort(key=lambda pair: -(search.score_of(search.live[pair[0]]) + pair[2]))
    return [
        BeamNode(
            index=first + rank,
            parent=search.live[row],
            step=step,
            token=token,
            row=row,
            log_probability=cost,
            score=search.score_of(search.live[row]) + cost,
            rank=rank,
            fate="pruned",
            forced=forced is not None,
        )
        for rank, (row, token, cost) in enumerate(pairs)
    ]


def _best_pairs(logs: np.ndarray, scores: Sequence[float], beams: int) -> list[tuple[int, int, float]]:
    """(row, token, log-probability) of the 2 * beams best continuations that are possible at all."""
    sums = (logs + np.asarray(scores)[:, None]).ravel()
    best = [int(one) for one in top_ids(sums, 2 * beams) if np.isfinite(sums[one])]
    places = [divmod(one, logs.shape[1]) for one in best]
    return [(row, token, float(logs[row, token])) for row, token in places]


def _sort_out(search: _Search, candidates: list[BeamNode], step: int, *, at_limit: bool) -> list[int]:
    """Give every candidate its fate; returns the rows that the new live beams continue."""
    beams = search.settings.num_beams
    living: list[BeamNode] = []
    for node in candidates:
        ends = node.token == search.translator.end_id
        if (ends or at_limit) and node.rank < beams:
            fate: Fate = "finished"
        elif not ends and not at_limit and len(living) < beams:
            fate = "kept"
            living.append(node)
        else:
            fate = "pruned"
        search.nodes.append(replace(node, fate=fate))
        if fate == "finished":
            _finish(search, node.index, step)
    search.live = [node.index for node in living]
    return [node.row for node in living]


def _finish(search: _Search, node: int, step: int) -> None:
    score = search.nodes[node].score
    final = score / (step + 1) ** search.settings.length_penalty
    ended = search.nodes[node].token == search.translator.end_id and not search.nodes[node].forced
    search.done.append(Hypothesis(node, search.ids_of(node), score, final, ended))
    search.done.sort(key=lambda hypothesis: -hypothesis.final_score)
    del search.done[search.settings.num_beams :]


def _can_improve(search: _Search, step: int) -> bool:
    """transformers' rule with ``early_stopping=False``: compare at the present length."""
    if len(search.done) < search.settings.num_beams:
        return True
    best_live = search.score_of(search.live[0]) / (step + 1) ** search.settings.length_penalty
    return best_live > search.done[-1].final_score


def _finished_tree(search: _Search) -> BeamTree:
    best = search.done[0]
    tree = BeamTree(
        nodes=tuple(search.nodes),
        hypotheses=tuple(search.done),
        logits=np.empty(0),
        num_beams=search.settings.num_beams,
        length_penalty=search.settings.length_penalty,
    )
    rows = tree.beam_rows(best.node)
    return replace(tree, logits=np.stack([search.rows[step][row] for step, row in enumerate(rows)]))
