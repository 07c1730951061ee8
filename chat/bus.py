"""Everything Redis: the bell, the bots' to-do list, who is online. Every key and channel is named here, but those of
the limits (`Counters`).

Nothing depends on the bell: what it does not carry is read from the database. So nothing here makes a sender wait,
and what cannot be sent at once is dropped. A message on a channel is

    KIND SEQ MILLISECONDS REPLICA BODY

where the body of an `event` is the finished frame for the browsers, so that a replica which hears it parses nothing
but its head.
"""

import collections
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from chat.hub import start_thread

TIMEOUT = 0.5  # seconds that Redis has for an answer
SILENCE = 15.0  # seconds without a sign of life after which the subscription is made anew
OUTBOX = 20_000  # bells that wait at most; beyond, the oldest are dropped
TODO = "roomful:todo"  # stream of message ids that a bot may want to answer
TODO_LENGTH = 100_000  # entries kept, roughly
ONLINE_TTL = 30  # seconds that a replica's people stay online without its beat

logger = logging.getLogger(__name__)


def room_channel(room_id: int) -> str:
    return f"roomful:room:{room_id}"


def user_channel(user_id: int) -> str:
    return f"roomful:user:{user_id}"


def frame(event: str, data: Any) -> bytes:
    """A Socket.IO event in the default namespace, as Engine.IO puts it on the websocket."""
    return b'42["' + event.encode() + b'",' + msgspec.json.encode(data) + b"]"


