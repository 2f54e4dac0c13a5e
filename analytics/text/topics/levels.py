"""The topics at several levels at once, from coarse to fine, as the table of the map tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters, TopicChoices, cluster, with_min_size
from analytics.text.topics.phrases import PhraseCounts, count_phrases
from analytics.text.topics.tree import TopicTree, topic_tree
from analytics.words import count

LEVELS: Mapping[str, float] = {"coarse": 0.5, "middle": 0.25, "fine": 0.1, "finest": 0.0}
"""Name of a level, and the largest share of the texts that a topic of it has, where something divides it."""


def topic_levels(
    projection: Projection,
    texts: Sequence[str],
    *,
    choices: TopicChoices,
    tree: TopicTree | None = None,
    phrases: PhraseCounts | None = None,
) -> dict[str, Clusters]:
    """Cuts of one tree, each with names of its own; none where the topics come from no tree."""
    choices.check()
    if len(as_texts(texts)) != len(projection.points):
        raise ZetascopeError(
            f"{count(len(texts), 'text')} for {count(len(projection.points), 'point')}: give a text for each."
        )
    if choices.method != "tree":
        return {}
    chosen = with_min_size(choices, len(projection.points))
    assert chosen.min_size is not None
    tree = tree or topic_tree(projection, space=chosen.space, min_size=chosen.min_size)
    phrases = phrases or count_phrases(texts)
    return {
        name: cluster(projection, texts, choices=replace(chosen, largest=share), tree=tree, phrases=phrases)
        for name, share in LEVELS.items()
    }
