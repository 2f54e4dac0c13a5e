"""Work on bytes of strangers in a process of its own, with limits; its end is a sentence, never ours."""

from analytics.apart.client import Answer, ApartError, prepare, run_apart
from analytics.apart.limits import Limits

__all__ = ["Answer", "ApartError", "Limits", "prepare", "run_apart"]
