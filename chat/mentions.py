"""Who is mentioned: `@name` in a text, and how many unread messages mention somebody."""

import collections
from collections.abc import Iterator

import sqlalchemy as sa

from chat.schema import members, messages, rooms
from chat.users import NAME_LENGTH, Person, kind, name_key

FAR = 5_000  # numbers back from a room's end up to which mentions are looked for: a bound, for who was away for long


def names(text: str) -> Iterator[str]:
    """The keys of the names that a text mentions, people's or not."""
    for at, character in enumerate(text):
        if character == "@" and not (at and (kind(text[at - 1]) == "l" or text[at - 1] == ".")):
            name = _name_at(text, at + 1)
            if name and kind(name[0]) == "l":
                yield name_key(name)


def unread(conn: sa.Connection, person: Person, until: dict[int, int]) -> dict[int, int]:
    """How many of others' unread messages mention this person, by room.

    Parameters
    ----------
    until : the rooms that have something unread, each with the last number that is counted: what came later is told to
        the browser as an event, which would count it twice.
    """
    select = (
        sa.select(messages.c.room_id, messages.c.seq, messages.c.text)
        .join(members, (members.c.room_id == messages.c.room_id) & (members.c.user_id == person.id))
        .join(rooms, rooms.c.id == messages.c.room_id)
        .where(
            messages.c.room_id.in_(list(until)),
            messages.c.seq > members.c.read_seq,
            messages.c.seq > rooms.c.last_seq - FAR,
            messages.c.author_id != person.id,
            messages.c.deleted_at.is_(None),
            messages.c.text.icontains(f"@{person.username}", autoescape=True),
        )
    )
    found: dict[int, int] = collections.Counter()
    for room_id, seq, text in conn.execute(select):
        if seq <= until[room_id] and name_key(person.username) in names(text):
            found[room_id] += 1
    return found


def _name_at(text: str, start: int) -> str:
    """As long as a name can be; the full stop behind it ends the sentence."""
    end = start
    while end < len(text) and end - start <= NAME_LENGTH and kind(text[end]) != "?":
        end += 1
    return text[start:end].rstrip(".-")
