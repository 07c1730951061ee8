"""The second factor: on, off, and its recovery codes."""

from typing import TYPE_CHECKING

import flask

from chat import inputs, limits, passwords, second_factor
from chat.http import guard
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("second_factor", __name__, url_prefix="/api/me/second-factor")

    @api.get("")
    def show() -> flask.Response:
        return reply(backend.db.read(second_factor.state, me()))

    @api.post("")
    def begin() -> flask.Response:
        confirm()
        return reply(backend.db.write(second_factor.begin, me(), backend.config.secret_key), 201)

    @api.put("")
    def switch_on() -> flask.Response:
        wish = inputs.from_json(inputs.FirstCode, flask.request.get_data())
        backend.limits.take(limits.FIRST_CODES, me().id)
        codes = backend.db.write(second_factor.confirm, me(), wish.code, backend.config.secret_key)
        return reply({"recovery_codes": codes})

    @api.delete("")
    def switch_off() -> flask.Response:
        confirm()
        backend.db.write(second_factor.drop, me().id)
        return flask.Response(status=204)

    @api.post("/recovery-codes")
    def renew() -> flask.Response:
        confirm()
        return reply({"recovery_codes": backend.db.write(second_factor.renew, me())})

    def confirm() -> None:
        wish = inputs.from_json(inputs.Confirmed, flask.request.get_data())
        passwords.confirm(backend, me(), guard.credential(), wish.password, guard.address())

    return api
