"""Offers you the room that suits what you do.

It counts what people do, never what they write, finds who does alike, and offers each the room of their segment: in a
private room of its own with you, with the reasons, and only once a week. You choose.

Commands
    @concierge              says what it knows of you, in its private room with you
    @concierge accept       joins the room that it offered
    @concierge not now      asks again in a week at the earliest
    @concierge never        offers you nothing again
    @concierge leave        you are in no segment, and what was counted of you is deleted
    @concierge fit          for admins: what a new fit would change, as in `fit 4` with four segments
    @concierge fit now      for admins: makes it

Examples
    ann: @concierge
    concierge: You are in no segment...

    ann: @concierge never
    concierge: I shall offer you nothing again...

    bob: @concierge fit
    concierge: Only admins ask for a fit.

    bob: the concierge at the hotel was kind
"""

import contextlib
import functools
import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bots.consumer import AWAY
from bots.contract import LANG, Answer, Bot, Chat, Message
from chat.errors import Refused
from chat.fits import ACTS, PEOPLE, Run
from chat.offers import Offer
from chat.users import Person
from chat.words import Words, read

if TYPE_CHECKING:
    from bots._segmenting import Fitter

COUNT_EVERY = 5.0, 60.0  # seconds: at least, at most; between them, twenty times what the last counting took
REFRESH_EVERY = 60.0  # seconds between two statistics, where nothing was counted: the window moves on
OFFER_EVERY = 5.0  # seconds
FIT_EVERY = 86_400_000  # milliseconds
HOLD_EVERY = 15.0  # seconds
FORGET_EVERY = 3600.0  # seconds
OFFERS = 20  # in one go: each is a message, and at the first fit they are many
PATIENCE = 45.0  # seconds that an admin waits for an answer
CHOICES = {
    "accept": r"accept|join|yes|接受|加入|好",
    "later": r"not now|later|no|暂不|以后|不",
    "never": r"never|永不|别再问了?",
    "leave": r"leave|退出",
}
FIT = re.compile(r"(?:fit|分组)(?:\s+(?P<k>[2-8]|auto))?(?P<now>\s+(?:now|应用))?", re.I)

logger = logging.getLogger(__name__)


