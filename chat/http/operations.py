"""For those who run it: is the process alive, is it ready, what are its numbers? And which bots there are."""

import hmac
from typing import TYPE_CHECKING

import flask
import redis
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chat import migrate, users
from chat.errors import Refused
from chat.http.guard import open_to_all
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    site = flask.Blueprint("operations", __name__)

    @site.get("/healthz")
    @open_to_all
    def health() -> flask.Response:
        """Asks nobody but this process: a liveness probe that asked Redis would restart every replica with it."""
        return reply({"status": "ok"})

    @site.get("/readyz")
    @open_to_all
    def ready() -> flask.Response:
        broken = _broken(backend)
        if broken:
            return reply({"status": "unavailable", "degraded": [broken]}, 503)
        degraded = [] if backend.bus.ping() else ["redis"]
        return reply({"status": "degraded" if degraded else "ok", "degraded": degraded})

    @site.get("/metrics")
    @open_to_all
    def metrics() -> flask.Response:
        wanted = backend.config.metrics_token
        given = flask.request.headers.get("Authorization", "").removeprefix("Bearer ")
        if wanted and not hmac.compare_digest(given.encode(), wanted.encode()):
            raise Refused("unauthenticated", "Send METRICS_TOKEN as `Authorization: Bearer TOKEN`.")
        return flask.Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @site.get("/api/bots")
    def bots() -> flask.Response:
        known = backend.db.read(users.bots)
        try:
            alive = backend.bus.bots_alive([name for name, _about in known])
        except redis.RedisError:
            alive = set()
        return reply(
            {"bots": [{"name": n, "description": about, "online": n in alive} for n, about in known]}
        )

    return site


def _broken(backend: "Backend") -> str | None:
    """What keeps this replica from serving anybody."""
    if backend.draining.is_set():
        return "draining"
    try:
        return "migrations" if backend.db.read(migrate.missing) else None
    except Exception:
        return "database"
