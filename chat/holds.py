"""Pictures that a room covers until a bot has said what they show, or a moderator that they may stand.

A row is made in the transaction that stores the picture (`chat/log.py`), so none is seen before it has been looked at. What a
room lets pass, or a moderator releases, has no row any more. `chat/screening.py` decides.
"""

from typing import Any

import sqlalchemy as sa

from chat.db import Row, now
from chat.schema import holds, messages

WAITING = "waiting"  # for a bot's answer
HELD = "held"  # for a moderator


def begin(conn: sa.Connection, drafts: list[tuple[int, int]]) -> None:
    """Cover the pictures of these new messages: (message, room)."""
    if drafts:
        rows = [
            {"message_id": message, "room_id": room, "state": WAITING, "created_at": now()}
            for message, room in drafts
        ]
        conn.execute(holds.insert(), rows)


def among(conn: sa.Connection, pictures: dict[int, int]) -> dict[int, str]:
    """{message: state} of those that are covered.

    Parameters
    ----------
    pictures : {message with a picture: the message whose picture it was made from, or itself}.
    """
    if not pictures:
        return {}
    select = sa.select(holds.c.message_id, holds.c.state).where(
        holds.c.message_id.in_(set(pictures.values()))
    )
    found = {row.message_id: row.state for row in conn.execute(select)}
    return {id_: found[source] for id_, source in pictures.items() if source in found}


def is_from(conn: sa.Connection, row: Row, person_id: int) -> bool | None:
    """Whether it was this person who sent a message's covered picture; None where it is not covered."""
    source = row.picture_of or row.id
    select = sa.select(messages.c.author_id).join(holds, holds.c.message_id == messages.c.id)
    author = conn.execute(select.where(messages.c.id == source)).scalar()
    return None if author is None else bool(author == person_id)


def first_listed(
    labels: list[dict[str, Any]], listed: list[str] | None, per_cent: int
) -> dict[str, Any] | None:
    """The most probable label of a bot's answer that a room lists, where the bot is sure enough."""
    words = {word.casefold() for word in listed or ()}
    sure = (one for one in labels if one["probability"] * 100 >= per_cent)
    return next((one for one in sure if one["label"].casefold() in words), None)
