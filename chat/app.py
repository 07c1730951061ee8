"""The web replica: every door, in one Flask application."""

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chat import images, leaving, metrics, sessions
from chat import links as links_
from chat.backend import Backend
from chat.connections import Connections
from chat.http import (
    accounts,
    guard,
    identity,
    links,
    messages,
    moderation,
    operations,
    people,
    pictures,
    problems,
    rooms,
    second_factor,
    segments,
    site,
)
from chat.http import leaving as leaving_doors
from chat.hub import Rounds
from chat.sockets import open_sockets

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

NOTHING = "default-src 'none'; frame-ancestors 'none'"  # of what is not the page: it loads and runs nothing

access_log = logging.getLogger("roomful.access")


def create_app(backend: Backend) -> flask.Flask:
    """The doors over `backend`, and the rounds that keep this replica true."""
    config = backend.config
    app = flask.Flask("roomful", static_folder=None)
    secure = (config.public_url or "").startswith("https:")
    app.config.update(
        SECRET_KEY=config.secret_key,
        # The prefix has browsers take it only over TLS, for this host alone: no other host of the domain can set it.
        SESSION_COOKIE_NAME="__Host-roomful" if secure else "roomful",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=config.session_days),
    )
    app.before_request(_begin)
    guard.stand(app, backend)
    problems.handle_errors(app, backend.limits)
    connections = open_sockets(app, backend)
    for doors in (
        accounts.doors(backend),
        links.doors(backend),
        second_factor.doors(backend),
        identity.doors(app, backend),
        leaving_doors.doors(backend),
        rooms.doors(backend, connections),
        people.doors(backend, connections),
        messages.doors(backend),
        moderation.doors(backend),
        pictures.doors(backend),
        segments.doors(backend),
        operations.doors(backend),
        site.doors(),
    ):
        app.register_blueprint(doors)
    app.after_request(_finish)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    metrics.watch(backend, connections)
    app.extensions["roomful"] = connections
    return app


def start_rounds(backend: Backend, connections: Connections) -> Rounds:
    """What a replica does again and again beside serving."""
    backend.bus.listen()
    backend.indexer.start()
    rounds = Rounds()
    rounds.every(1, connections.wire.sweep)
    rounds.every(1, connections.follower.look_at_all)
    rounds.every(4, connections.recheck_all)
    rounds.every(10, connections.presence.beat)
    rounds.every(60, lambda: images.sweep(backend))
    rounds.every(60, lambda: leaving.sweep(backend))
    rounds.every(3600, lambda: backend.db.write(sessions.sweep, backend.config))
    rounds.every(3600, lambda: backend.db.write(links_.sweep))
    for pulse in metrics.pulses():
        rounds.every(5, pulse.feel)
    return rounds


def _begin() -> None:
    flask.g.started = time.monotonic()


def _finish(answer: "Response") -> "Response":
    is_file = flask.request.path.startswith(
        "/static/"
    )  # of which a first visit wants sixty: their heads are short
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    if not is_file:
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        answer.headers.setdefault("X-Frame-Options", "DENY")
        if flask.request.blueprint != "site":  # which says itself what it loads
            answer.headers.setdefault("Content-Security-Policy", NOTHING)
        if flask.current_app.config[
            "SESSION_COOKIE_SECURE"
        ]:  # whoever was here once does not come without TLS again
            answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        answer.headers["X-Request-Id"] = problems.request_id()
    if flask.request.path.startswith("/api/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    seconds = time.monotonic() - flask.g.get("started", time.monotonic())
    metrics.REQUESTS.labels(flask.request.endpoint or "none", answer.status_code).observe(seconds)
    access_log.info(
        "request",
        extra={
            "request": problems.request_id(),
            "person": flask.g.get("person"),
            "method": flask.request.method,
            "path": flask.request.path,
            "status": answer.status_code,
            "ms": round(seconds * 1000, 1),
        },
    )
    return answer
