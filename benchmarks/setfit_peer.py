"""SetFit's side of `benchmarks.setfit`: run there with `python -P`, in an environment that has setfit.

Reads one JSON object a line, {"encoder", "texts", "labels", "asked", "seed", "iterations"}, and
answers with one: {"labels": those of the asked texts, "seconds": of processor time, "version"}.
"""

import json
import sys
import time
from typing import Any

import setfit
from datasets import Dataset


def answer(task: dict[str, Any]) -> dict[str, Any]:
    start = time.process_time()
    model = setfit.SetFitModel.from_pretrained(task["encoder"])
    trainer = setfit.Trainer(
        model=model,
        args=setfit.TrainingArguments(
            batch_size=16,
            num_iterations=task["iterations"],
            seed=task["seed"],
            report_to="none",
            show_progress_bar=False,
            save_strategy="no",
        ),
        train_dataset=Dataset.from_dict({"text": task["texts"], "label": task["labels"]}),
    )
    trainer.train()
    spent = time.process_time() - start
    labels = [int(label) for label in model.predict(task["asked"])]
    return {"labels": labels, "seconds": spent, "version": setfit.__version__}


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # what SetFit prints is no answer
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
