"""Taking along what is one's own, and leaving for good."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from chat import leaving, users
from chat import schema as tables
from chat.db import now
from tests.chat.test_accounts import PASSWORD, again, promote
from tests.chat.test_users import everything_stored
from tests.people import Visitor, picture

SECRET_WORDS = "the words that only ann has said"


@pytest.fixture
def house(enter):
    """Ann's private room with Bob in it: a text of hers, a picture, an answer of his that she has reacted to."""
    ann, bob = enter("ann"), enter("bob")
    room = ann.ask("POST", "/api/rooms", name="house", private=True).json["id"]
    assert ann.code("PUT", f"/api/rooms/{room}/members/{bob.id}") == 204
    messages = f"/api/rooms/{room}/messages"
    text = ann.ask("POST", messages, text=SECRET_WORDS, client_id="1").json["id"]
    form = {"image": (io.BytesIO(picture()), "a.png"), "client_id": "2", "text": "look"}
    dropped = ann.knock.post(f"/api/rooms/{room}/images", data=form, headers=ann.headers)
    assert dropped.status_code == 201, dropped.text
    answer = bob.ask("POST", messages, text="nice", client_id="1").json["id"]
    assert ann.code("PUT", f"/api/messages/{answer}/reactions/👍") == 204
    return ann, bob, room, {"text": text, "picture": dropped.json["id"], "answer": answer}


def test_all_that_is_mine_comes_as_a_zip(backend, house):
    ann, bob, room, ids = house
    answer = ann.ask("GET", "/api/me/export")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        assert file.testzip() is None
        account = json.loads(file.read("account.json"))
        lines = [json.loads(line) for line in file.read("messages.jsonl").splitlines()]
        (name,) = [name for name in file.namelist() if name.startswith("pictures/")]
        assert (
            file.read(name)[:3] == b"\xff\xd8\xff"
            or file.read(name)[1:4] == b"PNG"
            or file.read(name)[:4] == b"RIFF"
        )
    assert account["user"]["username"] == ann.name
    assert room in [each["id"] for each in account["rooms"]]  # the Lobby may be another
    assert [each["message_id"] for each in account["reactions"]] == [ids["answer"]]
    assert [(each["id"], each["text"]) for each in lines] == [
        (ids["text"], SECRET_WORDS),
        (ids["picture"], "look"),
    ]
    assert lines[1]["picture"] == name
    whole = answer.data + b"".join(
        zipfile.ZipFile(io.BytesIO(answer.data)).read(n) for n in ("account.json",)
    )
    assert b"nice" not in whole and bob.name.encode() not in whole and b"pbkdf2" not in whole
    assert Visitor(ann.knock.application).code("GET", "/api/me/export") == "unauthenticated"


def test_who_leaves_is_nobody_and_what_was_said_stays(backend, app, house):
    ann, bob, room, ids = house
    token = ann.ask("POST", "/api/tokens", name="laptop").json["token"]
    day = {"room_id": int(room), "day": 1, "user_id": ann.id}
    backend.db.write(lambda conn: conn.execute(tables.activity.insert().values(day)))
    verdict = {"message_id": int(ids["picture"]), "user_id": ann.id, "room_id": int(room), "verdict": "right"}
    verdict |= {"model": "m", "created_at": now()}
    backend.db.write(lambda conn: conn.execute(tables.lessons.insert().values(verdict)))
    assert ann.code("DELETE", "/api/me", password="a wrong one") == "wrong_password"
    assert ann.code("DELETE", "/api/me", password=PASSWORD, messages="keep") == 204
    assert ann.code("GET", "/api/me") == "unauthenticated"
    assert Visitor(app, token=token).code("GET", "/api/me") == "unauthenticated"
    assert again(app, ann) == "bad_credentials"
    assert ann.name not in everything_stored(backend)
    found = {m["id"]: m for m in bob.ask("GET", f"/api/rooms/{room}/messages").json["messages"]}
    assert found[ids["text"]]["text"] == SECRET_WORDS and found[ids["picture"]]["image"]
    assert found[ids["text"]]["author"]["display_name"] == users.GONE
    assert [m["id"] for m in bob.ask("GET", f"/api/rooms/{room}/members").json["members"]] == [str(bob.id)]
    for table in (tables.sessions, tables.tokens, tables.activity, tables.lessons, tables.members):
        theirs = sa.select(sa.func.count()).select_from(table).where(table.c.user_id == ann.id)
        assert backend.db.read(lambda conn, theirs=theirs: conn.scalar(theirs)) == 0, table.name
    newcomer = Visitor(app)
    assert newcomer.code("POST", "/api/register", username=ann.name, password=PASSWORD) == 201
    assert newcomer.ask("GET", f"/api/rooms/{room}/messages").status_code == 404


def test_who_wants_so_takes_their_words_along(backend, house):
    """Also from a room that nobody can read any more; each deletion is an event for those who look on."""
    ann, bob, room, ids = house
    before = bob.ask("GET", f"/api/rooms/{room}").json["last_seq"]
    alone = ann.ask("POST", "/api/rooms", name="alone", private=True).json["id"]
    ann.ask("POST", f"/api/rooms/{alone}/messages", text=SECRET_WORDS + " too", client_id="3")
    assert ann.code("DELETE", "/api/me", password=PASSWORD, messages="remove") == 204
    leaving.sweep(backend)
    found = {m["id"]: m for m in bob.ask("GET", f"/api/rooms/{room}/messages").json["messages"]}
    for which in ("text", "picture"):
        assert (
            found[ids[which]]["deleted_at"]
            and not found[ids[which]]["text"]
            and not found[ids[which]]["image"]
        )
    assert found[ids["answer"]]["text"] == "nice" and found[ids["answer"]]["reactions"] == {}
    assert bob.ask("GET", f"/api/rooms/{room}").json["last_seq"] == before + 3
    assert SECRET_WORDS not in everything_stored(backend)
    left = sa.select(tables.users.c.erase).where(tables.users.c.id == ann.id)
    assert backend.db.read(lambda conn: conn.scalar(left)) is False


def test_the_last_admin_stays_until_there_is_another(backend, enter):
    ann, bob = enter("ann"), enter("bob")
    backend.db.write(lambda conn: conn.execute(tables.users.update().values(role="member")))
    promote(backend, ann)
    assert ann.code("DELETE", "/api/me", password=PASSWORD) == "last_admin"
    promote(backend, bob)
    assert ann.code("DELETE", "/api/me", password=PASSWORD) == 204
    assert bob.code("DELETE", "/api/me", password=PASSWORD) == "last_admin"


def test_everything_that_refers_to_people_says_what_becomes_of_it():
    """Else somebody who leaves would be kept by it: messages' authors are the only ones who stay, as nobody."""
    kept = {
        (table.name, key.parent.name)
        for table in tables.tables.sorted_tables
        for key in table.foreign_keys
        if key.column.table is tables.users and key.ondelete not in ("CASCADE", "SET NULL")
    }
    assert kept == {("messages", "author_id")}
