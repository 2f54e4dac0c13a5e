"""Places of the Decoder's living picture: what a click leads to, and where in the model each view is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.dashboard.pages.decoder_walk import numbers, walk
from analytics.dashboard.parts import links
from analytics.transformer.decoder.numbers import HEAD_KEYS, PARTS, stage_words
from analytics.transformer.decoder.trace import TranslationTrace

VIEW = f"{walk.NAME}_view"
WHOLE, BLOCK, NUMBERS = "The whole model", "One block", "Numbers"
_VIEW_OF = {
    "model": WHOLE,
    "block": BLOCK,
    "encoder": "Encoder",
    "self_attention": "Self-attention",
    "self_head": "Self-attention",
    "cross_attention": "Alignment",
    "cross_head": "Alignment",
    "alignment": "Alignment",
    "layers": "Layers",
    "sampling": "Sampling",
    "beams": "Beam tree",
    "mask_lab": "Mask lab",
    "memory": "Memory",
    "why": "Why this piece",
    "by_hand": "By hand",
    "checks": "Checks",
}
_FIRST_STAGE = {part: keys[0] for part, keys in PARTS.items() if part not in _VIEW_OF}
"""Parts that are clicked as a whole and have no view but their numbers."""
_PLACE_OF = {view: part for part, view in reversed(_VIEW_OF.items())}
_PLACE = re.compile(r"([a-z_]+)(?:\.([a-z_]+))?(?:/(\d+))?(?:/(\d+))?")


def take(place: str) -> None:
    """Callback: open a place such as ``cross_attention.scores/2/3``; what is no place changes nothing."""
    found = _PLACE.fullmatch(place)
    if not found:
        return
    part, key, layer, head = found.groups()
    key = key or _FIRST_STAGE.get(part)
    values: dict[str, object]
    if key in PARTS.get(part, ()):
        values = {VIEW: NUMBERS, numbers.PART: part, numbers.STAGE: stage_words(part, key)[0]}
    elif part in _VIEW_OF:
        values = {VIEW: _VIEW_OF[part]}
    else:
        return
    if layer:
        values |= {walk.LAYER: int(layer), walk.HEAD: head or walk.MEAN}
    links.hold(values, shown={numbers.PART: numbers.PART_NAMES.get(part, "")})


@dataclass(frozen=True)
class Here:
    """Where the visitor is: layer and head of ``part`` from 0, None above them."""

    place: str
    title: str
    part: str = ""
    layer: int | None = None
    head: int | None = None

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here from the whole model, with each place's name."""
        way = [("Model", "model")]
        if self.layer is not None:
            way.append((f"Block {self.layer + 1}", f"block/{self.layer + 1}"))
        if self.layer is not None and self.part in _HEADS:
            named, head = _HEADS[self.part]
            way.append((named, f"{self.part}/{self.layer + 1}"))
            if self.head is not None:
                way.append((f"Head {self.head + 1}", f"{head}/{self.layer + 1}/{self.head + 1}"))
        known = {place for _, place in way}
        return way if self.place in known else [*way, (self.title, self.place)]


_HEADS = {
    "self_attention": ("Masked self-attention", "self_head"),
    "cross_attention": ("Cross-attention", "cross_head"),
}
_PARTS_OF_VIEWS = {"Self-attention": "self_attention", "Alignment": "cross_attention"}


def here(trace: TranslationTrace, view: str, part: str, stage: str) -> Here:
    """The place of ``view``; ``part`` and ``stage`` say which numbers are in view there."""
    layer, head = walk.linked_place(trace)
    if view == BLOCK:
        return Here(f"block/{layer + 1}", view, layer=layer)
    if view in _PARTS_OF_VIEWS:
        part = _PARTS_OF_VIEWS[view]
        if head is None:
            return Here(f"{part}/{layer + 1}", view, part, layer)
        return Here(f"{_HEADS[part][1]}/{layer + 1}/{head + 1}", view, part, layer, head)
    if view == NUMBERS:
        return _of_numbers(part, stage, layer, head or 0)
    return Here(_PLACE_OF.get(view, part), view)


def _of_numbers(part: str, key: str, layer: int, head: int) -> Here:
    title = stage_words(part, key)[0]
    if part in _HEADS:
        inside = key in HEAD_KEYS or key == "mask"
        place = f"{part}.{key}/{layer + 1}/{head + 1}" if inside else f"{part}.{key}/{layer + 1}"
        return Here(place, title, part, layer, head if inside else None)
    if part in _FIRST_STAGE and part not in ("embedding", "next_word"):
        return Here(f"{part}/{layer + 1}", f"Feed-forward: {title}", part, layer)
    return Here(part, title, part)
