"""Attempts are counted before they are made, and one worker at a time holds a message."""

import pytest

from bots.ledger import Ledger, Standing
from bots.sweep import Sweep
from chat import deletions, messages, users
from chat.db import now
from chat.schema import bot_work


@pytest.fixture
def ledger(backend) -> Ledger:
    return Ledger(backend.db, "vision")


def grow_old(backend, milliseconds: int) -> None:
    """As if so much time had passed since any attempt."""
    older = bot_work.update().values(updated_at=bot_work.c.updated_at - milliseconds)
    backend.db.write(lambda conn: conn.execute(older))


def test_who_takes_first_holds_it(ledger, lounge) -> None:
    one, two = lounge.say("@vision"), lounge.say("@vision")
    assert ledger.take([two, one]) == {one: 1, two: 1}
    assert ledger.take([one]) == {}
    assert ledger.look([one]) == {one: Standing(attempts=1, done=False, held=True)}


def test_silence_lets_go_and_the_attempt_stays_counted(backend, ledger, lounge) -> None:
    one = lounge.say("@vision")
    ledger.take([one])
    grow_old(backend, 5_000)
    assert ledger.look([one]) == {one: Standing(attempts=1, done=False, held=False)}
    assert ledger.take([one]) == {one: 2}


def test_to_keep_is_to_hold_on(backend, ledger, lounge) -> None:
    one = lounge.say("@vision")
    ledger.take([one])
    grow_old(backend, 5_000)
    ledger.keep([one])
    assert ledger.take([one]) == {}


def test_what_is_put_back_can_be_taken_when_its_pause_is_over(backend, ledger, lounge) -> None:
    one = lounge.say("@vision")
    ledger.take([one])
    ledger.put_back([one], pause=2_000, counts=True)
    assert ledger.take([one]) == {}
    grow_old(backend, 2_000)
    assert ledger.take([one]) == {one: 2}


def test_an_unfair_attempt_is_not_counted(ledger, lounge) -> None:
    one = lounge.say("@vision")
    for _ in range(5):
        assert ledger.take([one]) == {one: 1}
        ledger.put_back([one], pause=0, counts=False)


def test_done_is_done(backend, ledger, lounge) -> None:
    one = lounge.say("@vision")
    ledger.take([one])
    ledger.finish([one])
    ledger.put_back([one], pause=0, counts=True)
    grow_old(backend, 60_000)
    assert ledger.take([one]) == {}
    assert ledger.look([one]) == {one: Standing(attempts=1, done=True, held=False)}


def test_bots_do_not_hold_for_each_other(backend, ledger, lounge) -> None:
    one = lounge.say("@vision @help")
    ledger.take([one])
    assert Ledger(backend.db, "help").take([one]) == {one: 1}


def test_rows_of_old_messages_are_forgotten(backend, ledger, lounge) -> None:
    old, young = lounge.say("@vision"), lounge.say("@vision")
    ledger.take([old, young])
    ago = messages.messages.update().where(messages.messages.c.id == old)
    backend.db.write(lambda conn: conn.execute(ago.values(created_at=now() - 3 * 86_400_000)))
    ledger.forget()
    assert set(ledger.look([old, young])) == {young}


# The sweep


@pytest.fixture
def sweep(backend, fast) -> Sweep:
    return Sweep(backend.db, users.ensure_bot(backend, "vision", ""), batch=2)


def swept(sweep: Sweep) -> list[int]:
    found: list[int] = []
    while batch := sweep.next_batch():
        found += batch
    return found


def test_it_finds_what_may_want_an_answer_oldest_first(backend, sweep, lounge, grey) -> None:
    lounge.say("nobody is asked")
    asked = [lounge.say("@vision"), lounge.show(grey), lounge.say("/help")]
    assert swept(sweep) == asked


def test_it_leaves_out_the_deleted_the_answered_the_done_and_the_bots(backend, sweep, ledger, lounge) -> None:
    deleted, answered, done, asked = (lounge.say("@vision") for _ in range(4))
    deletions.delete(backend, lounge.ann, deleted)
    bot = users.ensure_bot(backend, "vision", "")
    messages.answer(backend, bot, answered, "@vision talks to itself")
    messages.post(backend, bot, lounge.id, "@vision talks of its own accord", "x")
    ledger.take([done])
    ledger.finish([done])
    assert swept(sweep) == [asked]


def test_it_leaves_out_what_is_older_than_a_day(backend, sweep, lounge) -> None:
    old = lounge.say("@vision")
    ago = messages.messages.update().where(messages.messages.c.id == old)
    backend.db.write(lambda conn: conn.execute(ago.values(created_at=now() - 86_500_000)))
    assert swept(sweep) == []


def test_a_later_round_looks_again_only_at_what_was_left(backend, sweep, lounge, monkeypatch) -> None:
    monkeypatch.setattr("bots.sweep.OVERLAP", 0)
    unwanted, left = lounge.say("@somebody"), lounge.say("@vision")
    assert swept_but_for(sweep, left) == [unwanted, left]
    late = lounge.say("@vision")
    assert swept_but_for(sweep, late) == [left, late]
    assert swept(sweep) == [late]


def swept_but_for(sweep: Sweep, left: int) -> list[int]:
    """All is settled, or not wanted, except one that somebody else has in hand."""
    found: list[int] = []
    while batch := sweep.next_batch():
        found += batch
        sweep.settle([id_ for id_ in batch if id_ != left])
    return found


def test_a_round_that_breaks_off_begins_again(sweep, lounge) -> None:
    asked = [lounge.say("@vision") for _ in range(3)]
    assert sweep.next_batch() == asked[:2]
    sweep.break_off()
    assert swept(sweep) == asked
