"""Who is asking, and may they? Runs before every request; a door is closed unless it is marked `open_to_all`.

A person comes with a session's cookie, and then every unsafe request carries X-CSRF-Token; a program comes with a
bearer token, and then the cookie does not count. Flask-Login keeps the session's secret in Flask's signed cookie.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import flask
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from chat import sessions, tokens, users, words
from chat.errors import Refused
from chat.http import origins
from chat.users import Credential, Person

if TYPE_CHECKING:
    from chat.backend import Backend

SAFE = ("GET", "HEAD", "OPTIONS")
UNCOUNTED = ("site", "operations")  # the files of the page, and probes: as often as one likes
Door = TypeVar("Door", bound=Callable[..., Any])


class Caller(UserMixin):
    """Somebody who has shown a session or a token."""

    def __init__(self, person: Person, credential: Credential, secret: str):
        self.person = person
        self.credential = credential
        self._secret = secret

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's secret, not the person's id. It can be ended."""
        return self._secret

    def csrf_token(self) -> str:
        key = flask.current_app.config["SECRET_KEY"].encode()
        return hmac.new(key, b"csrf " + self._secret.encode(), hashlib.sha256).hexdigest()


def open_to_all(door: Door) -> Door:
    """Marks a door that strangers may use."""
    door.open_to_all = True  # type: ignore[attr-defined]
    return door


def address() -> str:
    """From where the request comes; a proxy's word counts as TRUSTED_PROXIES says."""
    return flask.request.remote_addr or ""


def open_to_banned(door: Door) -> Door:
    """Marks a door that somebody may use who is banned from everywhere: to learn why, to appeal, to go."""
    door.open_to_banned = True  # type: ignore[attr-defined]
    return door


def credential() -> Credential:
    """By what they are known."""
    return current_user.credential


def me() -> Person:
    """Whoever is asking."""
    return current_user.person


def stand(app: flask.Flask, backend: "Backend") -> None:
    """Guard every door of `app`."""
    login = LoginManager()
    app.login_manager = login  # type: ignore[attr-defined]  # its init_app would have the page's files vary by cookie
    login.session_protection = None  # an address that changes on a train is not a theft
    login.user_loader(lambda secret: _load_session(backend, secret) if _bearer() is None else None)
    login.request_loader(lambda _request: _load_token(backend, _bearer()))
    app.before_request(lambda: _check(backend))


def sign_in(backend: "Backend", person: Person) -> dict[str, Any]:
    """Begin a session; the answer that sign-in and registration give. The one that the browser had ends."""
    if current_user.is_authenticated and credential().kind == "session":
        sign_out(backend)
    secret = backend.db.write(users.open_session, person, flask.request.user_agent.string)
    caller = _load_session(backend, secret)
    assert caller
    flask.session.clear()
    flask.session.permanent = True
    login_user(caller)
    flask.g.person = person.id
    backend.db.write(users.note_browser, person, words.ours(flask.request.accept_languages.values()))
    language = backend.db.read(users.chosen_language, person)
    return {"user": person.json(), "csrf_token": caller.csrf_token(), "language": language}


def sign_out(backend: "Backend") -> None:
    """End the session or token that the request came with, and its sockets everywhere."""
    person = me()
    backend.db.write(users.end, credential())
    backend.bus.recheck(person.id)
    logout_user()
    flask.session.clear()


def _check(backend: "Backend") -> None:
    flask.request.max_content_length = 200_000
    door = flask.current_app.view_functions.get(flask.request.endpoint or "")
    unsafe = flask.request.method not in SAFE
    if (
        unsafe
        and _bearer() is None
        and not origins.allows(backend.config, flask.request.origin, flask.request.environ)
    ):
        raise Refused("foreign_origin", f"Pages of {flask.request.origin!r} may not do this here.")
    open_ = door is None or getattr(door, "open_to_all", False)
    if open_ and flask.request.blueprint in UNCOUNTED:
        return
    known = not open_ and current_user.is_authenticated
    if known:
        flask.g.person = me().id  # for the journal
    backend.limits.request(me().id if known else None, address())
    if open_:
        return
    if not current_user.is_authenticated:
        raise Refused("unauthenticated", "Sign in, or send a valid `Authorization: Bearer TOKEN`.")
    if current_user.credential.is_banned and not getattr(door, "open_to_banned", False):
        raise Refused("banned", "A moderator has banned you. GET /api/me/sanctions says why, and until when.")
    tokens.check_scope(credential().scope, flask.request.endpoint or "", flask.request.blueprint, unsafe)
    if unsafe and credential().kind == "session":
        _check_csrf(flask.request.headers.get("X-CSRF-Token", ""))


def _check_csrf(given: str) -> None:
    if not hmac.compare_digest(given.encode(), current_user.csrf_token().encode()):
        raise Refused("csrf", "Send the X-CSRF-Token that sign-in and GET /api/me give.")


def _bearer() -> str | None:
    """The token of the Authorization header. Another scheme is a proxy's in front, and none of our business."""
    scheme, _, token = flask.request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _load_session(backend: "Backend", secret: str) -> Caller | None:
    return _caller(backend, backend.db.read(users.by_session, secret, backend.config), secret)


def _load_token(backend: "Backend", secret: str | None) -> Caller | None:
    return _caller(backend, backend.db.read(users.by_token, secret), secret) if secret else None


def _caller(backend: "Backend", found: tuple[Person, Credential] | None, secret: str) -> Caller | None:
    if found is None:
        return None
    if sessions.is_stale(found[1]):
        backend.spawn(backend.db.write, sessions.note, found[1])
    return Caller(found[0], found[1], secret)
