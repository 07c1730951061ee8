"""A short trial, and that a trial can fail: without healing it finds loss, and the verdict knows each kind of it."""

import dataclasses

import pytest

from tests.chaos import trial
from tests.chaos.faults import Report
from tests.chaos.notes import Heard, Notes, Wish
from tests.chaos.schedule import DECK, Fault, plan
from tests.chaos.verdict import LONGEST, THAW, Row, Stored, judge

SHORT = {"kill", "crash", "stop", "restart", "partition", "cut", "swallow"}


@pytest.mark.alone
@pytest.mark.timeout(480)
def test_nothing_is_lost_in_a_short_trial(tmp_path) -> None:
    schedule = plan(7, 8, replicas=2, workers=1, kinds=SHORT)
    found = trial.hold(7, schedule, tmp_path, replicas=2, workers=1, people=6, rooms=2)
    assert not found.flaws, f"{found}\n{schedule}"
    assert found.counts["faults"] == 8
    assert found.counts["messages acknowledged"] > 20


@pytest.mark.alone
@pytest.mark.timeout(480)
def test_without_healing_a_trial_finds_loss(tmp_path) -> None:
    schedule = [Fault(at, "kill", "redis", 1.0) for at in (1.0, 3.0)]
    found = trial.hold(
        7, schedule, tmp_path, replicas=2, workers=1, people=6, rooms=2, settle=8, deaf=True, pace=3
    )
    assert found.counts["  lost"] == 0  # what was acknowledged is in the database all the same
    assert found.counts["  people's logs that differ from it"] > 0
    assert any("events missed" in flaw for flaw in found.flaws)


def test_a_seed_is_a_schedule() -> None:
    assert plan(1, 100, 3, 2) == plan(1, 100, 3, 2) != plan(2, 100, 3, 2)


def test_a_schedule_has_every_kind_and_hits_nothing_twice_at_once() -> None:
    schedule = plan(3, 200, 3, 2)
    assert {fault.kind for fault in schedule} == {kind for kind, _target in DECK}
    for number, fault in enumerate(schedule):
        for later in schedule[number + 1 :]:
            if later.at < fault.at + fault.seconds:
                assert not set(fault.touches) & set(later.touches), f"{fault} and {later}"


ANN, BOT = "1", "9"


def stored(*texts: str) -> Stored:
    """A room with these messages of Ann's."""
    rows = [Row(str(n), "5", n, ANN, f"c{n}", text, False, None, False) for n, text in enumerate(texts, 1)]
    return Stored({"5": [(row.seq, "message", row.id) for row in rows]}, {"5": len(rows)}, rows)


def ann(*texts: str) -> Notes:
    """Ann, who said this, one after the other, and heard it."""
    wishes = [
        Wish("5", f"c{n}", text, None, n, 2 * n, n + 0.5, 2 * n + 1, 1, 1, str(n), n)
        for n, text in enumerate(texts, 1)
    ]
    return Notes("ann", ANN, {"5": [Heard(w.seq, "message", w.message, w.text) for w in wishes]}, wishes)


def flaws(
    stored: Stored, notes: Notes, report: Report | None = None, fell: tuple[str, ...] = ()
) -> dict[str, object]:
    """What the verdict counts, of what must not be."""
    found = judge(stored, [notes], report or Report(), list(fell))
    counted = {
        name.strip(): count
        for name, count in found.counts.items()
        if name.startswith("  ") and isinstance(count, int) and count and "apology" not in name
    }
    assert sum(counted.values()) == len(found.flaws)
    return counted


def test_what_is_as_it_was_promised_has_no_flaw() -> None:
    assert flaws(stored("a", "b", "c"), ann("a", "b", "c")) == {}


def test_a_message_that_is_gone_is_lost() -> None:
    there = stored("a", "b")
    there.rows.pop()
    assert flaws(there, ann("a", "b"))["lost"] == 1


def test_a_message_with_another_text_is_lost() -> None:
    assert flaws(stored("a", "x"), ann("a", "b"))["lost"] == 1


