"""Finding people, writing to them directly, and letting them in by a link."""

from typing import TYPE_CHECKING

import flask

from chat import direct, inputs, limits, room_links, rooms, users
from chat.http.guard import me
from chat.http.problems import reply
from chat.http.rooms import with_presence
from chat.times import rfc3339

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.connections import Connections

FOUND = 20  # people, by default


def doors(backend: "Backend", connections: "Connections") -> flask.Blueprint:
    api = flask.Blueprint("people", __name__, url_prefix="/api")

    @api.get("/users")
    def find() -> flask.Response:
        words, limit = flask.request.args.get("q"), flask.request.args.get("limit")
        backend.limits.take(limits.SEARCHES, me().id)
        most = inputs.number("limit", limit, 1, 100, FOUND)
        wanted = inputs.query_text("q", words, 80).strip() if words else ""
        found = backend.db.read(users.find, wanted, most)
        online = connections.presence.online([person.id for person in found])
        return reply({"users": [{**person.json(), "online": person.id in online} for person in found]})

    @api.put("/direct")
    def open_direct() -> flask.Response:
        wish = inputs.from_json(inputs.Direct, flask.request.get_data())
        others = [inputs.id_of("person", user) for user in wish.users]
        room_id, is_new = backend.db.read(direct.find, me(), others), False
        if room_id is None:
            backend.limits.take(limits.ROOMS_MADE, me().id)
            room_id, is_new = backend.db.write(direct.open, me(), others)
        for user_id in {me().id, *others} if is_new else {me().id}:
            rooms.tell(backend, room_id, user_id)
        room = backend.db.read(rooms.one_for_user, me(), room_id)
        return reply(with_presence(connections, [room])[0], 201 if is_new else 200)

    @api.put("/rooms/<room_id>/link")
    def make_link(room_id: str) -> flask.Response:
        room = inputs.id_of("room", room_id)
        secret, expires_at = backend.db.write(room_links.make, me(), room)
        return reply({"link": secret, "expires_at": rfc3339(expires_at)})

    @api.delete("/rooms/<room_id>/link")
    def end_link(room_id: str) -> flask.Response:
        backend.db.write(room_links.end, me(), inputs.id_of("room", room_id))
        return flask.Response(status=204)

    @api.post("/join")
    def follow_link() -> flask.Response:
        wish = inputs.from_json(inputs.FollowedLink, flask.request.get_data())
        backend.limits.take(limits.JOINS, me().id)
        room_id = backend.db.write(room_links.follow, me(), wish.link)
        rooms.tell(backend, room_id, me().id)
        room = backend.db.read(rooms.one_for_user, me(), room_id)
        return reply(with_presence(connections, [room])[0])

    return api
