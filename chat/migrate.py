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
    """Whether the schema is older than this program: `python -m chat init-db` is wanted."""
    return MigrationContext.configure(connection).get_current_revision() != _HEAD


def _upgrade(connection: sa.Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found == _HEAD:
        return
    alembic = _alembic()
    known = {script.revision for script in ScriptDirectory.from_config(alembic).walk_revisions()}
    if found is not None and found not in known:
        raise SystemExit(
            f"The database's schema is version {found}, and this program knows it up to {_HEAD}: run the program "
            "that made it, or a newer one, or restore a backup of before."
        )
    alembic.attributes["connection"] = connection
    command.upgrade(alembic, "head")


def _alembic() -> Alembic:
    alembic = Alembic()
    alembic.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return alembic


_HEAD = ScriptDirectory.from_config(_alembic()).get_current_head()
