"""Who knocks: people with all kinds of rights, and what must stay theirs."""

from typing import Any

import requests
import sqlalchemy as sa

from chat import schema
from tests.people import Client, new_name, promote

PASSWORD = "a long enough password"


class Caller:
    """Somebody whose programs send what is bent, and who makes themselves anew when they have shut themselves out.

    Parameters
    ----------
    role : `member`, `admin` or `stranger`, who has no account.
    """

    def __init__(self, url: str, environment: dict[str, str], role: str):
        self._url, self._environment, self.role = url, environment, role
        self.others: dict[str, str] = {}  # names of what is not theirs, at which they aim as well
        self.renew()

    def renew(self) -> None:
        """A new account, with a room and a message in it."""
        self.client = Client(self._url, new_name(self.role))
        if self.role == "admin":
            promote(self._environment, self.client.id)
        self.room = self.client.room("house")
        self.names = names_of(self.client, self.room)

    def heads(self) -> dict[str, str]:
        return {} if self.role == "stranger" else {"Authorization": f"Bearer {self.client.token}"}

    def is_in(self) -> bool:
        """Whether the account and its token still open doors."""
        answer = requests.get(
            f"{self._url}/api/rooms/{self.room}",
            headers={"Authorization": f"Bearer {self.client.token}"},
            timeout=30,
        )
        return answer.status_code == 200


class Keeper:
    """Somebody who may not write, by any of their programs, and whose private room must stay as it is.

    An admin at last: nobody moderates their own rank, so that no other caller may take the room away either.

    Parameters
    ----------
    kind : `absent`, who does nothing; `reader`, whose token only reads; `banned`, whom a moderator has banned.
    """

    def __init__(self, url: str, environment: dict[str, str], kind: str, judge: Client):
        self.role = kind
        self.client = Client(url, new_name(kind))
        self.room = self.client.room("vault", private=True)
        self.names = names_of(self.client, self.room)
        self.others: dict[str, str] = {}
        self._make_token()
        if kind == "banned":
            wish = {"kind": "ban", "users": [self.client.id], "reason": "spam"}
            for _ in range(10):  # so that its number is none of those at which admins aim, who may lift it
                assert judge.post("/api/sanctions", {**wish, "minutes": 1}).status_code == 201
            assert judge.post("/api/sanctions", wish).status_code == 201
        promote(environment, self.client.id)

    def heads(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def is_in(self) -> bool:
        """Whether the token is known yet: a program may end its own, whatever its scope."""
        return requests.get(f"{self.client.url}/api/me", headers=self.heads(), timeout=30).status_code != 401

    def renew(self) -> None:
        if self.role != "banned" and not self.is_in():  # who is banned makes none any more
            self._make_token()

    def _make_token(self) -> None:
        scope = "read" if self.role == "reader" else "full"
        answer = self.client.post("/api/tokens", {"name": "reader", "scope": scope})
        self._token = answer.json()["token"]

    def rows(self, conn: sa.Connection) -> dict[str, Any]:
        """All that is in the room."""
        mine = sa.select(schema.messages.c.id).where(schema.messages.c.room_id == int(self.room))
        found = {
            "rooms": conn.execute(sa.select(schema.rooms).where(schema.rooms.c.id == int(self.room))).all()
        }
        found["users"] = conn.execute(
            sa.select(schema.users).where(schema.users.c.id == int(self.client.id))
        ).all()
        for table in schema.tables.sorted_tables:
            if table.name.startswith(("search", "audit")):  # filled behind the log; told of by others
                continue
            if "room_id" in table.c:
                where = table.c.room_id == int(self.room)
            elif "message_id" in table.c:
                where = table.c.message_id.in_(mine)
            else:
                continue
            found[table.name] = sorted(map(repr, conn.execute(sa.select(table).where(where))))
        return found


def names_of(client: Client, room: str) -> dict[str, str]:
    """What may stand in an address or a body."""
    message = client.say(room, "hello")["id"]
    token = client.get("/api/tokens").json()["tokens"][0]["id"]
    return {
        "room_id": room,
        "room": room,
        "message_id": message,
        "message": message,
        "user_id": client.id,
        "ann": client.name,
        "token_id": token,
        "session_id": "1",
        "invitation_id": "1",
        "sanction_id": "1",
        "report_id": "1",
        "run_id": "1",
        "segment_id": "1",
        "emoji": "%F0%9F%91%8D",
        "folder": "js",
        "name": "main.js",
        "version": "x",
        "thumbnail": "thumbnail",
        "new": f"c-{message}",
    }