class Bus:
    """One process's connection to Redis.

    Parameters
    ----------
    url : `redis://`, `rediss://` or `unix://`.

    Attributes
    ----------
    hear : called with (channel, kind, seq, milliseconds, body) for each bell, this process's own included; a web
        replica sets it.
    fresh : called with a channel when its subscription begins (again): what was rung before has been missed.
    """

    def __init__(self, url: str):
        once = Retry(NoBackoff(), 0)
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=once, protocol=2
        )
        self._patient: Any = redis.Redis.from_url(
            url, socket_timeout=SILENCE, socket_connect_timeout=TIMEOUT, retry=once, protocol=2
        )
        self.replica = uuid.uuid4().hex[:12]
        self.hear: Callable[[str, bytes, int, int, bytes], None] | None = None
        self.fresh: Callable[[str], None] | None = None
        self.lost = 0
        self._outbox: collections.deque[tuple[str, str, Any]] = collections.deque(maxlen=OUTBOX)
        self._to_send = threading.Event()
        self._sent = threading.Event()  # nothing waits, and nothing is under way
        self._sent.set()
        self._channels: set[str] = set()  # that are wanted
        self._changed: collections.deque[str] = collections.deque()  # that Redis may not have been asked for
        self._to_ask = threading.Event()
        self._ears: Any = None
        self._asking = threading.Lock()  # a connection takes one command at a time
        self._closed = threading.Event()
        self._sending = False
        self._starting = threading.Lock()  # held while `_sending` changes

    # The bell

    def ring(self, room_id: int, seq: int, event: Any) -> None:
        """Tell of a stored event of a room. Never waits, never fails."""
        self._say(room_channel(room_id), b"event", seq, frame("event", event))

    def tell(self, channel: str, kind: str, data: Any) -> None:
        """Passing news, to be handed to the browsers that listen there: may be lost."""
        self._say(channel, b"news", 0, frame(kind, data))

    def recheck(self, user_id: int) -> None:
        """What this person may do has changed: every replica looks again."""
        self._say(user_channel(user_id), b"recheck", 0, b"")

    def subscribe(self, channel: str) -> None:
        """Soon: those who come at the same time are asked for together."""
        self._channels.add(channel)
        self._changed.append(channel)
        self._to_ask.set()

    def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)
        self._changed.append(channel)
        self._to_ask.set()

    def listen(self) -> None:
        """Begin to hear; once, in a web replica."""
        start_thread("bus-ears", self._listen)
        start_thread("bus-asker", self._ask_all)

    # The bots' to-do list

    def todo(self, message_ids: Iterable[int]) -> None:
        """Put messages on the list. Never waits, never fails: what is lost here, the bots' sweep finds."""
        for message_id in message_ids:
            self._send("xadd", TODO, {"message": message_id})

    def todo_read(self, group: str, consumer: str, count: int, block_ms: int) -> list[tuple[str, int]]:
        """The next entries for this group, as (entry, message id); waits up to `block_ms` for the first."""
        try:
            found = self._patient.xreadgroup(group, consumer, {TODO: ">"}, count=count, block=block_ms)
        except redis.ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._make_group(group)
            return []
        return [_entry(*entry) for _stream, entries in found or [] for entry in entries]

    def todo_claim(self, group: str, consumer: str, idle_ms: int, count: int) -> list[tuple[str, int]]:
        """Take over entries that another consumer was given `idle_ms` ago and has not finished."""
        try:
            _next, entries, *_ = self._patient.xautoclaim(TODO, group, consumer, idle_ms, count=count)
        except redis.ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            return []
        return [_entry(*entry) for entry in entries if entry[1]]

    def todo_done(self, group: str, entries: list[str]) -> None:
        if entries:
            self._redis.xack(TODO, group, *entries)

    def todo_length(self, group: str) -> int:
        """Entries that wait for this group or are being worked on."""
        for info in self._redis.xinfo_groups(TODO) if self._redis.exists(TODO) else []:
            if info["name"].decode() == group:
                return int(info["lag"] or 0) + int(info["pending"])
        return 0

    def todo_forget(self, group: str, idle_ms: int) -> None:
        """Drop consumers that have been silent so long and hold nothing: every worker's process has been one."""
        for consumer in self._redis.xinfo_consumers(TODO, group):
            if consumer["idle"] > idle_ms and not consumer["pending"]:
                self._redis.xgroup_delconsumer(TODO, group, consumer["name"])

    def bot_alive(self, name: str, seconds: int) -> None:
        """A worker's sign of life, behind `online` of GET /api/bots."""
        self._redis.set(f"roomful:bot:{name}", 1, ex=seconds)

    def bots_alive(self, names: list[str]) -> set[str]:
        if not names:
            return set()
        return {
            n
            for n, alive in zip(names, self._redis.mget([f"roomful:bot:{n}" for n in names]), strict=True)
            if alive
        }

    # Who is online

    def online_here(self, user_ids: Iterable[int]) -> None:
        """These people, and no others, are connected to this replica."""
        key, ids = f"roomful:online:{self.replica}", list(user_ids)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.sadd("roomful:replicas", self.replica).delete(key)
            for start in range(0, len(ids), 1000):
                pipe.sadd(key, *ids[start : start + 1000])
            pipe.expire(key, ONLINE_TTL).execute()

    def online_among(self, user_ids: list[int]) -> set[int]:
        """Those of these people who are connected to some replica."""
        if not user_ids:
            return set()
        replicas = [name.decode() for name in self._redis.smembers("roomful:replicas")]
        with self._redis.pipeline(transaction=False) as pipe:
            for name in replicas:
                pipe.smismember(f"roomful:online:{name}", user_ids)
            answers = pipe.execute()
        return {id_ for answer in answers for id_, here in zip(user_ids, answer, strict=True) if here}

    # Its own state

    def ping(self) -> bool:
        """Whether Redis answers, within `TIMEOUT`."""
        try:
            return bool(self._redis.ping())
        except redis.RedisError:
            return False

    def waiting(self) -> int:
        return len(self._outbox)

    def close(self) -> None:
        """Send what waits, for a moment at most, and go."""
        self._sent.wait(TIMEOUT)
        self._closed.set()
        self._to_send.set()
        self._to_ask.set()
        try:
            self._redis.srem("roomful:replicas", self.replica)
            self._redis.delete(f"roomful:online:{self.replica}")
        except redis.RedisError:
            pass

    # Sending: one thread, several bells in one round trip

    def _say(self, channel: str, kind: bytes, seq: int, body: bytes) -> None:
        at = time.time_ns() // 1_000_000
        if self.hear:
            self.hear(channel, kind, seq, at, body)
        self._send("publish", channel, b"%s %d %d %s %s" % (kind, seq, at, self.replica.encode(), body))

    def _send(self, command: str, key: str, payload: Any) -> None:
        if len(self._outbox) == OUTBOX:
            self.lost += 1
        self._outbox.append((command, key, payload))
        self._sent.clear()
        with self._starting:  # elsewhere than in a web replica, threads ring
            if not self._sending:
                self._sending = True
                start_thread("bus-sender", self._send_all)
        self._to_send.set()

    def _send_all(self) -> None:
        while not self._closed.is_set():
            self._to_send.wait()
            self._to_send.clear()
            while self._outbox:
                batch = [self._outbox.popleft() for _ in range(min(len(self._outbox), 500))]
                try:
                    self._send_batch(batch)
                except redis.RedisError as error:
                    self._lose(batch, error)
            self._sent.set()

    def _send_batch(self, batch: list[tuple[str, str, Any]]) -> None:
        with self._redis.pipeline(transaction=False) as pipe:
            for command, key, payload in batch:
                if command == "publish":
                    pipe.publish(key, payload)
                else:
                    pipe.xadd(key, payload, maxlen=TODO_LENGTH, approximate=True)
            pipe.execute()

    def _lose(self, batch: list[tuple[str, str, Any]], error: redis.RedisError) -> None:
        """Bells that come late are worth nothing: the others will have looked into the database by then."""
        self.lost += len(batch)
        logger.warning("Redis is away, %d bells are lost; the database has them: %s", len(batch), error)
        self._closed.wait(TIMEOUT)

    # Hearing: one thread reads, another asks for channels

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen_until_broken()
            except (redis.RedisError, OSError) as error:
                logger.warning("The subscription to Redis broke; making it anew: %s", error)
            self._ears = None
            self._closed.wait(0.25)

    def _listen_until_broken(self) -> None:
        ears = self._patient.pubsub()
        try:
            asked = set(self._channels)
            ears.subscribe("roomful:all", *asked)
            self._ears = ears
            self._ask(asked ^ self._channels)  # what changed while it was made
            heard = time.monotonic()
            while not self._closed.is_set():
                message = ears.get_message(timeout=SILENCE / 3)
                if message:
                    heard = time.monotonic()
                    self._take(message)
                elif time.monotonic() - heard > SILENCE:
                    raise redis.TimeoutError(f"no sign of life for {SILENCE:.0f} s")
                else:
                    ears.ping()
        finally:
            ears.close()

    def _take(self, message: dict[str, Any]) -> None:
        channel = (message["channel"] or b"").decode()
        try:
            if message["type"] == "subscribe" and self.fresh:
                self.fresh(channel)
            elif message["type"] == "message" and self.hear:
                kind, seq, at, replica, body = message["data"].split(b" ", 4)
                if replica.decode() != self.replica:  # one's own bell was heard when it was rung
                    self.hear(channel, kind, int(seq), int(at), body)
        except Exception:
            logger.exception("A bell on %s could not be taken", channel)

    def _ask_all(self) -> None:
        while not self._closed.is_set():
            self._to_ask.wait()
            self._to_ask.clear()
            changed = {self._changed.popleft() for _ in range(len(self._changed))}
            self._ask(changed)

    def _ask(self, changed: set[str]) -> None:
        """Without a subscription nobody need be asked: the next one asks for all."""
        with self._asking:
            if self._ears is None:
                return
            try:
                if wanted := changed & self._channels:
                    self._ears.subscribe(*wanted)
                if unwanted := changed - self._channels:
                    self._ears.unsubscribe(*unwanted)
            except (redis.RedisError, OSError) as error:
                logger.warning("Redis did not take a subscription: %s", error)

    def _make_group(self, group: str) -> None:
        try:
            self._redis.xgroup_create(TODO, group, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


def _entry(entry_id: bytes, fields: dict[bytes, bytes]) -> tuple[str, int]:
    return entry_id.decode(), int(fields[b"message"])
