"""Token batches for training: pairs encoded once per epoch, sorted by length, cut at a token budget."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

PAD, EOS = 0, 1


@dataclass(frozen=True)
class Batch:
    """Padded ids: source (n, S) and target_out (n, T) end with ``</s>``; target_in starts with ``<pad>``."""

    source: torch.Tensor
    target_in: torch.Tensor
    target_out: torch.Tensor


def encode_pairs(
    pieces: Any, english: Sequence[str], french: Sequence[str], *, longest: int
) -> list[tuple[list[int], list[int]]]:
    """Piece ids of both sides, each with ``</s>``; pairs longer than ``longest`` on a side are left out."""
    sources = pieces.encode(list(english))
    targets = pieces.encode(list(french))
    both = [([*source, EOS], [*target, EOS]) for source, target in zip(sources, targets, strict=True)]
    return [(source, target) for source, target in both if max(len(source), len(target)) <= longest]


def cut_batches(
    encoded: Sequence[tuple[list[int], list[int]]], *, tokens: int, rng: random.Random
) -> list[list[int]]:
    """Row numbers of batches of about equally long pairs, at most ``tokens`` padded ids a side, shuffled."""
    order = list(range(len(encoded)))
    rng.shuffle(order)
    order.sort(key=lambda row: (len(encoded[row][1]), len(encoded[row][0])))
    batches: list[list[int]] = [[]]
    widest = 0
    for row in order:
        wider = max(widest, *map(len, encoded[row]))
        if batches[-1] and wider * (len(batches[-1]) + 1) > tokens:
            batches.append([])
            wider = max(map(len, encoded[row]))
        batches[-1].append(row)
        widest = wider
    rng.shuffle(batches)
    return batches


def make_batch(rows: Sequence[tuple[list[int], list[int]]]) -> Batch:
    """Pad the rows of one batch."""
    sources = _padded([source for source, _ in rows])
    targets = _padded([target for _, target in rows])
    start = torch.full((len(rows), 1), PAD)
    return Batch(sources, torch.cat([start, targets[:, :-1]], dim=1), targets)


def share(batches: Sequence[list[int]], *, rank: int, workers: int) -> Iterator[list[int]]:
    """One worker's part of every batch; batches too small to share are dropped."""
    for batch in batches:
        if len(batch) >= workers:
            yield batch[rank::workers]


def _padded(rows: Sequence[Sequence[int]]) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[PAD] * (width - len(row))] for row in rows])
