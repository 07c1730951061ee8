"""Accounts: sign up, in and out; the password, sessions, and tokens for programs."""

from typing import TYPE_CHECKING

import flask
from flask_login import current_user

from chat import entrance, inputs, limits, passwords, sessions, tokens, users
from chat.http import guard
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("accounts", __name__, url_prefix="/api")

    @api.get("/door")
    @guard.open_to_all
    def door() -> flask.Response:
        config = backend.config
        who = backend.db.read(entrance.registration, config)
        return reply({"registration": who, "inviters": config.inviters, "provider": config.oidc_name or None})

    @api.post("/register")
    @guard.open_to_all
    def register() -> flask.Response:
        wish = inputs.from_json(inputs.Registration, flask.request.get_data())
        backend.limits.take(limits.REGISTRATIONS, limits.network(guard.address()))
        person = entrance.register(backend, wish.username, wish.password, wish.invitation)
        return reply(guard.sign_in(backend, person), 201)

    @api.post("/login")
    @guard.open_to_all
    def login() -> flask.Response:
        wish = inputs.from_json(inputs.SignIn, flask.request.get_data())
        person = entrance.sign_in(backend, wish.username, wish.password, guard.address(), wish.code)
        return reply(guard.sign_in(backend, person))

    @api.post("/logout")
    @guard.open_to_banned
    def logout() -> flask.Response:
        guard.sign_out(backend)
        answer = flask.Response(status=204)
        answer.headers["Clear-Site-Data"] = '"cache"'  # pictures, which browsers keep for an hour
        return answer

    @api.get("/me")
    @guard.open_to_banned
    def me() -> flask.Response:
        return reply(
            {
                "user": guard.me().json(),
                "csrf_token": current_user.csrf_token(),
                "language": backend.db.read(users.chosen_language, guard.me()),
                "banned": current_user.credential.is_banned,
            }
        )

    @api.put("/me")
    def change_me() -> flask.Response:
        wish = inputs.from_json(inputs.Mine, flask.request.get_data())
        backend.db.write(users.choose_language, guard.me(), wish.language)
        return flask.Response(status=204)

    @api.put("/me/password")
    def change_password() -> flask.Response:
        wish = inputs.from_json(inputs.ChangedPassword, flask.request.get_data())
        me = guard.me()
        passwords.confirm(backend, me, guard.credential(), wish.old, guard.address())
        passwords.change(backend, me, wish.new)
        if wish.end_others:
            backend.db.write(sessions.end_others, me, guard.credential())
            backend.bus.recheck(me.id)
        return flask.Response(status=204)

    @api.get("/sessions")
    def list_sessions() -> flask.Response:
        return reply(
            {"sessions": backend.db.read(sessions.all_of, backend.config, guard.me().id, guard.credential())}
        )

    @api.delete("/sessions/<session_id>")
    def end_session(session_id: str) -> flask.Response:
        backend.db.write(sessions.end_one, guard.me(), inputs.id_of("session", session_id))
        backend.bus.recheck(guard.me().id)
        return flask.Response(status=204)

    @api.delete("/sessions")
    def end_others() -> flask.Response:
        backend.db.write(sessions.end_others, guard.me(), guard.credential())
        backend.bus.recheck(guard.me().id)
        return flask.Response(status=204)

    @api.get("/users/<user_id>/sessions")
    def list_sessions_of(user_id: str) -> flask.Response:
        person = inputs.id_of("person", user_id)
        found = backend.db.read(sessions.of_other, backend.config, guard.me(), person, guard.credential())
        return reply({"sessions": found})

    @api.delete("/users/<user_id>/sessions")
    def end_sessions_of(user_id: str) -> flask.Response:
        return end_of(inputs.id_of("person", user_id))

    @api.delete("/users/<user_id>/sessions/<session_id>")
    def end_session_of(user_id: str, session_id: str) -> flask.Response:
        return end_of(inputs.id_of("person", user_id), inputs.id_of("session", session_id))

    def end_of(user_id: int, session_id: int | None = None) -> flask.Response:
        backend.db.write(sessions.end_of_other, guard.me(), user_id, session_id)
        backend.bus.recheck(user_id)
        return flask.Response(status=204)

    @api.get("/tokens")
    def list_tokens() -> flask.Response:
        return reply({"tokens": backend.db.read(tokens.all_of, guard.me())})

    @api.post("/tokens")
    def make_token() -> flask.Response:
        wish = inputs.from_json(inputs.NewToken, flask.request.get_data())
        backend.limits.take(limits.TOKENS_MADE, guard.me().id)
        return reply(backend.db.write(tokens.make, guard.me(), wish.name, wish.scope), 201)

    @api.delete("/tokens/<token_id>")
    def revoke_token(token_id: str) -> flask.Response:
        backend.db.write(tokens.revoke, guard.me(), inputs.id_of("token", token_id))
        backend.bus.recheck(guard.me().id)
        return flask.Response(status=204)

    return api
