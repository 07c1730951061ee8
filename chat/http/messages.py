"""Messages and search."""

import dataclasses
from typing import TYPE_CHECKING

import flask

from chat import deletions, inputs, lessons, limits, messages, search
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("messages", __name__, url_prefix="/api")

    @api.get("/rooms/<room_id>/messages")
    def list_messages(room_id: str) -> flask.Response:
        before = inputs.number("before", query("before"), 0, inputs.LARGEST)
        after = inputs.number("after", query("after"), 0, inputs.LARGEST)
        limit = inputs.number("limit", query("limit"), 1, messages.PAGE_LIMIT, 50)
        inputs.not_both("before", before, "after", after)
        return reply(
            backend.db.read(messages.page, me(), inputs.id_of("room", room_id), before, after, limit)
        )

    @api.post("/rooms/<room_id>/messages")
    def post(room_id: str) -> flask.Response:
        room = inputs.id_of("room", room_id)
        wish = inputs.from_json(inputs.NewMessage, flask.request.get_data())
        reply_to = inputs.reply_id(wish.reply_to)
        with backend.limits.message(me().id, room):
            message, new = messages.post(backend, me(), room, wish.text, wish.client_id, reply_to)
        return reply(message, 201 if new else 200)

    @api.get("/messages/<message_id>")
    def read(message_id: str) -> flask.Response:
        return reply(backend.db.read(messages.one, me(), inputs.id_of("message", message_id)))

    @api.patch("/messages/<message_id>")
    def edit(message_id: str) -> flask.Response:
        id_ = inputs.id_of("message", message_id)
        wish = inputs.from_json(inputs.ChangedMessage, flask.request.get_data())
        return reply(messages.edit(backend, me(), id_, wish.text))

    @api.delete("/messages/<message_id>")
    def delete(message_id: str) -> flask.Response:
        deletions.delete(backend, me(), inputs.id_of("message", message_id))
        return flask.Response(status=204)

    @api.get("/messages/<message_id>/versions")
    def history(message_id: str) -> flask.Response:
        found = backend.db.read(messages.history, me(), inputs.id_of("message", message_id))
        return reply({"versions": found})

    @api.delete("/messages/<message_id>/versions")
    def forget_history(message_id: str) -> flask.Response:
        backend.db.write(messages.forget_history, me(), inputs.id_of("message", message_id))
        return flask.Response(status=204)

    @api.put("/messages/<message_id>/reactions/<path:emoji>")
    def react(message_id: str, emoji: str) -> flask.Response:
        messages.react(backend, me(), inputs.id_of("message", message_id), inputs.emoji(emoji), put=True)
        return flask.Response(status=204)

    @api.delete("/messages/<message_id>/reactions/<path:emoji>")
    def take_back(message_id: str, emoji: str) -> flask.Response:
        messages.react(backend, me(), inputs.id_of("message", message_id), inputs.emoji(emoji), put=False)
        return flask.Response(status=204)

    @api.put("/messages/<message_id>/verdict")
    def judge(message_id: str) -> flask.Response:
        id_ = inputs.id_of("message", message_id)
        wish = inputs.from_json(inputs.Verdict, flask.request.get_data())
        lessons.judge(backend, me(), id_, wish.verdict, wish.label)
        return flask.Response(status=204)

    @api.get("/search")
    def find() -> flask.Response:
        limit = inputs.number("limit", query("limit"), 1, 100, 20)
        backend.limits.take(limits.SEARCHES, me().id)
        found = backend.db.read(search.find, me(), _wish(), limit)
        standing = [m for m in messages.load(backend, found.ids) if not m["deleted_at"]]
        return reply({"messages": standing, "next": found.next and str(found.next)})

    @api.get("/search/labels")
    def list_labels() -> flask.Response:
        return reply({"labels": backend.db.read(search.labels, me())})

    return api


def query(name: str) -> str | None:
    return flask.request.args.get(name)


def _wish() -> search.Wish:
    """What the query string searches for; words may be missing beside something else."""
    room, author, before = query("room"), query("author"), query("before")
    wish = search.Wish(
        room_id=inputs.id_of("room", room) if room else None,
        author_id=inputs.id_of("user", author) if author else None,
        picture=inputs.one_of("has", query("has"), ("picture",)) is not None,
        label=inputs.query_text("label", query("label"), 60) if query("label") is not None else None,
        before=inputs.id_of("message", before) if before else None,
    )
    if wish.narrows and not query("q"):
        return wish
    return dataclasses.replace(wish, text=inputs.query_text("q", query("q"), 200))
