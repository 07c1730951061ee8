"""Search finds parts of words in any language, alike on both databases, and only what one may read."""

import contextlib
import io
import time

import pytest
import sqlalchemy as sa

from chat import deletions, depictions, images, lessons, membership, messages, search, users
from chat.errors import Refused
from chat.schema import search_progress
from tests.people import picture

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
    for take in (search.index, depictions.index):
        while backend.db.write(take):
            pass


def found(backend, person, query="", room_id=None, limit=20, **more):
    wish = search.Wish(query, room_id, **more)
    ids = backend.db.read(search.find, person, wish, limit).ids
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
    deletions.delete(backend, ann, int(message["id"]))
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
    backend.db.write(membership.add, ann, secret, bob.id)
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


def test_where_indexing_takes_long_it_rests_longer(backend, monkeypatch):
    begun: list[float] = []

    def slow(_work):
        begun.append(time.monotonic())
        time.sleep(0.01)
        return 0

    monkeypatch.setattr(backend.db, "write", slow)
    with contextlib.closing(search.Indexer(backend, pause=0.001)) as indexer:
        indexer.start()
        while len(begun) < 6:  # two of one filling, then two of the next
            indexer.wake()
            time.sleep(0.001)
    assert begun[4] - begun[3] > 9 * 0.02


def test_filters_narrow_what_is_found(backend, ann, person, room, lounge):
    bob, kitchen = person("bob"), room(ann)
    backend.db.write(membership.join, bob, lounge)
    messages.post(backend, bob, lounge, "a quick word", "b")
    messages.post(backend, ann, kitchen, "quick, the soup", "k")
    index_all(backend)
    assert found(backend, ann, "quick") == ["quick, the soup", "a quick word", WORDS[0]]
    assert found(backend, ann, "quick", author_id=bob.id) == ["a quick word"]
    assert found(backend, ann, "so", author_id=ann.id) == ["quick, the soup"]
    assert found(backend, ann, "quick", kitchen) == ["quick, the soup"]
    assert found(backend, ann, author_id=bob.id) == ["a quick word"]
    assert found(backend, ann, room_id=kitchen) == ["quick, the soup"]
    assert found(backend, ann, room_id=kitchen, author_id=bob.id) == []
    with pytest.raises(Refused, match="invalid"):
        found(backend, ann)


@pytest.mark.parametrize("query", ["walrus", "wa", ""])
def test_the_next_page_goes_on_where_the_last_one_ended(backend, ann, lounge, query, monkeypatch):
    monkeypatch.setattr(search, "SCANNED", 6)
    for n in range(7):
        messages.post(backend, ann, lounge, f"walrus {n}", f"w{n}")
    index_all(backend)
    texts, before, pages = [], None, 0
    while pages == 0 or before:
        wish = search.Wish(query, lounge, before=before)
        ids, before = backend.db.read(search.find, ann, wish, 3)
        texts += [message["text"] for message in messages.load(backend, ids)]
        pages += 1
        assert pages < 10
    assert [text for text in texts if "walrus" in text] == [f"walrus {n}" for n in range(6, -1, -1)]
    assert len(texts) == len(set(texts)) == (7 if query else 7 + len(WORDS))


@pytest.fixture
def bot(backend):
    return users.ensure_bot(backend, "vision", "Says what is in a picture")


@pytest.fixture
def drop(backend, ann, lounge, bot):
    """Posts a picture in which the bot sees this: `drop("my cat", {"tabby cat": 0.6})`."""

    def work(text, seen, where=lounge):
        pinned = images.keep(backend, io.BytesIO(picture()))
        id_ = int(messages.post(backend, ann, where, text, text, picture=pinned)[0]["id"])
        labels = [{"label": label, "probability": share} for label, share in seen.items()]
        answer = messages.answer(backend, bot, id_, "I see", labels)
        index_all(backend)
        return id_, int(answer["id"])

    return work


