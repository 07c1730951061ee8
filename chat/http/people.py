"""Finding people, and writing to them directly."""

from typing import TYPE_CHECKING

import flask

from chat import direct, inputs, rooms, users
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.connections import Connections

FOUND = 20  # people, by default


def doors(backend: "Backend", connections: "Connections") -> flask.Blueprint:
    api = flask.Blueprint("people", __name__, url_prefix="/api")

    @api.get("/users")
    def find() -> flask.Response:
        words, limit = flask.request.args.get("q"), flask.request.args.get("limit")
        most = inputs.number("limit", limit, 1, 100, FOUND)
        wanted = inputs.query_text("q", words, 80).strip() if words else ""
        found = backend.db.read(users.find, wanted, most)
        online = connections.presence.online([person.id for person in found])
        return reply({"users": [{**person.json(), "online": person.id in online} for person in found]})

    @api.put("/direct")
    def open_direct() -> flask.Response:
        wish = inputs.from_json(inputs.Direct, flask.request.get_data())
        others = [inputs.id_of("person", user) for user in wish.users]
        room_id, is_new = backend.db.write(direct.open, me(), others)
        for user_id in {me().id, *others} if is_new else {me().id}:
            rooms.tell(backend, room_id, user_id)
        return reply(backend.db.read(rooms.one_for_user, me(), room_id), 201 if is_new else 200)

    return api
