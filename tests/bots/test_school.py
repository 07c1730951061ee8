"""What the vision bot learns, and from what it does not."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bots import catalogue, rehearsal
from chat.lessons import PERSONAL, Lesson
from ml import data
from ml.pictures import Preprocessing


@pytest.fixture(scope="module")
def bot(models_dir: Path):
    stage = rehearsal.Stage()
    stage.models_dir = models_dir
    bot = catalogue.entries()["vision"].bot(stage)
    bot.warm_up()
    return bot


@pytest.fixture
def stage(bot):
    """A room that has taught nothing yet."""
    bot.chat = rehearsal.Stage()
    bot._school = type(bot._school)(bot.chat, bot._classifier)
    return bot.chat


@pytest.fixture(scope="module")
def clothes():
    """Pictures of a class of Fashion-MNIST."""
    test = data.load(data.FASHION_MNIST, Preprocessing(28, 1.0, 0.0, 1.0), part="test", limit=400)

    def of(name: str) -> list[bytes]:
        return [_png(square) for square in test.squares[test.classes == data.FASHION.index(name)]]

    return of


def _png(square: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(square).save(file, "PNG")
    return file.getvalue()


def teach(bot, stage, name, pictures):
    return [rehearsal.ask(bot, stage.say("ann", f"@vision teach {name}", one)).text for one in pictures]


def best(bot, stage, picture):
    return rehearsal.ask(bot, stage.say("ann", "", picture)).labels[0]


def test_an_answer_says_which_labels_are_the_rooms(bot, stage, clothes, cat) -> None:
    teach(bot, stage, "our bag", clothes("Bag")[:4])
    answer = rehearsal.ask(bot, stage.say("ann", "", clothes("Bag")[6]))
    assert answer.labels[0]["label"] == "our bag"
    assert [label.get("room", False) for label in answer.labels] == [True, False, False, False, False]
    assert answer.text.endswith("This room taught me that.")
    other = rehearsal.ask(bot, stage.say("ann", "", cat))
    assert other.labels[0]["label"] == "Egyptian cat"
    assert "taught" not in other.text


def test_probabilities_still_add_up(bot, stage, clothes) -> None:
    teach(bot, stage, "our bag", clothes("Bag")[:3])
    pixels = bot._classifier.read(clothes("Bag")[5])
    opinion = bot._school.opinion("1", pixels, top=2000)
    assert sum(label.probability for label in opinion.labels) == pytest.approx(1.0)


def test_a_label_is_written_as_it_was_before(bot, stage, clothes) -> None:
    texts = teach(bot, stage, "Our Bag", clothes("Bag")[:1]) + teach(
        bot, stage, "our bag.", clothes("Bag")[1:2]
    )
    assert "**Our Bag**, picture 2 of the 3" in texts[1]
    assert "**Egyptian cat**" in teach(bot, stage, "egyptian CAT", clothes("Bag")[2:3])[0]


def test_what_the_page_says_counts_with_what_the_room_says_however_it_is_written(bot, stage, clothes) -> None:
    teach(bot, stage, "Our Bag", clothes("Bag")[:2])
    shown = stage.say("ann", "", clothes("Bag")[2])
    stage.lessons.record(
        Lesson(int(shown["id"]), 1, 1, "wrong", "our bag", "mailbag", False, "net")
    )  # as the page does
    assert best(bot, stage, clothes("Bag")[5])["label"] == "Our Bag"


def test_a_correction_teaches_as_well(bot, stage, clothes) -> None:
    for picture in clothes("Bag")[:3]:
        shown = stage.say("ann", "", picture)
        text = rehearsal.ask(bot, stage.say("bob", "@vision no, a club bag", reply_to=shown["id"])).text
        assert text.startswith("Thank you. I have noted that this is **club bag**.")
    assert "I have learnt from it" in text
    assert best(bot, stage, clothes("Bag")[5])["label"] == "club bag"


def test_a_wrong_label_of_the_room_becomes_a_picture_of_something_else(bot, stage, clothes) -> None:
    teach(bot, stage, "our sneaker", clothes("Sneaker")[:4])
    boots = clothes("Ankle boot")
    before = np.mean([best(bot, stage, picture)["label"] == "our sneaker" for picture in boots[6:16]])
    for picture in boots[:6]:
        shown = stage.say("ann", "", picture)
        rehearsal.ask(bot, stage.say("bob", "@vision wrong", reply_to=shown["id"]))
    after = np.mean([best(bot, stage, picture)["label"] == "our sneaker" for picture in boots[6:16]])
    assert after < before


def test_a_lesson_that_makes_it_worse_is_kept_and_not_used(bot, stage, clothes) -> None:
    teach(bot, stage, "our sneaker", clothes("Sneaker")[:4])
    teach(bot, stage, "our bag", clothes("Bag")[:4])
    number = bot._school.learn("1").version.number
    texts = teach(bot, stage, "our bag", clothes("Sneaker")[4:5])
    assert "With this one I would not name pictures better" in texts[0]
    outcome = bot._school.learn("1")
    assert (outcome.version.number, outcome.counts["our bag"]) == (number, 5)


def test_a_picture_that_was_deleted_is_not_remembered(bot, stage, clothes) -> None:
    shown = [stage.say("ann", "@vision teach our bag", picture) for picture in clothes("Bag")[:3]]
    for message in shown:
        rehearsal.ask(bot, message)
    assert best(bot, stage, clothes("Bag")[5])["label"] == "our bag"
    stage.lessons._lessons = {  # as `chat.lessons.forget` does
        key: one for key, one in stage.lessons._lessons.items() if str(one.message_id) != shown[0]["id"]
    }
    assert best(bot, stage, clothes("Bag")[5])["label"] != "our bag"


@pytest.mark.parametrize("name", ["", "?!", "x" * 61, "two\nlines", "*bold*", "<b>"])
def test_what_can_be_no_label_is_said(bot, stage, cat, name) -> None:
    answer = rehearsal.ask(bot, stage.say("ann", f"@vision teach {name}", cat))
    assert answer.labels or answer.text.startswith("A label is up to 60")
    assert not stage.lessons.of_room(1)


@pytest.mark.parametrize("name", ["a woman", "black people", "Muslim", "gay guy", "女人", "fat person"])
def test_no_attribute_of_a_person_is_a_label(bot, stage, cat, name) -> None:
    assert "by their looks" in rehearsal.ask(bot, stage.say("ann", f"@vision teach {name}", cat)).text
    assert not stage.lessons.of_room(1)


@pytest.mark.parametrize(
    "name", ["race car", "black cat", "old bridge", "manhole", "white board", "Germany", "iron"]
)
def test_what_only_sounds_like_one_may_be_taught(name) -> None:
    assert not PERSONAL.search(name)


def test_no_label_that_the_network_knows_is_an_attribute_of_a_person(bot) -> None:
    assert [label for label in bot._classifier.labels if PERSONAL.search(label)] == []


def test_a_model_without_a_background_cannot_be_taught(bot, stage, cat, monkeypatch) -> None:
    monkeypatch.setattr(bot._school, "_background", np.zeros((0, 0), np.float32))
    assert "cannot be taught" in teach(bot, stage, "Chelsea", [cat])[0]
