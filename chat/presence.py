"""Who is online, as far as this can be known: passing news, kept in Redis only and lost with it.

A person is online while a socket of theirs is open on any replica. Coming and going is told to the rooms that they
share with up to 200 members; a reload of the page within the grace is neither.
"""

import logging
import time
from typing import TYPE_CHECKING

import redis

from chat import bus, rooms
from chat.hub import start_thread
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.connections import Connections

GRACE = 2.0  # seconds that somebody may be away without having gone
SMALL = 200  # members of a room that is told
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
        self._pending: dict[int, Person] = {}
        self._told: set[int] = set()  # who is here, and the rooms know it

    def changed(self, person: Person) -> None:
        """A socket of this person opened or closed here."""
        if not self._pending:
            start_thread("presence", self._tell_soon)
        self._pending[person.id] = person

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
        """Arrivals at once, departures after the grace."""
        time.sleep(GRACE / 4)
        self._tell([person for person in self._pending.values() if self._connections.of_user(person.id)])
        time.sleep(GRACE)
        people, self._pending = list(self._pending.values()), {}
        self._tell(people)

    def _tell(self, people: list[Person]) -> None:
        if not people:
            return
        self.beat()
        try:
            online = self.online([person.id for person in people])
            news = {person.id: person for person in people if self._is_news(person, person.id in online)}
            for start in range(0, len(news), MANY):
                ids = list(news)[start : start + MANY]
                for user_id, room_id in self._backend.db.read(rooms.small_rooms_of, ids, SMALL):
                    told = {"user": news[user_id].json(), "online": user_id in online}
                    self._backend.bus.tell(bus.room_channel(room_id), "presence", told)
        except Exception:
            logger.exception("Presence could not be told")

    def _is_news(self, person: Person, online: bool) -> bool:
        here, told = bool(self._connections.of_user(person.id)), person.id in self._told
        if here:
            self._told.add(person.id)
        else:
            self._told.discard(person.id)
        return not ((here and told) or (online and not here))  # or they have moved to another replica
