"""Pictures of messages: one file for the same bytes, gone with the last message that shows it."""

import io

import pytest
import sqlalchemy as sa

from chat import deletions, images, messages, users
from chat.db import now
from chat.schema import image_pins, trash
from chat.schema import images as image_rows
from tests.people import picture


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def lounge(room, ann):
    return room(ann)


def show(backend, author, where, client_id, colour="teal"):
    pinned = images.keep(backend, io.BytesIO(picture(colour)))
    message, new = messages.post(backend, author, where, "", client_id, picture=pinned)
    if not new:
        images.let_go(backend, pinned)
    return message


def ask(backend, author, where):
    return int(messages.post(backend, author, where, "@painter please", "question")[0]["id"])


def files(backend):
    folder = backend.config.data_dir / "images"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def count(backend, table):
    return backend.db.read(lambda conn: conn.execute(sa.select(sa.func.count()).select_from(table)).scalar())


def test_a_picture_belongs_to_its_message(backend, ann, lounge):
    message = show(backend, ann, lounge, "1")
    assert message["image"]["url"] == f"/images/{message['id']}"
    assert (message["image"]["width"], message["image"]["height"]) == (320, 200)
    stored = images.read(backend, int(message["id"]))
    assert len(stored) == message["image"]["bytes"]
    assert message == messages.load(backend, [int(message["id"])])[0]
    assert count(backend, image_pins) == 0


def test_the_same_bytes_are_kept_once_until_the_last_message_goes(backend, ann, lounge):
    first, second = show(backend, ann, lounge, "1"), show(backend, ann, lounge, "2")
    assert len(files(backend)) == 2  # the picture and its thumbnail
    deletions.delete(backend, ann, int(first["id"]))
    assert images.read(backend, int(first["id"])) is None
    assert images.read(backend, int(second["id"])) is not None
    deletions.delete(backend, ann, int(second["id"]))
    assert files(backend) == []
    assert count(backend, image_rows) == count(backend, trash) == 0


def test_a_repeat_lets_go_of_its_upload(backend, ann, lounge):
    first = show(backend, ann, lounge, "same", "red")
    assert show(backend, ann, lounge, "same", "blue") == first
    assert len(files(backend)) == 2
    assert (count(backend, image_rows), count(backend, image_pins)) == (1, 0)


def test_an_upload_that_is_under_way_keeps_its_file_while_the_last_message_is_deleted(backend, ann, lounge):
    first = show(backend, ann, lounge, "1")
    under_way = images.keep(backend, io.BytesIO(picture("teal")))
    deletions.delete(backend, ann, int(first["id"]))
    second = messages.post(backend, ann, lounge, "", "2", picture=under_way)[0]
    assert images.read(backend, int(second["id"])) is not None


def test_a_store_that_fails_leaves_no_picture_behind(backend, ann, lounge, monkeypatch):
    def full(*_args):
        raise OSError("the disk is full")

    monkeypatch.setattr(backend.store, "put", full)
    with pytest.raises(OSError, match="disk is full"):
        images.keep(backend, io.BytesIO(picture()))
    assert count(backend, image_rows) == count(backend, image_pins) == 0


def test_a_file_that_could_not_be_deleted_is_swept_later(backend, ann, lounge, monkeypatch):
    message = show(backend, ann, lounge, "1")

    def away(*_args):
        raise OSError("the store is away")

    monkeypatch.setattr(backend.store, "delete", away)
    deletions.delete(backend, ann, int(message["id"]))
    assert messages.load(backend, [int(message["id"])])[0]["image"] is None
    monkeypatch.undo()
    assert len(files(backend)) == 2
    images.sweep(backend)
    assert files(backend) == [] and count(backend, trash) == 0


def test_uploads_that_never_became_messages_are_swept(backend, ann, lounge):
    images.keep(backend, io.BytesIO(picture()))
    images.sweep(backend)
    assert len(files(backend)) == 2  # it may still come
    long_ago = image_pins.update().values(created_at=now() - images.STALE_PIN - 1)
    backend.db.write(lambda conn: conn.execute(long_ago))
    images.sweep(backend)
    assert files(backend) == []
    assert count(backend, image_rows) == count(backend, image_pins) == 0


def test_what_a_bot_made_from_a_picture_goes_with_it(backend, ann, lounge):
    bot = users.ensure_bot(backend, "painter", "Paints over pictures")
    shown, asked = int(show(backend, ann, lounge, "c1")["id"]), ask(backend, ann, lounge)
    copy = messages.answer(backend, bot, asked, "Here.", picture=picture("red"), picture_of=shown)
    assert copy["image"]
    assert len(files(backend)) == 4
    deletions.delete(backend, ann, shown)
    [now_gone] = messages.load(backend, [int(copy["id"])])
    assert (now_gone["text"], now_gone["image"]) == (None, None)
    assert now_gone["deleted_at"]
    events = backend.db.read(messages.events_after, lounge, 0, 10)
    assert [(event["type"], event["message"]["id"]) for event in events[-2:]] == [
        ("delete", str(shown)),
        ("delete", copy["id"]),
    ]
    assert files(backend) == []


def test_nothing_is_made_from_a_picture_that_is_gone(backend, ann, lounge):
    bot = users.ensure_bot(backend, "painter", "Paints over pictures")
    shown, asked = int(show(backend, ann, lounge, "c1")["id"]), ask(backend, ann, lounge)
    deletions.delete(backend, ann, shown)
    assert messages.answer(backend, bot, asked, "Here.", picture=picture("red"), picture_of=shown) is None
    assert files(backend) == []
    assert count(backend, image_pins) == 0


def test_a_bots_picture_given_twice_is_stored_once(backend, ann, lounge):
    bot = users.ensure_bot(backend, "painter", "Paints over pictures")
    asked = ask(backend, ann, lounge)
    first = messages.answer(backend, bot, asked, "Here.", picture=picture("red"))
    assert messages.answer(backend, bot, asked, "Here.", picture=picture("blue")) == first
    assert len(files(backend)) == 2
    assert count(backend, image_pins) == 0
