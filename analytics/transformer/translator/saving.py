"""A translator as a folder that ``load_translator`` opens, or that folder zipped."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from analytics.transformer.translator.loading import Translator


def save_translator(translator: Translator, folder: Path, *, card: str) -> None:
    """Into ``folder``, with ``card`` as its README: settings, weights as safetensors, vocabulary."""
    translator.model.save_pretrained(str(folder), safe_serialization=True)
    with translator.lock:
        translator.vocabulary.save(folder)
    (folder / "README.md").write_text(card, encoding="utf-8")


def zipped_translator(translator: Translator, *, name: str, card: str) -> bytes:
    """The bytes of a zip file with the folder ``name``."""
    target = io.BytesIO()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / name
        save_translator(translator, folder, card=card)
        # Weights hardly shrink, and to try takes seconds.
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.relative_to(parent))
    return target.getvalue()