def test_pictures_are_found_by_what_they_show(backend, ann, lounge, drop):
    drop("my pet", {"Golden Retriever": 0.5, "tabby cat": 0.3, "hot dog": 0.05})
    drop("lunch", {"hot dog": 0.09, "Golden Retriever": 0.08})
    assert found(backend, ann, picture=True) == ["lunch", "my pet"]
    for words, texts in {
        "golden": ["my pet"],
        "GOLDEN retriever": ["my pet"],
        "cat": ["my pet"],
        "cats": ["my pet"],
        "animals": ["my pet"],
        "狗": ["my pet"],
        "dogs": ["my pet"],
        "hot dog": ["lunch"],
        "ca": [],
        "%": [],
    }.items():
        assert found(backend, ann, label=words) == texts, words
    assert found(backend, ann, "pet", label="dog") == ["my pet"]
    assert found(backend, ann, "unch", picture=True) == ["lunch"]
    shown = backend.db.read(search.labels, ann)
    assert {one["label"]: one["pictures"] for one in shown} == {
        "golden retriever": 1,
        "tabby cat": 1,
        "hot dog": 1,
    }


def test_people_correct_what_a_picture_shows(backend, ann, person, lounge, drop):
    shown, answered = drop("my pet", {"tabby cat": 0.9})
    lessons.judge(backend, ann, answered, "wrong", "Our Hamster")
    assert found(backend, ann, label="hamster") == ["my pet"]
    assert found(backend, ann, label="cat") == []
    lessons.judge(backend, ann, answered, "right", None)
    assert found(backend, ann, label="hamster") == []
    assert found(backend, ann, label="cat") == ["my pet"]
    school = lessons.Lessons(backend)
    school.record(lessons.Lesson(shown, ann.id, lounge, "taught", "我们的猫", None, False, "m"))
    assert found(backend, ann, label="我们") == found(backend, ann, label="猫") == ["my pet"]
    deletions.delete(backend, person("mo", "moderator"), answered)
    index_all(backend)
    assert found(backend, ann, label="tabby") == []
    deletions.delete(backend, ann, shown)
    index_all(backend)
    for left in ({"picture": True}, {"label": "cat"}, {"label": "我们"}, {"author_id": ann.id}):
        assert "my pet" not in found(backend, ann, **left) and None not in found(backend, ann, **left)
    assert backend.db.read(search.labels, ann) == []


def test_a_label_is_found_by_its_name_in_another_language_and_by_a_part_of_it(backend, ann, lounge, drop):
    drop("my pet", {"Golden Retriever": 0.5, "Egyptian cat": 0.3})
    shown, _ = drop("lunch", {"T-shirt": 0.9})
    for words, texts in {
        "埃及猫": ["my pet"],
        "寻回犬": ["my pet"],
        "猫": ["my pet"],
        "ｔ恤": ["lunch"],
        "埃": [],
        "虎斑猫": [],
    }.items():
        assert found(backend, ann, label=words) == texts, words
    lessons.Lessons(backend).record(
        lessons.Lesson(shown, ann.id, lounge, "taught", "我们的埃及猫", None, False, "m")
    )
    assert found(backend, ann, label="埃及猫") == ["lunch", "my pet"], "and what a room calls so"


def test_filters_lead_into_no_room_that_one_may_not_read(backend, ann, person, room, drop):
    eve, secret = person("eve"), room(ann, private=True)
    drop("hidden", {"lion": 0.9}, secret)
    assert found(backend, ann, label="lion") == ["hidden"]
    for wish in ({"label": "lion"}, {"picture": True}, {"author_id": ann.id}, {"query": "hidden"}):
        assert "hidden" not in found(backend, eve, **wish)
    assert backend.db.read(search.labels, eve) == []
    with pytest.raises(Refused, match="not_found"):
        found(backend, eve, room_id=secret, picture=True)
