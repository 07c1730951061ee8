"""What labels are called in other languages: each of every model that comes with the bots, by a name of its own."""

import json

import pytest

from bots import vision
from chat import kinds, label_names, lessons
from chat.folding import normalise
from chat.words import LANGUAGES
from ml import labels
from tests.servers import ROOT

SHIPPED = (ROOT / "ml" / "shipped").glob("*/labels.json")
LABELS = [*labels.imagenet(), *(label for path in SHIPPED for label in json.loads(path.read_text()))]
TABLES = {path.stem: json.loads(path.read_text()) for path in label_names.FOLDER.iterdir()}


def test_every_language_but_english_names_labels() -> None:
    assert TABLES.keys() == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("names", TABLES.values(), ids=TABLES)
def test_every_label_of_every_model_has_a_name_and_no_other_has_one(names: dict[str, str]) -> None:
    assert {normalise(label) for label in LABELS} == {normalise(label) for label in names}
    assert len({normalise(label) for label in names}) == len(names), "each once"


@pytest.mark.parametrize("names", TABLES.values(), ids=TABLES)
def test_no_two_labels_have_one_name(names: dict[str, str]) -> None:
    called = [normalise(name) for name in names.values()]
    assert [name for name in called if called.count(name) > 1] == []


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (vision.IS, "这是{}"),
        (vision.IS, "这是一只{}。"),
        (vision.IS, "其实是一辆{}"),
        (vision.WRONG, "不对，是{}"),
        (vision.TEACH, "教 {}"),
        (vision.WHY, "为什么是{}？"),
    ],
    ids=["this is", "this is a", "it is a", "no, it is", "teach", "why"],
)
def test_every_name_is_understood_in_a_sentence(pattern, sentence) -> None:
    for label, name in TABLES["zh-CN"].items():
        found = pattern.fullmatch(sentence.format(name))
        said = found.groupdict().get("zh") or found["name"]
        assert label_names.canonical(said) == label
        assert lessons.refusal(label, set()) is None


def test_a_name_that_is_a_kind_of_things_too_finds_its_label() -> None:
    both = {name: label for label, name in TABLES["zh-CN"].items() if kinds.known(normalise(name))}
    assert "老虎" in both
    assert [
        name for name, label in both.items() if normalise(label) not in kinds.named(normalise(name))
    ] == []


def test_names_and_labels_are_found_without_regard_to_case_and_width() -> None:
    assert label_names.name("EGYPTIAN cat", "zh-CN") == "埃及猫"
    assert label_names.name("Sandal", "zh-CN") == label_names.name("sandal", "zh-CN") == "凉鞋"
    assert label_names.canonical(" ｔ恤 ") == "T-shirt"
    assert label_names.canonical("CD播放机") == label_names.canonical("cd播放机") == "CD player"


def test_what_has_no_name_stays_as_it_is() -> None:
    assert label_names.name("Our Bag", "zh-CN") == label_names.canonical("Our Bag") == "Our Bag"
    assert label_names.name("lynx", "en") == label_names.name("lynx", "de") == "lynx"
