"""What people teach about pictures, and what was learnt from it, room by room.

A lesson is one person's word on one picture: that the answer was right, that it was wrong, what it is. Neither it nor
what was learnt from it leaves the room.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from chat import depictions, label_names, messages, rendering, rooms, words
from chat.db import Row, insert, now
from chat.errors import Refused, not_found
from chat.schema import heads, lessons, looks, members, users
from chat.schema import messages as message_rows
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

ASKED = 20  # pictures that a moderator is asked about in one go: two minutes
RECENT = 20_000  # of a room's events are looked through for them
THREAD = 16  # replies that are followed upwards to find the picture that an answer is about
REMEMBERED = 1_000  # verdicts of a person in a room that the page is told
NAME = re.compile(r"[^\W_]([\w '’&+.()/-]{0,58}[\w)])?")
# No attribute of a person is ever a label: not who somebody is, not what they believe, not how they look.
PERSONAL = re.compile(
    r"\A(fe)?males?\Z|\b(m[ae]n|wom[ae]n|boys?|girls?|gender|transgender|trans|gays?|lesbians?|bisexuals?|queers?|heterosexuals?"
    r"|homosexuals?|(white|black|brown|old|young|fat|poor|rich|ugly|disabled|sick) (people|person|guys?|lad(y|ies)|folks?)"
    r"|ethnic\w*|asians?|arabs?|latin[oax]s?|gyps(y|ies)|jews?|jewish|muslims?|christians?|hindus?|buddhists?|atheists?"
    r"|foreigners?|immigrants?|refugees?|disabled|cripples?|autistic|pregnant|obese|ugly|sexy|criminals?|terrorists?"
    r"|democrats?|republicans?|communists?|fascists?|nazis?|addicts?)\b|[男女]人|男孩|女孩|种族|宗教|性别|同性恋|残疾|穆斯林|基督徒",
    re.I,
)


@dataclass(frozen=True)
class Lesson:
    """One person's word on the picture of a message.

    Parameters
    ----------
    verdict : "right" or "wrong", of an answer; "taught", of a picture.
    label : what it shows, if that was said.
    said : what the bot had said; `said_by_room` if that is a label of the room's.
    model : the bot's, with its version.
    """

    message_id: int
    user_id: int
    room_id: int
    verdict: str
    label: str | None
    said: str | None
    said_by_room: bool
    model: str
    created_at: int = 0


class Doubt(NamedTuple):
    """An answer that nobody has judged: its best label, and by how much that is more probable than the next."""

    id: int
    label: str
    margin: float


@dataclass(frozen=True)
class Version:
    """What a room had taught a model at some time."""

    number: int
    learnt: dict[str, str | None]
    accuracy: float
    weights: bytes
    created_at: int


def refusal(label: str, names: set[str]) -> str | None:
    """Why this cannot be a label, if so: which of the chat's texts says it. `names` are those of people, lower case."""
    if not NAME.fullmatch(label):
        return "label-malformed"
    if PERSONAL.search(label) or label.casefold() in names:
        return "label-personal"
    return None


def judge(backend: "Backend", person: Person, answer_id: int, verdict: str, label: str | None) -> None:
    """Keep what a member says of a bot's answer to a picture. The bot learns from it before its next one.

    Parameters
    ----------
    verdict : "right" or "wrong".
    label : what it is, if it is wrong and the person says so; a name of it in another language will do.

    Raises
    ------
    Refused : `not_found`, `not_a_member`, `invalid`.
    """
    label = label and label_names.canonical(label)
    backend.db.write(_judge, person, answer_id, verdict, label, backend.config.image_model)


def said_by(conn: sa.Connection, person: Person, room_id: int) -> dict[str, dict[str, str | None]]:
    """What a person has said of a room's pictures, by the picture's message: `{verdict, label}`. The newest thousand.

    Raises
    ------
    Refused : `not_found`.
    """
    rooms.for_user(conn, person, room_id)
    theirs = (
        (lessons.c.room_id == room_id) & (lessons.c.user_id == person.id) & lessons.c.retired_at.is_(None)
    )
    newest = sa.select(lessons).where(theirs).order_by(lessons.c.created_at.desc()).limit(REMEMBERED)
    return {str(row.message_id): {"verdict": row.verdict, "label": row.label} for row in conn.execute(newest)}


