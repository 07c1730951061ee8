"""Sign-in by a real provider of OpenID Connect, in a process of its own."""

import json
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.servers import Replica, free_port, wait_until


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """Its address and its process; it knows Ann and somebody with an impossible name."""
    port = free_port()
    people = [
        {"sub": "ann-at-work", "preferred_username": "ann of work"},
        {"sub": "odd", "preferred_username": "../<>", "name": "李四"},
    ]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    for claims in people:
        command += ["--user-claims", json.dumps(claims)]
    with (tmp_path_factory.mktemp("provider") / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    wait_until(
        lambda: requests.get(f"{url}/.well-known/openid-configuration", timeout=2).ok, what="the provider"
    )
    yield url, process
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def with_provider(environment, provider, tmp_path_factory):
    settings = {"OIDC_ISSUER": provider[0], "OIDC_CLIENT_ID": "roomful", "OIDC_CLIENT_SECRET": "between us"}
    replica = Replica({**environment, **settings, "REGISTRATION": "closed"}, tmp_path_factory.mktemp("oidc"))
    yield replica
    replica.stop()


def begin(replica) -> tuple[requests.Session, str]:
    """A browser on its way to the provider, and where it was sent."""
    browser = requests.Session()
    answer = browser.get(f"{replica.url}/api/oidc", allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    return browser, answer.headers["Location"]


def agree(there: str, subject: str) -> str:
    """Signed in at the provider; the address to which it sends back."""
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_in(replica, subject: str) -> requests.Session:
    browser, there = begin(replica)
    answer = browser.get(agree(there, subject), allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    return browser


def who(replica, browser) -> dict:
    return browser.get(f"{replica.url}/api/me", timeout=10).json()


def test_whom_the_provider_vouches_for_comes_in_and_is_the_same_the_next_time(with_provider):
    _browser, there = begin(with_provider)
    asked = parse_qs(urlsplit(there).query)
    assert (
        asked["code_challenge_method"] == ["S256"]
        and asked["code_challenge"]
        and asked["nonce"]
        and asked["state"]
    )
    assert asked["redirect_uri"] == [f"{with_provider.url}/api/oidc/callback"]
    first, second = (who(with_provider, come_in(with_provider, "ann-at-work"))["user"] for _ in range(2))
    assert first == second and first["username"].startswith("ann.of.work") and first["role"] == "member"
    assert who(with_provider, come_in(with_provider, "odd"))["user"]["username"].startswith("李四")
    door = requests.get(f"{with_provider.url}/api/door", timeout=10).json()
    assert door == {"registration": "closed", "inviters": "admins", "provider": "127.0.0.1"}


def test_nobody_gets_an_account_by_having_its_name_there(with_provider, meet):
    """Names at the provider are not proof: only its own issuer and subject are."""
    bob = meet("bob")
    browser = come_in(with_provider, bob.name)
    assert who(with_provider, browser)["user"]["id"] != bob.id


def test_an_answer_that_was_not_asked_for_is_refused(with_provider):
    """A stolen or foreign answer: another browser's state, a state that was used, a code that was changed."""
    _ann, there = begin(with_provider)
    back = agree(there, "ann-at-work")
    eve, _there = begin(with_provider)
    changed = back.replace("code=", "code=x")
    for browser, address in ((eve, back), (requests.Session(), back), (_ann, changed), (_ann, back)):
        answer = browser.get(address, allow_redirects=False, timeout=10)
        assert answer.headers["Location"] == "/#/sign-in/failed", address
        assert browser.get(f"{with_provider.url}/api/me", timeout=10).status_code == 401
    written = with_provider.log.read_text()
    assert (
        "Traceback" not in written
        and "between us" not in written
        and parse_qs(urlsplit(back).query)["code"][0] not in written
    )


def test_a_provider_that_hangs_stops_nobody_else(with_provider, provider):
    browser, there = begin(with_provider)
    back = agree(there, "ann-at-work")
    provider[1].send_signal(signal.SIGSTOP)
    try:
        waiting = threading.Thread(target=lambda: browser.get(back, allow_redirects=False, timeout=30))
        waiting.start()
        time.sleep(0.3)
        started = time.monotonic()
        for _ in range(5):
            assert requests.get(f"{with_provider.url}/healthz", timeout=5).ok
        assert time.monotonic() - started < 2
        assert waiting.is_alive()
        waiting.join(20)
        assert not waiting.is_alive()
    finally:
        provider[1].send_signal(signal.SIGCONT)


def test_without_a_provider_there_is_no_such_door(replica):
    for path in ("/api/oidc", "/api/oidc/callback?code=x&state=y"):
        assert requests.get(replica.url + path, allow_redirects=False, timeout=10).status_code == 404
