"""Pictures: in with a message, out by the address of their message."""

from typing import TYPE_CHECKING, Any

import flask
from werkzeug.exceptions import RequestEntityTooLarge

from chat import images, inputs, limits, messages, pictures, rooms
from chat.errors import Refused, not_found
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    site = flask.Blueprint("pictures", __name__)

    @site.post("/api/rooms/<room_id>/images")
    def post(room_id: str) -> flask.Response:
        room = inputs.id_of("room", room_id)
        backend.db.read(rooms.for_user, me(), room).check_member()  # before the upload is read
        with backend.limits.message(me().id, room, limits.PICTURE):
            backend.limits.take(limits.PICTURES, me().id)
            message, new = keep(room)
        return reply(message, 201 if new else 200)

    def keep(room: int) -> tuple[dict[str, Any], bool]:
        """The message with the picture that is sent, and whether it is new."""
        flask.request.max_content_length = pictures.LIMIT + 100_000
        file, wish = _form()
        pinned = images.keep(backend, file)
        new = False
        try:
            reply_to = inputs.reply_id(wish.reply_to)
            message, new = messages.post(backend, me(), room, wish.text, wish.client_id, reply_to, pinned)
        finally:
            if not new:
                images.let_go(backend, pinned)
        return message, new

    @site.get("/images/<message_id>", defaults={"thumbnail": False})
    @site.get("/images/<message_id>/<any(thumbnail):thumbnail>")
    def show(message_id: str, thumbnail: str | bool) -> flask.Response:
        image = backend.db.read(messages.picture, me(), inputs.id_of("message", message_id))
        try:
            content_type, chunks, size = images.open_file(backend, image, bool(thumbnail))
        except FileNotFoundError:
            raise not_found("picture of the message", message_id) from None
        answer = flask.Response(chunks, mimetype=content_type)
        answer.content_length = size
        answer.headers["Content-Disposition"] = "inline"
        answer.headers["Cache-Control"] = "private, max-age=3600"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    return site


def _form():
    try:
        file = flask.request.files.get("image")
    except RequestEntityTooLarge:
        raise Refused(
            "too_large",
            f"The picture is larger than the {pictures.LIMIT} bytes accepted, or a field beside it is far too long.",
        ) from None
    wish = inputs.from_data(inputs.NewPicture, flask.request.form.to_dict())
    if file is None:
        raise Refused(
            "invalid", "image: missing; send the picture as multipart/form-data in a field of that name."
        )
    return file.stream, wish
