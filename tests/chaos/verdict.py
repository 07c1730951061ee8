"""Was anything lost? What the people noted down beside what the database holds, read by nobody's code but this."""

import collections
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos.faults import Report
from tests.chaos.notes import Heard, Notes, Wish
from tests.chaos.stage import Stage

LONGEST = 60.0  # seconds from a message's first try to its acknowledgement, whatever happens meanwhile
THAW = 20.0  # seconds in which rooms must go on whose replica was stopped in the middle of a transaction
SHOWN = 12  # flaws that are printed

EVENTS = "SELECT room_id::text, seq, type, message_id::text FROM events ORDER BY room_id, seq"
MESSAGES = """SELECT id::text, room_id::text, seq, author_id::text, client_id, text, image_id IS NOT NULL,
    reply_to::text, labels IS NOT NULL FROM messages ORDER BY id"""
LAST = "SELECT id::text, last_seq FROM rooms"


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the database has it."""

    id: str
    room: str
    seq: int
    author: str
    client_id: str
    text: str
    is_picture: bool
    reply_to: str | None
    has_labels: bool


@dataclass
class Stored:
    """The database at the end.

    Attributes
    ----------
    logs : {room: [(number, type, message)]}.
    last : {room: the number of its last event, as its row says}.
    rows : the messages.
    """

    logs: dict[str, list[tuple[int, str, str]]]
    last: dict[str, int]
    rows: list[Row]

    @classmethod
    def read(cls, stage: Stage) -> "Stored":
        logs: dict[str, list[tuple[int, str, str]]] = collections.defaultdict(list)
        for room, seq, type_, message in stage.ask(EVENTS):
            logs[room].append((seq, type_, message))
        return cls(logs, dict(stage.ask(LAST)), [Row(*row) for row in stage.ask(MESSAGES)])


@dataclass
class Verdict:
    """Attributes
    ----------
    counts : {what: how much of it}, as printed.
    flaws : what went wrong, in sentences.
    """

    counts: dict[str, object] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)

    def blame(self, what: str, flaws: list[str]) -> None:
        """Count these, and remember them."""
        self.counts[what] = len(flaws)
        self.flaws += flaws

    def __str__(self) -> str:
        lines = [f"{what:<44} {count}" for what, count in self.counts.items()]
        shown = [f"  ! {flaw}" for flaw in self.flaws[:SHOWN]]
        more = [f"  ! … and {len(self.flaws) - SHOWN} more"] if len(self.flaws) > SHOWN else []
        return "\n".join([*lines, *shown, *more])


def judge(stored: Stored, people: list[Notes], report: Report, fell: list[str]) -> Verdict:
    """Everything that docs/reliability.md promises, one after the other."""
    verdict = Verdict()
    verdict.counts["faults"] = len(report.done)
    verdict.counts["connections"] = sum(notes.connections for notes in people)
    verdict.counts["messages acknowledged"] = sum(1 for wish in _wishes(people) if wish.acknowledged)
    verdict.counts["tries"] = sum(wish.tries for wish in _wishes(people))
    verdict.blame("  lost", list(_lost(stored, people)))
    verdict.blame("  twice, or never sent", list(_strange(stored, people)))
    verdict.blame("  out of their sender's order", list(_disordered(people)))
    verdict.counts["events stored"] = sum(map(len, stored.logs.values()))
    verdict.counts["events heard"] = sum(len(log) for notes in people for log in notes.logs.values())
    verdict.blame("  logs with a hole in the database", list(_holes(stored)))
    verdict.blame("  people's logs that differ from it", list(_different(stored, people)))
    _count_pictures(verdict, stored)
    verdict.blame("  pictures not answered once", list(_unanswered(stored)))
    _count_waits(verdict, people, report)
    verdict.blame("  who waited for ever", [*_forgotten(people), *_kept_waiting(people)])
    verdict.blame("  rooms that froze", list(_frozen(stored, people, report)))
    verdict.blame("  refusals that nobody may give", [flaw for notes in people for flaw in notes.flaws])
    verdict.blame("  processes that ended by themselves", fell)
    verdict.blame("  faults that could not be undone", report.failed)
    return verdict


def _wishes(people: list[Notes]) -> Iterator[Wish]:
    for notes in people:
        yield from notes.wishes


def _lost(stored: Stored, people: list[Notes]) -> Iterator[str]:
    rows = {row.id: row for row in stored.rows}
    for wish in _wishes(people):
        row = rows.get(wish.message)
        text = wish.edited if wish.edit_done else wish.text
        if not wish.acknowledged:
            continue
        if row is None:
            yield f"{wish.text!r} was acknowledged as message {wish.message} and is not there"
        elif (row.room, row.seq, row.client_id) != (wish.room, wish.seq, wish.client_id) or row.text != text:
            yield f"{text!r} was acknowledged with number {wish.seq} of room {wish.room}, and is {row}"


def _strange(stored: Stored, people: list[Notes]) -> Iterator[str]:
    """Rows that are there twice under any name, or that nobody wanted."""
    wanted = {(notes.user, wish.client_id) for notes in people for wish in notes.wishes}
    users = {notes.user for notes in people}
    seen: set[str] = set()
    for row in stored.rows:
        if row.author in users:
            text = row.text.removesuffix(", edited")
            if text in seen or (row.author, row.client_id) not in wanted:
                yield f"{row.text!r} is there twice, or nobody wrote it: {row}"
            seen.add(text)


def _disordered(people: list[Notes]) -> Iterator[str]:
    """What was sent after something else had been acknowledged stands after it; so does a line's next at once."""
    for notes in people:
        for room in notes.logs:
            wishes = [wish for wish in notes.wishes if wish.room == room and wish.acknowledged]
            yield from _after_what_was_acknowledged(wishes)
            yield from _in_order_of_a_line([w for w in wishes if w.tries == 1 and w.picture is None])


