"""Which true neighbours of a point the map shows near it, and which it tore away."""

from dataclasses import dataclass

import numpy as np

from analytics.text.projection import Projection


@dataclass(frozen=True)
class JoinedNeighbors:
    """Neighbours that lines are drawn to, by their places (n,) on the map; ``torn`` ones lie far away."""

    places: np.ndarray
    torn: bool

    @property
    def name(self) -> str:
        """What a legend says of them."""
        where = "far" if self.torn else "near"
        return f"{len(self.places)} × true neighbour, {where} on the map"


def joined_neighbors(projection: Projection, focus: int) -> list[JoinedNeighbors]:
    """The 15 true neighbours of a point in two groups: near it on the map, and torn away; none empty."""
    points, k = projection.points, projection.point_trust.k
    true = projection.neighbors.indices[focus, :k]
    distance = np.linalg.norm(points - points[focus], axis=1)
    rank = min(3 * k, len(distance) - 1)
    near = distance[true] <= np.partition(distance, rank)[rank]
    groups = (JoinedNeighbors(true[near], torn=False), JoinedNeighbors(true[~near], torn=True))
    return [group for group in groups if len(group.places)]
