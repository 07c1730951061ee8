"""Who is online, as far as this can be known: passing news, kept in Redis only and lost with it.

A person is online while a socket of theirs is open on any replica. Coming and going is told to the rooms that they
share with up to 200 members; a reload of the page within the grace is neither.
"""

import logging
import time
from typing import TYPE_CHECKING

import redis

from chat import bus, membership
from chat.hub import start_thread
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.connections import Connections

GRACE = 2.0  # seconds that somebody may be away without having gone
MANY = 500  # people whose rooms are looked up at once

logger = logging.getLogger(__name__)


class Presence:
    """Parameters
    ----------
    backend : its bus knows who is online elsewhere.
    connections : who is online here.
    """

    def __init__(self, backend: "Backend", connections: "Connections"):
        self._backend = backend
        self._connections = connections
        self._pending: dict[int, tuple[Person, float]] = {}  # who has changed, and when
        self._telling = False
        self._told: set[int] = set()  # who is here, and the rooms know it

    def changed(self, person: Person) -> None:
        """A socket of this person opened or closed here."""
        self._pending[person.id] = (person, time.monotonic())
        if not self._telling:
            self._telling = True
            start_thread("presence", self._tell_soon)

    def online(self, user_ids: list[int]) -> set[int]:
        """Those of these people who are online; without Redis, those who are online here."""
        here = {id_ for id_ in user_ids if self._connections.of_user(id_)}
        try:
            return here | self._backend.bus.online_among(user_ids)
        except redis.RedisError:
            return here

    def beat(self) -> None:
        """Every few seconds: these people are still here."""
        try:
            self._backend.bus.online_here(self._connections.user_ids())
        except redis.RedisError as error:
            logger.debug("Presence was not renewed: %s", error)

    def _tell_soon(self) -> None:
        """Arrivals at once, departures after the grace, which everybody has whole."""
        while self._pending:
            time.sleep(GRACE / 4)
            self._tell(self._due())
        self._telling = False

    def _due(self) -> list[tuple[Person, bool]]:
        """Those who are here, and those who have been away for long enough; they are pending no more."""
        late = time.monotonic() - GRACE
        changed = [
            (p, since, bool(self._connections.of_user(p.id))) for p, since in self._pending.copy().values()
        ]
        due = [(person, here) for person, since, here in changed if here or since <= late]
        for person, _here in due:
            del self._pending[person.id]
        return due

    def _tell(self, due: list[tuple[Person, bool]]) -> None:
        """Who leaves while this is done is pending again; `here` is as it was."""
        if not due:
            return
        self.beat()
        try:
            present = {person.id for person, here in due if here}
            online = present | self.online([person.id for person, _here in due])
            news = {p.id: p for p, here in due if self._is_news(p.id, here, p.id in online)}
            for start in range(0, len(news), MANY):
                ids = list(news)[start : start + MANY]
                for user_id, room_id in self._backend.db.read(
                    membership.small_rooms_of, ids, membership.SMALL
                ):
                    told = {"user": news[user_id].json(), "online": user_id in online}
                    self._backend.bus.tell(bus.room_channel(room_id), "presence", told)
        except Exception:
            logger.exception("Presence could not be told")

    def _is_news(self, user_id: int, here: bool, online: bool) -> bool:
        told = user_id in self._told
        if here:
            self._told.add(user_id)
        else:
            self._told.discard(user_id)
        return not ((here and told) or (online and not here))  # or they have moved to another replica
