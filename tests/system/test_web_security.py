"""What every answer says to browsers: with TLS in front, and without."""

import dataclasses
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chat.app import create_app
from tests.people import new_name

PASSWORD = "correct horse battery"
PATHS = ("/", "/api/me", "/api/nothing", "/healthz", "/images/1", "/metrics")


@pytest.fixture
def backend(tmp_path, redis_server):
    """One database is enough: nothing here asks it for much."""
    from tests.conftest import open_backend

    opened = open_backend(f"sqlite:///{tmp_path}/roomful.db", redis_server.url, tmp_path)
    yield opened
    opened.close()


def enter(backend, public_url):
    backend.config = dataclasses.replace(backend.config, public_url=public_url)
    browser = create_app(backend).test_client()
    account = {"username": new_name("ann"), "password": PASSWORD}
    answer = browser.post("/api/register", json=account, base_url=public_url or "http://localhost")
    assert answer.status_code == 201
    return browser, answer.headers["Set-Cookie"]


def test_behind_tls_browsers_stay_with_tls_and_the_cookie_is_this_hosts_alone(backend):
    browser, cookie = enter(backend, "https://chat.example.org")
    assert cookie.startswith("__Host-roomful=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert not any(part.startswith("Domain") for part in parts)
    for path in PATHS:
        answer = browser.get(path, base_url="https://chat.example.org")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path


def test_without_tls_nothing_insists_on_it(backend):
    browser, cookie = enter(backend, None)
    assert cookie.startswith("roomful=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    for path in PATHS:
        assert "Strict-Transport-Security" not in browser.get(path).headers, path


def test_every_answer_says_what_it_may_load_and_that_it_is_what_it_is(backend):
    browser, _cookie = enter(backend, None)
    for path in PATHS:
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy, path
        assert "script-src 'self' 'sha256-" in policy if path == "/" else "default-src 'none'" in policy, path
        assert "unsafe" not in policy and headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin" and headers["X-Frame-Options"] == "DENY", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin" and "Content-Type" in headers, path
        assert "Access-Control-Allow-Origin" not in headers, path


class Redirecting(BaseHTTPRequestHandler):
    """A provider that sends whoever asks for its metadata to another address, where they are."""

    def do_GET(self):
        self.server.asked.append(self.path)
        issuer = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.startswith("/.well-known/"):
            self.send_response(302)
            self.send_header("Location", f"{issuer}/elsewhere")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(
            json.dumps({"issuer": issuer, "authorization_endpoint": f"{issuer}/authorize"}).encode()
        )

    def log_message(self, *_args):
        pass


def test_nobody_is_asked_to_whom_the_provider_sends_us_on(backend):
    with HTTPServer(("127.0.0.1", 0), Redirecting) as provider:
        provider.asked = []
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        issuer = f"http://127.0.0.1:{provider.server_port}"
        backend.config = dataclasses.replace(backend.config, oidc_issuer=issuer, oidc_client_id="roomful")
        answer = create_app(backend).test_client().get("/api/oidc")
        provider.shutdown()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/#/sign-in/failed")
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_the_journal_knows_who_asked_for_what(backend, caplog):
    browser, _cookie = enter(backend, None)
    ann = int(browser.get("/api/me").json["user"]["id"])
    caplog.set_level("INFO", logger="roomful.access")
    caplog.clear()
    browser.put("/api/me", json={"language": "en"})  # refused, which is what one would want to know of
    browser.get("/static/js/main.js")
    create_app(backend).test_client().get("/api/me")
    said = [(record.path, record.status, record.person) for record in caplog.records]
    assert said == [("/api/me", 403, ann), ("/static/js/main.js", 200, None), ("/api/me", 401, None)]


def test_the_journal_knows_who_came_and_who_failed_and_no_secret(backend, caplog):
    browser, _cookie = enter(backend, None)
    assert browser.get("/static/js/main.js").headers["X-Content-Type-Options"] == "nosniff"
    caplog.set_level("INFO", logger="roomful.entrance")
    name = browser.get("/api/me").json["user"]["username"]
    for password in (PASSWORD, "a wrong password"):
        browser.post("/api/login", json={"username": name, "password": password})
    said = [(record.getMessage(), record.person is not None, record.client) for record in caplog.records]
    assert said == [("sign-in", True, "127.0.0.1"), ("sign-in failed", True, "127.0.0.1")]
    assert PASSWORD not in caplog.text and "a wrong password" not in caplog.text
