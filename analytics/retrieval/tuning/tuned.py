"""Fine-tuning: contrastive and by LoRA, both with a head behind, and of all weights with the head."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.adapters import merge_lora
from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.retrieval.tuning.heads import Head, fit_logistic
from analytics.retrieval.tuning.material import Fitted, Material
from analytics.retrieval.tuning.pairs import draw_pairs
from analytics.retrieval.tuning.training import Plan, copy_of, train
from analytics.text.encoders import unit_rows
from analytics.text.words import readable
from analytics.words import count

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

RANK = 8
"""Of the matrices that LoRA learns, two beside each of the queries, keys and values of attention."""
_CONTRASTIVE = Plan(rate=2e-5)  # SetFit's rate for the encoder
_LORA = Plan(rate=1e-3)  # small matrices that begin at zero take larger steps
_FULL = Plan(rate=5e-5, epochs=10)
_ENCODED_AT_ONCE = 64


def fit_contrastive(material: Material, rows: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """Pairs, mean squared error of their cosine, then logistic regression on the new vectors."""
    model = copy_of(_encoder(material))
    trained = sum(weights.numel() for weights in model.parameters())
    return _by_pairs(model, material, rows, seed, progress, plan=_CONTRASTIVE, trained=trained)


def fit_lora(material: Material, rows: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """The same with the encoder's weights fixed and matrices of low rank beside them (Hu et al. 2021)."""
    from peft import LoraConfig, TaskType

    model = copy_of(_encoder(material))
    model.add_adapter(
        LoraConfig(
            task_type=TaskType.FEATURE_EXTRACTION,
            r=RANK,
            lora_alpha=2 * RANK,
            lora_dropout=0.05,
            target_modules=_attention_layers(model),
        )
    )
    trained = sum(weights.numel() for weights in model.parameters() if weights.requires_grad)
    return _by_pairs(model, material, rows, seed, progress, plan=_LORA, trained=trained)


def fit_full(material: Material, rows: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """Cross-entropy through all weights; the head begins as the frozen one, which forgets less
    (Kumar et al. 2022, arXiv 2202.10054)."""
    model = copy_of(_encoder(material))
    head = fit_logistic(material.known_vectors[rows], material.codes[rows], classes=material.classes)
    loss = _classification_loss()(model, head)
    data = {
        "text": [readable(material.texts[row]) for row in rows],
        "label": material.codes[rows].tolist(),
    }
    train(model, data, loss, plan=_FULL, seed=seed, progress=progress)
    learnt = Head(loss.linear.weight.detach().cpu().numpy(), loss.linear.bias.detach().cpu().numpy())
    trained = sum(weights.numel() for weights in loss.parameters())
    note = f"{_FULL.steps(len(rows)):,} steps over {count(len(rows), 'text')}"
    return _asking(model, material, learnt, trained=trained, kept=4 * trained, note=note)


def encode_with(model: "SentenceTransformer", texts: list[str]) -> np.ndarray:
    """Unit vectors (n, d) float32 by a tuned model."""
    made = model.encode(
        [readable(text) for text in texts], batch_size=_ENCODED_AT_ONCE, show_progress_bar=False
    )
    return unit_rows(np.asarray(made, dtype=np.float32))


def merge_adapter(model: "SentenceTransformer") -> None:
    """Add what LoRA has learnt to the weights, so that the model is an ordinary one again."""
    inner = model.transformers_model
    if inner is None or not getattr(inner, "_hf_peft_config_loaded", False):
        return
    merge_lora(inner)
    inner._hf_peft_config_loaded = False
    del inner.peft_config


def _encoder(material: Material) -> Any:
    if material.encoder is None:
        raise ZetascopeError("To tune an encoder one is needed: give encoder=load_encoder().")
    return material.encoder


def _attention_layers(model: "SentenceTransformer") -> list[str]:
    """The names of the layers that make queries, keys and values, as architectures call them."""
    usual = {"query", "key", "value", "q_proj", "k_proj", "v_proj", "q_lin", "k_lin", "v_lin", "q", "k", "v"}
    names = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    found = sorted(names & (usual | {"Wqkv", "qkv_proj", "c_attn"}))
    if not found:
        raise ZetascopeError("LoRA knows no attention in this encoder: leave this way out.")
    return found


def _by_pairs(
    model: "SentenceTransformer",
    material: Material,
    rows: np.ndarray,
    seed: int,
    progress: Progress,
    *,
    plan: Plan,
    trained: int,
) -> Fitted:
    from sentence_transformers.sentence_transformer.losses import CosineSimilarityLoss

    pairs = draw_pairs(rows, material.codes, seed=seed)
    data = {
        "first": [readable(material.texts[row]) for row in pairs.first],
        "second": [readable(material.texts[row]) for row in pairs.second],
        "label": pairs.alike.tolist(),
    }
    train(model, data, CosineSimilarityLoss(model), plan=plan, seed=seed, progress=progress)
    vectors = encode_with(model, [material.texts[row] for row in rows])
    head = fit_logistic(vectors, material.codes[rows], classes=material.classes)
    trained += head.parameters
    return _asking(
        model, material, head, trained=trained, kept=4 * trained, note=f"{count(len(pairs), 'pair')}"
    )


def _asking(
    model: "SentenceTransformer", material: Material, head: Head, *, trained: int, kept: int, note: str
) -> Fitted:
    def probabilities(rows: np.ndarray) -> np.ndarray:
        return head.probabilities(encode_with(model, [material.texts[row] for row in rows]))

    return Fitted(probabilities, parameters=trained, kept_bytes=kept, note=note, tuned=model)


@cache
def _classification_loss() -> Callable[[Any, Head], Any]:
    """The class, made at the first use, since to import torch takes seconds."""
    import torch

    class ClassificationLoss(torch.nn.Module):
        """Cross-entropy of a linear head on the encoder's unit vectors."""

        def __init__(self, model: Any, head: Head) -> None:
            super().__init__()
            self.model = model
            self.linear = torch.nn.Linear(head.weights.shape[1], len(head.bias))
            with torch.no_grad():
                self.linear.weight.copy_(torch.from_numpy(head.weights))
                # A class without a text is at minus infinity, through which no gradient goes.
                self.linear.bias.copy_(torch.from_numpy(np.maximum(head.bias, -30)))

        def forward(self, sentence_features: Any, labels: Any) -> Any:
            vectors = self.model(sentence_features[0])["sentence_embedding"]
            return torch.nn.functional.cross_entropy(
                self.linear(torch.nn.functional.normalize(vectors, dim=-1)), labels.view(-1)
            )

    return ClassificationLoss