def unsure(conn: sa.Connection, person: Person, room_id: int) -> list[dict[str, Any]]:
    """For a moderator: the pictures of a room that nobody has judged and that would teach most, each with its answer.

    Raises
    ------
    Refused : `not_found`, `not_a_member`, `forbidden`.
    """
    room = rooms.for_user(conn, person, room_id)
    room.check_member()
    if not person.moderates:
        raise Refused("forbidden", "Only moderators are asked about a room's pictures.")
    shown = message_rows.alias("shown")
    answers = sa.select(message_rows.c.id, message_rows.c.reply_to, message_rows.c.labels).join(
        shown, shown.c.id == message_rows.c.reply_to
    )
    recent = (message_rows.c.room_id == room_id) & (message_rows.c.seq > room.last_seq - RECENT)
    standing = shown.c.image_id.is_not(None) & shown.c.deleted_at.is_(None)
    judged = sa.exists().where(lessons.c.message_id == shown.c.id, lessons.c.retired_at.is_(None))
    answers = answers.where(recent, message_rows.c.labels.is_not(sa.null()), standing, ~judged)
    found = {row.reply_to: row for row in conn.execute(answers)}
    doubts = [Doubt(id_, row.labels[0]["label"], _margin(row.labels)) for id_, row in found.items()]
    chosen = choose(doubts, ASKED)
    loaded = rendering.by_ids(conn, [*chosen, *(found[id_].id for id_ in chosen)])
    return [{"picture": loaded[id_], "answer": loaded[found[id_].id]} for id_ in chosen]


def _margin(labels: list[dict[str, Any]]) -> float:
    best, second = (*(label["probability"] for label in labels[:2]), 0.0, 0.0)[:2]
    return float(best - second)


