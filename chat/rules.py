"""What a room asks of those who write in it: nothing while it is locked, not too fast, not these words; and of who is muted,
silence. Those who moderate the room, and bots, are not bound, except by a mute.

The log asks in its own transaction, so no message slips through while a rule is made.
"""

import sqlalchemy as sa

from chat import rooms, unwanted
from chat.db import Row, now
from chat.errors import Refused
from chat.schema import members, sanctions
from chat.schema import rooms as room_rows
from chat.users import FOR_GOOD, Person

SLOWEST = 21_600  # seconds between two messages of one person: six hours


def refusal(
    conn: sa.Connection, room: Row, author: Person, text: str, muted_until: int | None, paced: bool = True
) -> Refused | None:
    """Why this person must not write this here now, if so. What may be written counts for slow mode from now on.

    Parameters
    ----------
    room : of the table rooms.
    muted_until : milliseconds since 1970, or None.
    paced : slow mode holds.
    """
    if author.bot:
        return None
    if muted_until and muted_until > now():
        return _muted(muted_until)
    if not (room.locked or room.slow_mode or room.unwanted_words) or moderates(conn, room, author):
        return None
    if room.locked:
        return Refused("room_locked", f"{room.name!r} is locked: only its moderators write there for now.")
    if (
        room.unwanted_words
        and text
        and (word := unwanted.first_in(text, tuple(room.unwanted_words.split("\n"))))
    ):
        return Refused(
            "unwanted_word", f"{room.name!r} does not want the word {word!r}. Say it in another way."
        )
    return _too_fast(conn, room, author) if paced and room.slow_mode else None


def outsider(conn: sa.Connection, room: Row, author: Person) -> Refused:
    """Why somebody who is no member of a public room writes nothing there."""
    if rooms.is_banned(conn, room.id, author.id):
        return Refused("banned", f"A moderator has banned you from {room.name!r}. Your notices say why.")
    return Refused("not_a_member", f"You are not a member of {room.name!r}; join it to write there.")


def check(conn: sa.Connection, person: Person, room_id: int, text: str = "") -> None:
    """The same, but for the pace, of whoever edits, reacts or begins to write; raises Refused."""
    room = conn.execute(sa.select(room_rows).where(room_rows.c.id == room_id)).one()
    muted = sa.select(sa.func.max(sa.func.coalesce(sanctions.c.ends_at, FOR_GOOD))).where(
        sanctions.c.user_id == person.id,
        sanctions.c.kind == "mute",
        sanctions.c.lifted_at.is_(None),
        sanctions.c.room_id.is_(None) | (sanctions.c.room_id == room_id),
    )
    if refused := refusal(conn, room, person, text, conn.execute(muted).scalar(), paced=False):
        raise refused


def _muted(until: int) -> Refused:
    wait = (until - now()) / 1000
    return Refused("muted", "A moderator has muted you here for now. Your notices say why.", retry_after=wait)


def moderates(conn: sa.Connection, room: Row, author: Person) -> bool:
    if author.moderates or room.creator_id == author.id:
        return True
    mine = (members.c.room_id == room.id) & (members.c.user_id == author.id)
    return bool(conn.execute(sa.select(members.c.moderates).where(mine)).scalar())


def _too_fast(conn: sa.Connection, room: Row, author: Person) -> Refused | None:
    """Notes the time in the same statement that looks at it: two at once cannot both be in time."""
    mine = (members.c.room_id == room.id) & (members.c.user_id == author.id)
    due = now() - room.slow_mode * 1000
    noted = members.update().where(mine, members.c.wrote_at <= due).values(wrote_at=now())
    if conn.execute(noted).rowcount:
        return None
    wrote_at = conn.execute(sa.select(members.c.wrote_at).where(mine)).scalar() or 0
    wait = max(1, -(-(wrote_at - due) // 1000))
    return Refused(
        "slow_mode",
        f"{room.name!r} is in slow mode: one message every {room.slow_mode} s. Try again in {wait} s.",
        retry_after=wait,
    )
