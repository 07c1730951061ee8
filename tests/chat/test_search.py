"""Search finds parts of words in any language, alike on both databases, and only what one may read."""

import contextlib
import time

import pytest
import sqlalchemy as sa

from chat import messages, rooms, search
from chat.db import search_progress
from chat.errors import Refused

WORDS = (
    "The quick brown fox",
    "Straße nach München",
    "今天天气很好",
    "東京タワーに行きました",
    "ﬁne ligatures and ＦＵＬＬ width",
    "100% sure_about \\ that 'quote' \"double\"",
    "Привет, мир",
    "emoji 🎉 party",
    "ab",
)


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def lounge(backend, room, ann):
    lounge = room(ann)
    for n, text in enumerate(WORDS):
        messages.post(backend, ann, lounge, text, f"c{n}")
    index_all(backend)
    return lounge


def index_all(backend):
    while backend.db.write(search.index):
        pass


def found(backend, person, query, room_id=None, limit=20):
    ids = backend.db.read(search.find, person, query, room_id, limit)
    return [message["text"] for message in messages.load(backend, ids)]


QUERIES = [  # a query, and which of WORDS it finds
    ("quick", 0),
    ("UICK BRO", 0),
    ("fox quick", 0),
    ("strasse", 1),
    ("MÜNCH", 1),
    ("天气", 2),
    ("今天天气很好", 2),
    ("好", 2),
    ("タワー", 3),
    ("東京", 3),
    ("fine", 4),
    ("full", 4),
    ("100%", 5),
    ("e_a", 5),
    ("\\", 5),
    ("'quote'", 5),
    ('"double"', 5),
    ("привет", 6),
    ("🎉", 7),
    ("ab quick", None),
    ("AND", 4),
    ("_____", None),
    ("%%%", None),
    ("brown*", None),
]


def test_it_finds(backend, ann, lounge):
    for query, expected in QUERIES:
        texts = found(backend, ann, query)
        if expected is None:
            assert texts == [], query
        else:
            assert WORDS[expected] in texts, query
            words = [search.normalise(word) for word in query.split()]
            assert all(word in search.normalise(text) for text in texts for word in words), query


def test_short_words_and_long_ones_together(backend, ann, lounge):
    assert found(backend, ann, "qu fox") == [WORDS[0]]
    assert found(backend, ann, "zz fox") == []


def test_newest_first_and_limited(backend, ann, lounge):
    for n in range(5):
        messages.post(backend, ann, lounge, f"needle {n}", f"n{n}")
    index_all(backend)
    assert found(backend, ann, "needle", limit=2) == ["needle 4", "needle 3"]


def test_an_edit_is_found_by_its_new_words_only(backend, ann, lounge):
    message = messages.post(backend, ann, lounge, "walrus", "w")[0]
    index_all(backend)
    messages.edit(backend, ann, int(message["id"]), "penguin")
    index_all(backend)
    assert found(backend, ann, "walrus") == []
    assert found(backend, ann, "penguin") == ["penguin"]


def test_a_deleted_message_is_not_found_at_once(backend, ann, lounge):
    message = messages.post(backend, ann, lounge, "walrus", "w")[0]
    index_all(backend)
    messages.delete(backend, ann, int(message["id"]))
    assert found(backend, ann, "walrus") == []
    index_all(backend)
    assert found(backend, ann, "walrus") == []


def test_only_rooms_that_one_may_read(backend, ann, person, room, lounge):
    bob = person("bob")
    secret = room(ann, private=True)
    messages.post(backend, ann, secret, "walrus", "w")
    index_all(backend)
    assert found(backend, ann, "walrus") == ["walrus"]
    assert found(backend, bob, "walrus") == []
    assert found(backend, bob, "quick") == [WORDS[0]]
    with pytest.raises(Refused, match="not_found"):
        found(backend, bob, "walrus", secret)
    backend.db.write(rooms.add, ann, secret, bob.id)
    assert found(backend, bob, "walrus", secret) == ["walrus"]


def test_too_many_words_are_refused(backend, ann):
    with pytest.raises(Refused, match="invalid"):
        found(backend, ann, "a " * 11)


def test_the_index_goes_on_where_it_was(backend, ann, lounge):
    def progress():
        return backend.db.read(lambda conn: conn.execute(sa.select(search_progress.c.seq)).scalar())

    assert progress() == len(WORDS)
    for n in range(search.STEP + 5):
        messages.post(backend, ann, lounge, f"later {n}", f"l{n}")
    assert backend.db.write(search.index) == search.STEP
    assert progress() == len(WORDS) + search.STEP
    assert backend.db.write(search.index) == 5
    assert backend.db.write(search.index) == 0


def test_messages_that_come_one_by_one_gather_before_they_are_indexed(backend, ann, lounge, monkeypatch):
    steps = []
    write = backend.db.write

    def count(work, *args):
        if work is search.index:
            steps.append(work)
        return write(work, *args)

    monkeypatch.setattr(backend.db, "write", count)
    begun = time.monotonic()
    with contextlib.closing(search.Indexer(backend, pause=0.1)) as indexer:
        indexer.start()
        for n in range(40):
            messages.post(backend, ann, lounge, f"drop {n}", f"d{n}")
            indexer.wake()
            time.sleep(0.01)
        while len(found(backend, ann, "drop", limit=100)) < 40:
            assert time.monotonic() - begun < 10
            time.sleep(0.02)
    assert len(steps) <= (time.monotonic() - begun) / 0.1 + 2
