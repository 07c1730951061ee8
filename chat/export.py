"""All that belongs to somebody, as a zip that is written while it is sent: nothing is gathered in memory or on disk."""

import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from chat import images
from chat.schema import activity, lessons, members, messages, reactions, rooms, users
from chat.schema import images as image_rows
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

PAGE = 500  # messages read at once
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


def stream(backend: "Backend", person: Person) -> Iterator[bytes]:
    """The zip, piece by piece: `account.json`, `messages.jsonl` with one message a line, and `pictures/`."""
    out: Any = _Out()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "account.json", msgspec.json.format(msgspec.json.encode(backend.db.read(_account, person)))
        )
        yield out.take()
        pictures = []
        with file.open("messages.jsonl", "w") as lines:
            for message, image in _messages(backend, person):
                lines.write(msgspec.json.encode(message) + b"\n")
                pictures += [(message["picture"], image)] if image else []
                if out.size > 50_000:
                    yield out.take()
        for name, image in pictures:
            with file.open(zipfile.ZipInfo(name), "w") as picture:
                for chunk in _chunks(backend, image):
                    picture.write(chunk)
                    yield out.take()
    yield out.take()


class _Out:
    """Where `zipfile` writes; a stream that cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        taken, self._parts, self.size = b"".join(self._parts), [], 0
        return taken


def _account(conn: sa.Connection, person: Person) -> dict[str, Any]:
    def all_of(*columns: Any, of: Any, **joined: Any) -> list[dict[str, Any]]:
        select = sa.select(*columns).where(of == person.id)
        if joined:
            select = select.join(rooms, rooms.c.id == members.c.room_id)
        return [_readable(row._mapping) for row in conn.execute(select)]

    return {
        "user": person.json(),
        "created_at": rfc3339(
            conn.execute(sa.select(users.c.created_at).where(users.c.id == person.id)).scalar_one()
        ),
        "rooms": all_of(
            rooms.c.id, rooms.c.name, rooms.c.private, members.c.joined_at, of=members.c.user_id, joined=True
        ),
        "reactions": all_of(
            reactions.c.message_id, reactions.c.emoji, reactions.c.created_at, of=reactions.c.user_id
        ),
        "verdicts": all_of(
            lessons.c.message_id,
            lessons.c.verdict,
            lessons.c.label,
            lessons.c.created_at,
            of=lessons.c.user_id,
        ),
        "activity": all_of(
            *(column for column in activity.c if column is not activity.c.user_id), of=activity.c.user_id
        ),
    }


def _readable(row: Any) -> dict[str, Any]:
    """As the doors write it: ids are texts, times are RFC 3339."""
    return {
        name: rfc3339(value)
        if name.endswith("_at")
        else str(value)
        if name == "id" or name.endswith("_id")
        else value
        for name, value in row.items()
    }


def _messages(backend: "Backend", person: Person) -> Iterator[tuple[dict[str, Any], Any]]:
    """Their messages, room by room, for which there is an index; each with its image, if it has one."""
    for room_id in backend.db.read(
        lambda conn: list(conn.scalars(sa.select(rooms.c.id).order_by(rooms.c.id)))
    ):
        after = 0
        while found := backend.db.read(_page, person.id, room_id, after):
            for row in found:
                yield _message(row)
            after = found[-1].seq


def _page(conn: sa.Connection, user_id: int, room_id: int, after: int) -> list[Any]:
    mine = (messages.c.room_id == room_id) & (messages.c.author_id == user_id)
    select = (
        sa.select(messages, image_rows.c.key, image_rows.c.content_type)
        .outerjoin(image_rows, image_rows.c.id == messages.c.image_id)
        .where(mine, messages.c.seq > after, messages.c.deleted_at.is_(None))
    )
    return list(conn.execute(select.order_by(messages.c.seq).limit(PAGE)))


def _message(row: Any) -> tuple[dict[str, Any], Any]:
    picture = f"pictures/{row.id}.{ENDINGS.get(row.content_type, 'bin')}" if row.key else None
    return {
        "id": str(row.id),
        "room": str(row.room_id),
        "seq": row.seq,
        "text": row.text,
        "picture": picture,
        "reply_to": str(row.reply_to) if row.reply_to else None,
        "created_at": rfc3339(row.created_at),
        "edited_at": rfc3339(row.edited_at) if row.edited_at else None,
    }, row if picture else None


def _chunks(backend: "Backend", image: Any) -> Iterator[bytes]:
    """Of a picture; none if it went while we were writing."""
    try:
        yield from images.open_file(backend, image, False)[1]
    except FileNotFoundError:
        return
