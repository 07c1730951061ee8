"""The one form in which all read messages and events: that of docs/protocol.md."""

from typing import Any

import sqlalchemy as sa

from chat import blurs, holds, users
from chat.log import Draft, Event
from chat.schema import images as image_rows
from chat.schema import messages, reactions
from chat.schema import users as user_rows
from chat.times import rfc3339
from chat.users import PERSON_COLUMNS, Person

Json = dict[str, Any]


def by_ids(conn: sa.Connection, ids: list[int]) -> dict[int, Json]:
    """Messages as they stand, by id. What is deleted has neither text nor picture."""
    if not ids:
        return {}
    rows = conn.execute(select().where(messages.c.id.in_(set(ids)))).all()
    return render(conn, rows)


def event_json(event: Event, message: Json) -> Json:
    """The Event of docs/protocol.md."""
    return {
        "room": str(event.room_id),
        "seq": event.seq,
        "type": event.type,
        "message": message,
        "at": rfc3339(event.at),
    }


def draft_json(draft: Draft) -> Json:
    """The Message that a stored draft has become, without reading it again."""
    assert draft.event
    at_first = blurs.at_first(draft.author.bot, draft.picture_of)
    return _json(
        id_=draft.event.message_id,
        room_id=draft.room_id,
        seq=draft.event.seq,
        author=draft.author.json(),
        text=draft.text,
        image=draft.image
        and image_json(
            draft.event.message_id, draft.image, at_first, holds.WAITING if draft.covered else None
        ),
        labels=draft.labels,
        reply_to=draft.reply_to,
        client_id=draft.client_id,
        reactions={},
        created_at=draft.event.at,
    )


def image_json(message_id: int, image: Any, verdict: blurs.Verdict, held: str | None) -> Json:
    """A picture belongs to its message: so does its address. `blur`: the label for which it is shown blurred; `seen`:
    a bot has said what it shows; `held`: why it is covered, of `chat/holds.py`."""
    return {
        "url": f"/images/{message_id}",
        "thumbnail_url": f"/images/{message_id}/thumbnail",
        "width": image.width,
        "height": image.height,
        "bytes": image.bytes,
        "blur": verdict.label,
        "seen": verdict.seen,
        "held": held,
    }


def select() -> sa.Select[Any]:
    """Of the columns that `render` wants."""
    author = [column.label(f"author_{column.name}") for column in PERSON_COLUMNS]
    picture = [image_rows.c.width, image_rows.c.height, image_rows.c.bytes]
    tables = messages.join(user_rows, user_rows.c.id == messages.c.author_id).outerjoin(
        image_rows, image_rows.c.id == messages.c.image_id
    )
    own = [column for column in messages.c if column.name != "author_id"]
    return sa.select(*own, *author, *picture).select_from(tables)


def render(conn: sa.Connection, rows: list[Any] | Any) -> dict[int, Json]:
    given = _reactions(conn, [row.id for row in rows])
    pictures = {row.id: row.picture_of or row.id for row in rows if row.image_id}
    verdicts, covered = blurs.among(conn, pictures), holds.among(conn, pictures)
    return {
        row.id: _json(
            id_=row.id,
            room_id=row.room_id,
            seq=row.seq,
            author=_author(row).json(),
            text=row.text,
            image=image_json(
                row.id,
                row,
                verdicts.get(row.id) or blurs.at_first(row.author_bot, row.picture_of),
                covered.get(row.id),
            )
            if row.image_id
            else None,
            labels=row.labels,
            reply_to=row.reply_to,
            client_id=row.client_id,
            reactions=given.get(row.id, {}),
            created_at=row.created_at,
            edited_at=row.edited_at,
            deleted_at=row.deleted_at,
        )
        for row in rows
    }


def _author(row: Any) -> users.Person:
    return Person(
        row.author_id, row.author_username, row.author_display_name, row.author_role, row.author_bot
    )


def _reactions(conn: sa.Connection, ids: list[int]) -> dict[int, dict[str, list[str]]]:
    """{message: {emoji: [user, …]}}, in the order in which they were given."""
    found: dict[int, dict[str, list[str]]] = {}
    if ids:
        select = sa.select(reactions.c.message_id, reactions.c.emoji, reactions.c.user_id)
        order = (reactions.c.created_at, reactions.c.user_id)
        for row in conn.execute(select.where(reactions.c.message_id.in_(ids)).order_by(*order)):
            found.setdefault(row.message_id, {}).setdefault(row.emoji, []).append(str(row.user_id))
    return found


def _json(
    *,
    id_: int,
    room_id: int,
    seq: int,
    author: Json,
    text: str | None,
    image: Json | None,
    labels: list[Json] | None,
    reply_to: int | None,
    client_id: str,
    reactions: dict[str, list[str]],
    created_at: int,
    edited_at: int | None = None,
    deleted_at: int | None = None,
) -> Json:
    """The Message of docs/protocol.md."""
    return {
        "id": str(id_),
        "room": str(room_id),
        "seq": seq,
        "author": author,
        "text": text,
        "image": image,
        "labels": labels,
        "reply_to": str(reply_to) if reply_to else None,
        "client_id": client_id,
        "reactions": reactions,
        "created_at": rfc3339(created_at),
        "edited_at": edited_at and rfc3339(edited_at),
        "deleted_at": deleted_at and rfc3339(deleted_at),
    }
