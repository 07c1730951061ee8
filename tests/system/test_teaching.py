"""A room teaches its vision bot two labels with five pictures each, from Fashion-MNIST; another room is untouched."""

import io

import numpy as np
import pytest
from PIL import Image

from ml import data
from ml.pictures import Preprocessing
from tests.people import new_name

TAUGHT = {"the club's sneakers": "Sneaker", "the club's bags": "Bag"}
LESSONS, NEW = 5, 10


@pytest.fixture(scope="module")
def clothes():
    """PNG files of each class: the first to teach, the others to ask about."""
    test = data.load(data.FASHION_MNIST, Preprocessing(28, 1.0, 0.0, 1.0), part="test", limit=600)
    return {
        name: [
            _png(square)
            for square in test.squares[test.classes == data.FASHION.index(class_)][: LESSONS + NEW]
        ]
        for name, class_ in TAUGHT.items()
    }


def _png(square: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(square).save(file, "PNG")
    return file.getvalue()


class Asker:
    """Somebody in a room who waits for the bot's answers."""

    def __init__(self, person, room):
        self.person, self.room = person, room
        self.socket = person.socket()
        self.socket.join(room)

    def show(self, picture: bytes, text: str = "") -> dict:
        return self.answer_to(self.person.drop(self.room, picture, text=text).json()["id"])

    def say(self, text: str, reply_to: str | None = None) -> dict:
        return self.answer_to(self.person.say(self.room, text, reply_to=reply_to)["id"])

    def answer_to(self, question: str) -> dict:
        return self.socket.answer(self.room, question)


def test_a_room_teaches_two_labels_and_takes_them_back(worker, meet, clothes):
    ann, bob = meet("ann"), meet("bob", at=1)
    ours, theirs = Asker(ann, ann.room(new_name("club"))), Asker(bob, bob.room(new_name("others")))
    probe = clothes["the club's bags"][LESSONS]
    before = ours.show(probe)
    texts = [
        ours.show(picture, f"@vision teach {name}")["text"]
        for name, pictures in clothes.items()
        for picture in pictures[:LESSONS]
    ]
    assert texts[0] == (
        "Noted: **the club's sneakers**, picture 1 of the 3 from which I can learn. Show me 2 more."
    )
    assert texts[2].startswith("I have learnt **the club's sneakers** from 3 pictures.")
    assert texts[7].startswith("I have learnt **the club's bags** from 3 pictures.")

    answers = [
        (name, ours.show(picture)["labels"][0])
        for name, pictures in clothes.items()
        for picture in pictures[LESSONS:]
    ]
    right = sum(label["label"] == name and label["room"] for name, label in answers)
    assert right >= 0.9 * len(answers), answers
    assert theirs.show(probe)["labels"] == before["labels"], "what a room teaches has left it"

    while (taken := ours.say("@vision rollback")["text"]) != "This room has taught me nothing yet.":
        assert taken.startswith("I have taken back version")
    assert ours.show(probe)["labels"] == before["labels"]


def test_a_correction_by_reply_is_thanked_for(worker, meet, clothes):
    ann = meet("ann")
    asker = Asker(ann, ann.room())
    answer = asker.show(clothes["the club's bags"][0])
    assert asker.say("@vision no, a beach bag", answer["id"])["text"] == (
        "Thank you. I have noted that this is **beach bag**."
    )
    assert "I was right" in asker.say("@vision right!", answer["id"])["text"]
    assert "by their looks" in asker.say("@vision no, a woman", answer["id"])["text"]
    assert "by their looks" in asker.say(f"@vision it is {ann.name}", answer["id"])["text"]
