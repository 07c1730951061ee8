"""Demo people, rooms and messages, for a first look and for load tests. They don't count as anybody's first."""

import random
import secrets
from typing import Any

import sqlalchemy as sa

from chat import log
from chat.db import insert, now
from chat.log import Draft
from chat.schema import members, rooms, tokens, users
from chat.users import PERSON_COLUMNS, Person, secret_hash

CAST = ("ann", "bob", "chidi", "dana", "eva", "farid", "greta", "hiro", "ines", "jonas", "kaya", "lin")
ROOMS = {
    "Photography": "Show what you have seen",
    "Cooking": "What is on the stove",
    "Music": "What is on",
    "Random": "Everything else",
}
TALK = (
    "Good morning, all!",
    "Has anybody seen the light over the harbour today?",
    "I am trying the lentil soup again, with more cumin this time.",
    "That worked better than I expected.",
    "Which lens did you use?",
    "It was the old 50 mm, wide open.",
    "There is a concert in the park on Saturday. Who is in?",
    "Count me in.",
    "Can somebody recommend a good book for the train?",
    "こんにちは、みなさん",
    "Guten Abend zusammen",
    "I will bring the speakers.",
)


def plant(conn: sa.Connection, people: int) -> list[str]:
    """Make this many people, who are members of every demo room and have talked a little.

    Returns
    -------
    One bearer token for each person.
    """
    cast = _people(conn, people)
    room_ids = [_room(conn, name, topic) for name, topic in ROOMS.items()]
    at = now()
    rows = [
        {"room_id": room, "user_id": p.id, "read_seq": 0, "joined_at": at} for room in room_ids for p in cast
    ]
    conn.execute(insert(conn, members).on_conflict_do_nothing(), rows)
    _talk(conn, cast[: len(CAST)], room_ids)
    return _tokens(conn, cast)


def _people(conn: sa.Connection, count: int) -> list[Person]:
    taken = set(conn.execute(sa.select(users.c.username_key)).scalars())
    names: list[str] = []
    number = 0
    while len(names) < count:
        name = CAST[number % len(CAST)] + ("" if number < len(CAST) else f"-{number}")
        if name not in taken:
            names.append(name)
        number += 1
    rows: list[dict[str, Any]] = [
        {
            "username": n,
            "username_key": n,
            "display_name": n.capitalize(),
            "seeded": True,
            "created_at": now(),
        }
        for n in names
    ]
    made = conn.execute(users.insert().returning(*PERSON_COLUMNS), rows)
    return sorted((Person(*row) for row in made), key=lambda person: person.id)


def _room(conn: sa.Connection, name: str, topic: str) -> int:
    """The demo room of that name, which may be there from an earlier seeding."""
    found = conn.execute(
        sa.select(rooms.c.id).where(rooms.c.name == name, rooms.c.creator_id.is_(None))
    ).scalar()
    if found is not None:
        return int(found)
    row = {"log": secrets.token_hex(8), "name": name, "topic": topic, "created_at": now()}
    return int(conn.execute(rooms.insert().values(row).returning(rooms.c.id)).scalar_one())


def _talk(conn: sa.Connection, cast: list[Person], room_ids: list[int]) -> None:
    """The same talk for the same cast, from a fixed seed."""
    chance = random.Random(7)  # noqa: S311
    drafts = [
        Draft(room, chance.choice(cast), f"seed-{secrets.token_hex(6)}", text)
        for room in room_ids
        for text in chance.sample(TALK, len(TALK))
    ]
    log.store(conn, drafts)


def _tokens(conn: sa.Connection, cast: list[Person]) -> list[str]:
    made = [secrets.token_urlsafe(32) for _ in cast]
    rows = [
        {
            "secret_hash": secret_hash(token),
            "user_id": person.id,
            "name": "seed",
            "created_at": now(),
        }
        for token, person in zip(made, cast, strict=True)
    ]
    conn.execute(tokens.insert(), rows)
    return made
