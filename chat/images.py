"""Pictures of messages: one file for the same bytes, served by the address of a message, gone with the last one.

The file is kept under a key that is never used twice, so that deleting one can't take away a later upload of the same
picture. An upload holds its picture by a pin until the message is stored. What nothing refers to goes into the
`trash` in the same transaction that let go of it, and from there out of the store, again and again until that works.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import sqlalchemy as sa

from chat import pictures
from chat.db import Row, insert, now
from chat.schema import image_pins, images, trash
from chat.schema import messages as message_rows
from chat.storage import StoreError

if TYPE_CHECKING:
    from chat.backend import Backend

logger = logging.getLogger(__name__)

STALE_PIN = 3_600_000  # milliseconds after which an upload is not coming back


@dataclass(frozen=True, slots=True)
class Pinned:
    """A picture in the store, held for one message."""

    image: Row
    pin_id: int


def keep(backend: "Backend", stream: BinaryIO) -> Pinned:
    """Check, re-encode and store an uploaded picture; hold it until `messages.post` or `let_go`.

    Raises
    ------
    Refused : `too_large`, `not_an_image`, `image_too_many_pixels`.
    """
    picture = backend.darkroom.intake(stream)
    try:
        pinned = backend.db.write(_pin, picture)
        try:
            backend.ask_store(_put, backend.store, pinned.image.key, picture)
        except BaseException:
            let_go(backend, pinned)
            raise
    finally:
        backend.storage.run(picture.discard)  # a busy disk would keep the hub waiting, and so everybody
    return pinned


def let_go(backend: "Backend", pinned: Pinned) -> None:
    """Undo `keep`: the message was not stored, or was stored before with a picture of its own."""
    empty(backend, backend.db.write(_unpin, pinned))


def open_file(backend: "Backend", image: Row, thumbnail: bool) -> tuple[str, Iterator[bytes], int]:
    """Content type, chunks and size in bytes of a picture that the caller may see (`messages.picture`).

    Raises
    ------
    FileNotFoundError : it went this very moment.
    """
    key = f"{image.key}.thumbnail" if thumbnail else image.key
    chunks, size = backend.ask_store(backend.store.open, key)
    return (image.thumbnail_type if thumbnail else image.content_type), chunks, size


def read(backend: "Backend", message_id: int) -> bytes | None:
    """A message's picture, for a bot; None if it is gone."""
    image = backend.db.read(of_message, message_id)
    if image is None:
        return None
    try:
        return b"".join(backend.store.open(image.key)[0])
    except FileNotFoundError:
        return None


def of_message(conn: sa.Connection, message_id: int) -> Row | None:
    """The image of a message that has not been deleted, for whoever has authorised already."""
    of_it = (message_rows.c.id == message_id) & message_rows.c.deleted_at.is_(None)
    select = sa.select(images).join(message_rows, message_rows.c.image_id == images.c.id)
    return conn.execute(select.where(of_it)).first()


def release(conn: sa.Connection, image_id: int | None) -> list[str]:
    """In the transaction that let go of an image: move it to the trash if nothing else refers to it.

    Returns
    -------
    What to hand to `empty` after the commit.
    """
    if image_id is None:
        return []
    row = conn.execute(sa.select(images).where(images.c.id == image_id).with_for_update()).first()
    used = sa.select(message_rows.c.id).where(message_rows.c.image_id == image_id).limit(1)
    held = sa.select(image_pins.c.id).where(image_pins.c.image_id == image_id).limit(1)
    if row is None or conn.execute(used).first() or conn.execute(held).first():
        return []
    conn.execute(images.delete().where(images.c.id == image_id))
    conn.execute(insert(conn, trash).values(key=row.key, created_at=now()).on_conflict_do_nothing())
    return [row.key]


def empty(backend: "Backend", keys: list[str]) -> None:
    """Delete files of the trash. What cannot be deleted now stays there for the next sweep."""
    for key in keys:
        try:
            for name in (key, f"{key}.thumbnail"):
                backend.ask_store(backend.store.delete, name)
        except (OSError, StoreError) as error:
            logger.warning("A picture that nobody refers to could not be deleted yet: %s", error)
        else:
            backend.db.write(_forget, key)


def sweep(backend: "Backend") -> None:
    """Let go of uploads that never became messages, and empty the trash that an earlier process left."""
    backend.db.write(_drop_stale_pins)
    empty(
        backend, backend.db.read(lambda conn: list(conn.execute(sa.select(trash.c.key).limit(100)).scalars()))
    )


def _pin(conn: sa.Connection, picture: pictures.Picture) -> Pinned:
    at = now()
    row = {
        "sha256": picture.sha256,
        "key": f"{picture.sha256}-{at:x}",
        "content_type": picture.content_type,
        "thumbnail_type": picture.thumbnail_type,
        "width": picture.width,
        "height": picture.height,
        "bytes": picture.bytes,
        "created_at": at,
    }
    same = {"sha256": picture.sha256}  # an update that changes nothing, and locks the row against `release`
    put = insert(conn, images).values(row).on_conflict_do_update(index_elements=["sha256"], set_=same)
    image = conn.execute(put.returning(*images.c)).one()
    pin = image_pins.insert().values(image_id=image.id, created_at=at).returning(image_pins.c.id)
    return Pinned(image, conn.execute(pin).scalar_one())


def _unpin(conn: sa.Connection, pinned: Pinned) -> list[str]:
    conn.execute(image_pins.delete().where(image_pins.c.id == pinned.pin_id))
    return release(conn, pinned.image.id)


def _put(store: Any, key: str, picture: pictures.Picture) -> None:
    """Also when the row was there before: another upload of the same bytes may not have come so far."""
    store.put(f"{key}.thumbnail", picture.thumbnail_path, picture.thumbnail_type)
    store.put(key, picture.path, picture.content_type)


def _forget(conn: sa.Connection, key: str) -> None:
    conn.execute(trash.delete().where(trash.c.key == key))


def _drop_stale_pins(conn: sa.Connection) -> None:
    stale = (
        image_pins.delete()
        .where(image_pins.c.created_at < now() - STALE_PIN)
        .returning(image_pins.c.image_id)
    )
    for image_id in set(conn.execute(stale).scalars()):
        release(conn, image_id)
