"""Reads PyTorch's old checkpoint format (`.pth` before 1.6) with numpy alone, and trusts nothing in it.

Such a file is five pickles, then the raw numbers: a magic number, the format's version, facts about the machine
that wrote it, the tensors' names and shapes, the order of the storages; then each storage as a count and its values.
A pickle can name any function to be called, so the unpickler here knows four names and refuses all others.
Source: `torch/serialization.py`, `_legacy_save`.
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import IO, Any

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


def read(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a checkpoint, by name.

    Args:
        path: a file that `torch.save` wrote before PyTorch 1.6, or with `_use_new_zipfile_serialization=False`.

    Returns:
        {name: array of the tensor's shape}; the arrays share no memory with anything else.

    Raises:
        ValueError: the file is not such a checkpoint, is cut short, or names anything but plain tensors.
    """
    with path.open("rb") as file:
        try:
            return _read(file, path.stat().st_size)
        except (
            pickle.UnpicklingError,
            EOFError,
            TypeError,
            AttributeError,
            KeyError,
            IndexError,
            ValueError,
        ) as error:
            raise ValueError(f"{path.name} is not a plain checkpoint of tensors: {error}") from error


def _read(file: IO[bytes], size: int) -> dict[str, np.ndarray]:
    if _Tensors(file, size).load() != MAGIC or _Tensors(file, size).load() != PROTOCOL:
        raise ValueError("it does not begin with the magic number of PyTorch's old format")
    if not _Tensors(file, size).load()["little_endian"]:
        raise ValueError("it was written on a big-endian machine")
    tensors = _Tensors(file, size)
    named = tensors.load()
    for key in _Tensors(file, size).load():
        _fill(tensors.storages[key], file)
    if not isinstance(named, dict) or not all(isinstance(value, np.ndarray) for value in named.values()):
        raise ValueError("it holds something other than named tensors")
    return {str(name): np.ascontiguousarray(array) for name, array in named.items()}


class _Tensors(pickle.Unpickler):
    """Knows ordered dictionaries, tensors and their storages; no other name is looked up, let alone called."""

    def __init__(self, file: IO[bytes], size: int):
        super().__init__(file)
        self.storages: dict[str, np.ndarray] = {}
        self._room = size  # what the storages may hold together: no more than the file does

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return self._view
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        raise pickle.UnpicklingError(f"it names {module}.{name}, which is refused")

    def persistent_load(self, pid: Any) -> np.ndarray:
        kind, dtype, key, _device, count, _view = pid
        if kind != "storage" or not isinstance(dtype, np.dtype) or not isinstance(count, int) or count < 0:
            raise pickle.UnpicklingError(f"it refers to {kind!r}, which is refused")
        if key not in self.storages:
            self._room -= count * dtype.itemsize
            if self._room < 0:
                raise pickle.UnpicklingError("its storages are said to be larger than the file")
            self.storages[key] = np.zeros(count, dtype)
        return self.storages[key]

    def _view(self, storage: np.ndarray, offset: int, shape: tuple, stride: tuple, *_rest: Any) -> np.ndarray:
        """A tensor: a window on its storage, which is filled later."""
        if len(shape) != len(stride) or min((offset, *shape, *stride)) < 0:
            raise pickle.UnpicklingError("it holds a tensor of impossible shape")
        last = offset + sum((n - 1) * step for n, step in zip(shape, stride, strict=True))
        if 0 not in shape and last >= storage.size:
            raise pickle.UnpicklingError("it holds a tensor that reaches beyond its storage")
        bytes_apart = [step * storage.itemsize for step in stride]
        return np.lib.stride_tricks.as_strided(storage[offset:], shape, bytes_apart, writeable=False)


def _fill(storage: np.ndarray, file: IO[bytes]) -> None:
    count = int.from_bytes(file.read(8), "little")
    if count != storage.size or file.readinto(storage.data) != storage.nbytes:  # type: ignore[attr-defined]
        raise ValueError("it is cut short")
