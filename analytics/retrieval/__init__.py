"""Passages that answer questions, and labels from the nearest examples or from a tuned encoder, measured."""

from analytics.retrieval.answers import Answer, Sentence, answer
from analytics.retrieval.evaluation import Difference, Evaluation, Mean, evaluate
from analytics.retrieval.floor import answer_floor
from analytics.retrieval.index import Index, build_index
from analytics.retrieval.lengths import effect_of_length
from analytics.retrieval.passages import passages
from analytics.retrieval.questions import (
    Questions,
    questions_of_frame,
    questions_of_pairs,
    questions_of_titles,
)
from analytics.retrieval.retrieving import Hit, Hits, retrieve, retrieve_all, token_pairs
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.on_questions import TunedFinding, tune_on_questions
from analytics.retrieval.tuning.study import compare_ways

__all__ = [
    "Answer",
    "Difference",
    "Evaluation",
    "Hit",
    "Hits",
    "Index",
    "LearningCurve",
    "Mean",
    "Questions",
    "Sentence",
    "TunedFinding",
    "answer",
    "answer_floor",
    "build_index",
    "compare_ways",
    "effect_of_length",
    "evaluate",
    "passages",
    "questions_of_frame",
    "questions_of_pairs",
    "questions_of_titles",
    "retrieve",
    "retrieve_all",
    "token_pairs",
    "tune_on_questions",
]