def choose(doubts: Sequence[Doubt], count: int) -> list[int]:
    """Which pictures would teach most: those between whose two best labels there is least to choose, of many kinds.

    The most doubtful first (margin sampling, Scheffer et al. 2001), but no more than a quarter of one best label as long as
    there are others: twenty pictures of one thing would teach little more than five.
    """
    taken: Counter[str] = Counter()
    first: list[int] = []
    later: list[int] = []
    for doubt in sorted(doubts, key=lambda doubt: doubt.margin):
        taken[doubt.label] += 1
        (first if taken[doubt.label] <= max(1, count // 4) else later).append(doubt.id)
    return (first + later)[:count]


class Lessons:
    """The bots' way to all of this; they authorise by answering only in the room of the question."""

    def __init__(self, backend: "Backend"):
        self._db = backend.db

    def record(self, lesson: Lesson) -> None:
        """A person's newest word on a picture replaces their earlier one."""
        self._db.write(_record, lesson)

    def of_room(self, room_id: int) -> list[Lesson]:
        """All that count, oldest first."""
        return self._db.read(_of_room, room_id)

    def looks(self, message_ids: list[int], model: str) -> dict[int, bytes]:
        """Features of pictures, where they were kept."""
        return self._db.read(_looks, message_ids, model)

    def keep_look(self, message_id: int, model: str, features: bytes) -> None:
        self._db.write(_keep_look, message_id, model, features)

    def state(self, room_id: int, model: str) -> tuple[int, int, int]:
        """How many lessons count, the time of the newest one, the number of the version in use; 0 where there is none."""
        return self._db.read(_state, room_id, model)

    def version(self, room_id: int, model: str) -> Version | None:
        """The version in use."""
        return self._db.read(_version, room_id, model)

    def use(
        self, room_id: int, model: str, learnt: dict[str, str | None], accuracy: float, weights: bytes
    ) -> int:
        """Keep what was learnt and use it from now on; returns the version's number."""
        return self._db.write(_use, room_id, model, learnt, accuracy, weights)

    def roll_back(self, room_id: int, model: str, asked_by: int) -> tuple[int, int] | None:
        """Take back the version in use, and the lessons since the one before it.

        Parameters
        ----------
        asked_by : the message that wants it; the same message takes back one version, however often it is obeyed.

        Returns
        -------
        The number taken back and the one in use now (0: none); None if there is nothing to take back.
        """
        return self._db.write(_roll_back, room_id, model, asked_by)

    def names(self, room_id: int) -> set[str]:
        """The names of the people in a room, lower case."""
        return self._db.read(_names, room_id)


def _judge(
    conn: sa.Connection, person: Person, answer_id: int, verdict: str, label: str | None, model: str
) -> None:
    row = messages.for_user(conn, person, answer_id)
    rooms.for_user(conn, person, row.room_id).check_member()
    if not row.labels:
        raise Refused("invalid", f"message {answer_id} is no answer to a picture.")
    if label is not None and verdict == "right":
        raise Refused("invalid", "label: an answer that is right has none")
    if label is not None and (why_not := refusal(label, _names(conn, row.room_id))):
        raise Refused("invalid", f"label: {words.read('en')(why_not)}")
    said = row.labels[0]
    picture = _picture_above(conn, row)
    ids = picture.id, person.id, row.room_id
    _record(conn, Lesson(*ids, verdict, label, said["label"], said.get("room", False), model))


def _picture_above(conn: sa.Connection, row: Row) -> Row:
    """The message with the picture that an answer is about: as the bot found it, up the replies."""
    above: Row | None = row
    for _ in range(THREAD):
        above = messages.find(conn, above.reply_to) if above and above.reply_to else None
        if above is None:
            break
        if above.image_id and above.picture_of is None:
            return above
    raise not_found("picture of the answer", row.id)


def _record(conn: sa.Connection, lesson: Lesson) -> None:
    standing = sa.select(message_rows.c.id).where(
        message_rows.c.id == lesson.message_id, message_rows.c.deleted_at.is_(None)
    )
    if conn.execute(standing.with_for_update()).first() is None:
        return  # deleted meanwhile
    row = {**vars(lesson), "created_at": now(), "retired_at": None}
    new = insert(conn, lessons).values(row)
    conn.execute(new.on_conflict_do_update(index_elements=["message_id", "user_id"], set_=row))
    depictions.refresh(conn, {lesson.message_id})


def _of_room(conn: sa.Connection, room_id: int) -> list[Lesson]:
    columns = [lessons.c[name] for name in Lesson.__dataclass_fields__]
    counting = (lessons.c.room_id == room_id) & lessons.c.retired_at.is_(None)
    order = (lessons.c.created_at, lessons.c.message_id, lessons.c.user_id)
    return [Lesson(*row) for row in conn.execute(sa.select(*columns).where(counting).order_by(*order))]


def _looks(conn: sa.Connection, message_ids: list[int], model: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for start in range(0, len(message_ids), 500):
        ours = looks.c.message_id.in_(message_ids[start : start + 500]) & (looks.c.model == model)
        found |= {row.message_id: row.features for row in conn.execute(sa.select(looks).where(ours))}
    return found


def _keep_look(conn: sa.Connection, message_id: int, model: str, features: bytes) -> None:
    standing = sa.select(message_rows.c.id).where(
        message_rows.c.id == message_id, message_rows.c.deleted_at.is_(None)
    )
    if conn.execute(standing.with_for_update()).first() is None:
        return
    row = {"message_id": message_id, "model": model, "features": features}
    conn.execute(insert(conn, looks).values(row).on_conflict_do_nothing())


def _state(conn: sa.Connection, room_id: int, model: str) -> tuple[int, int, int]:
    counting = (lessons.c.room_id == room_id) & lessons.c.retired_at.is_(None)
    number = sa.select(sa.func.max(heads.c.number)).where(*_in_use(room_id, model)).scalar_subquery()
    newest = sa.func.max(lessons.c.created_at)
    row = conn.execute(sa.select(sa.func.count(), newest, number).where(counting)).one()
    return row[0], row[1] or 0, row[2] or 0


def _version(conn: sa.Connection, room_id: int, model: str) -> Version | None:
    row = _newest(conn, room_id, model)
    return row and Version(row.number, row.learnt, row.accuracy, row.weights, row.created_at)


def _use(
    conn: sa.Connection,
    room_id: int,
    model: str,
    learnt: dict[str, str | None],
    accuracy: float,
    weights: bytes,
) -> int:
    last = sa.select(sa.func.coalesce(sa.func.max(heads.c.number), 0)).where(heads.c.room_id == room_id)
    # Two at once: the key lets one through, and the other's question is asked again.
    number = conn.execute(last).scalar_one() + 1
    row = {
        "room_id": room_id,
        "number": number,
        "model": model,
        "learnt": learnt,
        "accuracy": accuracy,
        "weights": weights,
        "created_at": now(),
    }
    conn.execute(heads.insert().values(row))
    return number


def _roll_back(conn: sa.Connection, room_id: int, model: str, asked_by: int) -> tuple[int, int] | None:
    done = sa.select(heads.c.number).where(heads.c.room_id == room_id, heads.c.retired_by == asked_by)
    taken = conn.execute(done).scalar()
    if taken is None:
        current = _newest(conn, room_id, model)
        if current is None:
            return None
        taken = current.number
        mine = (heads.c.room_id == room_id) & (heads.c.number == taken)
        conn.execute(heads.update().where(mine).values(retired_by=asked_by))
        before = _newest(conn, room_id, model)
        since = (lessons.c.room_id == room_id) & (lessons.c.created_at > (before.created_at if before else 0))
        retired = lessons.update().where(since, lessons.c.retired_at.is_(None)).values(retired_at=now())
        taken_back = conn.execute(retired.returning(lessons.c.message_id)).scalars()
        depictions.refresh(conn, set(taken_back))
    before = _newest(conn, room_id, model)
    return taken, before.number if before else 0


def _newest(conn: sa.Connection, room_id: int, model: str) -> Row | None:
    select = sa.select(heads).where(*_in_use(room_id, model)).order_by(heads.c.number.desc()).limit(1)
    return conn.execute(select).first()


def _in_use(room_id: int, model: str) -> tuple[Any, ...]:
    return heads.c.room_id == room_id, heads.c.model == model, heads.c.retired_by.is_(None)


def _names(conn: sa.Connection, room_id: int) -> set[str]:
    people = sa.select(users.c.username, users.c.display_name).join(members, members.c.user_id == users.c.id)
    found = conn.execute(people.where(members.c.room_id == room_id, users.c.bot.is_(False)))
    return {name.casefold() for row in found for name in row}
