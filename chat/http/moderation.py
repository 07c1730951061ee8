"""Moderation: sanctions and appeals, reports, pins, who moderates a room, and the log of it all."""

import csv
import io
from typing import TYPE_CHECKING

import flask

from chat import inputs, moderators, pins, reports, rooms, sanctions, screening
from chat.audit import ACTS
from chat.errors import Refused
from chat.http.guard import me, open_to_banned
from chat.http.problems import reply
from chat.sanctions import Wish

if TYPE_CHECKING:
    from chat.backend import Backend

EXPORT = 10_000  # lines of the log in one file


def doors(backend: "Backend") -> flask.Blueprint:
    api = flask.Blueprint("moderation", __name__, url_prefix="/api")

    @api.post("/sanctions")
    def impose() -> flask.Response:
        wish = inputs.from_json(inputs.NewSanctions, flask.request.get_data())
        people = [inputs.id_of("person", user) for user in wish.users]
        room = None if wish.room is None else inputs.id_of("room", wish.room)
        wanted = Wish(wish.kind, people, wish.reason, room, wish.minutes, wish.delete_minutes)
        return reply({"sanctions": sanctions.impose(backend, me(), wanted)}, 201)

    @api.get("/sanctions")
    def list_sanctions() -> flask.Response:
        found = backend.db.read(
            sanctions.listed, me(), wanted_id("room"), wanted_id("user"), query("current") == "true"
        )
        return reply({"sanctions": found})

    @api.delete("/sanctions/<sanction_id>")
    def lift(sanction_id: str) -> flask.Response:
        sanctions.lift(backend, me(), inputs.id_of("sanction", sanction_id))
        return flask.Response(status=204)

    @api.get("/me/sanctions")
    @open_to_banned
    def mine() -> flask.Response:
        return reply({"sanctions": backend.db.read(sanctions.of_person, me())})

    @api.post("/sanctions/<sanction_id>/appeal")
    @open_to_banned
    def appeal(sanction_id: str) -> flask.Response:
        id_ = inputs.id_of("sanction", sanction_id)
        wish = inputs.from_json(inputs.Appeal, flask.request.get_data())
        return reply(sanctions.appeal(backend, me(), id_, wish.text), 201)

    @api.put("/sanctions/<sanction_id>/appeal")
    def decide_appeal(sanction_id: str) -> flask.Response:
        id_ = inputs.id_of("sanction", sanction_id)
        wish = inputs.from_json(inputs.Decision, flask.request.get_data())
        return reply(sanctions.decide(backend, me(), id_, wish.upheld, wish.answer))

    @api.post("/messages/<message_id>/report")
    def report(message_id: str) -> flask.Response:
        id_ = inputs.id_of("message", message_id)
        wish = inputs.from_json(inputs.NewReport, flask.request.get_data())
        found, new = reports.make(backend, me(), id_, wish.reason)
        return reply(found, 201 if new else 200)

    @api.get("/reports")
    def list_reports() -> flask.Response:
        state = one_of("state", reports.STATES, "open")
        limit = inputs.number("limit", query("limit"), 1, 100, 50)
        found = backend.db.read(reports.listed, me(), state, wanted_id("before"), limit)
        return reply({"reports": found, "waiting": backend.db.read(reports.waiting, me())})

    @api.get("/reports/<report_id>")
    def read_report(report_id: str) -> flask.Response:
        return reply(backend.db.read(reports.one, me(), inputs.id_of("report", report_id)))

    @api.patch("/reports/<report_id>")
    def change_report(report_id: str) -> flask.Response:
        id_ = inputs.id_of("report", report_id)
        wish = inputs.from_json(inputs.ChangedReport, flask.request.get_data())
        if (wish.mine is None) == (wish.agreed is None):
            raise Refused("invalid", "mine: give either mine (look after it) or agreed (decide it).")
        if wish.agreed is None:
            return reply(backend.db.write(reports.take, me(), id_, wish.mine))
        return reply(backend.db.write(reports.decide, me(), id_, wish.agreed, wish.note))

    @api.get("/held")
    def list_held() -> flask.Response:
        return reply({"pictures": backend.db.read(screening.queue, me())})

    @api.delete("/messages/<message_id>/hold")
    def release(message_id: str) -> flask.Response:
        screening.release(backend, me(), inputs.id_of("message", message_id))
        return flask.Response(status=204)

    @api.put("/messages/<message_id>/pin")
    def pin(message_id: str) -> flask.Response:
        pins.pin(backend, me(), inputs.id_of("message", message_id), put=True)
        return flask.Response(status=204)

    @api.delete("/messages/<message_id>/pin")
    def unpin(message_id: str) -> flask.Response:
        pins.pin(backend, me(), inputs.id_of("message", message_id), put=False)
        return flask.Response(status=204)

    @api.get("/rooms/<room_id>/pins")
    def list_pins(room_id: str) -> flask.Response:
        return reply({"messages": backend.db.read(pins.of_room, me(), inputs.id_of("room", room_id))})

    @api.put("/rooms/<room_id>/moderators/<user_id>")
    def appoint(room_id: str, user_id: str) -> flask.Response:
        return appointed(room_id, user_id, put=True)

    @api.delete("/rooms/<room_id>/moderators/<user_id>")
    def dismiss(room_id: str, user_id: str) -> flask.Response:
        return appointed(room_id, user_id, put=False)

    def appointed(room_id: str, user_id: str, put: bool) -> flask.Response:
        room, user = inputs.id_of("room", room_id), inputs.id_of("person", user_id)
        backend.db.write(moderators.appoint, me(), room, user, put)
        rooms.tell(backend, room, user)
        return flask.Response(status=204)

    @api.get("/audit")
    def list_acts() -> flask.Response:
        limit = inputs.number("limit", query("limit"), 1, 200, 50)
        return reply({"acts": acts(limit)})

    @api.get("/audit.csv")
    def export_acts() -> flask.Response:
        answer = flask.Response(_csv(acts(EXPORT)), mimetype="text/csv")
        answer.headers["Content-Disposition"] = "attachment; filename=audit.csv"
        return answer

    def acts(limit: int | None) -> list[moderators.Json]:
        act = one_of("act", ACTS)
        ids = [wanted_id(name) for name in ("room", "actor", "user")]
        found: list[moderators.Json] = backend.db.read(
            moderators.acts, me(), *ids, act, wanted_id("before"), limit
        )
        return found

    return api


def query(name: str) -> str | None:
    return flask.request.args.get(name)


def wanted_id(name: str) -> int | None:
    text = query(name)
    return None if text is None else inputs.id_of({"actor": "person", "user": "person"}.get(name, name), text)


def one_of(name: str, accepted: tuple[str, ...], default: str | None = None) -> str | None:
    text = query(name)
    if text is not None and text not in accepted:
        raise Refused("invalid", f"{name}: {text[:40]!r} was received; accepted are {', '.join(accepted)}.")
    return default if text is None else text


def _csv(found: list[moderators.Json]) -> str:
    """Texts that a spreadsheet would take for formulas get an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["at", "act", "actor", "user", "room", "message", "detail"])
    for act in found:
        names = [
            (act[name] or {}).get("username" if name != "room" else "name")
            for name in ("actor", "user", "room")
        ]
        detail = "; ".join(f"{name}: {value}" for name, value in act["detail"].items())
        writer.writerow([_plain(value) for value in (act["at"], act["act"], *names, act["message"], detail)])
    return file.getvalue()


def _plain(value: str | None) -> str:
    text = value or ""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
