"""`python -m chat COMMAND`, as an operator types it."""

import os
import pty
import stat
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from chat import entrance, membership, messages, migrate, rooms, seed, users
from chat import schema as tables
from chat.backend import Backend
from chat.config import Config
from chat.db import Database
from tests.conftest import settings
from tests.people import new_id
from tests.servers import ROOT, free_port, wait_until

PASSWORD = "correct horse battery"


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """The settings of a deployment on SQLite; no command needs Redis."""
    url = f"sqlite:///{tmp_path}/roomful.db"
    return settings(url, f"redis://127.0.0.1:{free_port()}", tmp_path)


@pytest.fixture
def chat(environment):
    """Runs a command: `chat("init-db")`; its exit status, output and errors."""

    def run(*arguments: str, given: str = "", **others: str) -> tuple[int, str, str]:
        done = subprocess.run(
            command(*arguments),
            check=False,
            cwd=ROOT,
            env={**os.environ, **environment, **others},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "chat", *arguments]


@pytest.fixture
def opened(environment):
    """What the commands have worked on, opened as a replica would."""
    backend = Backend.open(Config.from_environment(environment))
    yield backend
    backend.close()


def everybody(backend) -> list[tuple[str, str]]:
    select = sa.select(tables.users.c.username, tables.users.c.role).order_by(tables.users.c.id)
    return [tuple(row) for row in backend.db.read(lambda conn: conn.execute(select).all())]


def test_help_lists_every_command(chat):
    status, output, _errors = chat("--help")
    assert status == 0
    for name in ("init-db", "create-user", "seed", "new-logs"):
        assert f"  {name} " in output


def test_an_account_is_made_with_a_password_from_standard_input(chat, opened):
    status, output, errors = chat("create-user", "Ann", "--role", "admin", given=f"{PASSWORD}\nmore\n")
    assert (status, output, errors) == (0, "Ann's role is admin.\n", "")
    assert entrance.sign_in(opened, "ann", PASSWORD, "10.0.0.1").role == "admin"


def test_what_cannot_be_an_account_is_one_line_and_makes_none(chat, opened):
    entrance.register(opened, "ann", PASSWORD)
    for arguments, given, reason in (
        (["ANN"], PASSWORD, "Somebody is called 'ANN' already."),
        (["bob"], "hunter2", "7 characters; 8 to 256 are accepted"),
    ):
        status, output, errors = chat("create-user", *arguments, given=given)
        assert (status, output, errors.count("\n")) == (1, "", 1)
        assert reason in errors and PASSWORD not in errors and "hunter2" not in errors
    assert [name for name, _role in everybody(opened)] == ["ann"]


def test_an_account_that_is_there_stays_as_it_is(chat, opened):
    def row():
        people = sa.select(tables.users).where(tables.users.c.username == "ann")
        return opened.db.read(lambda conn: conn.execute(people).one())

    chat("create-user", "ann", "--role", "admin", given=PASSWORD)
    before = row()
    assert chat("create-user", "ann", given=PASSWORD)[0] == 1
    status, output, errors = chat("create-user", "ann", "--unless-exists", given="another long password")
    assert (status, errors) == (0, "")
    assert "Somebody is called 'ann' already, and stays as they are." in output
    assert row() == before


def test_what_does_not_come_is_waited_for_in_bounds_and_named(chat, postgres, redis_server):
    empty = postgres.create("waited_for")
    assert chat("wait-for", "database", "--seconds", "0", DATABASE_URL=empty)[0] == 0
    status, _output, errors = chat("wait-for", "schema", "--seconds", "1", DATABASE_URL=empty)
    assert status == 1
    assert "Waiting for the schema: run init-db" in errors
    assert "schema did not come within 1 s: run init-db" in errors
    status, _output, errors = chat("wait-for", "redis", "--seconds", "0")
    assert status == 1
    assert "redis did not come within 0 s" in errors
    assert chat("wait-for", "redis", "--seconds", "0", "--or-go-on")[0] == 0
    assert chat("init-db", DATABASE_URL=empty)[0] == 0
    there = {"DATABASE_URL": empty, "REDIS_URL": redis_server.url}
    assert chat("wait-for", "schema", "redis", "--seconds", "0", **there)[0] == 0


def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(environment, opened):
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        command("create-user", "ann"),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        for answer in (PASSWORD, "another password", PASSWORD, PASSWORD):
            seen = len(shown)
            while b": " not in shown[seen:]:
                shown += os.read(ours, 1000)
            time.sleep(0.1)  # the echo is switched off just after the question
            os.write(ours, answer.encode() + b"\n")
        wait_until(lambda: asked.poll() is not None, 10, "the command's end")
    finally:
        asked.kill()
        shown += rest(ours)
        os.close(ours)
    assert asked.returncode == 0, shown
    assert b"ann's role is member." in shown and b"do not match" in shown
    assert PASSWORD.encode() not in shown and b"another" not in shown
    assert entrance.sign_in(opened, "ann", PASSWORD, "10.0.0.1").username == "ann"


