"""What an edited message said before. Kept by the transaction of the edit, gone with that of the deletion."""

import sqlalchemy as sa

from chat.db import Row
from chat.schema import message_versions

KEPT = 100  # of one message; who edits more often loses the oldest


def keep(conn: sa.Connection, message: Row, seq: int) -> None:
    """The text that `message` has had until now; `seq` is the number of the edit's event."""
    row = {
        "message_id": message.id,
        "seq": seq,
        "text": message.text or "",
        "written_at": message.edited_at or message.created_at,
    }
    conn.execute(message_versions.insert().values(row))
    ours = message_versions.c.message_id == message.id
    kept = sa.select(message_versions.c.seq).where(ours).order_by(message_versions.c.seq.desc()).limit(KEPT)
    conn.execute(message_versions.delete().where(ours, message_versions.c.seq.not_in(kept)))


def of(conn: sa.Connection, message_id: int) -> list[Row]:
    """Oldest first."""
    ours = message_versions.c.message_id == message_id
    return list(conn.execute(sa.select(message_versions).where(ours).order_by(message_versions.c.seq)))


def forget(conn: sa.Connection, message_id: int) -> int:
    """How many there were."""
    return conn.execute(message_versions.delete().where(message_versions.c.message_id == message_id)).rowcount
