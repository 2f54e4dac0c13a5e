"""How sure the packaged translator is of sentences it never read: percentiles that ship beside its weights.

    python -m training.reference

To be run again for every new model: the file names the weights it was measured with, and is used with no
others.
"""

import json
from pathlib import Path

import numpy as np

from analytics.threads import one_openmp_thread
from analytics.transformer.decoder.confidence import REFERENCE, mean_probability, most_cut_word
from analytics.transformer.decoder.decoding import Decoding, write_one_by_one
from analytics.transformer.decoder.sampling import log_softmax
from analytics.transformer.translator.loading import Translator, load_translator
from training.corpus import read_heldout

_HELDOUT = Path(__file__).parent / "heldout.json"


def main() -> None:
    """Measure and write the file."""
    translator = load_translator()
    sentences = list(read_heldout(_HELDOUT))
    measured = np.array([measure(one, translator) for one in sentences])
    percentiles = np.percentile(measured, np.arange(101), axis=0).T
    found = {
        "revision": translator.revision,
        "sentences": len(sentences),
        "how": "The sentences of training/heldout.json, none of them in training, written greedily; "
        "the geometric mean of the pieces' probabilities, and the most pieces that a word is cut into, marks "
        "left out.",
        "probability": [round(float(one), 5) for one in percentiles[0]],
        "pieces": [round(float(one), 2) for one in percentiles[1]],
    }
    REFERENCE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


@one_openmp_thread()
def measure(sentence: str, translator: Translator) -> tuple[float, int]:
    """The mean probability of the greedy output, and the pieces of the most cut word."""
    tokens = translator.vocabulary.encode(sentence)
    settings = Decoding().within(translator)
    written = write_one_by_one(translator, [token.id for token in tokens], settings)
    logs = log_softmax(written.logits.astype(np.float64))
    chosen = [
        row[one] for row, one, forced in zip(logs, written.ids, written.forced, strict=True) if not forced
    ]
    return mean_probability(chosen), most_cut_word(tokens)[1]


if __name__ == "__main__":
    main()
