"""The page: one HTML file, modules, styles and the libraries that set-up has fetched."""

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import flask

from chat.http.guard import open_to_all

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

FRONTEND = Path(__file__).parents[2] / "frontend"
SERVED = ("css", "js", "vendor", "img")  # folders of frontend/ that browsers may read
IMPORT_MAP = re.compile(rb'<script type="importmap">(.*?)</script>', re.DOTALL)


def doors() -> flask.Blueprint:
    site = flask.Blueprint("page", __name__)

    @site.get("/")
    @open_to_all
    def index() -> flask.Response:
        answer = flask.send_from_directory(FRONTEND, "index.html", max_age=0)
        answer.headers["Content-Security-Policy"] = policy()
        return answer

    @site.get("/stats")
    @open_to_all
    def stats() -> "Response":
        """An address that one can remember; the page does the rest."""
        return flask.redirect("/#/stats")

    @site.get("/static/<any(css, js, vendor, img):folder>/<path:name>")
    @open_to_all
    def static(folder: str, name: str) -> flask.Response:
        return flask.send_from_directory(FRONTEND / folder, name, max_age=0)

    return site


def policy() -> str:
    """Nothing inline but the import map, known by its hash."""
    found = IMPORT_MAP.search((FRONTEND / "index.html").read_bytes())
    digest = base64.b64encode(hashlib.sha256(found[1] if found else b"").digest()).decode()
    return (
        f"default-src 'self'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
