"""A real Chromium on a real replica. Nothing beyond 127.0.0.1 can be reached, so a page that needs it fails."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.people import new_name
from tests.servers import Replica, chromium_path

ARGUMENTS = [
    "--no-sandbox",  # Debian's Chromium wants it where the tests run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PASSWORD = "a long enough password"
EXPECTED = (
    "401 (UNAUTHORIZED)",
    "403 (FORBIDDEN)",
    "404 (NOT FOUND)",
    "net::ERR_CONNECTION_",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_NETWORK_CHANGED",  # an interface of the machine came or went: the page tries again
    "net::ERR_SOCKET_NOT_CONNECTED",  # the connection ended as the request was being written
    "WebSocket connection to",
    "415 (UNSUPPORTED MEDIA TYPE)",
    "422 (UNPROCESSABLE ENTITY)",
)

Visit = Callable[..., Page]
expect.set_options(timeout=10_000)  # milliseconds: CI's machines have other things to do


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """One for the package: Playwright's loop must have ended before another part of the tests starts its own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages wrote to their consoles as errors."""
    return []


@pytest.fixture
def context(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser profiles: each is somebody's own device. Whatever a page complains about fails the test."""
    opened: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            complaints.append(message.text)

    def open_one(**options: Any) -> BrowserContext:
        profile = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "service_workers": "block", **options}
        )
        profile.set_default_timeout(10_000)
        profile.on("console", note)
        profile.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(profile)
        return profile

    yield open_one
    for profile in opened:
        profile.close()
    assert complaints == []


@pytest.fixture
def visit(context: Callable[..., BrowserContext], replica: Replica) -> Visit:
    """Brings somebody with a browser: `ann = visit("ann", room)`, signed in, a member of `room`, looking at it."""

    def bring(name: str, room: str | None = None, at: Replica = replica, **options: Any) -> Page:
        profile = context(**options)
        account = {"username": new_name(name), "password": PASSWORD}
        answer = profile.request.post(f"{at.url}/api/register", data=account)
        assert answer.status == 201, answer.text()
        if room:
            headers = {"X-CSRF-Token": answer.json()["csrf_token"]}
            joined = profile.request.put(f"{at.url}/api/rooms/{room}/members/me", headers=headers)
            assert joined.status == 204, joined.text()
        page = profile.new_page()
        page.goto(f"{at.url}/#/rooms/{room}" if room else at.url)
        page.locator("#composer" if room else ".room").wait_for()
        return page

    return bring


def write(page: Page, text: str) -> None:
    """Write a message and send it by Enter."""
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")


def drop(page: Page, name: str, kind: str, data: bytes) -> None:
    """Drop a file onto the middle of the page."""
    page.evaluate(
        """([name, kind, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
            for (const type of ['dragover', 'drop'])
                document.querySelector('.timeline').dispatchEvent(
                    new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        [name, kind, list(data)],
    )
