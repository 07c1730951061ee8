"""The audit log: what moderators and admins did, to whom and where, for good.

An entry is written in the transaction of the act, so there is no act without its entry. Entries are only ever added:
the database itself refuses to change or to delete one (triggers, made by the migration). They hold numbers and no names,
so that an account that is deleted leaves no name behind. `chat/moderators.py` reads them.
"""

from typing import Any

import sqlalchemy as sa

from chat.db import now
from chat.schema import audit
from chat.users import Person

ACTS = (
    "kick",
    "mute",
    "ban",
    "lift",
    "appeal",
    "decide_appeal",
    "delete_message",
    "forget_history",
    "pin",
    "unpin",
    "change_room",
    "appoint",
    "dismiss",
    "take_report",
    "decide_report",
    "hold_picture",
    "release_picture",
    "refuse_picture",
    "end_sessions",
)


def record(
    conn: sa.Connection,
    actor: Person,
    act: str,
    room: int | None = None,
    user: int | None = None,
    message: int | None = None,
    **detail: Any,
) -> None:
    """Add an entry, in the caller's transaction.

    Parameters
    ----------
    act : one of `ACTS`.
    detail : what else is worth knowing; never the text of a message, which may have to go.
    """
    assert act in ACTS, act
    row = {
        "at": now(),
        "actor_id": actor.id,
        "act": act,
        "room_id": room,
        "user_id": user,
        "message_id": message,
    }
    conn.execute(audit.insert().values(**row, detail=detail or None))
