"""A backup is one file: every row that cannot be computed anew, as of one moment, and every picture.

A tar, compressed, that can be written to a pipe and read from one; in this order

    roomful.json         format, version of the schema, time
    tables/NAME.jsonl    a line of column names, then a row a line; the same from either database
    images/KEY           the files of the store
    end.json             what must have come: rows of each table, pictures; without it a file was cut off

The rows are those of one transaction, while the chat goes on. A picture that is deleted while the backup is on its
way is gone from it; whoever restores deletes its message, as its author wanted. What is restored has ids and names
of logs that nobody has heard of, so that no browser takes the past for the present.
"""

import contextlib
import gzip
import io
import json
import logging
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import msgspec
import sqlalchemy as sa

from chat import migrate, rooms, schema
from chat.db import Database, now
from chat.errors import Refused
from chat.storage import Store
from chat.times import rfc3339

FORMAT = 1
LEFT_OUT = {
    "image_pins",
    "trash",
    "snapshots",
    "search",
    "search_progress",
}  # of the moment, or computed anew
TABLES = [table for table in schema.tables.sorted_tables if table.name not in LEFT_OUT]
ROWS = 500  # rows at once
SKIP = 1_000_000  # ids that may have been given after the backup: browsers keep pictures under them
THUMBNAIL = ".thumbnail"
UNREADABLE = (
    tarfile.TarError,
    zlib.error,
    msgspec.MsgspecError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    StopIteration,
)

logger = logging.getLogger(__name__)


@dataclass
class Contents:
    """What a backup holds: `end.json`.

    Attributes
    ----------
    rows : {table: how many}.
    pictures : how many files, thumbnails not counted.
    deleted : keys of pictures whose last message was deleted meanwhile.
    lost : keys of pictures that the store has not, though it should.
    """

    rows: dict[str, int] = field(default_factory=dict)
    pictures: int = 0
    deleted: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


# Making one


def make(db: Database, store: Store, file: IO[bytes]) -> Contents:
    """Write a backup into `file`, which is only ever written at its end.

    Raises
    ------
    StoreError : the pictures cannot be read.
    """
    contents = Contents()
    with tarfile.open(fileobj=file, mode="w|gz", format=tarfile.PAX_FORMAT) as tar:
        with db.snapshot() as conn:
            head = {"format": FORMAT, "schema": migrate.version(conn), "made_at": rfc3339(now())}
            _add(tar, "roomful.json", _json(head))
            for table in TABLES:
                contents.rows[str(table.name)] = _add_table(tar, conn, table)
            keys = list(conn.execute(sa.select(schema.images.c.key).order_by(schema.images.c.id)).scalars())
        for key in keys:
            _add_picture(tar, db, store, key, contents)
        _add(tar, "end.json", _json(contents))
    return contents


def _add_table(tar: tarfile.TarFile, conn: sa.Connection, table: sa.Table) -> int:
    """How many rows. They lie in a file of their own first, because a tar says sizes before contents."""
    select = sa.select(table).order_by(*table.primary_key.columns)
    count = 0
    with tempfile.TemporaryFile() as lines:
        lines.write(_json([str(column.name) for column in table.columns]) + b"\n")
        for row in conn.execution_options(yield_per=ROWS).execute(select):
            lines.write(_json(list(row)) + b"\n")
            count += 1
        _add_file(tar, f"tables/{table.name}.jsonl", lines)
    return count


def _add_picture(tar: tarfile.TarFile, db: Database, store: Store, key: str, contents: Contents) -> None:
    try:
        for name in (f"{key}{THUMBNAIL}", key):  # in the order in which they are stored
            chunks, _size = store.open(name)
            with tempfile.TemporaryFile() as copy, contextlib.closing(chunks):
                copy.writelines(chunks)
                _add_file(tar, f"images/{name}", copy)
    except FileNotFoundError:
        wanted = db.read(
            lambda conn: conn.execute(sa.select(schema.images.c.id).where(schema.images.c.key == key)).first()
        )
        (contents.lost if wanted else contents.deleted).append(key)
    else:
        contents.pictures += 1


