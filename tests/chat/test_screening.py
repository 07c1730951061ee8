"""Pictures that a room holds for review or refuses: who sees them when, and who is told what."""

import io

import pytest
import sqlalchemy as sa

from chat import images, messages, moderators, rooms, sanctions, screening, users
from chat.app import create_app
from chat.schema import holds, members
from tests.people import Visitor, new_id, picture


@pytest.fixture
def lounge(backend, person, room):
    """Ann's room with Bob, Mia and Mo, who moderates it; Ada is an admin. It holds spiders and refuses scorpions."""

    class Lounge:
        ann, bob, mia, mo, ada = *map(person, ("ann", "bob", "mia", "mo")), person("ada", "admin")
        id = room(ann, bob, mia, mo)
        vision = users.ensure_bot(backend, "vision", "Says what is in a picture")

        def change(self, **changes):
            backend.db.write(rooms.change, self.ann, self.id, changes)

        def drop(self, who):
            pinned = images.keep(backend, io.BytesIO(picture()))
            return int(messages.post(backend, who, self.id, "", new_id(), None, pinned)[0]["id"])

        def says(self, id_, **labels):
            told = [{"label": label, "probability": sure} for label, sure in labels.items()]
            [answer] = screening.answer_all(
                backend, self.vision, [messages.Reply(id_, "That.", told or None)]
            )
            return answer

        def held(self, id_):
            [message] = messages.load(backend, [id_])
            return message["image"] and message["image"]["held"]

    place = Lounge()
    moderates = members.update().where(members.c.user_id == place.mo.id).values(moderates=True)
    backend.db.write(lambda conn: conn.execute(moderates))
    place.change(hold_labels=["Spider"], refuse_labels=["蝎子"], picture_sure=60)
    return place


@pytest.fixture
def door(backend):
    """Knocks for a person: the status of the answer, or its JSON."""
    app = create_app(backend)

    def knock(who, method, path):
        answer = Visitor(app, token=backend.db.write(users.open_token, who, "x")).ask(method, path)
        return answer.json if answer.status_code == 200 and answer.is_json else answer.status_code

    return knock


def seen_by(lounge, door, id_):
    people = {"bob": lounge.bob, "mia": lounge.mia, "mo": lounge.mo, "ann": lounge.ann, "ada": lounge.ada}
    paths = (f"/images/{id_}", f"/images/{id_}/thumbnail")
    return {name for name, who in people.items() if [door(who, "GET", path) for path in paths] == [200, 200]}


def test_a_picture_is_covered_until_the_bot_has_spoken_and_held_for_what_the_room_lists(
    backend, lounge, door
):
    harmless, spider, unsure = (lounge.drop(lounge.bob) for _ in range(3))
    others = {"bob", "mo", "ann", "ada"}
    assert [lounge.held(id_) for id_ in (harmless, spider, unsure)] == ["waiting"] * 3
    assert seen_by(lounge, door, spider) == others
    lounge.says(harmless, teapot=0.9, spider=0.1)
    lounge.says(unsure, spider=0.59)
    lounge.says(spider, SPIDER=0.6)
    assert [lounge.held(id_) for id_ in (harmless, spider, unsure)] == [None, "held", None]
    assert seen_by(lounge, door, harmless) == seen_by(lounge, door, unsure) == {*others, "mia"}
    assert seen_by(lounge, door, spider) == others

    [shown] = door(lounge.mo, "GET", "/api/held")["pictures"]
    assert (shown["message"]["id"], shown["label"], shown["probability"]) == (str(spider), "SPIDER", 0.6)
    for who in (lounge.bob, lounge.mia):
        assert door(who, "GET", "/api/held") == 403
        assert door(who, "DELETE", f"/api/messages/{spider}/hold") == 403
    assert door(lounge.mo, "DELETE", f"/api/messages/{spider}/hold") == 204
    assert lounge.held(spider) is None and "mia" in seen_by(lounge, door, spider)
    assert door(lounge.mo, "GET", "/api/held") == {"pictures": []}
    events = messages.events_after
    last = backend.db.read(events, lounge.id, 0, 100)[-1]
    assert (last["type"], last["message"]["id"], last["message"]["edited_at"]) == ("edit", str(spider), None)
    acts = backend.db.read(moderators.acts, lounge.mo, lounge.id)
    assert [act["act"] for act in acts[:2]] == ["release_picture", "hold_picture"]
    lounge.says(spider, spider=0.9)
    assert lounge.held(spider) is None, "what somebody has decided stays decided"


def test_what_a_room_refuses_is_removed_and_its_sender_told_why(backend, lounge, door):
    scorpion = lounge.drop(lounge.bob)
    lounge.says(scorpion, spider=0.7, scorpion=0.93)
    [message] = messages.load(backend, [scorpion])
    assert message["deleted_at"] and message["image"] is None
    assert seen_by(lounge, door, scorpion) == set()
    [notice] = backend.db.read(sanctions.of_person, lounge.bob)
    assert (notice["kind"], notice["reason"], notice["room"]["id"]) == (
        "refuse",
        "scorpion (93%)",
        str(lounge.id),
    )
    assert backend.db.read(sanctions.listed, lounge.ada, None, None, True) == []
    assert backend.db.read(moderators.acts, lounge.mo, lounge.id)[0]["act"] == "refuse_picture"
    messages.post(backend, lounge.bob, lounge.id, "I may write on", "x")


def test_what_no_bot_speaks_of_stays_covered_and_comes_to_the_moderators(backend, lounge, door):
    silent, theirs = lounge.drop(lounge.bob), lounge.drop(lounge.mo)
    assert lounge.held(theirs) is None, "who moderates the room is not bound"
    lounge.says(silent)
    assert lounge.held(silent) == "waiting"
    assert door(lounge.mo, "GET", "/api/held") == {"pictures": []}
    backend.db.write(lambda conn: conn.execute(sa.update(holds).values(created_at=1)))
    [shown] = door(lounge.ada, "GET", "/api/held")["pictures"]
    assert (shown["message"]["id"], shown["label"]) == (str(silent), None)
    assert door(lounge.ada, "DELETE", f"/api/messages/{silent}") == 204
    assert door(lounge.ada, "GET", "/api/held") == {"pictures": []}


def test_what_was_made_from_a_held_picture_is_held_with_it(backend, lounge, door):
    spider = lounge.drop(lounge.bob)
    lounge.says(spider, spider=0.9)
    asked = int(messages.post(backend, lounge.mo, lounge.id, "why?", new_id(), spider)[0]["id"])
    copy = messages.answer(backend, lounge.vision, asked, "Here.", None, picture("red"), picture_of=spider)
    id_ = int(copy["id"])
    assert lounge.held(id_) == "held" and seen_by(lounge, door, id_) == {"bob", "mo", "ann", "ada"}
    screening.release(backend, lounge.mo, spider)
    assert lounge.held(id_) is None and "mia" in seen_by(lounge, door, id_)


def test_a_room_without_such_rules_covers_nothing(backend, lounge):
    lounge.change(hold_labels=[], refuse_labels=[])
    spider = lounge.drop(lounge.bob)
    assert lounge.held(spider) is None
    lounge.says(spider, spider=0.9, scorpion=0.9)
    assert lounge.held(spider) is None
