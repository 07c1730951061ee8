"""Segments: statistics for moderators, and everybody's own."""

from typing import TYPE_CHECKING

import flask
import msgspec

from chat import fits, inputs, offers, segments, statistics
from chat.http.guard import me
from chat.http.problems import reply

if TYPE_CHECKING:
    from chat.backend import Backend

PATIENCE = 10.0  # seconds that somebody waits for a fit


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("segments", __name__, url_prefix="/api")

    @api.get("/segments")
    def show() -> flask.Response:
        found = backend.db.read(statistics.of_segments, me())
        return reply({**found, "bots_online": fits.is_online(backend)})

    @api.put("/segments/<segment_id>")
    def change(segment_id: str) -> flask.Response:
        id_ = inputs.id_of("segment", segment_id)
        wish = msgspec.structs.asdict(inputs.from_json(inputs.ChangedSegment, flask.request.get_data()))
        wish = {name: value for name, value in wish.items() if value is not msgspec.UNSET}
        if wish.get("room") is not None:
            wish["room"] = inputs.id_of("room", wish["room"])
        return reply(backend.db.write(segments.change, me(), id_, wish))

    @api.post("/segments/fit")
    def fit() -> flask.Response:
        wish = inputs.from_json(inputs.WantedFit, flask.request.get_data())
        return ended(fits.ask(backend, me(), wish.dry_run, None if wish.k == "auto" else wish.k))

    @api.get("/segments/runs/<run_id>")
    def show_run(run_id: str) -> flask.Response:
        return reply(backend.db.read(fits.for_moderator, me(), inputs.id_of("run", run_id)))

    @api.post("/segments/runs/<run_id>/apply")
    def apply(run_id: str) -> flask.Response:
        id_ = inputs.id_of("run", run_id)
        fits.ask_to_apply(backend, me(), id_)
        return ended(id_)

    def ended(run_id: int) -> flask.Response:
        """The run as it has ended, or its name if that takes longer."""
        run = fits.wait(backend, run_id, PATIENCE)
        return reply({"run": run["run"]}, 202) if run["state"] in fits.OPEN else reply(run)

    @api.get("/rooms/<room_id>/stats")
    def of_room(room_id: str) -> flask.Response:
        return reply(backend.db.read(statistics.of_room, me(), inputs.id_of("room", room_id)))

    @api.get("/me/segment")
    def mine() -> flask.Response:
        return reply(backend.db.read(offers.mine, me()))

    @api.put("/me/segment")
    def choose() -> flask.Response:
        choice = inputs.from_json(inputs.Choice, flask.request.get_data()).choice
        return reply(offers.choose(backend, me(), choice))

    return api