class Concierge(Bot):
    hands = 2  # a fit that an admin waits for keeps nobody else waiting
    every = 1.0

    def warm_up(self) -> None:
        self._next: dict[str, float] = {}

    # Talk

    def answer(self, messages: list[Message]) -> list[Answer | None]:
        return [Answer(self._say(message, self.request(message) or "")) for message in messages]

    def _say(self, message: Message, asked: str) -> str:
        author = message["author"]
        person = Person(
            int(author["id"]), author["username"], author["display_name"], author["role"], author["bot"]
        )
        asked = asked.strip(" .!?。！？")
        words = self.words(message)
        for choice, pattern in CHOICES.items():
            if re.fullmatch(pattern, asked, re.I):
                return self._choose(words, person, choice)
        if found := FIT.fullmatch(asked):
            return self._fit(words, person, found["k"], found["now"] is None)
        mine = self.chat.desk.mine(person)
        if mine is None:
            return words("concierge-unknown")
        if not self.chat.desk.is_private(int(message["room"]), person):
            return words("concierge-elsewhere")
        return "\n".join(
            [words("concierge-segment", segment=mine["segment"]["name"]), *_list(mine["reasons"])]
        )

    def _choose(self, words: Words, person: Person, choice: str) -> str:
        before = self.chat.desk.mine(person)
        now = self.chat.desk.choose(person, choice)
        if choice != "accept":
            return words(f"concierge-{choice}")
        if now["offer"] and now["offer"]["state"] == "accepted":
            return words("concierge-accepted", room=now["offer"]["room"]["name"])
        return words("concierge-nothing" if before else "concierge-again")

    def _fit(self, words: Words, person: Person, k: str | None, dry_run: bool) -> str:
        try:
            wanted = None if k in (None, "auto") else int(k or 0)
            described = describe(self.chat.desk.fit(person, dry_run, wanted, PATIENCE), words)
            return f"{described}\n\n{words('concierge-how-now')}" if dry_run else described
        except Refused as refused:
            by_code = f"refused-{refused.code}"
            return words(by_code, detail=refused.detail) if by_code in words else refused.detail

    # Rounds

    def look_round(self) -> None:
        """Count, fit what was asked for, offer. Several workers may: each thing is done once."""
        desk = self.chat.desk
        account = desk.account(self.name())
        if self._is_time("count", COUNT_EVERY[0]):
            began = time.monotonic()
            self._count()
            pause = min(20 * (time.monotonic() - began), COUNT_EVERY[1])
            self._next["count"] = max(self._next["count"], time.monotonic() + pause)
        if run := desk.fits.take():
            with self._holding(run):
                self.make(run)
            desk.refresh()
        if self._is_time("offers", OFFER_EVERY) or run:
            desk.offers.make_rooms(account)
            for offer in desk.offers.make(account, OFFERS):
                desk.offers.post(account, offer, in_words(offer))
        if self._is_time("forget", FORGET_EVERY):
            desk.forget()

    def _count(self) -> None:
        desk = self.chat.desk
        if desk.count() or self._is_time("refresh", REFRESH_EVERY):
            if desk.has_newcomers():
                self._fitter.take_in_newcomers()
            desk.refresh()
            desk.fits.schedule(FIT_EVERY)

    def make(self, run: Run) -> None:
        """Make a run that was taken, and apply it unless that is for somebody else to say."""
        desk = self.chat.desk
        try:
            desk.count()
            if run.model is None and (found := desk.fits.candidates()) < PEOPLE:
                detail = f"{found} people did {ACTS} things or more in the window; {PEOPLE} are needed."
                problem = {"code": "too_little_data", "detail": detail}
                desk.fits.end(run, "failed", None, {"error": problem}, None)
            else:
                self._fitter.make(run)
        except AWAY:
            raise
        except Exception:
            problem = {"code": "internal", "detail": "The fit failed; the worker's journal says why."}
            desk.fits.end(run, "failed", None, {"error": problem}, None)
            raise

    @functools.cached_property
    def _fitter(self) -> "Fitter":
        """Loaded when it is needed first: K-means and what it stands on take 100 MB."""
        from bots._segmenting import Fitter

        return Fitter(self.chat.desk)

    @contextlib.contextmanager
    def _holding(self, run: Run) -> Iterator[None]:
        """While a run is made, other workers know that somebody is at it."""
        done = threading.Event()

        def hold() -> None:
            while not done.wait(HOLD_EVERY):
                with contextlib.suppress(Exception):  # the database is away: then the run is made again
                    self.chat.desk.fits.hold(run)

        threading.Thread(target=hold, name="holding", daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def _is_time(self, what: str, every: float) -> bool:
        if time.monotonic() < self._next.get(what, 0.0):
            return False
        self._next[what] = time.monotonic() + every
        return True


def fit(chat: Chat, apply: bool, k: int | None) -> str:
    """For an operator, in this process: what a fit would change, or has changed.

    Raises
    ------
    Refused : `too_little_data`.
    """
    concierge = Concierge(chat)
    asked = chat.desk.fits.ask(not apply, k)
    while run := chat.desk.fits.take():  # those that were asked for before, too
        concierge.make(run)
    return describe(chat.desk.wait(asked, PATIENCE), read("en", LANG))


def in_words(offer: Offer) -> str:
    """What is said to the person, in their language."""
    words = read(offer.language, LANG)
    where = {"room": offer.room_name, "segment": offer.segment}
    first = words("concierge-joined" if offer.joined else "concierge-offer", **where)
    last = words("concierge-may-leave" if offer.joined else "concierge-choices")
    return "\n".join([first, "", words("concierge-why"), *_list(offer.reasons), "", last])


def describe(run: dict[str, Any], words: Words) -> str:
    """What a run has changed, or would."""
    if run["state"] in ("asked", "fitting"):
        return words("concierge-slow")
    if run["state"] == "superseded":
        return words("concierge-superseded")
    figures = {
        "segments": run["k"],
        "people": run["users"],
        "silhouette": f"{run['silhouette']:.2f}",
        "moved": f"{100 * run['moved']:.0f}",
    }
    few = words("concierge-few")
    segments = (
        words(
            "concierge-one",
            segment=one["name"],
            people=one["size"],
            before=few if one["before"] is None else one["before"],
        )
        for one in run["segments"]
    )
    said = "concierge-applied" if run["state"] == "applied" else "concierge-proposed"
    return "\n".join([words(said, **figures), *_list(segments)])


def _list(lines: Any) -> list[str]:
    return [f"- {line}" for line in lines]
