"""Labelled pictures: a folder of the user's, and Fashion-MNIST as Debian packages it."""

import numpy as np
import pytest
from PIL import Image

from ml import data, pictures
from ml.data import DataError
from ml.pictures import Preprocessing

SMALL = Preprocessing(size=28, crop=1.0, mean=127.5, scale=127.5)


@pytest.fixture
def folder(tmp_path, photo):
    """Three cats and two cups of coffee."""
    for name, show, angles in (("cat", "chelsea", (0, 90, 180)), ("cup", "coffee", (0, 90))):
        (tmp_path / name).mkdir()
        for angle in angles:
            photo(show).rotate(angle).save(tmp_path / name / f"{angle:03}.png")
    return tmp_path


def test_a_folder_has_a_class_for_each_subfolder(folder):
    found = data.load(str(folder), SMALL)
    assert found.names == ("cat", "cup")
    assert (found.squares.shape, found.squares.dtype) == ((5, 28, 28, 3), np.uint8)
    assert sorted(found.classes) == [0, 0, 0, 1, 1]


def test_training_sees_what_serving_sees(folder):
    found = data.load(str(folder), SMALL, limit=1)
    served = pictures.read((folder / "cat" / "000.png").read_bytes(), SMALL)
    assert np.array_equal(pictures.normalise(found.squares[0], SMALL), served)


def test_what_cannot_be_read_is_named_and_left_out(folder):
    (folder / "cat" / "010.jpg").write_bytes(b"not a picture")
    (folder / "cup" / "empty.png").write_bytes(b"")
    (folder / "cup" / ".DS_Store").write_bytes(b"litter")
    said = []
    assert len(data.load(str(folder), SMALL, say=said.append)) == 5
    assert [line.split(" is left out: ")[0] for line in said] == [
        str(folder / "cat" / "010.jpg"),
        str(folder / "cup" / "empty.png"),
    ]
    assert "it is empty" in said[1]


def test_a_limit_takes_the_classes_in_turn(folder):
    assert list(data.load(str(folder), SMALL, limit=3).classes) == [0, 1, 0]


def test_what_is_no_set_of_pictures_is_refused_by_name(folder, tmp_path):
    with pytest.raises(DataError, match="neither a folder nor"):
        data.load(str(tmp_path / "absent"), SMALL)
    with pytest.raises(DataError, match="it has none"):
        data.load(str(folder / "cat"), SMALL)
    (folder / "dog").mkdir()
    with pytest.raises(DataError, match="no picture that can be read of dog"):
        data.load(str(folder), SMALL)


def test_a_split_holds_some_of_each_class_and_shares_nothing(folder):
    whole = data.load(str(folder), SMALL)
    kept, held = data.split(whole, 0.4, seed=1)
    assert sorted(held.classes) == [0, 1]
    assert sorted(kept.classes) == [0, 0, 1]
    seen = {square.tobytes() for square in kept.squares} | {square.tobytes() for square in held.squares}
    assert len(seen) == 5
    again = data.split(whole, 0.4, seed=1)
    assert again[1].fingerprint() == held.fingerprint()
    assert data.split(whole, 0.4, seed=2)[0].fingerprint() != kept.fingerprint()


def test_a_fingerprint_knows_pictures_classes_and_names(folder):
    whole = data.load(str(folder), SMALL)
    other = [
        data.Labelled(255 - whole.squares, whole.classes, whole.names),
        data.Labelled(whole.squares, 1 - whole.classes, whole.names),
        data.Labelled(whole.squares, whole.classes, ("cat", "cups")),
    ]
    assert len({each.fingerprint() for each in [whole, *other]}) == 4
    assert whole.fingerprint() == data.load(str(folder), SMALL).fingerprint()


def test_fashion_mnist_is_the_published_one():
    train, test = (data.load("fashion-mnist", SMALL, part) for part in ("train", "test"))
    assert (len(train), len(test)) == (60_000, 10_000)
    assert np.bincount(train.classes).tolist() == [6_000] * 10
    assert np.bincount(test.classes).tolist() == [1_000] * 10
    assert test.names[test.classes[0]] == "Ankle boot"
    assert len(data.load("fashion-mnist", SMALL, limit=7)) == 7


def test_a_file_that_is_not_in_mnists_format_is_refused(tmp_path, monkeypatch):
    import gzip

    monkeypatch.setattr(data, "DEBIAN", tmp_path)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"\x00\x00\x09\x01" + b"x" * 8))
    with pytest.raises(DataError, match="not in MNIST's format"):
        data.load("fashion-mnist", SMALL)


def test_grey_pictures_become_three_alike_channels(tmp_path):
    for name, value in (("dark", 10), ("light", 200)):
        (tmp_path / name).mkdir()
        Image.new("L", (28, 28), value).save(tmp_path / name / "one.png")
    assert [square.tolist()[0][0] for square in data.load(str(tmp_path), SMALL).squares] == [
        [10] * 3,
        [200] * 3,
    ]
