"""A copy of the encoder is trained by sentence-transformers' own trainer, step by step and cancellable."""

import copy
import tempfile
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.progress import Progress
from analytics.text import TextEncoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_ONE_AT_A_TIME = threading.Lock()
"""accelerate, on which the trainer rests, keeps one state for the whole process."""
BATCH = 16
_WARM_UP = 0.1  # share of the steps in which the rate rises, as SetFit has it


@dataclass(frozen=True)
class Plan:
    """How long and how fast is learnt: ``epochs`` over the data, at most ``most_steps`` of ``BATCH``."""

    rate: float
    epochs: int = 1
    most_steps: int = 400

    def steps(self, rows: int) -> int:
        return max(1, min(self.most_steps, self.epochs * -(-rows // BATCH)))


def load_libraries() -> None:
    """Import what training needs, so that its seconds and its memory are not those of the libraries."""
    import datasets  # noqa: F401
    import peft  # noqa: F401
    import sentence_transformers
    import transformers

    # Both load their parts when these are asked for.
    _ = sentence_transformers.SentenceTransformerTrainer, transformers.TrainerCallback


def copy_of(encoder: TextEncoder) -> "SentenceTransformer":
    """The encoder's model, to be changed; the encoder itself stays as it is."""
    with encoder.lock:
        return copy.deepcopy(encoder.model)


def train(
    model: "SentenceTransformer",
    data: dict[str, Any],
    loss: Any,
    *,
    plan: Plan,
    seed: int,
    progress: Progress,
    apart: bool = False,
) -> None:
    """Train ``model`` in place on columns of equal length; ``progress`` counts steps and may raise.

    ``apart``: no text stands twice in a batch, for losses that take the others of it as wrong answers.
    """
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.training_args import BatchSamplers
    from transformers import ProgressCallback, TrainerCallback
    from transformers.trainer_callback import PrinterCallback

    rows = len(next(iter(data.values())))
    steps = plan.steps(rows)

    class Tell(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **kept: Any) -> None:  # noqa: ARG002
            progress(int(state.global_step), steps)

    model.model_card_data.widget = [{}]  # or examples are looked for, for a card that nobody writes
    progress(0, steps)
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory() as folder:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=folder,
            max_steps=steps,
            per_device_train_batch_size=BATCH,
            learning_rate=plan.rate,
            warmup_steps=round(_WARM_UP * steps),
            seed=seed,
            use_cpu=model.device.type == "cpu",
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
            dataloader_pin_memory=False,
            batch_sampler=BatchSamplers.NO_DUPLICATES if apart else BatchSamplers.BATCH_SAMPLER,
        )
        trainer = SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=Dataset.from_dict(data), loss=loss, callbacks=[Tell()]
        )
        for silent in (ProgressCallback, PrinterCallback):
            trainer.remove_callback(silent)
        trainer.train()
    model.eval()
