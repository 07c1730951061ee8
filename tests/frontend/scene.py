"""A chat with people in it, to look at: `python -m tests.frontend.scene FOLDER`.

Starts everything embedded, lets a small cast talk and drop photographs, and takes the page's picture on a desktop and
on a phone, light and dark. README's screenshot is `desktop-light.png`.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import skimage
from playwright.sync_api import Browser, sync_playwright

from ml import models
from tests.frontend.conftest import ARGUMENTS, PASSWORD
from tests.people import Client
from tests.servers import ROOT, Replica, wait_until

PHOTOS = Path(skimage.__file__).parent / "data"
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 860}, "device_scale_factor": 2},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True},
}
ROOMS = {
    "Photography": "Show what you have seen",
    "Cooking club": "Thursdays, eight o'clock",
    "Science fair": "Posters are due on the 4th",
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        models.prepare(models.DEFAULT, ROOT / "build" / "models")
        (Path(name) / "models").symlink_to(ROOT / "build" / "models")
        chat = Replica({"DATA_DIR": name, "BOTS": "all"}, Path(name))
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            room = talk(chat.url)
            photograph(chromium, chat.url, room, folder)
        finally:
            chromium.close()
            chat.stop()


def talk(url: str) -> str:
    """The cast meets; returns the room in which they do."""
    ann, bob, chidi, dana = (Client(url, name) for name in ("ann", "bob", "chidi", "dana"))
    wait_until(lambda: online(ann) >= {"vision", "help"}, what="the bots", seconds=60)
    rooms = {name: ann.room(name, topic=topic) for name, topic in ROOMS.items()}
    ann.room("Organisers", private=True)
    for person in (bob, chidi, dana):
        for room in rooms.values():
            person.enter(room)
    room = rooms["Photography"]
    ann.say(room, "Good morning! Sunday's walk was lovely. **Who has pictures?**")
    show(bob, room, "coffee.png", "It began like this")
    ask = chidi.say(room, "Is that the place by the harbour? I would like to come along next time.")
    bob.say(room, "It is. We meet there *every first Sunday*, at ten.", reply_to=ask["id"])
    for person in (ann, dana):
        person.put(f"/api/messages/{ask['id']}/reactions/🎉")
    cat = show(dana, room, "chelsea.png", "And somebody would not move from the doorstep")
    for person, emoji in ((ann, "😻"), (bob, "😻"), (chidi, "😻"), (ann, "📷")):
        person.put(f"/api/messages/{cat}/reactions/{emoji}")
    answer = next(
        message
        for message in dana.get(f"/api/rooms/{room}/messages").json()["messages"]
        if message["reply_to"] == cat
    )
    ask_bot(chidi, room, "@vision why", answer["id"])
    bob.say(room, "It ran three steps ahead of us all the way back.")
    ann.socket().call("read", {"room": room, "seq": 1000})
    for person in (bob, dana):
        person.socket()  # they stay
    chidi.say(rooms["Cooking club"], "Lentils or chickpeas?")
    dana.say(rooms["Science fair"], "The hall has projectors.")
    return room


def show(person: Client, room: str, photo: str, text: str) -> str:
    """Drop a photograph and wait for what the bot says; returns the message's id."""
    return wait_for_bot(person, room, person.drop(room, (PHOTOS / photo).read_bytes(), text=text).json())


def ask_bot(person: Client, room: str, text: str, reply_to: str) -> str:
    return wait_for_bot(person, room, person.say(room, text, reply_to=reply_to))


def wait_for_bot(person: Client, room: str, message: dict[str, Any]) -> str:
    path = f"/api/rooms/{room}/messages"
    wait_until(
        lambda: any(m["reply_to"] == message["id"] for m in person.get(path).json()["messages"]),
        what="the bot's answer",
    )
    return str(message["id"])


def online(person: Client) -> set[str]:
    return {bot["name"] for bot in person.get("/api/bots").json()["bots"] if bot["online"]}


def photograph(chromium: Browser, url: str, room: str, folder: Path) -> None:
    for screen, options in SCREENS.items():
        for scheme in ("light", "dark"):
            profile = chromium.new_context(**options, color_scheme=scheme)
            page = profile.new_page()
            page.goto(url)
            page.wait_for_timeout(500)
            page.screenshot(path=folder / f"{screen}-{scheme}-welcome.png")
            answer = profile.request.post(f"{url}/api/login", data={"username": "ann", "password": PASSWORD})
            assert answer.ok, answer.text()
            page.goto(f"{url}/#/rooms/{room}")
            page.reload()
            page.locator("#composer").wait_for()
            page.wait_for_timeout(1500)  # pictures fade in
            page.screenshot(path=folder / f"{screen}-{scheme}.png")
            profile.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/scene"))