def _after_what_was_acknowledged(wishes: list[Wish]) -> Iterator[str]:
    highest = 0
    done = collections.deque(sorted(wishes, key=lambda wish: wish.acknowledged_at))
    for wish in sorted(wishes, key=lambda wish: wish.sent_at):
        while done and done[0].acknowledged_at < wish.sent_at:
            highest = max(highest, done.popleft().seq)
        if wish.seq < highest:
            yield f"{wish.text!r} has number {wish.seq}, though number {highest} was acknowledged before"


def _in_order_of_a_line(wishes: list[Wish]) -> Iterator[str]:
    highest: dict[int, int] = {}
    for wish in sorted(wishes, key=lambda wish: wish.sent_at):
        if wish.seq < highest.get(wish.line, 0):
            yield f"{wish.text!r} has number {wish.seq}, and what was sent before it has {highest[wish.line]}"
        highest[wish.line] = wish.seq


def _holes(stored: Stored) -> Iterator[str]:
    for room, last in stored.last.items():
        if [seq for seq, _type, _message in stored.logs.get(room, [])] != list(range(1, last + 1)):
            yield f"The log of room {room} is not 1 to {last} in the database"


def _different(stored: Stored, people: list[Notes]) -> Iterator[str]:
    texts: dict[str, set[str]] = {row.id: {row.text} for row in stored.rows}
    for wish in _wishes(people):
        texts.setdefault(wish.message, set()).add(wish.text)
    for notes in people:
        for room, log in notes.logs.items():
            if difference := _difference(stored.logs.get(room, []), log, texts):
                yield f"{notes.name} in room {room}: {difference}"


def _difference(stored: list[tuple[int, str, str]], log: list[Heard], texts: dict[str, set[str]]) -> str:
    numbers = [heard.seq for heard in log]
    missed = sorted({seq for seq, _type, _message in stored} - set(numbers))
    repeated = sorted(seq for seq, times in collections.Counter(numbers).items() if times > 1)
    wrong = [heard.seq for heard in log if heard.text not in texts.get(heard.message, set())]
    if missed or repeated:
        return f"{len(missed)} events missed {missed[:5]}, {len(repeated)} heard twice {repeated[:5]}"
    if [(heard.seq, heard.type, heard.message) for heard in log] != stored:
        return "in another order, or other events"
    return f"another text than was written: {wrong[:5]}" if wrong else ""


def _answers(stored: Stored) -> dict[str, list[Row]]:
    """{picture: what `vision` said of it}."""
    answers: dict[str, list[Row]] = {row.id: [] for row in stored.rows if row.is_picture}
    for row in stored.rows:
        if row.reply_to in answers and row.client_id.startswith("bot:vision:"):
            answers[row.reply_to].append(row)
    return answers


def _unanswered(stored: Stored) -> Iterator[str]:
    for picture, answers in _answers(stored).items():
        if len(answers) != 1:
            yield f"Picture {picture} has {len(answers)} answers"


def _count_pictures(verdict: Verdict, stored: Stored) -> None:
    answers = _answers(stored)
    verdict.counts["pictures"] = len(answers)
    verdict.counts["  answered by an apology"] = sum(
        not row.has_labels for rows in answers.values() for row in rows
    )


def _count_waits(verdict: Verdict, people: list[Notes], report: Report) -> None:
    waits = sorted(wish.acknowledged - wish.sent for wish in _wishes(people) if wish.acknowledged) or [0.0]
    verdict.counts["seconds to the acknowledgement: median"] = f"{statistics.median(waits):.3f}"
    verdict.counts["  99th percentile"] = f"{waits[int(0.99 * len(waits))]:.2f}"
    verdict.counts["  longest"] = f"{waits[-1]:.2f}"
    thaws = [thaw for at in report.frozen for thaw in _thaws(people, at).values()]
    verdict.counts["stops in the middle of a transaction"] = len(report.frozen)
    verdict.counts["  longest until a room went on (s)"] = f"{max(thaws, default=0.0):.1f}"


def _forgotten(people: list[Notes]) -> Iterator[str]:
    for wish in _wishes(people):
        if not wish.acknowledged:
            yield f"{wish.text!r} was never acknowledged ({wish.tries} tries)"
        if wish.edited and not wish.edit_done:
            yield f"{wish.edited!r} was never acknowledged"


def _kept_waiting(people: list[Notes]) -> Iterator[str]:
    for wish in _wishes(people):
        if wish.acknowledged and wish.acknowledged - wish.sent > LONGEST:
            yield f"{wish.text!r} was acknowledged after {wish.acknowledged - wish.sent:.0f} s"


def _frozen(stored: Stored, people: list[Notes], report: Report) -> Iterator[str]:
    for at in report.frozen:
        thaws = _thaws(people, at)
        for room in stored.last:
            if room in {wish.room for wish in _wishes(people)} and thaws.get(room, THAW + 1) > THAW:
                yield f"Room {room} did not go on within {THAW:.0f} s"


def _thaws(people: list[Notes], at: float) -> dict[str, float]:
    """{room: seconds from `at` until something sent after it was acknowledged}."""
    thaws: dict[str, float] = {}
    for wish in _wishes(people):
        if wish.acknowledged and wish.sent >= at:
            thaws[wish.room] = min(thaws.get(wish.room, float("inf")), wish.acknowledged - at)
    return thaws
