"""The page: one HTML file, its service worker, and the modules, styles and libraries that both name."""

from typing import TYPE_CHECKING

import flask

from chat.http import problems, shelf
from chat.http.guard import open_to_all
from chat.http.shelf import FRONTEND, File, Shelf
from chat.hub import Lane, start_thread

if TYPE_CHECKING:
    from werkzeug.exceptions import NotFound
    from werkzeug.wrappers import Response

NO_PAGES = ("/api/", "/images/", "/static/")  # addresses for programs and for what pages are made of
ASK_AGAIN = "no-cache"  # may be kept, and is asked for each time: 304 where it is the same
FOR_EVER = "max-age=31536000, immutable"


def doors() -> flask.Blueprint:
    site = flask.Blueprint("site", __name__)
    stock = _Stock()

    @site.get("/")
    @open_to_all
    def index() -> flask.Response:
        now = stock.fresh()
        answer = _send(now.index, ASK_AGAIN)
        answer.headers["Content-Security-Policy"] = now.policy
        return answer

    @site.get("/service-worker.js")
    @open_to_all
    def service_worker() -> flask.Response:
        """From the root, because a worker's reach is the folder that it comes from."""
        answer = _send(stock.fresh().worker, ASK_AGAIN)
        answer.headers["Content-Security-Policy"] = "default-src 'self'"
        return answer

    @site.get("/stats")
    @open_to_all
    def stats() -> "Response":
        """An address that one can remember; the page does the rest."""
        return flask.redirect("/#/stats")

    @site.get("/static/v-<version>/<any(css, js, vendor, img, labels):folder>/<path:name>")
    @open_to_all
    def release(version: str, folder: str, name: str) -> flask.Response:
        """Of another version, which another replica has told of, there is only ours: better than nothing, and not kept."""
        now = stock.kept
        return _send(now.files.get(f"{folder}/{name}"), FOR_EVER if version == now.version else "no-store")

    @site.get("/static/<any(css, js, vendor, img, labels):folder>/<path:name>")
    @open_to_all
    def static(folder: str, name: str) -> flask.Response:
        return _send(stock.kept.plain.get(f"{folder}/{name}"), ASK_AGAIN)

    @site.app_errorhandler(404)
    def nothing_here(error: "NotFound") -> flask.Response:
        """To who comes with a browser the page says so, in their language; programs have a problem, whatever they accept."""
        asked = flask.request
        kind = asked.accept_mimetypes.best_match(["application/problem+json", "text/html"])
        if kind != "text/html" or asked.method not in ("GET", "HEAD") or asked.path.startswith(NO_PAGES):
            return problems.of_http(error)
        now = stock.kept
        answer = flask.Response(now.index.form(""), 404, content_type=now.index.kind)
        answer.headers["Content-Security-Policy"] = now.policy
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return site


class _Stock:
    """The shelf in use: filled when it is first wanted, and anew when somebody has worked on the page."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._lane = Lane("packing")

    @property
    def kept(self) -> Shelf:
        return self._shelf or self.fresh()

    def fresh(self) -> Shelf:
        state = shelf.look(FRONTEND)
        if self._shelf is None or self._shelf.state != state:
            self._shelf = Shelf(FRONTEND, state)
            start_thread("packing the page", self._lane.run, self._shelf.pack)
        return self._shelf


def _send(file: File | None, cache: str) -> flask.Response:
    if file is None:
        flask.abort(404)
    encoding = flask.request.accept_encodings.best_match(file.encodings, default="")
    answer = flask.Response(file.form(encoding), content_type=file.kind)
    answer.headers["Cache-Control"] = cache
    if cache != FOR_EVER:
        answer.set_etag(file.digest.hex()[:10] + encoding)
    if file.encodings:
        answer.headers["Vary"] = "Accept-Encoding"
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.make_conditional(flask.request)
    return answer
