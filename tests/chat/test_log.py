"""The room's log: numbers without hole, durable once, whatever is thrown at it at the same time."""

import contextlib
import threading

import psycopg2
import pytest
import sqlalchemy as sa
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS

from chat import deletions, log, membership, messages
from chat.db import READING, execute_rows
from chat.errors import Refused
from chat.log import Draft, _Lane
from chat.schema import events, members
from chat.schema import messages as message_rows

on_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def numbers(backend, room):
    query = sa.select(events.c.seq).where(events.c.room_id == room).order_by(events.c.seq)
    return backend.db.read(lambda conn: list(conn.execute(query).scalars()))


def test_events_are_numbered_from_one(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    sent = [messages.post(backend, ann, lounge, f"number {n}", f"c{n}")[0] for n in range(1, 4)]
    assert [message["seq"] for message in sent] == [1, 2, 3] == numbers(backend, lounge)


def test_a_repeat_gives_the_first_message_again(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    first, new = messages.post(backend, ann, lounge, "once", "same")
    again, new_again = messages.post(backend, ann, lounge, "twice", "same")
    assert (new, new_again) == (True, False)
    assert again == first
    assert numbers(backend, lounge) == [1]


def test_the_same_client_id_in_another_room_or_of_another_person_is_another_message(backend, person, room):
    ann, bob = person("ann"), person("bob")
    lounge, kitchen = room(ann, bob), room(ann)
    ids = {
        messages.post(backend, author, where, "hello", "same")[0]["id"]
        for author, where in ((ann, lounge), (bob, lounge), (ann, kitchen))
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    "text",
    ['"', "'", "\\", "\\u0041", "\x01\x7f", ":rows %s %(x)s {}", "null", "1e5", "\u2028", "😀 ﷺ", "a\r\nb"],
)
def test_a_text_is_kept_as_it_is(backend, person, room, text):
    ann = person("ann")
    lounge = room(ann)
    labels = [{"label": text, "probability": 0.1}]
    backend.log.append(Draft(lounge, ann, text, text, labels=labels, addressed=True))
    stored = backend.db.read(lambda conn: conn.execute(sa.select(message_rows)).all())[-1]
    assert (stored.text, stored.client_id, stored.labels) == (text, text, labels)
    assert (stored.addressed, stored.reply_to, stored.image_id) == (True, None, None)


def test_many_at_once_leave_no_hole(backend, person, room):
    people = [person(f"p{n}") for n in range(6)]
    lounge, kitchen = room(*people), room(*people)

    def talk(author):
        for n in range(10):
            messages.post(backend, author, lounge if n % 2 else kitchen, f"{n}", f"{author.id}-{n}")

    threads = [threading.Thread(target=talk, args=(author,)) for author in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(backend, lounge) == numbers(backend, kitchen) == list(range(1, 31))


def test_a_batch_is_stored_in_one_transaction_and_in_order(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    drafts = [Draft(lounge, ann, f"c{n}", str(n)) for n in range(5)]
    backend.db.write(log.store, drafts)
    assert [draft.event.seq for draft in drafts] == [1, 2, 3, 4, 5]
    texts = [m["text"] for m in backend.db.read(messages.page, ann, lounge, None, None, 50)["messages"]]
    assert texts == ["0", "1", "2", "3", "4"]


def test_twins_in_one_batch_are_stored_once(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    twins = [Draft(lounge, ann, "same", "one"), Draft(lounge, ann, "same", "two")]
    backend.db.write(log.store, twins)
    assert twins[1].stored_before == twins[0].event.message_id
    assert numbers(backend, lounge) == [1]


def test_in_a_batch_the_refused_do_not_harm_the_others(backend, person, room):
    ann, bob = person("ann"), person("bob")
    lounge, secret = room(ann), room(ann, private=True)
    drafts = [
        Draft(lounge, ann, "1", "good"),
        Draft(lounge, bob, "2", "not a member"),
        Draft(secret, bob, "3", "not to know"),
        Draft(999_999, ann, "4", "nowhere"),
        Draft(lounge, ann, "5", "to nothing", reply_to=999_999),
        Draft(lounge, ann, "6", "good too"),
    ]
    backend.db.write(log.store, drafts)
    codes = [draft.refusal and draft.refusal.code for draft in drafts]
    assert codes == [None, "not_a_member", "not_found", "not_found", "invalid", None]
    assert numbers(backend, lounge) == [1, 2]


def test_a_message_that_breaks_the_transaction_harms_no_other(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    rung = []
    lane = _Lane(backend.db, rung.extend)
    unstorable = Draft(lounge, ann, "bad", object())
    last = Draft(lounge, ann, "c", "good")
    batch = lane._gathering
    batch.drafts = [Draft(lounge, ann, "a", "good"), unstorable, Draft(lounge, ann, "b", "good"), last]
    lane.lead(batch)
    assert last.event.seq == 3
    assert unstorable.refusal and not unstorable.event
    assert numbers(backend, lounge) == [1, 2, 3]
    assert [draft.client_id for draft in rung] == ["a", "b", "c"]


def test_who_was_removed_cannot_write(backend, person, room):
    ann, bob = person("ann"), person("bob")
    lounge = room(ann, bob)
    backend.db.write(membership.remove, ann, lounge, bob.id)
    with pytest.raises(Refused) as refused:
        messages.post(backend, bob, lounge, "still here?", "1")
    assert refused.value.code == "not_a_member"


def test_events_are_read_with_the_message_as_it_stands(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    kept = messages.post(backend, ann, lounge, "first words", "1")[0]
    gone = messages.post(backend, ann, lounge, "a secret", "2")[0]
    messages.edit(backend, ann, int(kept["id"]), "better words")
    deletions.delete(backend, ann, int(gone["id"]))
    found = backend.db.read(messages.events_after, lounge, 0, 100)
    assert [(event["seq"], event["type"]) for event in found] == [
        (1, "message"),
        (2, "message"),
        (3, "edit"),
        (4, "delete"),
    ]
    assert [event["message"]["text"] for event in found] == ["better words", None, "better words", None]
    assert "a secret" not in str(found)


def test_the_log_is_the_truth_of_last_seq(backend, person, room):
    ann = person("ann")
    lounge, kitchen = room(ann), room(ann)
    for n in range(3):
        messages.post(backend, ann, lounge, "x", str(n))
    assert backend.db.read(log.last_seqs, [lounge, kitchen, 999_999]) == {lounge: 3, kitchen: 0}


def test_a_failed_commit_is_an_error_and_not_a_message(backend, person, room, monkeypatch):
    ann = person("ann")
    lounge = room(ann)

    def broken(*_args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(backend.db, "write_briefly", broken)
    with pytest.raises(RuntimeError, match="disk is full"):
        messages.post(backend, ann, lounge, "lost?", "1")
    monkeypatch.undo()
    assert numbers(backend, lounge) == []
    assert messages.post(backend, ann, lounge, "not lost", "1")[1]


def test_members_and_messages_of_the_fixture_are_real(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    messages.post(backend, ann, lounge, "x", "1")
    count = sa.select(sa.func.count())
    assert backend.db.read(lambda conn: conn.execute(count.select_from(members)).scalar()) == 1
    assert backend.db.read(lambda conn: conn.execute(count.select_from(message_rows)).scalar()) == 1


@pytest.fixture
def trips(backend, monkeypatch):
    """In what state each statement of the log's left its transaction. It is hung up on before number `broken`."""
    seen: list[int] = []

    def execute(conn, statement, rows):
        driver = conn.connection.driver_connection
        if len(seen) == trips.broken:
            other = psycopg2.connect(backend.db.url)
            other.cursor().execute("SELECT pg_terminate_backend(%s)", [driver.info.backend_pid])
            other.close()
        seen.append(-1)
        found = execute_rows(conn, statement, rows)
        seen[-1] = driver.info.transaction_status
        return found

    def trips() -> list[int]:
        return seen

    trips.broken = None
    monkeypatch.setattr(log, "execute_rows", execute)
    return trips


def lock_all(conn):
    """Fails where a transaction was left open."""
    conn.exec_driver_sql("SELECT FROM rooms FOR UPDATE NOWAIT")


@on_postgresql
def test_a_message_waits_for_the_database_twice(backend, person, room, trips):
    ann = person("ann")
    lounge = room(ann)
    backend.log.append(Draft(lounge, ann, "1", "hello"))
    assert trips() == [TRANSACTION_STATUS_INTRANS, TRANSACTION_STATUS_IDLE]
    backend.log.append(Draft(lounge, ann, "1", "hello"))  # a repeat writes nothing, and keeps nobody waiting
    assert trips()[2:] == [TRANSACTION_STATUS_INTRANS]
    backend.db.write(lock_all)
    assert numbers(backend, lounge) == [1]


@on_postgresql
def test_what_the_database_refuses_leaves_nothing_behind(backend, person, room, trips):
    ann = person("ann")
    lounge, kitchen = room(ann), room(ann)
    drafts = [
        Draft(kitchen, ann, "1", "good"),
        Draft(lounge, ann, "2", "\0"),
        Draft(lounge, ann, "3", "good"),
    ]
    backend.log.append_all(drafts)
    assert [bool(draft.refusal) for draft in drafts] == [False, True, False]
    assert numbers(backend, lounge) == numbers(backend, kitchen) == [1]
    backend.db.write(lock_all)


@on_postgresql
@pytest.mark.parametrize("broken", [0, 1])
def test_a_connection_that_breaks_is_replaced(backend, person, room, trips, broken):
    ann = person("ann")
    lounge = room(ann)
    trips.broken = broken
    assert backend.log.append(Draft(lounge, ann, "1", "hello")).event.seq == 1
    assert len(trips()) == 3 + broken
    assert numbers(backend, lounge) == [1]


@on_postgresql
def test_a_commit_whose_answer_is_lost_is_not_done_twice(backend, person, room, trips, monkeypatch):
    ann = person("ann")
    lounge = room(ann)
    execute = log.execute_rows

    def lose(conn, statement, rows):
        found = execute(conn, statement, rows)
        if len(trips()) == 2:
            conn.invalidate()
            raise sa.exc.OperationalError(statement, None, OSError("hung up"), connection_invalidated=True)
        return found

    monkeypatch.setattr(log, "execute_rows", lose)
    draft = backend.log.append(Draft(lounge, ann, "1", "hello"))
    assert draft.stored_before and not draft.event
    assert numbers(backend, lounge) == [1]


@on_postgresql
def test_a_room_that_is_held_up_holds_up_no_other(backend, person, room):
    """One of whose messages many are deleted, say."""
    ann = person("ann")
    held, free = room(ann), room(ann)
    waiting = threading.Thread(target=backend.log.append, args=(Draft(held, ann, "1", "later"),))
    with backend.db.engine.begin() as conn:
        conn.exec_driver_sql(f"SELECT FROM rooms WHERE id = {held} FOR UPDATE")
        waiting.start()
        backend.log.append(Draft(free, ann, "2", "now"))
        assert numbers(backend, held) == []
    waiting.join()
    assert numbers(backend, held) == numbers(backend, free) == [1]


@on_postgresql
def test_those_who_read_much_keep_no_message_waiting(backend, person, room):
    ann = person("ann")
    lounge = room(ann)
    with contextlib.ExitStack() as readers:
        for _ in range(READING):
            readers.enter_context(backend.db._reading.connect())
        backend.log.append(Draft(lounge, ann, "1", "hello"))
    assert numbers(backend, lounge) == [1]
