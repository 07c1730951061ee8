"""Rooms and their members."""

from typing import TYPE_CHECKING, Any

import flask

from chat import inputs, lessons, limits, membership, rooms
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.connections import Connections


def with_presence(connections: "Connections", found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of direct rooms it is shown who is here."""
    people = [user for room in found for user in room["people"] or ()]
    if people:
        online = connections.presence.online(list({int(user["id"]) for user in people}))
        for user in people:
            user["online"] = int(user["id"]) in online
    return found


def doors(backend: "Backend", connections: "Connections") -> flask.Blueprint:
    api = flask.Blueprint("rooms", __name__, url_prefix="/api/rooms")

    @api.get("")
    def list_rooms() -> flask.Response:
        return reply({"rooms": with_presence(connections, backend.db.read(rooms.all_for_user, me()))})

    @api.get("/sizes")
    def sizes() -> flask.Response:
        return reply({"sizes": backend.db.read(rooms.sizes)})

    @api.post("")
    def make_room() -> flask.Response:
        wish = inputs.from_json(inputs.NewRoom, flask.request.get_data())
        backend.limits.take(limits.ROOMS_MADE, me().id)
        room_id = backend.db.write(rooms.create, me(), wish.name, wish.topic, wish.private)
        rooms.tell(backend, room_id, me().id)
        return reply(shown(room_id), 201)

    @api.get("/<room_id>")
    def read_room(room_id: str) -> flask.Response:
        return reply(shown(inputs.id_of("room", room_id)))

    @api.patch("/<room_id>")
    def change_room(room_id: str) -> flask.Response:
        room = inputs.id_of("room", room_id)
        wish = inputs.from_json(inputs.ChangedRoom, flask.request.get_data())
        backend.db.write(rooms.change, me(), room, inputs.given(wish))
        rooms.tell_changed(backend, room)
        return reply(shown(room))

    @api.get("/<room_id>/members")
    def list_members(room_id: str) -> flask.Response:
        people = backend.db.read(membership.people_in, me(), inputs.id_of("room", room_id))
        online = connections.presence.online([person.id for person in people])
        return reply({"members": [{**person.json(), "online": person.id in online} for person in people]})

    @api.get("/<room_id>/unsure")
    def unsure(room_id: str) -> flask.Response:
        found = backend.db.read(lessons.unsure, me(), inputs.id_of("room", room_id))
        return reply({"pictures": found})

    @api.get("/<room_id>/verdicts")
    def verdicts(room_id: str) -> flask.Response:
        return reply({"verdicts": backend.db.read(lessons.said_by, me(), inputs.id_of("room", room_id))})

    @api.put("/<room_id>/members/me")
    def join(room_id: str) -> flask.Response:
        backend.limits.take(limits.JOINS, me().id)
        room = inputs.id_of("room", room_id)
        if backend.db.read(rooms.for_user, me(), room).member:  # one trip; a transaction is three
            return told(room, me().id, False)
        return told(room, me().id, backend.db.write(membership.join, me(), room))

    @api.patch("/<room_id>/members/me")
    def change_membership(room_id: str) -> flask.Response:
        room = inputs.id_of("room", room_id)
        wish = inputs.from_json(inputs.ChangedMembership, flask.request.get_data())
        backend.db.write(membership.change, me(), room, inputs.given(wish))
        rooms.tell_devices(backend, room, me().id)
        return reply(shown(room))

    @api.delete("/<room_id>/members/me")
    def leave(room_id: str) -> flask.Response:
        room = inputs.id_of("room", room_id)
        return told(room, me().id, backend.db.write(membership.leave, me(), room))

    @api.put("/<room_id>/members/<user_id>")
    def add(room_id: str, user_id: str) -> flask.Response:
        room, user = inputs.id_of("room", room_id), inputs.id_of("person", user_id)
        return told(room, user, backend.db.write(membership.add, me(), room, user))

    @api.delete("/<room_id>/members/<user_id>")
    def remove(room_id: str, user_id: str) -> flask.Response:
        room, user = inputs.id_of("room", room_id), inputs.id_of("person", user_id)
        return told(room, user, backend.db.write(membership.remove, me(), room, user))

    def shown(room_id: int) -> dict[str, Any]:
        return with_presence(connections, [backend.db.read(rooms.one_for_user, me(), room_id)])[0]

    def told(room_id: int, user_id: int, changed: bool) -> flask.Response:
        """What changes nothing is told to nobody: else one who joins again and again keeps everybody busy."""
        if changed:
            rooms.tell(backend, room_id, user_id)
        return flask.Response(status=204)

    return api
