"""A tuned encoder as a folder that sentence-transformers opens, or that folder zipped."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from analytics.retrieval.tuning.tuned import merge_adapter


def save_model(model: Any, folder: Path, *, card: str = "") -> None:
    """Into ``folder``, with ``card`` as its README; weights are safetensors, LoRA's added to them."""
    merge_adapter(model)
    model.save_pretrained(str(folder), create_model_card=False, safe_serialization=True)
    if card:
        (folder / "README.md").write_text(card, encoding="utf-8")


def zipped_model(model: Any, *, name: str, card: str = "") -> bytes:
    """The bytes of a zip file with the folder ``name``."""
    target = io.BytesIO()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / name
        save_model(model, folder, card=card)
        # Weights hardly shrink, and to try takes seconds.
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(parent))
    return target.getvalue()
