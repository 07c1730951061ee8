"""The database is the truth: how a process reads and writes it. Its tables stand in `chat/schema.py`.

    db.read(work, *args)            runs work(connection, *args) and returns what it returns
    db.write(work, *args)           the same in one transaction, committed (and flushed) before it returns
    db.write_briefly(work, *args)   the same in fewer round trips, for what everybody waits for: the room's log

SQLite blocks the thread that calls it, for its whole busy timeout if need be. In a web replica its work therefore
runs on native threads: one that writes, a few that read. psycopg2 cooperates with eventlet by itself.
"""

import collections
import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError

from chat.hub import Lane, native_threading

# The database cannot be asked, or is too busy to answer.
AWAY = (OperationalError, InterfaceError, TimeoutError)
READING, WRITING, BRIEFLY = 8, 4, 4  # connections to PostgreSQL that one process may hold, for each way to it
Row = Any  # of a select's result: its columns by name


class Frame(NamedTuple):
    """What a transaction's first and last statement carry with them, so that neither end is a round trip of its own."""

    begin: str = ""
    commit: str = ""


def now() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def insert(conn: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, in this database's dialect."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def table_of(conn: sa.Connection, **columns: str) -> str:
    """The parameter `rows` as a table `draft` with these columns (and their types in PostgreSQL), for a FROM.

    Many rows go to the database as one parameter, in JSON. Where many messages are written this is where the time
    goes: as parameters of their own, a message's fields cost three times as much.
    """
    if conn.dialect.name == "postgresql":
        types = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        return f"json_to_recordset(CAST(%(rows)s AS json)) AS draft({types})"
    fields = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
    return f"(SELECT {fields} FROM json_each(:rows)) AS draft"


def among(conn: sa.Connection) -> str:
    """`= …` or `IN …`: one of the numbers `id` of the parameter `rows`. PostgreSQL looks an array up by the index."""
    ids = f"(SELECT draft.id FROM {table_of(conn, id='bigint')})"
    return f"= ANY (ARRAY{ids})" if conn.dialect.name == "postgresql" else f"IN {ids}"


def execute_rows(conn: sa.Connection, statement: str, rows: list[dict[str, Any]]) -> list[Row]:
    """Execute a statement whose FROM is `table_of`, by the driver's own cursor.

    SQLAlchemy's way to it takes longer than the database has to do for one message.
    """
    with _driver(conn) as cursor:
        cursor.execute(statement, {"rows": msgspec.json.encode(rows).decode()})
        if cursor.description is None:
            return []
        row = _row_of(*[column[0] for column in cursor.description])
        return [row(*values) for values in cursor.fetchall()]


@contextlib.contextmanager
def _driver(conn: sa.Connection) -> Iterator[Any]:
    """The driver's cursor, whose errors become SQLAlchemy's; a connection that broke is not used again."""
    dialect, errors = conn.dialect, conn.dialect.loaded_dbapi.Error
    cursor = conn.connection.cursor()
    try:
        yield cursor
    except errors as error:
        broken = dialect.is_disconnect(error, conn.connection, cursor)
        if broken:
            conn.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, errors, connection_invalidated=broken, dialect=dialect
        ) from error
    finally:
        cursor.close()


@functools.cache
def _row_of(*columns: str) -> Any:
    return collections.namedtuple("_Row", columns)


