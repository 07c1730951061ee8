"""The schema that migrations make is the one that the program's tables describe, however they are run."""

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chat import migrate
from chat.backend import Backend
from chat.config import Config
from chat.db import Database
from chat.schema import tables, users
from tests.conftest import settings
from tests.people import new_id
from tests.servers import ROOT

# Made in each database's own words: a trigram index, and on SQLite the tables in which FTS5 keeps it.
IN_OWN_WORDS = ("ix_search_body", "search_trigrams")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new.db"
    return request.getfixturevalue("postgres").create(f"new_{new_id()[:8]}")


@pytest.fixture
def db(url):
    opened = Database(url)
    yield opened
    opened.close()


def differences(db: Database) -> list[object]:
    options = {
        "compare_type": True,
        "compare_server_default": _differ if db.is_sqlite else True,
        "include_object": lambda _object, name, *_: not (name or "").startswith(IN_OWN_WORDS),
    }
    with db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), tables)


def _differ(_context, _found, _wanted, found_default, _default, wanted_default) -> bool:
    """Alembic's own comparison takes an empty text for a difference on SQLite."""
    return (found_default or "").strip("'()") != (wanted_default or "")


def table_names(db: Database) -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def test_the_migrated_schema_is_the_tables(db):
    assert len(differences(db)) >= len(tables.tables)
    migrate.upgrade(db)
    assert differences(db) == []
    assert table_names(db) >= set(tables.tables)


def test_the_schema_keeps_every_rule_of_the_tables(db):
    """What comparing leaves out: keys, what is unique, and what goes with what it belongs to."""
    migrate.upgrade(db)
    inspector = sa.inspect(db.engine)
    for table in tables.sorted_tables:
        key = inspector.get_pk_constraint(table.name)
        assert key["constrained_columns"] == [column.name for column in table.primary_key]
        unique = {tuple(rule["column_names"]) for rule in inspector.get_unique_constraints(table.name)}
        wanted = [rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)]
        assert unique == {tuple(rule.columns.keys()) for rule in wanted}
        foreign = {
            (*key["constrained_columns"], key["referred_table"], key["options"].get("ondelete"))
            for key in inspector.get_foreign_keys(table.name)
        }
        assert foreign == {
            (*key.columns.keys(), key.referred_table.name, key.ondelete)
            for key in table.foreign_key_constraints
        }


def test_the_search_is_indexed_by_trigrams(db):
    migrate.upgrade(db)
    if db.is_sqlite:
        assert "search_trigrams" in table_names(db)
    else:
        assert "ix_search_body" in {index["name"] for index in sa.inspect(db.engine).get_indexes("search")}


def test_migrating_again_changes_nothing(db):
    migrate.upgrade(db)
    made = {"username": "ann", "username_key": "ann", "display_name": "Ann", "created_at": 1}
    db.write(lambda conn: conn.execute(users.insert().values(made)))
    migrate.upgrade(db)
    assert db.read(lambda conn: conn.execute(sa.select(users.c.username)).scalars().all()) == ["ann"]
    assert differences(db) == []


def test_a_replica_knows_that_the_schema_is_missing(db):
    assert db.read(migrate.missing)
    migrate.upgrade(db)
    assert not db.read(migrate.missing)


def test_a_migration_that_fails_leaves_nothing_behind(db):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE reactions (something_else INTEGER)")
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(db)
    assert table_names(db) == {"reactions"}
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE reactions")
    migrate.upgrade(db)
    assert differences(db) == []


def test_the_database_of_a_newer_program_is_refused_and_left_as_it_is(db, tmp_path):
    migrate.upgrade(db)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SystemExit, match=r"schema is version 9999, and this program knows it up to \d{4}:"):
        migrate.upgrade(db)
    assert not db.read(migrate.missing)  # an old replica goes on serving until a new one has taken its place
    assert differences(db) == []
    if db.is_sqlite:  # which a replica would bring up to date by itself
        config = Config.from_environment(settings(db.url, "redis://127.0.0.1:1", tmp_path))
        with pytest.raises(SystemExit, match="schema is version 9999"):
            Backend.open(config)


def test_commands_that_migrate_at_the_same_time_do_it_once(url, tmp_path):
    """As when several containers of a deployment start together."""
    environment = {**os.environ, **settings(url, "redis://127.0.0.1:1", tmp_path)}
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "chat", "init-db"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    errors = [command.communicate(timeout=60)[1].decode() for command in commands]
    assert [command.returncode for command in commands] == [0, 0, 0], errors
    db = Database(url)
    assert differences(db) == []
    names = db.read(lambda conn: conn.execute(sa.select(tables.tables["rooms"].c.name)).scalars().all())
    assert names == ["Lobby"]
    db.close()
