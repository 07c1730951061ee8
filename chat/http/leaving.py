"""Taking along what is mine, and leaving for good."""

from typing import TYPE_CHECKING

import flask

from chat import export, inputs, leaving, limits, passwords
from chat.http import guard
from chat.http.guard import me

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("leaving", __name__, url_prefix="/api/me")

    @api.get("/export")
    def take_along() -> flask.Response:
        backend.limits.take(limits.EXPORTS, me().id)
        answer = flask.Response(export.stream(backend, me()), mimetype="application/zip")
        answer.headers["Content-Disposition"] = 'attachment; filename="roomful.zip"'
        return answer

    @api.delete("")
    def leave() -> flask.Response:
        wish = inputs.from_json(inputs.Leaving, flask.request.get_data())
        passwords.confirm(backend, me(), guard.credential(), wish.password, guard.address())
        leaving.leave(backend, me(), wish.messages == "remove")
        flask.session.clear()
        return flask.Response(status=204)

    return api
