"""The schema's versions, by Alembic: chat/migrations/versions holds one file for each."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as Alembic
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from chat.db import Database


def upgrade(db: Database) -> None:
    """Bring the schema to this program's version. Safe when several processes do it at once: one does, all wait.

    Raises
    ------
    SystemExit : the database has been used by a newer program.
    """
    with db.engine.connect() as connection:
        if db.is_sqlite:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            _upgrade(connection)
            connection.exec_driver_sql("COMMIT")
        else:
            with connection.begin():
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7666)")
                _upgrade(connection)


def missing(connection: sa.Connection) -> bool:
    """Whether the schema is older than this program: `python -m chat init-db` is wanted.

    A version that this program does not know is a newer program's. Its steps let us go on: were we to stop here, an
    upgrade would take away every old replica before there is a new one.
    """
    found = version(connection)
    return found != _HEAD and (found is None or found in _KNOWN)


def version(connection: sa.Connection) -> str | None:
    """Of the schema, as it is."""
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: sa.Connection) -> None:
    found = version(connection)
    if found == _HEAD:
        return
    if found is not None and found not in _KNOWN:
        raise SystemExit(
            f"The database's schema is version {found}, and this program knows it up to {_HEAD}: run the program "
            "that made it, or a newer one, or restore a backup of before."
        )
    alembic = _alembic()
    alembic.attributes["connection"] = connection
    command.upgrade(alembic, "head")


def _alembic() -> Alembic:
    alembic = Alembic()
    alembic.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return alembic


_STEPS = ScriptDirectory.from_config(_alembic())
_HEAD = _STEPS.get_current_head()
_KNOWN = {step.revision for step in _STEPS.walk_revisions()}
