"""LoRA's matrices beside a model's weights: added to them when there is nothing more to learn."""

from __future__ import annotations

from typing import Any


def merge_lora(model: Any) -> bool:
    """Make every layer of ``model`` an ordinary one that gives what it gave; whether any was LoRA's."""
    from peft.tuners.lora import LoraLayer

    found = [(name, module) for name, module in model.named_modules() if isinstance(module, LoraLayer)]
    for name, module in found:
        module.merge()
        parent, _, last = name.rpartition(".")
        setattr(model.get_submodule(parent), last, module.get_base_layer())
    return bool(found)
