"""People talk all the while; pods are deleted, versions come and go, Redis is away. Nothing may be lost or seen twice."""

import datetime
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests import people as cast
from tests.chaos import trial as chaos
from tests.chaos import verdict
from tests.chaos.faults import Report
from tests.chaos.people import Person
from tests.cluster.stage import Stage
from tests.servers import ROOT

PEOPLE, ROOMS, PACE = 6, 3, 1.0
BURST = 20  # pictures
AWAY = 60.0  # seconds without Redis
SETTLE = 300.0


class Trial:
    """Parameters
    ----------
    stage : the cluster.
    """

    def __init__(self, stage: Stage):
        self._stage = stage
        self._lines: list[str] = []
        self._flaws: list[str] = []
        self._persons: list[Person] = []

    def play(self) -> bool:
        stage = self._stage
        self._do("chart installed with values-dev.yaml", lambda: stage.install("one"))
        stage.wait_for("web", 3)
        self._note(f"web pods ready: {len(stage.ready('web'))} of {len(stage.pods('web'))}")
        self._hear_each_other()
        self._gather()
        self._do("a web pod deleted", lambda: stage.delete_one("web"), ("web", 3))
        self._do("Redis' pod deleted", lambda: stage.delete_one("redis"), ("redis", 1))
        self._do("rolling update to a new tag", lambda: stage.install("two"), ("web", 3), ("bots", 1))
        self._do("a worker's pod deleted amid pictures", self._delete_worker_amid_pictures, ("bots", 1))
        self._do("rollback", lambda: stage.helm("rollback", "chatroom-dev", "1"), ("web", 3), ("bots", 1))
        self._do(f"Redis away for {AWAY:.0f} s", self._be_without_redis, ("redis", 1))
        self._judge()
        return not self._flaws

    def report(self) -> str:
        flaws = [f"  ! {flaw}" for flaw in self._flaws]
        return "\n".join([*self._lines, *flaws])

    def _do(self, what: str, fault: Callable[[], object], *then: tuple[str, int]) -> None:
        """Play a fault, wait until all is ready again, and say how long people waited meanwhile."""
        began = time.monotonic()
        fault()
        for component, count in then:
            self._stage.wait_for(component, count)
        seconds = time.monotonic() - began
        time.sleep(5 if self._persons else 0)
        self._note(f"{what}: {seconds:.0f} s{self._silence(began)}")

    def _silence(self, began: float) -> str:
        """Of what was sent since: the longest wait for an acknowledgement, and the longest time without any."""
        if not self._persons:
            return ""
        wishes = [wish for person in self._persons for wish in list(person.notes.wishes)]
        waits = [wish.acknowledged - wish.sent for wish in wishes if wish.acknowledged and wish.sent >= began]
        heard = sorted([began, *(wish.acknowledged for wish in wishes if wish.acknowledged >= began)])
        gaps = [later - earlier for earlier, later in itertools.pairwise(heard)]
        return (
            f"; {len(waits)} messages, longest wait of one {max(waits, default=0):.1f} s, "
            f"longest silence of all {max(gaps, default=0):.1f} s"
        )

    def _hear_each_other(self) -> None:
        """A socket at each pod, by its own address; each says something and hears all."""
        pods = [f"http://{pod['status']['podIP']}:5000" for pod in self._stage.ready("web")]
        clients = [cast.Client(url, f"neighbour{n}") for n, url in enumerate(pods)]
        room = clients[0].room("corridor")
        for client in clients[1:]:
            client.enter(room)
        sockets = [client.socket() for client in clients]
        for socket in sockets:
            socket.join(room)
        for n, socket in enumerate(sockets):
            socket.send(room, f"from pod {n}")
        for socket in sockets:
            socket.wait_for(room, len(sockets), 30)
            socket.close()
        self._note(f"sockets at {len(pods)} pods hear each other")

    def _gather(self) -> None:
        clients = [cast.Client(self._stage.url, f"p{n}") for n in range(PEOPLE)]
        rooms = [clients[0].room(f"room {n}") for n in range(ROOMS)]
        shown = chaos.photographs(1)
        for client in clients:
            for room in rooms:
                client.enter(room)
        self._photographer, self._rooms, self._shown = clients[0], rooms, shown
        self._persons = [
            Person(c.name, c.id, c.token, [self._stage.url], rooms, c.name, PACE, shown) for c in clients
        ]
        for person in self._persons:
            person.start()
        time.sleep(10)

    def _delete_worker_amid_pictures(self) -> None:
        watcher = cast.Client(self._stage.url, "photographer")
        room = watcher.room("gallery")
        for n in range(BURST):
            answer = watcher.drop(room, self._shown[n % len(self._shown)])
            assert answer.status_code == 201, answer.text
            if n == BURST // 2:
                self._stage.delete_one("bots")

    def _be_without_redis(self) -> None:
        stage = self._stage
        before = stage.restarts("web")
        stage.kubectl("scale", "statefulset/chatroom-dev-redis", "--replicas=0")
        stage.kubectl("wait", "--for=delete", "pod/chatroom-dev-redis-0", "--timeout=120s")
        began = time.monotonic()
        newcomer = cast.Client(stage.url, "newcomer")
        room = newcomer.room("without bells")
        socket = newcomer.socket()
        socket.join(room)
        socket.send(room, "does anybody hear me?")
        socket.wait_for(room, 1, 15)
        socket.close()
        self._note(
            f"a new client registers, connects and talks without Redis: {time.monotonic() - began:.1f} s"
        )
        time.sleep(max(0.0, AWAY - (time.monotonic() - began)))
        if (after := stage.restarts("web")) != before:
            self._flaws.append(f"web pods restarted while Redis was away: {before} → {after}")
        self._note(f"restarts of web pods meanwhile: {sum(after.values()) - sum(before.values())}")
        stage.kubectl("scale", "statefulset/chatroom-dev-redis", "--replicas=1")

    def _judge(self) -> None:
        for person in self._persons:
            person.say_no_more()
        end = time.monotonic() + SETTLE
        while not self._is_settled() and time.monotonic() < end:
            time.sleep(0.5)
        time.sleep(3)  # what comes twice comes now
        for person in self._persons:
            person.leave()
        for person in self._persons:
            person.join()
        found = verdict.judge(
            verdict.Stored.read(self._stage),  # type: ignore[arg-type]  # anything that can be asked
            [person.notes for person in self._persons],
            Report(),
            [],
        )
        self._lines.append(str(found))
        self._flaws += found.flaws

    def _is_settled(self) -> bool:
        if not all(person.is_settled for person in self._persons):
            return False
        if self._stage.ask(chaos.UNANSWERED) != [(0,)]:
            return False
        last = dict(self._stage.ask(verdict.LAST))
        return all(
            person.reached(room) >= last[room] for person in self._persons for room in person.notes.logs
        )

    def _note(self, line: str) -> None:
        print(line, flush=True)
        self._lines.append(line)


def main() -> None:
    trial = Trial(Stage(Path(sys.argv[1])))
    good = False
    try:
        good = trial.play()
    finally:
        when = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
        text = f"{when}\n{trial.report()}\n{'passed' if good else 'FAILED'}\n"
        target = ROOT / "build" / "cluster-test.txt"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)
        print(text)
    sys.exit(not good)


if __name__ == "__main__":
    main()
