"""The page as it is delivered: small, compressed, kept, of one release, and its own host's alone."""

import re

import pytest
import requests
from playwright.sync_api import CDPSession, Page, expect

from chat.http.shelf import FRONTEND, _without_comments
from tests.frontend.conftest import write
from tests.people import picture
from tests.servers import wait_until

MOST = 150 * 1024  # bytes that a first visit may bring, heads of answers included
SMALLEST = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def address(replica) -> str:
    """A file of the page as the page names it, behind the replica's own address."""
    found = re.search(r"/static/v-\w+/js/main\.js", requests.get(replica.url, timeout=5).text)
    assert found
    return replica.url + found[0]


def test_files_are_compressed_and_kept_for_ever_under_their_release(replica, address):
    packed = requests.get(address, headers={"Accept-Encoding": "gzip"}, timeout=5)
    plain = requests.get(address, headers={"Accept-Encoding": "identity"}, timeout=5)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < len(plain.content)
    page = requests.get(replica.url, timeout=5).text
    assert page.count('rel="stylesheet"') == 1 and "page.css" in page
    module = requests.get(address.replace("main", "session"), timeout=5).text
    source = (FRONTEND / "js/session.js").read_text()
    assert "\n/** " in source and "\n/** " not in module and module.count("\n") == source.count("\n")
    assert "\n/** " in requests.get(replica.url + "/static/js/session.js", timeout=5).text
    wait_until(
        lambda: requests.get(address, headers=SMALLEST, timeout=5).headers["Content-Encoding"] == "br", 30
    )
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in packed.headers["Cache-Control"]
    tags = [
        requests.get(replica.url, headers={"Accept-Encoding": a}, timeout=5).headers["ETag"]
        for a in ("gzip", "")
    ]
    assert tags[0] != tags[1]
    again = {"Accept-Encoding": "gzip", "If-None-Match": tags[0]}
    assert requests.get(replica.url, headers=again, timeout=5).status_code in (
        200,
        304,
    )  # 200: smaller by now
    # Another replica's release is served as ours, and not kept.
    foreign = requests.get(re.sub(r"v-\w+", "v-0123", address), timeout=5)
    assert foreign.ok and foreign.headers["Cache-Control"] == "no-store"
    for path in ("/", "/service-worker.js", "/static/js/main.js"):
        assert requests.get(replica.url + path, timeout=5).headers["Cache-Control"] == "no-cache"
    assert (
        requests.get(replica.url + "/service-worker.js", timeout=5)
        .headers["Content-Type"]
        .startswith("text/javascript")
    )


def test_a_comment_takes_no_code_with_it():
    module = b"  /** @type {Element} */ (one).focus();\nexport const two = 2;\n/** Three.\n * @type {number} */\nlet three;\n"
    assert _without_comments(module) == b"(one).focus();\nexport const two = 2;\n\n\nlet three;\n"


class Traffic:
    """What a page brings over the network, as the browser counts it: bodies as they were sent, with their heads."""

    def __init__(self, page: Page):
        self.bytes = 0
        self.hosts: set[str] = set()
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("Network.enable")
        self._cdp.on("Network.loadingFinished", self._count)
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def _count(self, event: dict) -> None:
        self.bytes += event["encodedDataLength"]


@pytest.mark.alone
def test_a_first_visit_is_small_fast_and_asks_nobody_else(context, visit, meet, replica, address):
    last = address.replace("js/main", "vendor/socket.io")  # of all to be packed
    wait_until(
        lambda: requests.get(last, headers=SMALLEST, timeout=5).headers["Content-Encoding"] == "br", 30
    )
    room = meet("bob").room("lounge")
    profile = visit("ann", room).context
    state = profile.storage_state()
    for who in (None, state):  # the door, and then a room
        painted = []
        for _ in range(3):  # the quickest of three: a machine has other things to do now and then
            page = context(storage_state=who).new_page()
            traffic = Traffic(page)
            page.goto(f"{replica.url}/#/rooms/{room}")
            page.locator("#composer" if who else ".door").wait_for()
            page.wait_for_load_state("networkidle")
            painted.append(page.evaluate(PAINTED))
            assert traffic.bytes < MOST
            if painted[-1] < 1000:
                break
        print(f"{traffic.bytes} bytes, first paint after {min(painted):.0f} ms")
        assert min(painted) < 1000
        assert traffic.hosts - {replica.url.split("/")[2]} <= {""}  # blob: and data: have no host


PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
CONTROLLED = """() => new Promise((done) => {
    if (navigator.serviceWorker.controller) done();
    else navigator.serviceWorker.addEventListener('controllerchange', () => done());
})"""
KEPT = """async () => {
    const names = await caches.keys();
    const stores = await Promise.all(names.map((name) => caches.open(name)));
    const requests = await Promise.all(stores.map((store) => store.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
}"""


def test_the_page_opens_without_a_network_and_keeps_nothing_private(visit, meet, complaints):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.drop(room, picture(), text="a secret")
    page = visit("ann", room, service_workers="allow")
    page.evaluate(CONTROLLED)
    expect(page.locator(".picture img")).to_be_visible()
    kept = page.evaluate(KEPT)
    assert "/" in kept and any(path.endswith("/js/main.js") for path in kept)
    assert all(path == "/" or path.startswith("/static/v-") for path in kept)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("lounge")
    write(page, "written in the tunnel")
    expect(page.get_by_text("Waiting to be sent")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("One message is still waiting")
    dialog.get_by_role("button", name="Cancel").click()
    page.context.set_offline(False)
    expect(
        page.locator(".message:not(.is-sending):not(.is-waiting)", has_text="written in the tunnel")
    ).to_be_visible(timeout=20_000)
    expect(page.get_by_text("a secret")).to_be_visible()
    page.locator("#composer").fill("a draft")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()
    assert sorted(page.evaluate("Object.keys(localStorage)")) == ["roomful.visited"]
