"""What happens to a text inside a Transformer, stage by stage: each in words and as a formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stage:
    """One stage.

    ``scope`` is "text" (once), "layer" or "head"; ``columns`` names what the columns of its array are:
    "width" (numbers of a token's vector), "keys" (tokens looked at) or "hidden" (feed-forward units).
    """

    key: str
    short: str
    title: str
    explanation: str
    formula: str
    scope: str = "text"
    columns: str = "width"

    def place(self, layer: int, head: int) -> str:
        """What to put after the title: ``, layer 2, head 3``, as far as the stage has them."""
        where = {"text": "", "layer": f", layer {layer + 1}", "head": f", layer {layer + 1}, head {head + 1}"}
        return where[self.scope]


STAGES: tuple[Stage, ...] = (
    Stage(
        "tokens",
        "Tokens",
        "Tokens",
        "The text is cut into pieces from a fixed vocabulary; each piece becomes its number in that list. "
        "The model adds its own marks at the ends and reads no more than its limit.",
        r"\text{text} \mapsto (\mathrm{id}_1, \ldots, \mathrm{id}_T)",
    ),
    Stage(
        "embedding_sum",
        "Embeddings",
        "Embeddings added",
        "Each token starts as its row of a learned table. Rows for its position and segment are added, so "
        "that the same word in two places starts differently.",
        r"x_t = E_{\mathrm{id}_t} + S_0 + P_t",
    ),
    Stage(
        "embedding_output",
        "Norm",
        "Embedding norm",
        "Each token's vector is shifted to mean 0 and scaled to variance 1, then stretched by learned gains. "
        "This keeps sums of many terms in a range the next layer was trained on.",
        r"\mathrm{LN}(x) = \frac{x - \bar{x}}{\sqrt{\mathrm{var}(x) + \varepsilon}} \odot \gamma + \beta",
    ),
    Stage(
        "attention_input",
        "Input norm",
        "Input norm",
        "The layer reads a normalised copy of what comes in and adds its findings to the original. Models "
        "built this way normalise before each part instead of after it.",
        r"\mathrm{LN}(x)",
        "layer",
    ),
    Stage(
        "q",
        "Q",
        "Queries Q",
        "Each head multiplies a token's vector by its own matrix to get a query: what this token looks for. "
        "Queries will be compared with the keys of all tokens.",
        r"Q = x W_Q + b_Q",
        "head",
    ),
    Stage(
        "k",
        "K",
        "Keys K",
        "A second matrix gives each token a key: what it offers to be found by. Query and key live in the "
        "same small space, so their product measures how well they fit.",
        r"K = x W_K + b_K",
        "head",
    ),
    Stage(
        "v",
        "V",
        "Values V",
        "A third matrix gives each token a value: what it hands over when it is found. Values are mixed "
        "later, by weights that come from queries and keys.",
        r"V = x W_V + b_V",
        "head",
    ),
    Stage(
        "scores",
        "Scores",
        "Scores",
        "Every query is multiplied with every key, and divided by the root of their length so that long "
        "vectors do not win by size. Rows are the tokens that look, columns the tokens they look at.",
        r"\frac{Q K^\top}{\sqrt{d_{\mathrm{head}}}}",
        "head",
        "keys",
    ),
    Stage(
        "mask",
        "Mask",
        "Mask",
        "A number is added to each score: 0 where a token may be seen, a hugely negative one where not. "
        "After the softmax that follows, what is hidden has the weight 0.",
        r"\mathrm{scores} + M",
        "layer",
        "keys",
    ),
    Stage(
        "weights",
        "Weights",
        "Attention weights",
        "Softmax turns each row of scores into shares that sum to 1. A weight says how much of a value is "
        "taken, not how much it matters: see the four readings.",
        r"\alpha = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d_{\mathrm{head}}}} + M\right)",
        "head",
        "keys",
    ),
    Stage(
        "heads",
        "Mixed values",
        "Weighted values",
        "Each token receives the average of all values, weighted by its row of weights. Every head does this "
        "in its own small space, at the same time.",
        r"H = \alpha V",
        "head",
    ),
    Stage(
        "attention_output",
        "Projection",
        "Output projection",
        "The heads' results are put side by side and mixed by one more matrix. The result is what attention "
        "wants to change about each token.",
        r"[H_1 \ldots H_h] W_O + b_O",
        "layer",
    ),
    Stage(
        "attention_residual",
        "Add",
        "First residual",
        "The change is added to the vector that came in, so nothing is lost on the way. Most of a token's "
        "vector passes each layer along this sum.",
        r"x + \mathrm{attention}(x)",
        "layer",
    ),
    Stage(
        "attention_norm",
        "Norm 1",
        "First norm",
        "The sum is normalised as before, with gains of its own. What follows looks at each token alone.",
        r"\mathrm{LN}(x + \mathrm{attention}(x))",
        "layer",
    ),
    Stage(
        "feed_forward_hidden",
        "Hidden",
        "Feed-forward, hidden",
        "Each token's vector is widened by a matrix and bent by the activation, which lets positive numbers "
        "through and presses negative ones towards 0. No token sees another one here.",
        r"h = \mathrm{act}(x W_1 + b_1)",
        "layer",
        "hidden",
    ),
    Stage(
        "feed_forward_output",
        "Feed-forward",
        "Feed-forward, output",
        "A second matrix brings the wide vector back to the model's width. It is what this layer knows about "
        "the token, given its surroundings.",
        r"h W_2 + b_2",
        "layer",
    ),
    Stage(
        "feed_forward_residual",
        "Add again",
        "Second residual",
        "Again the change is added to what came in. The sum is the layer's result before its last norm.",
        r"x + f(x)",
        "layer",
    ),
    Stage(
        "output",
        "Norm 2",
        "Layer output",
        "The layer hands one vector per token to the next layer. The same stages repeat with other weights.",
        r"\mathrm{LN}(x + f(x))",
        "layer",
    ),
    Stage(
        "last_hidden",
        "Last states",
        "Last hidden states",
        "After the last layer each token has a vector that has seen the whole text. These are what the "
        "pooling works on.",
        r"h_1, \ldots, h_T",
    ),
    Stage(
        "pooled",
        "Pooling",
        "Pooling",
        "One vector is made from all of them. The rule is the one that the model was trained with.",
        r"s = \frac{1}{n} \sum_t h_t",
    ),
    Stage(
        "vector",
        "Vector",
        "The vector",
        "The vector is scaled to length 1, so that the product of two vectors is their cosine. This is the "
        "point the map places.",
        r"v = \frac{s}{\lVert s \rVert}",
    ),
)
HEAD_STAGES = frozenset(stage.key for stage in STAGES if stage.scope == "head")

_HIDDEN = -1e4  # scores are a few units, and a mask at least the lowest float16


def mask_in_words(mask: np.ndarray) -> str:
    """What a mask (T, S), the numbers added to the scores, hides: nothing, or which cells."""
    hidden = mask < _HIDDEN
    cells, count = f"{hidden.size:,}", int(hidden.sum())
    if not count:
        return (
            f"Here it hides nothing: 0 is added in all {cells} cells, so every row may look at every column."
        )
    rows, columns = np.indices(hidden.shape)
    said = f"Here it hides {count:,} of {cells} cells: "
    if hidden.shape[0] == hidden.shape[1] and np.array_equal(hidden, columns > rows):
        return (
            said + "those right of the diagonal. A row sees itself and the rows before it, none that follow."
        )
    reach = int(np.abs(columns - rows)[~hidden].max(initial=0))
    if np.array_equal(hidden, np.abs(columns - rows) > reach):
        return said + f"those more than {reach} from the diagonal. A row sees at most {reach} on either side."
    return said + "those with a hugely negative number."
