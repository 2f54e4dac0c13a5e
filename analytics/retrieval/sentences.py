"""Where the sentences of a text begin and end."""

import re
from itertools import pairwise

from analytics.text.reading.passages import sentences as cut

# A single letter, a title or a shortening before a point ends no sentence.
_OPEN = re.compile(
    r"(?:^|[\s(\"'“])(?:\w|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Nr|No|vs|cf|al|e\.g|i\.e|etc|ca|approx|fig|Fig|vol)\.\s*$"
)
_LETTER = re.compile(r"\w")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence that has a letter or digit, without the blanks around it.

    A question is joined with the sentence behind it, which is where its answer stands.
    """
    joined: list[str] = []
    for piece in cut(text):
        if joined and _goes_on(joined[-1], piece):
            joined[-1] += piece
        else:
            joined.append(piece)
    ends = [0]
    for piece in joined:
        ends.append(ends[-1] + len(piece))
    spans = [_stripped(text, start, end) for start, end in pairwise(ends)]
    return [span for span in spans if _LETTER.search(text, *span)]


def _goes_on(before: str, piece: str) -> bool:
    if before.endswith("\n"):
        return before.rstrip().endswith("?") and before.count("\n") == 1
    return before.rstrip().endswith("?") or piece[:1].islower() or bool(_OPEN.search(before))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
