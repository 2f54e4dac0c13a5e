"""Passages that answer questions, and labels from the nearest examples or from a tuned encoder, measured."""

from analytics.retrieval.answers import Answer, Sentence, answer
from analytics.retrieval.floor import answer_floor
from analytics.retrieval.index import Index, build_index
from analytics.retrieval.passages import passages
from analytics.retrieval.retrieving import Hit, Hits, retrieve, retrieve_all, token_pairs

__all__ = [
    "Answer",
    "Hit",
    "Hits",
    "Index",
    "Sentence",
    "answer",
    "answer_floor",
    "build_index",
    "passages",
    "retrieve",
    "retrieve_all",
    "token_pairs",
]
