"""Every door and every event × every role: who may, and what the others are told. `doors.py` has the table."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from chat import db, images, invitations, membership, messages, reports, room_links, rooms, schema, users
from chat.app import create_app
from chat.backend import Backend
from chat.config import Config
from chat.sockets import _Doors
from chat.users import Person
from tests.people import Socket, Visitor, new_id, new_name, picture
from tests.system.doors import CODES, DOORS, EVENTS, IN_A_ROOM, OPENS, OUTSIDE, ROLES, handshake

MEMBERS = set(ROLES) - OUTSIDE - {"stranger"}
RANKS = {"moderator": "moderator", "admin": "admin", "read": "admin", "write": "admin"}
HOUR = 3_600_000


@pytest.fixture(scope="module")
def backend(environment) -> Iterator[Backend]:
    """On the replicas' own database, in this process: what is made here, they serve."""
    opened = Backend.open(Config.from_environment(environment))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(backend):
    return create_app(backend)


def test_every_door_and_every_event_has_a_row(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == {row.partition("#")[0] for row in DOORS}
    events = {name for name in vars(_Doors) if not name.startswith("_")}
    assert events - {"open", "connect", "disconnect"} == EVENTS.keys()


@pytest.mark.parametrize("private", [False, True])
def test_each_door_opens_to_whom_it_should(private, backend, app):
    wrong, readers = [], House(backend, private)
    for row, (request, body, *who) in DOORS.items():
        if private and not any(name in request for name in IN_A_ROOM):
            continue
        # Who changes something may be somebody else afterwards.
        house = readers if request.startswith("GET") else House(backend, private)
        for role, letter in zip(ROLES, expected(who, private), strict=True):
            if row.startswith("site.") and role not in ("stranger", "banned"):
                continue  # files, which nobody has to be somebody for
            got = knock(app, house, role, row, request, body)
            if got != letter:
                wrong.append((row, role, letter, got))
    assert wrong == []


def expected(who: list[str], private: bool) -> str:
    """A row's letters; of a private room, those who are outside find nothing."""
    if not private:
        return who[0]
    letters = who[-1]
    return "".join("-" if role in OUTSIDE else letter for role, letter in zip(ROLES, letters, strict=True))


def knock(app: Any, house: "House", role: str, row: str, request: str, body: Any) -> str:
    """The letter of what the door says."""
    house.caller = house.people[role]
    method, path = request.format_map(house).split(" ")
    visitor = Visitor(app, token=house.tokens[role])
    if body == "form":
        form = {"client_id": new_id(), "image": (io.BytesIO(picture()), "a.png")}
        answer = visitor.knock.open(path, method=method, headers=visitor.headers, data=form)
    else:
        answer = visitor.ask(method, path, filled(house, body))
    if answer.status_code < 400:
        return "+"
    return letter_of(answer.json["code"], row)


def letter_of(code: str, row: str) -> str:
    if code in OPENS.get(row, ()):
        return "+"
    return next((letter for letter, known in CODES.items() if known == code), code)


def filled(house: "House", body: Any) -> Any:
    if isinstance(body, dict):
        return {name: filled(house, value) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(house, value) for value in body]
    return body.format_map(house) if isinstance(body, str) else body


@pytest.mark.parametrize("private", [False, True])
def test_each_event_is_taken_from_whom_it_should(private, backend, replica):
    house, wrong = House(backend, private), []
    for column, role in enumerate(ROLES):
        if role in ("stranger", "banned"):
            refused = handshake(replica.url, {"token": house.tokens[role] or "none"})
            said = dict.fromkeys(EVENTS, letter_of(refused["message"], ""))
        else:
            socket = Socket(replica.url, house.tokens[role])
            said = {event: tell(house, socket, event) for event in EVENTS}
            socket.close()
        for event, (_data, *who) in EVENTS.items():
            letter = expected(who, private)[column]
            if role in OUTSIDE and private and event == "leave":
                letter = "+"  # to leave where one is not is what one wants
            if said[event] != letter:
                wrong.append((event, role, letter, said[event]))
    assert wrong == []


def tell(house: "House", socket: Socket, event: str) -> str:
    data = filled(house, {"room": "{room}", **EVENTS[event][0]})
    answer = socket.call(event, data)
    return "+" if answer["ok"] else letter_of(answer["error"]["code"], event)


class House:
    """A room, somebody of each role, and what they knock for, made anew whenever a row names it."""

    def __init__(self, backend: Backend, private: bool):
        self._backend = backend
        self.tokens: dict[str, str | None] = {"stranger": None}
        self.people: dict[str, Person] = {}
        self._picture = ""
        backend.db.write(self._build, private)
        self.caller = self.people["stranger"]

    def _build(self, conn: sa.Connection, private: bool) -> None:
        for role in ROLES:
            rank = RANKS.get(role, "member")
            self.people[role] = users.create(conn, new_name("p"), None, rank, bot=role == "bot")
        for role in ROLES[1:]:
            scope = role if role in ("read", "write") else "full"
            self.tokens[role] = users.open_token(conn, self.people[role], "roles", scope)
        self._room = rooms.create(conn, self.people["creator"], "house", private=private)
        for role in MEMBERS - {"creator"}:
            membership.let_in(conn, self._room, self.people[role].id)
        here = schema.members.c.user_id == self.people["moderates here"].id
        conn.execute(schema.members.update().where(here).values(moderates=True))
        other = rooms.create(conn, self.people["moderates elsewhere"], "elsewhere")
        membership.let_in(conn, other, self.people["outsider"].id)
        self._sanction(conn, "mute", self.people["muted"], self._room)
        self._sanction(conn, "ban", self.people["banned here"], self._room)
        self._sanction(conn, "ban", self.people["banned"], None)

    def __getitem__(self, name: str) -> str:
        """What `{name}` of a row stands for: in one transaction where it can be."""
        if make := getattr(self, f"in_db_{name}", None):
            return str(self._backend.db.write(make))
        return str(getattr(self, f"said_{name}")())

    def in_db_name(self, _conn: sa.Connection) -> str:
        return new_name("x")

    def in_db_room(self, _conn: sa.Connection) -> int:
        return self._room

    def in_db_user(self, conn: sa.Connection) -> int:
        return self._member(conn).id

    def in_db_member_name(self, conn: sa.Connection) -> str:
        return self._member(conn).username

    def in_db_newcomer(self, conn: sa.Connection) -> int:
        return users.create(conn, new_name("new")).id

    def in_db_token(self, conn: sa.Connection) -> int:
        return self._token(conn, self.caller)

    def in_db_others_token(self, conn: sa.Connection) -> int:
        return self._token(conn, self._member(conn))

    def in_db_session(self, conn: sa.Connection) -> int:
        return self._session(conn, self.caller)

    def in_db_others_session(self, conn: sa.Connection) -> int:
        return self._session(conn, self._member(conn))

    def in_db_their_session(self, conn: sa.Connection) -> str:
        """The end of its address."""
        member = self._member(conn)
        return f"{member.id}/sessions/{self._session(conn, member)}"

    def in_db_link(self, conn: sa.Connection) -> str:
        """Into another room, which is private."""
        cellar = rooms.create(conn, self.people["creator"], "cellar", private=True)
        return room_links.make(conn, self.people["creator"], cellar)[0]

    def in_db_invitation(self, conn: sa.Connection) -> str:
        made = invitations.make(conn, self._backend.config, self.people["admin"], 1, 1)
        return str(made["id"])

    def in_db_mute(self, conn: sa.Connection) -> int:
        return self._sanction(conn, "mute", self._member(conn), self._room)

    def in_db_of_me(self, conn: sa.Connection) -> int:
        return self._sanction(conn, "mute", self.caller, None)

    def in_db_appealed(self, conn: sa.Connection) -> int:
        id_ = self.in_db_mute(conn)
        appeal = {"appeal": "It was a joke", "appealed_at": db.now()}
        conn.execute(schema.sanctions.update().where(schema.sanctions.c.id == id_).values(appeal))
        return id_

    def said_message(self) -> str:
        return self._say()["id"]

    def said_mine(self) -> str:
        """Written by who asks, before whatever has befallen them."""
        id_ = int(self._say()["id"])
        theirs = schema.messages.update().where(schema.messages.c.id == id_).values(author_id=self.caller.id)
        self._backend.db.write(lambda conn: conn.execute(theirs))
        return str(id_)

    def said_picture(self) -> str:
        self._picture = self._picture or self._say(images.keep(self._backend, io.BytesIO(picture())))["id"]
        return self._picture

    def said_answer(self) -> str:
        labels = [{"label": "teapot", "probability": 0.9}]
        answer = messages.answer(
            self._backend, self.people["bot"], int(self.said_picture()), "teapot", labels
        )
        assert answer
        return str(answer["id"])

    def said_report(self) -> str:
        return reports.make(self._backend, self.people["creator"], int(self.said_message()), "spam")[0]["id"]

    def _say(self, pinned: images.Pinned | None = None) -> dict[str, Any]:
        author = self._backend.db.write(self._member)
        said, _new = messages.post(self._backend, author, self._room, "hello", new_id(), None, pinned)
        return said

    def _member(self, conn: sa.Connection) -> Person:
        """Somebody more in the room."""
        person = users.create(conn, new_name("more"))
        membership.let_in(conn, self._room, person.id)
        return person

    def _session(self, conn: sa.Connection, person: Person) -> int:
        found = users.by_session(conn, users.open_session(conn, person), self._backend.config)
        assert found
        return found[1].id

    def _token(self, conn: sa.Connection, person: Person) -> int:
        found = users.by_token(conn, users.open_token(conn, person, "one more"))
        assert found
        return found[1].id

    def _sanction(self, conn: sa.Connection, kind: str, person: Person, room: int | None) -> int:
        """By who moderates the room."""
        by, at = self.people["moderates here"].id, db.now()
        row = {"kind": kind, "user_id": person.id, "room_id": room, "reason": "spam", "by_id": by}
        row |= {"created_at": at, "ends_at": at + HOUR}
        return int(
            conn.execute(schema.sanctions.insert().values(row).returning(schema.sanctions.c.id)).scalar_one()
        )
