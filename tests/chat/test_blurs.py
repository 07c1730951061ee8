"""Which pictures a room shows blurred."""

import io

import pytest

from chat import deletions, images, messages, rooms, users
from tests.people import new_id, picture


@pytest.fixture
def vision(backend):
    return users.ensure_bot(backend, "vision", "Says what is in a picture")


def drop(backend, person, room) -> int:
    pinned = images.keep(backend, io.BytesIO(picture()))
    return int(messages.post(backend, person, room, "", new_id(), None, pinned)[0]["id"])


def blur(backend, person, room, *words: str) -> None:
    backend.db.write(rooms.change, person, room, {"blur_labels": list(words)})


def why(backend, id_: int) -> str | None:
    return messages.load(backend, [id_])[0]["image"]["blur"]


def seen(backend, id_: int) -> bool:
    return messages.load(backend, [id_])[0]["image"]["seen"]


def says(backend, bot, id_: int, **labels: float) -> int:
    told = [{"label": label, "probability": sure} for label, sure in labels.items()]
    return int(messages.answer(backend, bot, id_, "That is it.", told)["id"])


def test_a_picture_is_blurred_for_a_listed_label_of_which_the_bot_is_sure_enough(
    backend, person, room, vision
):
    ann = person("ann")
    lounge, kitchen = room(ann), room(ann)
    sure, unsure, other, elsewhere = (
        drop(backend, ann, where) for where in (lounge, lounge, lounge, kitchen)
    )
    says(backend, vision, sure, Spider=0.7, tick=0.25)
    says(backend, vision, unsure, spider=0.19, tick=0.6)
    says(backend, vision, other, spiderweb=0.9)
    says(backend, vision, elsewhere, spider=0.9)
    assert [why(backend, id_) for id_ in (sure, unsure, other, elsewhere)] == [None] * 4
    blur(backend, ann, lounge, " sPider ", "SPIDER", "snake")
    assert backend.db.read(rooms.one_for_user, ann, lounge)["blur_labels"] == ["SPIDER", "snake"]
    assert [why(backend, id_) for id_ in (sure, unsure, other, elsewhere)] == ["Spider", None, None, None]
    blur(backend, ann, lounge, "蜱虫", "Tick")
    assert backend.db.read(rooms.one_for_user, ann, lounge)["blur_labels"] == ["Tick"]
    assert [why(backend, id_) for id_ in (sure, unsure)] == ["tick", "tick"]
    blur(backend, ann, lounge)
    assert why(backend, sure) is None
    assert backend.db.read(rooms.one_for_user, ann, lounge)["blur_labels"] == []


def test_only_a_bots_answer_that_stands_counts_and_for_what_was_made_from_the_picture_too(
    backend, person, room, vision
):
    ann = person("ann")
    lounge = room(ann)
    blur(backend, ann, lounge, "spider")
    spider = drop(backend, ann, lounge)
    answer = says(backend, vision, spider, spider=0.7)
    assert seen(backend, spider)
    made = messages.answer(backend, vision, answer, "Here.", None, picture("red"), picture_of=spider)
    assert why(backend, int(made["id"])) == why(backend, spider) == "spider"
    mia = person("mia", role="moderator")
    deletions.delete(backend, mia, answer)
    assert why(backend, spider) is None
    assert not seen(backend, spider) and not seen(backend, int(made["id"]))
    question = messages.post(backend, ann, lounge, "Draw one", new_id())[0]
    drawn = messages.answer(backend, vision, int(question["id"]), "So.", None, picture("blue"))
    assert drawn["image"]["seen"] and seen(backend, int(drawn["id"]))  # its own: nobody will look at that
    assert messages.load(backend, [drop(backend, ann, lounge)])[0]["image"]["seen"] is False
