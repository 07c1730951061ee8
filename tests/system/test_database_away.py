"""PostgreSQL crashes and comes back: nothing that was acknowledged is lost, and nobody has to be restarted."""

import threading
import time

import pytest
import requests

from tests.conftest import prepare
from tests.people import Client, new_id, new_name
from tests.servers import Postgres, Replica, two_replicas, wait_until


@pytest.fixture
def own_postgres():
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def pair(own_postgres, redis_server, tmp_path):
    environment = prepare(own_postgres.create(f"own_{new_id()[:8]}"), redis_server.url, tmp_path)
    with two_replicas(environment, tmp_path) as replicas:
        yield replicas


def ready(replica: Replica) -> requests.Response:
    return requests.get(f"{replica.url}/readyz", timeout=15)


def test_the_chat_goes_on_when_the_database_is_back(pair, own_postgres):
    ann, bob = Client(pair[0].url, new_name("ann")), Client(pair[1].url, new_name("bob"))
    room = ann.room()
    bob.enter(room)
    with_ann, with_bob = ann.socket(), bob.socket()
    with_ann.join(room)
    with_bob.join(room)
    acknowledged: list[str] = []
    codes: set[str] = set()
    done = threading.Event()

    def talk():
        number = 0
        while not done.is_set():
            number += 1
            answer = with_ann.send(room, str(number), timeout=30)
            if answer["ok"]:
                acknowledged.append(str(number))
            else:
                codes.add(answer["error"]["code"])
                time.sleep(0.1)

    talking = threading.Thread(target=talk)
    talking.start()
    wait_until(lambda: len(acknowledged) > 20)
    own_postgres.crash()
    away = ready(pair[0])
    assert (away.status_code, away.json()["degraded"]) == (503, ["database"])
    assert requests.get(f"{pair[0].url}/healthz", timeout=5).status_code == 200
    assert ann.get("/api/rooms").json()["code"] == "unavailable"
    wait_until(lambda: codes)
    own_postgres.start()
    before = len(acknowledged)
    wait_until(lambda: len(acknowledged) > before + 20, what="sending again")
    done.set()
    talking.join()
    assert codes == {"unavailable"}
    assert ready(pair[0]).status_code == ready(pair[1]).status_code == 200
    stored = ann.socket().join(room, after=0)["events"]
    assert [event["seq"] for event in stored] == list(range(1, len(stored) + 1))
    assert set(acknowledged) <= {event["message"]["text"] for event in stored}
    with_bob.wait_for(room, len(stored))
    assert with_bob.events[room] == stored
