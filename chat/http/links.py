"""Invitations, and links by which a password is reset."""

from typing import TYPE_CHECKING

import flask

from chat import inputs, invitations, limits, resets
from chat.http import guard
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("links", __name__, url_prefix="/api")

    @api.get("/invitations")
    def list_invitations() -> flask.Response:
        return reply({"invitations": backend.db.read(invitations.open_ones, backend.config, me())})

    @api.post("/invitations")
    def invite() -> flask.Response:
        wish = inputs.from_json(inputs.NewInvitation, flask.request.get_data())
        made = backend.db.write(invitations.make, backend.config, me(), wish.uses, wish.days)
        return reply(with_address("invited", made), 201)

    @api.delete("/invitations/<invitation_id>")
    def revoke(invitation_id: str) -> flask.Response:
        link = inputs.id_of("invitation", invitation_id)
        backend.db.write(invitations.revoke, backend.config, me(), link)
        return flask.Response(status=204)

    @api.post("/resets")
    def make_reset() -> flask.Response:
        wish = inputs.from_json(inputs.NewReset, flask.request.get_data())
        made = backend.db.write(resets.make, me(), wish.username, wish.second_factor)
        return reply(with_address("reset", made), 201)

    @api.post("/reset")
    @guard.open_to_all
    def use_reset() -> flask.Response:
        wish = inputs.from_json(inputs.UsedReset, flask.request.get_data())
        backend.limits.take(limits.RESETS, limits.network(guard.address()))
        backend.bus.recheck(resets.use(backend, wish.secret, wish.password))
        return flask.Response(status=204)

    def with_address(page: str, made: dict[str, object]) -> dict[str, object]:
        """The secret as an address: behind the `#`, which browsers keep to themselves."""
        origin = backend.config.public_url or flask.request.host_url.rstrip("/")
        return {"url": f"{origin}/#/{page}/{made.pop('secret')}", **made}

    return api
