"""A tuned encoder as a folder that sentence-transformers opens, zipped."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from analytics.retrieval.tuning.tuned import merge_adapter


def zipped_model(model: Any, *, name: str) -> bytes:
    """The bytes of a zip file with the folder ``name``; weights are safetensors, LoRA's added to them."""
    merge_adapter(model)
    target = io.BytesIO()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / name
        model.save_pretrained(str(folder), create_model_card=False, safe_serialization=True)
        # Weights hardly shrink, and to try takes seconds.
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(parent))
    return target.getvalue()
