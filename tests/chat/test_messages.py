"""Editing, deleting, reacting, paging: what each changes, and what it leaves alone."""

import functools

import pytest
import sqlalchemy as sa

from chat import deletions, membership, messages, moderators, rooms, users, versions
from chat.errors import Refused
from chat.schema import message_versions


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def bob(person):
    return person("bob")


@pytest.fixture
def lounge(room, ann, bob):
    return room(ann, bob)


def say(backend, author, where, text, number=[0]):  # noqa: B006
    number[0] += 1
    return messages.post(backend, author, where, text, f"c{number[0]}")[0]


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.code


def last_seq(backend, person, where):
    return backend.db.read(rooms.for_user, person, where).last_seq


def test_a_message_has_every_field_of_the_protocol(backend, ann, lounge):
    question = say(backend, ann, lounge, "who is there?")
    message, _new = messages.post(backend, ann, lounge, "me", "mine", reply_to=int(question["id"]))
    assert message == messages.load(backend, [int(message["id"])])[0]
    assert message["author"] == ann.json()
    assert message["reply_to"] == question["id"]
    assert (message["client_id"], message["text"], message["room"]) == ("mine", "me", str(lounge))
    assert message["created_at"].endswith("Z")
    nothing = ("image", "labels", "edited_at", "deleted_at")
    assert all(message[field] is None for field in nothing)
    assert message["reactions"] == {}


def test_an_edit_is_an_event_and_the_same_text_is_none(backend, ann, lounge):
    message = say(backend, ann, lounge, "frist")
    edited = messages.edit(backend, ann, int(message["id"]), "first")
    again = messages.edit(backend, ann, int(message["id"]), "first")
    assert edited["text"] == again["text"] == "first"
    assert edited["edited_at"] is not None
    assert (edited["seq"], last_seq(backend, ann, lounge)) == (1, 2)


def texts(backend, person, message):
    return [old["text"] for old in backend.db.read(messages.history, person, int(message["id"]))]


def test_what_a_message_said_before_is_kept_until_it_is_deleted(backend, ann, bob, lounge, monkeypatch):
    monkeypatch.setattr(versions, "KEPT", 3)
    message = say(backend, ann, lounge, "one")
    assert texts(backend, bob, message) == ["one"]
    for text in ("two", "two", "three"):
        edited = messages.edit(backend, ann, int(message["id"]), text)
    history = backend.db.read(messages.history, bob, int(message["id"]))
    assert [old["text"] for old in history] == ["one", "two", "three"]
    assert (history[0]["at"], history[2]["at"]) == (message["created_at"], edited["edited_at"])
    assert history == sorted(history, key=lambda old: old["at"])
    for text in ("four", "five"):
        messages.edit(backend, ann, int(message["id"]), text)
    assert texts(backend, ann, message) == ["two", "three", "four", "five"]  # no more than that
    deletions.delete(backend, ann, int(message["id"]))
    assert texts(backend, ann, message) == []
    left = backend.db.read(lambda conn: conn.execute(sa.select(message_versions)).all())
    assert left == []


def test_its_author_or_a_moderator_has_earlier_versions_forgotten(backend, ann, bob, lounge, person):
    message = say(backend, ann, lounge, "my password is swordfish")
    messages.edit(backend, ann, int(message["id"]), "my password is a secret")
    forget = functools.partial(backend.db.write, messages.forget_history)
    assert refusal(forget, bob, int(message["id"])) == "forbidden"
    forget(ann, int(message["id"]))
    assert texts(backend, bob, message) == ["my password is a secret"]
    mo = person("mo", "moderator")
    assert backend.db.read(moderators.acts, mo) == [], "what one does to one's own message is no act"
    messages.edit(backend, ann, int(message["id"]), "never mind")
    for _ in range(2):
        forget(mo, int(message["id"]))
    assert texts(backend, bob, message) == ["never mind"]
    [act] = backend.db.read(moderators.acts, mo)  # the second time there was nothing to forget
    assert (act["act"], act["user"]["id"], act["message"]) == ("forget_history", str(ann.id), message["id"])


def test_only_its_author_edits(backend, ann, bob, lounge, person):
    message = say(backend, ann, lounge, "mine")
    assert refusal(messages.edit, backend, bob, int(message["id"]), "yours") == "forbidden"
    moderator = person("mo", "moderator")
    backend.db.write(membership.join, moderator, lounge)
    assert refusal(messages.edit, backend, moderator, int(message["id"]), "ours") == "forbidden"


def test_a_deleted_message_leaves_nothing_but_its_number(backend, ann, bob, lounge):
    message = say(backend, ann, lounge, "a secret")
    messages.react(backend, bob, int(message["id"]), "👍", put=True)
    deletions.delete(backend, ann, int(message["id"]))
    deletions.delete(backend, ann, int(message["id"]))
    left = messages.load(backend, [int(message["id"])])[0]
    assert left["text"] is None and left["deleted_at"] and left["reactions"] == {}
    assert last_seq(backend, ann, lounge) == 3
    assert refusal(messages.edit, backend, ann, int(message["id"]), "back?") == "not_found"
    assert refusal(messages.react, backend, bob, int(message["id"]), "👍", True) == "not_found"


