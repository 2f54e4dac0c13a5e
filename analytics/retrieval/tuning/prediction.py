"""Labels for texts that have none: which, how sure, and the labelled texts that speak for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.progress import Progress, silent
from analytics.retrieval.tuning.labelled import LabelledTexts
from analytics.retrieval.tuning.material import Fitted, Material
from analytics.retrieval.tuning.measures import calibration_error
from analytics.retrieval.tuning.splits import split_texts
from analytics.retrieval.tuning.ways import WAYS
from analytics.text import TextEncoder
from analytics.text.neighbors import nearest_to

REASONS = 3
_LEAST, _MOST = 0.05, 20.0  # of the temperature: far beyond what a useful way needs
_SMALLEST = 1e-12


@dataclass(frozen=True)
class Predictions:
    """For m texts without a label.

    Attributes:
        texts: the m texts.
        codes: (m,) the guessed class of each.
        sureness: (m,) its probability, calibrated on labelled texts that were kept out, never quite 1.
        nearest: (m, 3) places among the labelled texts, nearest in meaning first.
        similarity: (m, 3) their cosines.
        temperature: what logarithms of probabilities are divided by to calibrate them.
        error_before, error: calibration error on the texts kept out, without and with that.
        accuracy: on the texts kept out.
        kept_out: how many those were.
        fitted: the way as it has learnt, the tuned encoder in it.
    """

    data: LabelledTexts = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)
    codes: np.ndarray
    sureness: np.ndarray
    nearest: np.ndarray
    similarity: np.ndarray
    temperature: float
    error_before: float
    error: float
    accuracy: float
    kept_out: int
    fitted: Fitted = field(repr=False)

    def table(self) -> pd.DataFrame:
        """A row for each text, the least sure first, with the labelled texts nearest in meaning."""
        names = np.array(self.data.names, dtype=object)
        columns: dict[str, object] = {
            "text": np.array(self.texts, dtype=object),
            "label": names[self.codes],
            "sure": self.sureness,
        }
        for place in range(self.nearest.shape[1]):
            known = self.nearest[:, place]
            columns[f"example {place + 1}"] = [self.data.texts[row] for row in known]
            columns[f"its label {place + 1}"] = names[self.data.codes[known]]
            columns[f"similarity {place + 1}"] = self.similarity[:, place]
        return pd.DataFrame(columns).sort_values("sure", kind="stable")


def predict_labels(
    data: LabelledTexts,
    texts: Sequence[str],
    *,
    way: str,
    vectors: np.ndarray,
    text_vectors: np.ndarray,
    encoder: TextEncoder | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Predictions:
    """Guess the labels of ``texts`` (m) by one of ``WAYS``; a way that tunes needs none to guess.

    A quarter of the labelled texts is kept out to measure how sure guesses may be (one temperature, Guo et
    al., ICML 2017), and half a miss more than seen is supposed. Ways that take no time learn from all labels
    after that; a tuned encoder stays as it is.

    Args:
        vectors: (n, d) of the labelled texts; ``text_vectors``: (m, d).
        progress: of fine-tuning; may raise to cancel.

    Raises:
        ZetascopeError: an unknown way, or no text for one that leaves the encoder as it is.
    """
    if way not in WAYS:
        raise ZetascopeError(f"There is no way {way!r}: choose among {', '.join(WAYS)}.")
    if not len(texts) and not WAYS[way].tunes:
        raise ZetascopeError("Every text has a label: clear the label of those that should be guessed.")
    known = len(data.texts)
    material = Material(
        texts=data.texts + tuple(texts),
        codes=np.concatenate([data.codes, np.full(len(texts), -1, dtype=np.int64)]),
        classes=len(data.names),
        vectors=np.concatenate([vectors, text_vectors]) if len(texts) else vectors,
        encoder=encoder,
    )
    split, told = split_texts(data, seed=seed), progress or silent
    fitted = WAYS[way].fit(material, split.pool, seed, told)
    kept_out, truth = fitted.probabilities(split.test), data.codes[split.test]
    temperature = best_temperature(kept_out, truth)

    def calibrated(given: np.ndarray) -> np.ndarray:
        return hedged(warmed(given, temperature), kept_out=len(split.test))

    if not WAYS[way].tunes:
        fitted = WAYS[way].fit(material, np.arange(known), seed, told)
    chances = np.zeros((0, material.classes))
    nearest, distances = np.zeros((0, REASONS), dtype=np.int64), np.zeros((0, REASONS))
    if len(texts):
        chances = calibrated(fitted.probabilities(np.arange(known, known + len(texts))))
        nearest, distances = nearest_to(text_vectors, vectors, k=REASONS)
    right = kept_out.argmax(axis=1) == truth
    return Predictions(
        data=data,
        texts=tuple(texts),
        codes=chances.argmax(axis=1),
        sureness=chances.max(axis=1),
        nearest=nearest,
        similarity=1 - distances,
        temperature=temperature,
        error_before=calibration_error(kept_out.max(axis=1), right),
        error=calibration_error(calibrated(kept_out).max(axis=1), right),
        accuracy=float(right.mean()),
        kept_out=len(split.test),
        fitted=fitted,
    )


def warmed(chances: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities with their logarithms divided by the temperature, (m, classes)."""
    logs = np.log(np.maximum(chances, _SMALLEST)) / temperature
    shifted = np.exp(logs - logs.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def hedged(chances: np.ndarray, *, kept_out: int) -> np.ndarray:
    """Probabilities (m, classes) that leave room for half a miss in one text more than were ``kept_out``.

    A handful of texts that are all right would make every other guess sure, 3 to 5 points too sure on average
    of four such texts. Half a miss is Jeffreys' rule for a share (1946); any class may be the missed one.
    """
    miss = 0.5 / (kept_out + 1)
    return (1 - miss) * chances + miss / chances.shape[1]


def best_temperature(chances: np.ndarray, codes: np.ndarray) -> float:
    """That under which the true classes are likeliest."""
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(codes))

    def loss(log_temperature: float) -> float:
        made = warmed(chances, float(np.exp(log_temperature)))
        return -float(np.log(np.maximum(made[rows, codes], _SMALLEST)).mean())

    found = minimize_scalar(loss, bounds=(np.log(_LEAST), np.log(_MOST)), method="bounded")
    return float(np.exp(found.x))
