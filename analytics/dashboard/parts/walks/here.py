"""Where a visitor is in the living picture of a model whose blocks have one attention each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Here:
    """Where the visitor is: layer and head count from 0, None above them; ``place`` is the picture's name."""

    place: str
    title: str
    layer: int | None = None
    head: int | None = None

    def crumbs(self, cell: str = "") -> list[tuple[str, str]]:
        """The way here from the whole model, with each place's name."""
        way = [("Model", "model")]
        if self.layer is not None:
            way.append((f"Block {self.layer + 1}", f"block/{self.layer + 1}"))
        if self.layer is not None and self.head is not None:
            way.append(("Attention", f"attention/{self.layer + 1}"))
            way.append((f"Head {self.head + 1}", f"head/{self.layer + 1}/{self.head + 1}"))
        if self.place not in {place for _, place in way}:
            way.append((self.title, self.place))
        return [*way, (cell, self.place)] if cell else way