def test_others_do_not_delete_and_moderators_do(backend, ann, bob, lounge, person):
    message = say(backend, ann, lounge, "mine")
    assert refusal(deletions.delete, backend, bob, int(message["id"])) == "forbidden"
    deletions.delete(backend, person("mo", "moderator"), int(message["id"]))
    assert messages.load(backend, [int(message["id"])])[0]["deleted_at"]


def test_moderators_do_not_see_a_private_room(backend, ann, room, person):
    secret = room(ann, private=True)
    message = say(backend, ann, secret, "mine")
    for role in ("moderator", "admin"):
        assert refusal(deletions.delete, backend, person("x", role), int(message["id"])) == "not_found"


def test_a_reaction_counts_once_and_can_be_taken_back(backend, ann, bob, lounge):
    id_ = int(say(backend, ann, lounge, "party?")["id"])
    for who in (ann, bob, bob):
        messages.react(backend, who, id_, "🎉", put=True)
    assert messages.load(backend, [id_])[0]["reactions"] == {"🎉": [str(ann.id), str(bob.id)]}
    assert last_seq(backend, ann, lounge) == 3
    messages.react(backend, ann, id_, "🎉", put=False)
    messages.react(backend, ann, id_, "🎉", put=False)
    assert messages.load(backend, [id_])[0]["reactions"] == {"🎉": [str(bob.id)]}
    assert last_seq(backend, ann, lounge) == 4


def test_a_reader_who_is_no_member_changes_nothing(backend, ann, lounge, person):
    id_ = int(say(backend, ann, lounge, "public words")["id"])
    reader = person("reader")
    assert backend.db.read(messages.one, reader, id_)["text"] == "public words"
    assert refusal(messages.react, backend, reader, id_, "👍", True) == "not_a_member"
    assert refusal(messages.post, backend, reader, lounge, "me too", "1") == "not_a_member"


def test_pages_go_both_ways(backend, ann, lounge):
    for n in range(1, 11):
        say(backend, ann, lounge, str(n))

    def page(before=None, after=None, limit=3):
        found = backend.db.read(messages.page, ann, lounge, before, after, limit)
        assert found["last_seq"] == 10
        return [message["seq"] for message in found["messages"]]

    assert page() == [8, 9, 10]
    assert page(before=8) == [5, 6, 7]
    assert page(before=1) == []
    assert page(after=3) == [4, 5, 6]
    assert page(after=9) == [10]
    assert page(after=0, limit=200) == list(range(1, 11))


def test_unread_counts_others_undeleted_messages(backend, ann, bob, lounge, room, person):
    def unread(who):
        return {r["id"]: r["unread"] for r in backend.db.read(rooms.all_for_user, who)}[str(lounge)]

    first = say(backend, ann, lounge, "one")
    say(backend, ann, lounge, "two")
    say(backend, bob, lounge, "mine")
    assert (unread(ann), unread(bob)) == (1, 2)
    deletions.delete(backend, ann, int(first["id"]))
    assert unread(bob) == 1
    backend.db.write(membership.mark_read, bob, lounge, 4, False)
    assert unread(bob) == 0
    assert backend.db.write(membership.mark_read, bob, lounge, 1, False) == 4
    assert unread(bob) == 0
    assert backend.db.write(membership.mark_read, bob, lounge, 0, True) == 0
    assert unread(bob) == 1
    late = person("late")
    backend.db.write(membership.join, late, lounge)
    assert unread(late) == 0


def test_an_answer_is_given_once(backend, ann, lounge):
    bot = users.ensure_bot(backend, "parrot", "Says it again")
    question = say(backend, ann, lounge, "@parrot hello")
    labels = [{"label": "parrot", "probability": 0.9}]
    first = messages.answer(backend, bot, int(question["id"]), "hello", labels)
    again = messages.answer(backend, bot, int(question["id"]), "hello hello")
    assert first == again
    assert first["client_id"] == f"bot:parrot:{question['id']}"
    assert (first["reply_to"], first["labels"], first["author"]["bot"]) == (question["id"], labels, True)


def test_nobody_answers_what_has_been_deleted(backend, ann, lounge):
    bot = users.ensure_bot(backend, "parrot", "Says it again")
    question = say(backend, ann, lounge, "@parrot hello")
    deletions.delete(backend, ann, int(question["id"]))
    assert messages.answer(backend, bot, int(question["id"]), "hello") is None
    assert messages.answer(backend, bot, 999_999, "hello") is None


def test_answers_that_are_given_together_stand_in_their_order(backend, ann, lounge):
    bot = users.ensure_bot(backend, "parrot", "Says it again")
    questions = [int(say(backend, ann, lounge, f"@parrot {word}")["id"]) for word in ("one", "two", "three")]
    deletions.delete(backend, ann, questions[1])
    replies = [messages.Reply(id_, f"answer {n}") for n, id_ in enumerate(questions)]
    given = messages.answer_all(backend, bot, replies)
    assert [one and one["text"] for one in given] == ["answer 0", None, "answer 2"]
    assert given[2]["seq"] == given[0]["seq"] + 1
    again = messages.answer_all(backend, bot, [*reversed(replies), messages.Reply(999_999, "nobody")])
    assert again == [given[2], None, given[0], None]
    assert messages.answer_all(backend, bot, []) == []
