"""`python -m chat COMMAND`: administration, on the same settings as a replica."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from werkzeug.security import generate_password_hash

from chat import migrate, passwords, rooms, seed, users
from chat.config import Config
from chat.db import AWAY, Database
from chat.errors import Refused


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
def create_user(name: str, role: str) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    with database() as (config, db):
        users.check_name(name)
        password = _password()
        passwords.check(password, name, config.public_url)
        person = db.write(users.create, name, generate_password_hash(password, config.password_hash), role)
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
    except AWAY as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise click.ClickException(f"The database cannot be used: {reason}") from None
    finally:
        db.close()


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
