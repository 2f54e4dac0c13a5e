"""Sentence vectors, maps, search and clusters."""

from analytics.text.encoders import TextEncoder, load_encoder
from analytics.text.estimators import TextEmbedder, TextMap
from analytics.text.finding.duplicates import DuplicateGroups, KeptRow, kept_rows, near_duplicates
from analytics.text.finding.floor import similarity_floor
from analytics.text.finding.marks import marked_spans
from analytics.text.finding.search import Hits, WordIndex, index_words, search, search_mixed
from analytics.text.finding.unusual import UnusualTexts, semantic_outliers
from analytics.text.map_table import TextColumn, TextReading, map_table, text_column
from analytics.text.map_trust import MapQuality, PointTrust, map_quality, point_trust
from analytics.text.neighbors import Neighbors, neighbor_graph
from analytics.text.projection import MapParameters, Projection, project
from analytics.text.quick import QuickAgreement, quick_agreement
from analytics.text.reading.languages import Languages, languages_of
from analytics.text.reading.markup import Stripped, strip_markup
from analytics.text.reading.passages import Passages, cut_passages, encode_passages
from analytics.text.runtimes import RuntimeChoice, processor
from analytics.text.selections.differences import selection_differences
from analytics.text.selections.disagreement import Disagreements, disagreements
from analytics.text.selections.members import LikelyMembers, likely_members
from analytics.text.selections.shares import category_shares
from analytics.text.selections.summary import SelectionSummary, summarise_selection
from analytics.text.topics.agreement import Agreement, agreement
from analytics.text.topics.clusters import Clusters, TopicChoices, cluster
from analytics.text.topics.edits import TopicEdits
from analytics.text.topics.levels import topic_levels
from analytics.text.topics.shares import topic_shares
from analytics.text.topics.unity import Unity, group_unity
from analytics.text.vector_cache import (
    Encoded,
    MemoryVectors,
    VectorCache,
    encode_cached,
    open_cache,
)
from analytics.text.vector_files import VECTOR_FORMS, read_vectors, vectors_per_row, write_vectors
from analytics.text.warm_up import warm_up

__all__ = [
    "VECTOR_FORMS",
    "Agreement",
    "Clusters",
    "Disagreements",
    "DuplicateGroups",
    "Encoded",
    "Hits",
    "KeptRow",
    "Languages",
    "LikelyMembers",
    "MapParameters",
    "MapQuality",
    "MemoryVectors",
    "Neighbors",
    "Passages",
    "PointTrust",
    "Projection",
    "QuickAgreement",
    "RuntimeChoice",
    "SelectionSummary",
    "Stripped",
    "TextColumn",
    "TextEmbedder",
    "TextEncoder",
    "TextMap",
    "TextReading",
    "TopicChoices",
    "TopicEdits",
    "Unity",
    "UnusualTexts",
    "VectorCache",
    "WordIndex",
    "agreement",
    "category_shares",
    "cluster",
    "cut_passages",
    "disagreements",
    "encode_cached",
    "encode_passages",
    "group_unity",
    "index_words",
    "kept_rows",
    "languages_of",
    "likely_members",
    "load_encoder",
    "map_quality",
    "map_table",
    "marked_spans",
    "near_duplicates",
    "neighbor_graph",
    "open_cache",
    "point_trust",
    "processor",
    "project",
    "quick_agreement",
    "read_vectors",
    "search",
    "search_mixed",
    "selection_differences",
    "semantic_outliers",
    "similarity_floor",
    "strip_markup",
    "summarise_selection",
    "text_column",
    "topic_levels",
    "topic_shares",
    "vectors_per_row",
    "warm_up",
    "write_vectors",
]
