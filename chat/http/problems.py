"""Errors as RFC 9457 problem details, and answers as JSON."""

import logging
import math
import uuid
from typing import Any

import flask
import msgspec
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from chat.db import AWAY
from chat.errors import CODES, Refused
from chat.limits import HOLD, Limits
from chat.storage import StoreError

OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}

logger = logging.getLogger(__name__)


def reply(data: Any, status: int = 200) -> flask.Response:
    return flask.Response(msgspec.json.encode(data), status, mimetype="application/json")


def problem(code: str, detail: str, status: int | None = None, reason: str = "") -> flask.Response:
    """An error's answer."""
    known, title = CODES[code]
    body = {
        "type": f"/errors#{code}",
        "title": title,
        "status": status or known,
        "detail": detail,
        "code": code,
        **({"reason": reason} if reason else {}),
    }
    return flask.Response(msgspec.json.encode(body), status or known, mimetype="application/problem+json")


def handle_errors(app: flask.Flask, limits: Limits) -> None:
    def refused(error: Refused) -> flask.Response:
        if error.code == "too_many_requests":
            limits.hold(HOLD)
        return _refused(error)

    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, of_http)
    for error in AWAY:
        app.register_error_handler(error, _database)
    app.register_error_handler(StoreError, _store)
    app.register_error_handler(Exception, _unexpected)


def _refused(refused: Refused) -> flask.Response:
    answer = problem(refused.code, refused.detail, reason=refused.reason)
    if refused.retry_after:
        answer.headers["Retry-After"] = str(max(1, math.ceil(refused.retry_after)))
    return answer


def of_http(error: HTTPException) -> flask.Response:
    if isinstance(error, RequestEntityTooLarge):
        most = flask.request.max_content_length
        return problem("too_large", f"The body is larger than the {most} bytes that are accepted here.")
    code = OF_STATUS.get(error.code or 500, "bad_request" if (error.code or 500) < 500 else "internal")
    answer = problem(code, error.description or "", error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Location"):
            answer.headers[name] = value
    return answer


def _database(error: Exception) -> flask.Response:
    logger.error("The database failed: %s", getattr(error, "orig", error), extra={"request": request_id()})
    return problem(
        "unavailable", "The database is away or too busy; nothing was changed. Try again in a moment."
    )


def _store(error: StoreError) -> flask.Response:
    logger.error("Pictures are away: %s", error, extra={"request": request_id()})
    return problem(
        "unavailable", "Pictures cannot be stored or read just now; nothing was changed. Try again later."
    )


def _unexpected(error: Exception) -> flask.Response:
    logger.error("A request failed", exc_info=error, extra={"request": request_id()})
    return problem("internal", f"Something broke on the server; it has been logged as {request_id()}.")


def request_id() -> str:
    if "request_id" not in flask.g:
        flask.g.request_id = uuid.uuid4().hex[:12]
    return str(flask.g.request_id)
