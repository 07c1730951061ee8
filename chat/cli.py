"""`python -m chat COMMAND`: administration, on the same settings as a replica."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from werkzeug.security import generate_password_hash

from chat import backup, embedded, migrate, passwords, rooms, seed, users
from chat.backend import open_store
from chat.bus import Bus
from chat.config import Config
from chat.db import AWAY, Database
from chat.errors import Refused
from chat.storage import StoreError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def chat() -> None:
    """Administration of a Roomful chat. Settings come from the environment, as for wsgi.py."""
    os.umask(0o077)  # what a command makes in DATA_DIR is for this account only


@chat.command("init-db")
def init_db() -> None:
    """Make the database's schema, or bring it up to date. Safe to repeat."""
    with database(schema=False) as (_config, db):
        migrate.upgrade(db)
        db.write(rooms.ensure_first)
        click.echo("The database is up to date.")


@chat.command("create-user")
@click.argument("name")
@click.option("--role", type=click.Choice(users.ROLES), default="member", show_default=True)
@click.option("--unless-exists", is_flag=True, help="Leave an account of this name as it is.")
def create_user(name: str, role: str, unless_exists: bool) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    with database() as (config, db):
        users.check_name(name)
        password = _password()
        passwords.check(password, name, config.public_url)
        try:
            person = db.write(
                users.create, name, generate_password_hash(password, config.password_hash), role
            )
        except Refused as refused:
            if refused.code != "username_taken" or not unless_exists:
                raise
            click.echo(f"Somebody is called {name!r} already, and stays as they are.")
        else:
            click.echo(f"{person.username}'s role is {person.role}.")


@chat.command("seed")
@click.option("--people", type=click.IntRange(1, 100_000), default=12, show_default=True)
@click.option("--tokens", "file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def seed_(people: int, file: Path | None) -> None:
    """Demo people, rooms and messages. FILE gets one bearer token a line."""
    with database() as (_config, db):
        tokens = db.write(seed.plant, people)
        if file:
            file.touch(mode=0o600)
            file.chmod(0o600)  # it may have been there before
            file.write_text("".join(f"{token}\n" for token in tokens))
        click.echo(
            f"{people} people, {len(seed.ROOMS)} rooms" + (f"; their tokens are in {file}." if file else ".")
        )


@chat.command("new-logs")
def new_logs() -> None:
    """After a restore from a backup: rename every room's log, so that browsers read it anew."""
    with database() as (_config, db):
        click.echo(f"{db.write(rooms.renew_logs)} logs have a new name.")


@chat.command("backup")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def backup_(file: Path) -> None:
    """Write everything as of now into FILE (- is standard output), while the chat goes on."""
    with database() as (config, db), _new_file(file) as target:
        contents = backup.make(db, open_store(config.images_url), target)
        click.echo(_told(contents), err=True)
        for key in contents.lost:
            click.echo(f"The store has not the picture {key}, which it should have.", err=True)


@chat.command("restore")
@click.argument("file", type=click.File("rb"))
def restore_(file: IO[bytes]) -> None:
    """Put a backup (- is standard input) into an empty installation whose replicas and workers do not run."""
    with database() as (config, db):
        contents = backup.restore(db, open_store(config.images_url), file)
        click.echo(_told(contents), err=True)


@chat.command("wait-for")
@click.argument("what", nargs=-1, required=True, type=click.Choice(["database", "schema", "redis"]))
@click.option("--seconds", type=click.IntRange(0), default=60, show_default=True, help="How long at most.")
@click.option("--or-go-on", is_flag=True, help="End well even if it does not come.")
def wait_for(what: tuple[str, ...], seconds: int, or_go_on: bool) -> None:
    """Wait until the database answers, has this program's schema, or Redis answers."""
    config = Config.from_environment()
    end = time.monotonic() + seconds
    said = ""
    for one in what:
        while reason := _missing(config, one):
            if reason != said:
                click.echo(f"Waiting for the {one}: {reason}", err=True)
                said = reason
            if time.monotonic() >= end:
                if or_go_on:
                    click.echo(f"{one} did not come within {seconds} s; going on without.", err=True)
                    break
                raise click.ClickException(f"{one} did not come within {seconds} s: {reason}")
            time.sleep(0.5)


@contextmanager
def database(schema: bool = True) -> Iterator[tuple[Config, Database]]:
    """The database of the settings, with its schema if wanted; what it refuses ends the command with one line."""
    config = Config.from_environment()
    db = Database(config.database_url)
    try:
        if db.is_sqlite:
            migrate.upgrade(db)
        elif schema and db.read(migrate.missing):
            raise click.ClickException("The database has not this program's schema: run init-db first.")
        yield config, db
    except Refused as refused:
        raise click.ClickException(refused.detail) from None
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    except AWAY as error:
        raise click.ClickException(f"The database cannot be used: {_reason(error)}") from None
    finally:
        db.close()


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())


def _missing(config: Config, what: str) -> str:
    """Why it is not there yet; nothing if it is."""
    if what == "redis":
        bus = Bus(config.redis_url or embedded.server_url(config.data_dir))
        return "" if bus.ping() else "it does not answer"
    db = Database(config.database_url)
    try:
        missing = db.read(migrate.missing)
        return "run init-db" if missing and what == "schema" else ""
    except AWAY as error:
        return _reason(error)
    finally:
        db.close()


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Under its name only once it is whole, and for this account only."""
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from None
    finally:
        draft.unlink(missing_ok=True)


def _told(contents: backup.Contents) -> str:
    return (
        f"{contents.rows['users']} accounts, {contents.rows['rooms']} rooms, {contents.rows['messages']} messages, "
        f"{contents.pictures} pictures."
    )


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
