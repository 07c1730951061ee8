"""The peer: a chat as Flask-SocketIO's guide builds it, on eventlet and with Redis between replicas.

It stores nothing, believes every token, and says and hears the same events as Roomful, so that frames are as long.
"""

# ruff: noqa: E402

import eventlet

eventlet.monkey_patch()

import collections
import datetime
import itertools
import os

import flask
from flask_socketio import SocketIO, emit, join_room

app = flask.Flask(__name__)
socketio = SocketIO(
    app,
    async_mode="eventlet",
    message_queue=os.environ["REDIS_URL"],
    cors_allowed_origins="*",
)
numbers: collections.Counter[str] = collections.Counter()  # room → the number of its last event
authors: dict[str, dict] = {}
ids = itertools.count(1)


@socketio.on("connect")
def connect(_auth=None):
    id_ = next(ids)
    name = f"ann-{id_}"
    authors[flask.request.sid] = {
        "id": str(id_),
        "username": name,
        "display_name": name.capitalize(),
        "role": "member",
        "bot": False,
    }


@socketio.on("disconnect")
def disconnect(_reason=None):
    authors.pop(flask.request.sid, None)


@socketio.on("join")
def join(wish):
    room = wish["room"]
    join_room(room)
    return {
        "ok": True,
        "room": room,
        "log": "0123456789abcdef",
        "last_seq": numbers[room],
        "events": [],
        "reset": False,
    }


@socketio.on("send")
def send(wish):
    room = wish["room"]
    numbers[room] += 1
    at = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = {
        "id": f"{room}-{numbers[room]}",
        "room": room,
        "seq": numbers[room],
        "author": authors[flask.request.sid],
        "text": wish["text"],
        "image": None,
        "labels": None,
        "reply_to": None,
        "client_id": wish["client_id"],
        "reactions": {},
        "created_at": at,
        "edited_at": None,
        "deleted_at": None,
    }
    event = {"room": room, "seq": numbers[room], "type": "message", "message": message, "at": at}
    emit("event", event, to=room)
    return {"ok": True, "message": message}


if __name__ == "__main__":
    # max_size: eventlet stops accepting at 1,024 clients otherwise
    socketio.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), max_size=1_000_000)