def test_a_change_that_is_gone_is_lost() -> None:
    notes = ann("a")
    notes.wishes[0].edited, notes.wishes[0].edit_done = "a, edited", True
    assert flaws(stored("a"), notes)["lost"] == 1


def test_a_message_under_two_names_is_there_twice() -> None:
    there = stored("a", "b")
    there.rows[1] = dataclasses.replace(there.rows[1], text="a")
    assert flaws(there, ann("a", "b"))["twice, or never sent"] == 1


def test_what_nobody_sent_is_found() -> None:
    assert flaws(stored("a", "b"), ann("a"))["twice, or never sent"] == 1


def test_a_hole_in_the_database_is_found() -> None:
    there = stored("a", "b", "c")
    del there.logs["5"][1]
    assert flaws(there, ann("a", "b", "c"))["logs with a hole in the database"] == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.pop(1),
        lambda log: log.pop(),
        lambda log: log.append(log[-1]),
        lambda log: log.reverse(),
        lambda log: log.insert(1, Heard(2, "message", "2", "another text")) or log.pop(2),
    ],
    ids=["hole", "end", "repeat", "order", "text"],
)
def test_a_log_that_differs_is_found(spoil) -> None:
    notes = ann("a", "b", "c")
    spoil(notes.logs["5"])
    assert flaws(stored("a", "b", "c"), notes) == {"people's logs that differ from it": 1}


def test_what_stands_before_what_was_acknowledged_earlier_is_found() -> None:
    notes = ann("a", "b")
    first, second = notes.wishes
    second.line, first.sent_at, first.acknowledged_at = 2, 10, 11
    assert flaws(stored("a", "b"), notes) == {"out of their sender's order": 1}


def test_what_overtakes_on_one_line_is_found() -> None:
    notes = ann("a", "b")
    first, second = notes.wishes
    first.sent_at, second.sent_at = 2, 1
    first.acknowledged_at, second.acknowledged_at = 3, 4
    assert flaws(stored("a", "b"), notes) == {"out of their sender's order": 1}


@pytest.mark.parametrize("answers", [0, 2])
def test_a_picture_wants_one_answer(answers: int) -> None:
    there, notes = stored("a"), ann("a")
    there.rows[0] = dataclasses.replace(there.rows[0], is_picture=True)
    assert flaws(with_answers(there, notes, answers), notes) == {"pictures not answered once": 1}
    assert flaws(with_answers(stored("a"), ann("a"), 0), ann("a")) == {}


def with_answers(there: Stored, notes: Notes, answers: int) -> Stored:
    for n in range(2, 2 + answers):
        there.rows.append(Row(str(n), "5", n, BOT, f"bot:vision:1-{n}", "A cat.", False, "1", True))
        there.logs["5"].append((n, "message", str(n)))
        there.last["5"] = n
        notes.logs["5"].append(Heard(n, "message", str(n), "A cat."))
    return there


def test_who_waits_too_long_or_for_ever_is_found() -> None:
    notes = ann("a", "b")
    notes.wishes[0].acknowledged = notes.wishes[0].sent + LONGEST + 1
    notes.wishes[1].acknowledged = 0.0
    assert flaws(stored("a", "b"), notes) == {"who waited for ever": 2}


def test_a_room_that_froze_is_found() -> None:
    notes = ann("a", "b")
    assert flaws(stored("a", "b"), notes, Report(frozen=[1.5])) == {}
    notes.wishes[1].acknowledged = 2.0 + THAW
    assert flaws(stored("a", "b"), notes, Report(frozen=[1.5])) == {"rooms that froze": 1}


def test_a_refusal_a_fall_and_a_fault_that_stays_are_flaws() -> None:
    notes = ann("a")
    notes.flaws.append("send was refused: internal")
    counted = flaws(stored("a"), notes, Report(failed=["kill redis"]), ("replica-1 ended by itself with 1",))
    assert len(counted) == 3