def rest(terminal: int) -> bytes:
    try:
        return os.read(terminal, 10_000)
    except OSError:  # closed at the other end, and nothing left
        return b""


def test_a_database_without_the_schema_wants_init_db(chat, postgres):
    url = postgres.create(f"bare_{new_id()[:8]}")
    status, output, errors = chat("create-user", "ann", given=PASSWORD, DATABASE_URL=url)
    assert (status, output, errors.count("\n")) == (1, "", 1)
    assert "run init-db first" in errors
    assert chat("init-db", DATABASE_URL=url) == (0, "The database is up to date.\n", "")
    db = Database(url)
    assert not db.read(migrate.missing)
    db.close()
    status, output, _errors = chat("create-user", "ann", given=PASSWORD, DATABASE_URL=url)
    assert (status, output) == (0, "ann's role is member.\n")


def test_a_database_that_is_away_is_one_line_without_its_password(chat):
    url = f"postgresql://ann:hunter2@127.0.0.1:{free_port()}/chat"
    status, output, errors = chat("init-db", DATABASE_URL=url)
    assert (status, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith("Error: The database cannot be used: ") and "hunter2" not in errors


def test_seeding_gives_tokens_to_their_owner_only(chat, opened, tmp_path):
    file = tmp_path / "tokens"
    status, output, errors = chat("seed", "--people", "30", "--tokens", str(file))
    assert (status, errors) == (0, "")
    assert output == f"30 people, {len(seed.ROOMS)} rooms; their tokens are in {file}.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = [opened.db.read(users.by_token, token)[0] for token in file.read_text().splitlines()]
    assert len({person.id for person in found}) == 30
    assert {person.role for person in found} == {"member"}


def test_after_new_logs_every_log_has_another_name(chat, opened):
    select = sa.select(tables.rooms.c.log)
    opened.db.write(seed.plant, 1)
    before = opened.db.read(lambda conn: conn.execute(select).scalars().all())
    assert chat("new-logs") == (0, "5 logs have a new name.\n", "")  # the Lobby has one too
    after = opened.db.read(lambda conn: conn.execute(select).scalars().all())
    assert len({*before, *after}) == 10


# What is planted, on both databases; in this process


def test_seeded_people_are_in_every_demo_room_and_have_talked(backend):
    made = backend.db.write(seed.plant, 20)
    assert len(made) == 20
    ann, _credential = backend.db.read(users.by_token, made[0])
    seen = {room["name"]: room for room in backend.db.read(rooms.all_for_user, ann) if room["member"]}
    assert seen.keys() == seed.ROOMS.keys()
    assert {room["topic"] for room in seen.values()} == set(seed.ROOMS.values())
    for room in seen.values():
        assert len(backend.db.read(membership.people_in, ann, int(room["id"]))) == 20
        page = backend.db.read(messages.page, ann, int(room["id"]), None, None, 50)
        assert [message["seq"] for message in page["messages"]] == list(range(1, len(seed.TALK) + 1))
        assert {message["text"] for message in page["messages"]} == set(seed.TALK)
        assert room["last_seq"] == page["last_seq"] == len(seed.TALK)


def test_seeded_people_are_nobodys_first_and_have_no_password(backend):
    backend.db.write(seed.plant, 3)
    for password in ("", "ann", "password"):
        with pytest.raises(users.Refused, match="bad_credentials"):
            entrance.sign_in(backend, "ann", password, "10.0.0.1")
    assert entrance.register(backend, "zoe", PASSWORD).role == "admin"


def test_seeding_goes_round_those_who_are_there_already(backend):
    entrance.register(backend, "Ann", PASSWORD)
    first, second = backend.db.write(seed.plant, 3), backend.db.write(seed.plant, 14)
    people = [backend.db.read(users.by_token, token)[0].username for token in first + second]
    assert people[:3] == ["bob", "chidi", "dana"]
    assert len(set(people)) == 17 and "ann" not in people
    somebody = backend.db.read(users.by_token, first[0])[0]
    assert [
        room["name"] for room in backend.db.read(rooms.all_for_user, somebody) if room["member"]
    ] == sorted(seed.ROOMS)


@pytest.mark.alone
def test_a_thousand_people_are_planted_within_three_seconds(backend):
    started = time.monotonic()
    assert len(set(backend.db.write(seed.plant, 1000))) == 1000
    assert time.monotonic() - started < 3
