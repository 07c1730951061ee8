"""What the concierge may ask of the chat: to count, to fit, to offer."""

from typing import TYPE_CHECKING, Any

from chat import activity, fits, offers, statistics, users
from chat.activity import Item, room_names
from chat.errors import Refused
from chat.fits import Fits
from chat.offers import Offers
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

Json = dict[str, Any]


class Desk:
    """A worker's way to activity, runs and offers. Each call is a transaction of its own, or several."""

    def __init__(self, backend: "Backend"):
        self._backend = backend
        self.fits = Fits(backend)
        self.offers = Offers(backend)

    def account(self, name: str) -> Person:
        """The bot's own, made before its first message."""
        return self._backend.db.read(users.bot, name)

    # Counting

    def count(self) -> int:
        """Count what people have done since; how many events that were."""
        return activity.count(self._backend)

    def forget(self) -> None:
        activity.forget(self._backend)

    def done(self, people: list[int] | None = None) -> list[tuple[int, Item, int]]:
        """(user, what, how often) in the window, of all or of some."""
        return list(self._backend.db.read(activity.done, people))

    def unplaced(self, most: int) -> list[int]:
        """Those who did enough, something of it of late, and are in no segment."""
        return list(self._backend.db.read(activity.unplaced, fits.ACTS, most))

    def has_newcomers(self) -> bool:
        """Whether somebody is to be assigned by the run in use."""
        return bool(self._backend.db.read(fits.in_use) and self.unplaced(1))

    def room_names(self) -> dict[str, str]:
        """Of public rooms, by id."""
        return dict(self._backend.db.read(room_names))

    def refresh(self) -> None:
        """Compute the statistics anew."""
        statistics.refresh(self._backend)

    # For somebody who talks to the bot

    def mine(self, person: Person) -> Json | None:
        """Their segment and why, as `GET /api/me/segment` says; None without one."""
        try:
            return dict(self._backend.db.read(offers.mine, person))
        except Refused:
            return None

    def is_private(self, room_id: int, person: Person) -> bool:
        """Whether it is the room where the bot talks to this person alone."""
        return bool(self._backend.db.read(offers.is_desk, room_id, person.id))

    def choose(self, person: Person, choice: str) -> Json:
        return offers.choose(self._backend, person, choice)

    def fit(self, person: Person, dry_run: bool, k: int | None, patience: float) -> Json:
        """An admin's wish; the run as it is after so many seconds at most.

        Raises
        ------
        Refused : `forbidden`, `bots_offline`, or what made the run fail.
        """
        return self.wait(fits.ask(self._backend, person, dry_run, k), patience)

    def wait(self, run_id: int, patience: float) -> Json:
        """A run as it is after so many seconds at most.

        Raises
        ------
        Refused : what made it fail.
        """
        return fits.wait(self._backend, run_id, patience)
