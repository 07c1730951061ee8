"""Notifications of the service worker: Chromium without windows has none, so this is the one that people use."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.frontend.conftest import ARGUMENTS
from tests.frontend.test_rooms import look_at, mine, name_of
from tests.servers import wait_until

# On Android a page cannot make one itself.
ANDROID = "window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('Illegal constructor'); } };"
STANDING = "registration.getNotifications().then((all) => all.map(({ title, body }) => `${title}: ${body}`))"
CLICK = """async () => {
    WindowClient.prototype.focus = async function () { self.focused = this.url; }; // only a person's click may do it
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
    yield chromium
    chromium.close()


def test_the_service_worker_notifies_and_its_notification_leads_to_the_message_in_the_open_tab(visit, meet):
    bob = meet("bob")
    lounge, kitchen = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", kitchen, service_workers="allow", permissions=["notifications"])
    ann.context.add_init_script(ANDROID)
    look_at(ann, lounge)
    ann.reload()
    ann.locator("#composer").wait_for()
    ann.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    [worker] = ann.context.service_workers
    text = f"@{name_of(ann)}, come"
    bob.say(kitchen, text)
    wait_until(lambda: worker.evaluate(STANDING) == [f"kitchen: {bob.name}: {text}"], 10)
    ann.get_by_role("button", name="Settings of this room").click()
    expect(ann.get_by_role("dialog")).to_be_visible()
    worker.evaluate(CLICK)
    expect(ann.get_by_role("dialog")).to_have_count(0)
    expect(ann.locator("h1")).to_have_text("kitchen")
    expect(ann.locator(".message", has_text="come")).to_be_in_viewport()
    assert worker.evaluate("focused").startswith(bob.url)
    assert worker.evaluate(STANDING) == []
    bob.say(lounge, text)
    wait_until(lambda: worker.evaluate(STANDING) != [], 10)
    mine(ann, "lounge").click()
    wait_until(lambda: worker.evaluate(STANDING) == [], 10)