def _add_file(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    _add_file(tar, name, io.BytesIO(data))


# Restoring one


def restore(db: Database, store: Store, file: IO[bytes]) -> Contents:
    """Put a backup into an installation in which nobody has registered and nothing been said: all of it, or nothing.

    Pictures are put into the store before the rows that refer to them are committed.

    Raises
    ------
    Refused : `invalid`: the installation is not empty, or this is no backup, not a whole one, or another version's.
    StoreError : the pictures cannot be written.
    """
    try:
        with (
            gzip.GzipFile(fileobj=file) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
            db.at_leisure() as conn,
        ):
            contents = _fill(conn, store, ((member.name, tar.extractfile(member)) for member in tar))
            while plain.read(1 << 16):  # to the check sum, at the very end
                pass
            return contents
    except UNREADABLE as error:
        raise Refused(
            "invalid", f"This is no whole backup of Roomful: {error!r}. Nothing was changed."
        ) from None


def _fill(conn: sa.Connection, store: Store, members: Iterator[tuple[str, Any]]) -> Contents:
    name, content = next(members)
    if name != "roomful.json":
        raise ValueError(f"it begins with {name}")
    _check(conn, json.load(content))
    for table in reversed(schema.tables.sorted_tables):  # the first room, and bots that have come already
        conn.execute(table.delete())
    found, types = Contents(), dict[str, str]()
    for name, content in members:
        folder, _, rest = name.partition("/")
        if name == "end.json":
            return _finish(conn, found, msgspec.json.decode(content.read(), type=Contents))
        if folder == "tables":
            table = schema.tables.tables[rest.removesuffix(".jsonl")]
            found.rows[str(table.name)] = _insert(conn, table, content)
        elif folder == "images":
            types = types or _types(conn)
            _put(store, rest, content, types[rest])
            found.pictures += not rest.endswith(THUMBNAIL)
    raise EOFError("its end is missing")


def _check(conn: sa.Connection, head: dict[str, Any]) -> None:
    here = migrate.version(conn)
    if head["format"] != FORMAT or head["schema"] != here:
        raise Refused(
            "invalid",
            f"The backup has format {head['format']} and schema {head['schema']}; this program restores {FORMAT} and "
            f"{here}. Restore it with the version that made it, then upgrade.",
        )
    people = sa.select(schema.users.c.id).where(schema.users.c.bot.is_(False)).limit(1)
    said = sa.select(schema.messages.c.id).limit(1)
    if conn.execute(people).first() or conn.execute(said).first():
        raise Refused(
            "invalid",
            "Somebody has an account here already. A backup is restored into an empty installation.",
        )


def _insert(conn: sa.Connection, table: sa.Table, lines: IO[bytes]) -> int:
    names = json.loads(next(lines))
    decode = msgspec.json.Decoder(tuple[*(_type(table.c[name]) for name in names)]).decode  # type: ignore[misc]
    count, rows = 0, list[dict[str, Any]]()
    for line in lines:
        rows.append(dict(zip(names, decode(line), strict=True)))
        if len(rows) == ROWS:
            conn.execute(table.insert(), rows)
            count, rows = count + len(rows), []
    if rows:
        conn.execute(table.insert(), rows)
    return count + len(rows)


def _type(column: sa.Column[Any]) -> Any:
    """Bytes are in base64, which a decoder must be told."""
    return bytes | None if isinstance(column.type, sa.LargeBinary) else Any


def _types(conn: sa.Connection) -> dict[str, str]:
    """{name in the store: content type}"""
    types = {}
    for row in conn.execute(sa.select(schema.images)):
        types[row.key], types[row.key + THUMBNAIL] = row.content_type, row.thumbnail_type
    return types


def _put(store: Store, name: str, content: IO[bytes], content_type: str) -> None:
    with tempfile.NamedTemporaryFile() as file:
        while chunk := content.read(1 << 16):
            file.write(chunk)
        file.flush()
        store.put(name, file.name, content_type)


def _finish(conn: sa.Connection, found: Contents, wanted: Contents) -> Contents:
    if (found.rows, found.pictures) != (wanted.rows, wanted.pictures):
        raise ValueError(f"it holds {found}, and should {wanted}")
    for key in wanted.deleted:
        _delete_messages_with(conn, key)
    for table in TABLES:
        _skip_ids(conn, table)
    rooms.renew_logs(conn)
    return wanted


def _delete_messages_with(conn: sa.Connection, key: str) -> None:
    image = sa.select(schema.images.c.id).where(schema.images.c.key == key).scalar_subquery()
    gone = {"text": None, "image_id": None, "labels": None, "deleted_at": now()}
    conn.execute(schema.messages.update().where(schema.messages.c.image_id == image).values(gone))
    conn.execute(schema.images.delete().where(schema.images.c.key == key))


def _skip_ids(conn: sa.Connection, table: sa.Table) -> None:
    """No id that was given after the backup is given again."""
    if table.autoincrement_column is None:
        return
    column = table.autoincrement_column
    last = (conn.execute(sa.select(sa.func.max(column))).scalar() or 0) + SKIP
    if conn.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        conn.execute(sa.select(sa.func.setval(sequence, last)).where(sequence.is_not(None)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        conn.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        conn.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))


_json: Callable[[Any], bytes] = msgspec.json.encode
