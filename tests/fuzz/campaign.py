"""A campaign: attackers on a real replica, bystanders beside them, and what must be so afterwards."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from chat import db
from tests.fuzz import corpus
from tests.fuzz.attackers import Attacker, Events, Noise, Requests
from tests.fuzz.cast import Caller, Keeper
from tests.people import Client, new_name, promote
from tests.servers import ROOT, Replica, wait_until

SHARES = {Requests: 0.49, Events: 0.49, Noise: 0.02}
HARMLESS = (  # what Engine.IO calls an error at its first time, and is a caller's
    "not an accepted origin",
    "unsupported version of the Socket.IO or Engine.IO protocols",
    "Invalid session",
    "Invalid transport",
    "Invalid JSONP index number",
    "Invalid websocket upgrade",
)
GROWTH = 0.25  # of resident memory, from the end of the warm-up to the end


@dataclass
class Found:
    """What a campaign has counted, and what was wrong."""

    requests: int = 0
    events: int = 0
    noise: int = 0
    doors: int = 0
    seconds: float = 0
    told: dict[str, int] = field(default_factory=dict)
    bystanders: dict[str, Any] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)  # MB, at each twentieth
    descriptors: tuple[int, int] = (0, 0)
    faults: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return self.requests + self.events + self.noise

    def __str__(self) -> str:
        by = self.bystanders
        told = ", ".join(
            f"{what} {count}" for what, count in sorted(self.told.items(), key=lambda pair: -pair[1])
        )
        return "\n".join(
            (
                f"sent                {self.sent} in {self.seconds:.0f} s",
                f"  HTTP requests     {self.requests} at {self.doors} methods of addresses",
                f"  Socket.IO events  {self.events}",
                f"  neither           {self.noise} connections",
                f"answers             {told}",
                f"bystanders          {by.get('heard')} of {by.get('sent')} messages, p50 {by.get('p50_ms')} ms,"
                f" p99 {by.get('p99_ms')} ms, longest {by.get('longest_ms')} ms",
                f"memory (MB)         {' '.join(f'{size:.0f}' for size in self.memory)}",
                f"descriptors         {self.descriptors[0]} before, {self.descriptors[1]} after",
                *(f"FAULT               {fault}" for fault in self.faults),
            )
        )


def hold(
    environment: dict[str, str],
    folder: Path,
    seed: int,
    count: int,
    seconds: float,
    say: Callable[[str], None],
) -> Found:
    """Attack a replica of its own until `count` are sent or `seconds` are over.

    Parameters
    ----------
    environment : settings of a replica on an empty database; limits are switched off, or they alone would be tried.
    """
    found, replica = Found(), Replica({**environment, "LIMITS": "off"}, folder)
    try:
        stage = _Stage(replica, environment)
        before = stage.rows()
        began = time.monotonic()
        with _bystanders(stage, found):
            _attack(stage, found, seed, count, seconds, say)
        found.seconds = time.monotonic() - began
        if (after := stage.rows()) != before:
            found.faults.append(f"rows of who may not write: {_difference(before, after)}")
        _look(stage, found)
    finally:
        replica.stop()
    found.faults += journal(replica.log)
    return found


class _Stage:
    """The replica with its people."""

    def __init__(self, replica: Replica, environment: dict[str, str]):
        self.replica, self.environment = replica, environment
        url = replica.url
        self.first = Client(url, new_name("first"))
        promote(environment, self.first.id)
        self.keepers = [Keeper(url, environment, kind, self.first) for kind in ("absent", "reader", "banned")]
        self.callers = [Caller(url, environment, role) for role in ("member", "admin", "stranger")]
        self.talkers = [Client(url, new_name("bystander")) for _ in range(2)]
        self.room = self.talkers[0].room("corner", private=True)
        assert self.talkers[0].put(f"/api/rooms/{self.room}/members/{self.talkers[1].id}").status_code == 204
        for talker in self.talkers:
            promote(environment, talker.id)  # nobody moderates their own rank
        for caller in (*self.callers, *self.keepers):
            caller.others = {**self.keepers[0].names, "ann": caller.names["ann"]}
        self.database = db.Database(environment["DATABASE_URL"])

    def rows(self) -> list[Any]:
        return [self.database.read(keeper.rows) for keeper in self.keepers]

    def memory(self) -> float:
        """Resident, in MB."""
        assert self.replica.process
        status = Path(f"/proc/{self.replica.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def descriptors(self) -> int:
        assert self.replica.process
        return len(list(Path(f"/proc/{self.replica.process.pid}/fd").iterdir()))


def _attack(
    stage: _Stage, found: Found, seed: int, count: int, seconds: float, say: Callable[[str], None]
) -> None:
    Requests.goods = corpus.requests()
    found.doors = len(Requests.goods)
    stop, port = threading.Event(), stage.replica.port
    member, admin, stranger = stage.callers
    _absent, reader, banned = stage.keepers
    cast = {
        Requests: (member, admin, stranger, reader, banned),
        Events: (Caller(stage.replica.url, stage.environment, "member"), reader, banned),
        Noise: (Caller(stage.replica.url, stage.environment, "member"),),
    }
    cast[Events][0].others = member.others
    weights = {Requests: (4, 4, 1, 1, 1), Events: (8, 2, 0.01), Noise: (1,)}
    attackers: list[Attacker] = []
    for kind, callers in cast.items():
        for number, caller in enumerate(callers):
            share = max(1, int(count * SHARES[kind] * weights[kind][number] / sum(weights[kind])))
            attackers.append(kind(port, f"{seed}-{kind.__name__}-{number}", share, caller, stop))
    found.descriptors = (stage.descriptors(), 0)
    began, said = time.monotonic(), 0
    for attacker in attackers:
        attacker.start()
    while any(attacker.is_alive() for attacker in attackers):
        time.sleep(0.1)
        sent, passed = sum(attacker.sent for attacker in attackers), time.monotonic() - began
        done = max(sent / count, passed / seconds)
        if done * 20 >= said + 1:
            said += 1
            found.memory.append(stage.memory())
            say(f"{sent} sent in {passed:.0f} s, {found.memory[-1]:.0f} MB")
        if passed > seconds:
            stop.set()
    found.requests = sum(a.sent for a in attackers if isinstance(a, Requests))
    found.events = sum(a.sent for a in attackers if isinstance(a, Events))
    found.noise = sum(a.sent for a in attackers if isinstance(a, Noise))
    found.told = dict(sum((attacker.told for attacker in attackers), Counter[str]()))
    found.faults += [attacker.fault for attacker in attackers if attacker.fault]


@contextlib.contextmanager
def _bystanders(stage: _Stage, found: Found) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.fuzz.bystanders", str(stage.replica.port)]
    command += [*(talker.token for talker in stage.talkers), stage.room]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        said, _ = process.communicate("")
    found.bystanders = by = json.loads(said)
    if by["faults"] or not by["sent"] or by["heard"] != by["sent"] or not by["in_order"]:
        found.faults.append(f"bystanders: {by}")


def _look(stage: _Stage, found: Found) -> None:
    """That the replica goes on as before, at each of its doors and in each of its rounds, and has kept nothing."""
    url, (ann, bob) = stage.replica.url, stage.talkers
    ready = requests.get(f"{url}/readyz", timeout=30).json()
    if ready != {"status": "ok", "degraded": []}:
        found.faults.append(f"/readyz: {ready}")
    names = {
        **stage.keepers[0].names,
        "room_id": stage.room,
        "message_id": ann.say(stage.room, "still here")["id"],
    }
    for good in corpus.requests():
        if good.method == "GET" and good.door not in ("engine.io", "identity.come_back"):
            answer = ann.http.get(url + good.path.format(**names), params=good.query, timeout=60)
            if answer.status_code >= 500:
                found.faults.append(f"{good.door} answers {answer.status_code} afterwards")
    socket = bob.socket()
    last = socket.join(stage.room)["last_seq"]
    for event, data in corpus.events().items():
        answer = socket.call(event, {**data, "room": stage.room})
        if not answer["ok"]:
            found.faults.append(f"{event} answers {answer} afterwards")
    socket.join(stage.room)
    ann.say(stage.room, "and here")
    socket.wait_for(stage.room, last + 2, 20)
    socket.close()
    try:  # connections that were left open end by themselves; those of polling when they have missed a ping
        wait_until(lambda: stage.descriptors() <= found.descriptors[0] + 15, 60, "few open descriptors")
    except AssertionError as error:
        found.faults.append(f"{error}: {stage.descriptors()}")
    found.descriptors = (found.descriptors[0], stage.descriptors())
    found.memory.append(stage.memory())
    warm = found.memory[len(found.memory) // 5]
    if found.memory[-1] > warm * (1 + GROWTH):
        found.faults.append(f"memory has grown from {warm:.0f} to {found.memory[-1]:.0f} MB")


def journal(path: Path) -> list[str]:
    """Lines that are none of ours, and those that tell of an error."""
    wrong = []
    with path.open() as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                wrong.append(f"journal: {line.strip()[:500]}")
                continue
            calm = entry["level"] in ("INFO", "WARNING") or any(
                words in entry["message"] for words in HARMLESS
            )
            if not calm or "exc_info" in entry:
                wrong.append(f"journal: {line.strip()[:3000]}")
    return wrong[:20]


def _difference(before: list[Any], after: list[Any]) -> str:
    return str(
        [
            (name, old[name], new[name])
            for old, new in zip(before, after, strict=True)
            for name in old
            if old[name] != new[name]
        ]
    )[:2000]
