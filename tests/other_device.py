"""A GPU's stand-in: tensors that say they are on another device, computed on the processor.

PyTorch's own dispatcher sees a device of the given type, so it casts under ``torch.autocast`` as it does
there, and operations that mix devices, or read a device's memory as the processor's, fail as they do there.
What it cannot show is the hardware's own rounding, speed and memory. ``cuda:0`` has CUDA's casts but no
gradients; ``lazy:0`` has gradients.
"""

import copy
import ctypes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

aten = torch.ops.aten
TAKES_ANY = {aten._to_copy.default, aten.copy_.default, aten.index.Tensor, aten.index_put_.default}
DEVICE_TYPES = {"cuda": 1, "lazy": 13, "meta": 14}


class OnDevice(torch.Tensor):
    """Looks like a tensor of ``device``; ``inner`` holds its numbers."""

    inner: torch.Tensor

    @staticmethod
    def __new__(cls, inner: torch.Tensor, device: torch.device) -> "OnDevice":
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            inner.shape,
            strides=inner.stride(),
            storage_offset=inner.storage_offset(),
            dtype=inner.dtype,
            device=device,
        )
        made.inner = inner
        return made

    def tolist(self) -> Any:
        return self.inner.tolist()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise AssertionError(f"{func} outside of other_device()")


class Device(TorchDispatchMode):
    """Runs every operation; ``operations`` lists their names with the types of the tensors they took."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.device = torch.device(name)
        self.operations: list[tuple[str, tuple[torch.dtype, ...]]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is aten._fused_sdp_choice.default:
            return 0  # plain products and a softmax: the only attention the processor has for half precision
        kwargs = dict(kwargs or {})
        tensors = [one for one in tree_leaves((args, kwargs)) if isinstance(one, torch.Tensor)]
        here = self._is_here(func, args, kwargs, tensors)
        if kwargs.get("device") is not None:
            kwargs["device"] = torch.device("cpu")
        result = func(*tree_map(_inner, args), **tree_map(_inner, kwargs))
        if not here:
            return result
        self.operations.append((func.__name__, tuple(tensor.dtype for tensor in tensors)))
        if func._schema.is_mutable:
            return args[0]
        return tree_map(
            lambda one: OnDevice(one, self.device) if isinstance(one, torch.Tensor) else one, result
        )

    def _is_here(self, func: Any, args: Any, kwargs: dict[str, Any], tensors: list[torch.Tensor]) -> bool:
        ours = [isinstance(tensor, OnDevice) for tensor in tensors]
        alone = all(mine or tensor.ndim == 0 for mine, tensor in zip(ours, tensors, strict=True))
        if any(ours) and not alone and func not in TAKES_ANY:
            raise RuntimeError(f"{func} expects all tensors on the same device, not on {self.device} and cpu")
        if kwargs.get("device") is not None:
            return torch.device(kwargs["device"]).type == self.device.type
        return isinstance(args[0], OnDevice) if func is aten.copy_.default else any(ours)


def _inner(value: Any) -> Any:
    return value.inner if isinstance(value, OnDevice) else value


def moved(model: torch.nn.Module, name: str) -> Any:
    """A copy of ``model`` whose weights and buffers are on the device."""
    model, device = copy.deepcopy(model), torch.device(name)
    for module in model.modules():
        for key, weight in module.named_parameters(recurse=False):
            setattr(module, key, torch.nn.Parameter(OnDevice(weight.data, device)))
        for key, buffer in module.named_buffers(recurse=False):
            setattr(module, key, OnDevice(buffer, device))
    return model


@contextmanager
def other_device(name: str) -> Iterator[Device]:
    """``cuda:0`` or ``lazy:0`` exist in the block and behave as a device of their own."""
    _guard(name.split(":")[0])
    with ExitStack() as stack:
        for target in ("torch.cuda._lazy_init", "torch.cuda.is_available"):
            stack.enter_context(mock.patch(target, return_value=True))
        # A processor has no CUDA, so autocast would turn itself off.
        stack.enter_context(
            mock.patch("torch.cuda.amp.common.amp_definitely_not_available", return_value=False)
        )
        # Views of wrapped tensors cannot be made in inference mode.
        stack.enter_context(mock.patch("torch.inference_mode", torch.no_grad))
        stack.callback(torch._C._set_only_lift_cpu_tensors, torch._C._only_lift_cpu_tensors())
        torch._C._set_only_lift_cpu_tensors(True)  # torch.tensor(..., device=...) is seen as a move
        yield stack.enter_context(Device(name))


def _guard(kind: str) -> None:
    """Let the meta device's guard, which does nothing, stand for a device this build of PyTorch lacks."""
    library = ctypes.CDLL(str(next((Path(torch.__file__).parent / "lib").glob("libc10.*"))))
    guards = (ctypes.c_void_p * 16).in_dll(library, "_ZN3c104impl26device_guard_impl_registryE")
    if guards[DEVICE_TYPES[kind]] is None:
        guards[DEVICE_TYPES[kind]] = guards[DEVICE_TYPES["meta"]]