class Database:
    """One process's way to the database.

    Parameters
    ----------
    url : SQLAlchemy URL, `sqlite:///…` or `postgresql://…`.
    """

    def __init__(self, url: str):
        self.url = url
        self.is_sqlite = sa.make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, WRITING)
        # of its own, because to change the mode of a connection and back again takes as long as a short query
        self._reading = self.engine if self.is_sqlite else _postgresql_engine(url, READING, "AUTOCOMMIT")
        # of its own, too: those who read much must not keep messages waiting
        self._brief = self.engine if self.is_sqlite else _postgresql_engine(url, BRIEFLY, "AUTOCOMMIT")
        self._writer = Lane("db-writer", 1)
        self._readers = Lane("db-reader", 3)
        self._of_thread = native_threading.local()

    def read(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run `work(connection, *args)`; what it writes is not kept."""
        if self.is_sqlite:
            return self._readers.run(self._on_sqlite, "BEGIN", work, args)
        return self._on_postgresql(self._reading.connect, work, args)

    def write(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run `work(connection, *args)` in one transaction; it is durable when this returns."""
        if self.is_sqlite:
            return self._writer.run(self._on_sqlite, "BEGIN IMMEDIATE", work, args)
        return self._on_postgresql(self.engine.begin, work, args)

    def write_briefly(self, work: Callable[..., Any], *args: Any) -> Any:
        """Like `write`, but `work(connection, *args, frame)` sends BEGIN with its first statement, and may send COMMIT
        with its last: what it leaves open is committed.

        Where the connection breaks, `work` is done again, once, even if it was committed: it must know its own work.
        """
        if self.is_sqlite:
            return self._writer.run(self._on_sqlite, "BEGIN IMMEDIATE", work, (*args, Frame()))
        return self._on_postgresql(self._brief.connect, self._framed, (work, args))

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Everything as of one moment, for as long as it takes to read it; for commands."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                _take_time(connection)
            try:
                yield connection
            finally:
                _end(connection, "ROLLBACK")

    @contextlib.contextmanager
    def at_leisure(self) -> Iterator[sa.Connection]:
        """One transaction that may take as long as it likes, for commands; committed if nothing is raised."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                _take_time(connection)
            try:
                yield connection
            except BaseException:
                _end(connection, "ROLLBACK")
                raise
            _end(connection, "COMMIT")

    def close(self) -> None:
        self._writer.close()
        self._readers.close()
        self.engine.dispose()
        self._reading.dispose()
        self._brief.dispose()

    def _on_sqlite(self, begin: str, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        connection = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self.engine.connect()
        with _driver(connection) as cursor:
            cursor.execute(begin)
        try:
            result = work(connection, *args)
            with _driver(connection) as cursor:
                cursor.execute("COMMIT")
        except BaseException:
            driver: Any = connection.connection.driver_connection
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            raise
        return result

    def _framed(self, connection: sa.Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        driver: Any = connection.connection.driver_connection
        try:
            result = work(connection, *args, Frame("BEGIN; ", "; COMMIT"))
            if driver.info.transaction_status != TRANSACTION_STATUS_IDLE:
                with _driver(connection) as cursor:
                    cursor.execute("COMMIT")
        except BaseException:
            _roll_back(connection, driver)
            raise
        return result

    def _on_postgresql(
        self, open_: Callable[[], Any], work: Callable[..., Any], args: tuple[Any, ...]
    ) -> Any:
        """A connection that died while it lay in the pool is replaced once, if nothing can have been committed."""
        for last_try in (False, True):
            worked = False
            try:
                with open_() as connection:
                    result = work(connection, *args)
                    worked = True
                return result
            except DBAPIError as error:
                if worked or last_try or not error.connection_invalidated:
                    raise
        raise AssertionError("unreachable")


def _roll_back(connection: sa.Connection, driver: Any) -> None:
    """What was begun by hand: in autocommit mode the driver does not know of it, and SQLAlchemy would reach nothing."""
    if connection.invalidated:
        return
    try:
        if driver.closed or driver.info.transaction_status != TRANSACTION_STATUS_IDLE:
            driver.cursor().execute("ROLLBACK")
    except driver.Error as error:
        connection.invalidate(error)


def _take_time(connection: sa.Connection) -> None:
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {name} = 0")  # nosemgrep: statement-of-words (names of ours)


def _end(connection: sa.Connection, how: str) -> None:
    """SQLite's driver is in autocommit mode, and SQLAlchemy's own commit would reach nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(how)
    elif how == "COMMIT":
        connection.commit()
    else:
        connection.rollback()


def _sqlite_engine(url: str) -> sa.Engine:
    """Each thread keeps one connection, in the driver's autocommit mode: `Database` begins and commits."""
    path = sa.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 10, "check_same_thread": False},
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # each thread has a cache of its own; the system's keeps the rest of the file
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-4000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _postgresql_engine(url: str, connections: int, isolation: Any = None) -> sa.Engine:
    """Time-outs keep a replica that was stopped in the middle of a transaction from freezing its rooms for all."""
    settings = {
        "lock_timeout": "8s",
        "idle_in_transaction_session_timeout": "10s",
        "statement_timeout": "30s",
    }
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg2"),
        isolation_level=isolation or "READ COMMITTED",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "application_name": "roomful",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )
