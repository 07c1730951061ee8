"""Every screen's picture, of a chat with people in it: `make screens`.

Starts everything embedded, lets a small cast talk and drop photographs, and takes each screen on a desktop and on a phone,
light and dark, into docs/screens, with a page that shows them. README's picture is `room`, on a desktop, light. A folder and
names of screens take just these: `python -m tests.frontend.scene docs/screens statistics`.
"""

import io
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import skimage
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from chat import activity
from chat.db import Database
from ml import models
from tests.frontend.conftest import ARGUMENTS, PASSWORD
from tests.frontend.test_segments import users_create
from tests.people import Client, has_done
from tests.servers import ROOT, Replica, chromium_path, wait_until

PHOTOS = Path(skimage.__file__).parent / "data"
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 1.5,
        "is_mobile": True,
        "has_touch": True,
    },
}
ROOMS = {
    "Photography": "Show what you have seen",
    "Cooking club": "Thursdays, eight o'clock",
    "Science fair": "Posters are due on the 4th",
}


# Who lives there: how many, in which rooms, at what hours, and what one of them does there on a day.
HABITS: list[tuple[int, list[str], range, dict[str, int]]] = [
    (34, ["Photography"], range(17, 22), {"pictures": 6}),
    (27, ["Cooking club", "Lobby"], range(10, 14), {"texts": 7, "replies": 2}),
    (19, ["Science fair"], range(8, 12), {"texts": 2, "replies": 7}),
    (12, ["Lobby", "Photography"], range(20, 24), {"reactions": 9, "texts": 1}),
]
DAYS = 21


def main(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        models.prepare(models.DEFAULT, ROOT / "build" / "models")
        (Path(name) / "models").symlink_to(ROOT / "build" / "models")
        chat = Replica({"DATA_DIR": name, "BOTS": "all"}, Path(name))
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        try:
            rooms = talk(chat.url)
            live(Path(name), chat.url, rooms)
            photograph(chromium, chat.url, rooms, folder, wanted)
            (folder / "README.md").write_text(gallery(folder))
        finally:
            chromium.close()
            chat.stop()


def talk(url: str) -> dict[str, str]:
    """The cast meets; returns the rooms by name. Eva has come just now, and has seen nothing yet."""
    ann, bob, chidi, dana, _eva = (Client(url, name) for name in ("ann", "bob", "chidi", "dana", "eva"))
    wait_until(lambda: online(ann) >= {"vision", "help", "concierge"}, what="the bots", seconds=60)
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
    disturb(url, ann, dana, rooms["Cooking club"])
    ann.put(f"/api/messages/{ask['id']}/pin")
    chidi.say(rooms["Cooking club"], "Lentils or chickpeas?")
    dana.say(rooms["Science fair"], "The hall has projectors.")
    return {room["name"]: room["id"] for room in ann.get("/api/rooms").json()["rooms"]}


def disturb(url: str, moderator: Client, member: Client, room: str) -> None:
    """Somebody advertises, is reported and muted; what they wrote next waits for a moderator."""
    stranger = Client(url, "sixpence")
    stranger.enter(room)
    for text in ("Cheap watches!!! Write to me", "CHEAP WATCHES, last day"):
        written = stranger.say(room, text)
        answer = member.post(
            f"/api/messages/{written['id']}/report", {"reason": "Advertising, again and again"}
        )
        assert answer.ok, answer.text
    wish = {
        "kind": "mute",
        "users": [stranger.id],
        "reason": "Advertising in a room for cooks",
        "minutes": 1440,
    }
    answer = moderator.post("/api/sanctions", wish)
    assert answer.ok, answer.text


def live(data: Path, url: str, rooms: dict[str, str]) -> None:
    """A population with habits, and three weeks of it; then the admin has segments looked for, twice, and applies them."""
    chance = random.Random(7)
    db = Database(f"sqlite:///{data}/roomful.db")
    for group, (size, places, hours, acts) in enumerate(HABITS):
        for number in range(size):
            person = db.write(users_create, f"{'pcsn'[group]}-{number}")
            for day in range(0, DAYS, chance.choice((1, 2, 2, 3))):
                room = chance.choice(places if chance.random() < 0.92 else list(ROOMS))
                times = {kind: max(1, most + chance.randint(-2, 2)) for kind, most in acts.items()}
                has_done(
                    db, person, int(rooms[room]), activity.today() - day, chance.choice([*hours]), **times
                )
    db.close()
    ann = Client.__new__(Client)
    ann.url, ann.name, ann.http = url, "ann", requests.Session()
    ann._signed_in(ann.post("/api/login", {"username": "ann", "password": PASSWORD}))
    for clusters in (3, 4):
        answer = ann.post("/api/segments/fit", {"k": clusters, "dry_run": False})
        assert answer.ok, answer.text
        run = answer.json()["run"]
        wait_until(
            lambda path=f"/api/segments/runs/{run}": ann.get(path).json()["state"] == "applied", 90, "the fit"
        )


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


Opens = Callable[[Page], object]


def button(name: str) -> Opens:
    """By the page itself, so that it also works where the button is in a drawer that is closed."""
    return lambda page: page.get_by_role("button", name=name, include_hidden=True).first.evaluate(
        "button => button.click()"
    )


def search(page: Page) -> None:
    button("Search messages")(page)
    page.get_by_label("Words to search for").fill("walk")
    page.locator(".result").first.wait_for()


def drawer(page: Page) -> None:
    opener = page.get_by_role("button", name="Rooms", exact=True)
    if opener.is_visible():
        opener.click()


def person(page: Page) -> None:
    if not page.locator(".members").is_visible():
        page.locator(".members-button").click()
    page.locator(".members .person").last.click()


def keys(page: Page) -> None:
    """Not from the field, where a question mark is a question mark."""
    page.locator("#composer").evaluate("field => field.blur()")
    page.locator("body").press("?")


def writing(page: Page) -> None:
    page.locator("#composer").fill("Who comes along on Sunday? :ro")
    page.locator("#composer").press("c")


# What there is to see, and how one comes to see it.
VIEWS: dict[str, tuple[str, Opens]] = {
    "room": ("A room, in which the bot says what is in a picture, and why", lambda page: None),
    "rooms": ("Finding one's way: the rooms, and how much is unread", drawer),
    "search": ("Searching", search),
    "picture": ("A picture, large", button("show it large")),
    "person": ("A person's card", person),
    "settings": ("A room's settings", button("Settings of this room")),
    "new-room": ("A new room", button("New room")),
    "emoji": ("Choosing an emoji", button("Insert an emoji")),
    "room-statistics": ("What a room's statistics say, for moderators", button("Statistics of this room")),
    "browse": ("All rooms that one may come into", button("Browse rooms")),
    "pins": ("What is pinned in a room", button("Pinned messages")),
    "account": ("One's own account", button("Account of ann")),
    "keys": ("The keys", keys),
    "writing": ("Writing, with emoji by their names", writing),
}


def photograph(chromium: Browser, url: str, rooms: dict[str, str], folder: Path, wanted: list[str]) -> None:
    """`wanted`: names of screens; all where there are none."""
    for screen, options in SCREENS.items():
        for scheme in ("light", "dark"):
            profile = chromium.new_context(
                **options, color_scheme=scheme, locale="en-GB", service_workers="block"
            )
            page = profile.new_page()
            page.set_default_timeout(60_000)
            take = Camera(page, folder, f"{screen}-{scheme}", wanted)
            page.goto(url)
            page.locator(".door").wait_for()
            take("welcome")
            sign_in(profile, url, "eva")
            page.goto(f"{url}/#/rooms/{rooms['Lobby']}")
            page.reload()
            page.locator(".tries").wait_for()
            take("lobby")
            sign_in(profile, url, "ann")
            page.goto(f"{url}/#/rooms/{rooms['Photography']}")
            for name, (_, opens) in VIEWS.items():
                if wanted and name not in wanted:
                    continue
                page.reload()
                page.locator("#composer").wait_for()
                page.wait_for_timeout(800)  # pictures are decoded
                opens(page)
                take(name)
            page.goto(f"{url}/#/stats")
            page.reload()  # without the last dialog
            page.get_by_role("heading", level=1).wait_for()
            page.locator(".card, .heat").first.wait_for()
            take("statistics")
            page.locator(".heat").first.scroll_into_view_if_needed()
            take("statistics-heat")
            page.goto(f"{url}/#/moderation")
            page.reload()
            page.get_by_role("heading", level=1).wait_for()
            take("moderation")
            profile.close()


def sign_in(profile: BrowserContext, url: str, name: str) -> None:
    answer = profile.request.post(f"{url}/api/login", data={"username": name, "password": PASSWORD})
    assert answer.ok, answer.text()


class Camera:
    def __init__(self, page: Page, folder: Path, look: str, wanted: list[str]):
        self._page, self._folder, self._look, self._wanted = page, folder, look, wanted

    def __call__(self, name: str) -> None:
        if self._wanted and name not in self._wanted:
            return
        self._page.wait_for_timeout(600)  # what moves has come to rest
        picture = Image.open(io.BytesIO(self._page.screenshot()))
        picture.convert("RGB").save(self._folder / f"{name}-{self._look}.webp", quality=82, method=6)


def gallery(folder: Path) -> str:
    """The page that shows those that are there."""
    words = {
        "welcome": "Coming in",
        "lobby": "The first visit: the bots introduce themselves, and there is something to try",
        **{name: text for name, (text, _) in VIEWS.items()},
        "statistics": "Statistics, for moderators: who does what where, in groups",
        "statistics-heat": "… and how much each group does in each room",
        "moderation": "Reports, appeals and measures, for moderators",
    }
    parts = [
        "# Screens\n\nEvery screen, light and dark, on a desktop and on a phone. `make screens` takes them anew.\n"
    ]
    for name, text in words.items():
        parts.append(f"## {text}\n")
        for screen, width in (("desktop", 49), ("phone", 24)):
            pictures = [
                f'<img src="{name}-{screen}-{scheme}.webp" width="{width}%" alt="{text}: {screen}, {scheme}">'
                for scheme in ("light", "dark")
                if (folder / f"{name}-{screen}-{scheme}.webp").exists()
            ]
            parts.append("\n".join(pictures) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screens"), sys.argv[2:])
