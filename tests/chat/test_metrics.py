"""What a replica says of itself, also when what it depends on does not answer."""

import time

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chat import metrics
from chat.app import create_app
from tests.people import new_id

on_one_database = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def numbers() -> dict[str, float]:
    """What a scrape would read: {name and labels: value}."""
    return {
        "".join([sample.name, *(f"{{{value}}}" for value in sample.labels.values())]): sample.value
        for family in text_string_to_metric_families(generate_latest().decode())
        for sample in family.samples
    }


def test_what_has_not_answered_for_a_while_is_down_until_it_answers(monkeypatch):
    answers = iter([True, False, ConnectionError(), True])

    def ask():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    clock = [1000.0]
    monkeypatch.setattr(metrics.time, "monotonic", lambda: clock[0])
    pulse = metrics.Pulse(ask)
    seen = []
    for seconds in (10, 10, 10, 10):
        clock[0] += seconds
        pulse.feel()
        seen.append(pulse.is_up)
    assert seen == [True, True, False, True]


@on_one_database
def test_a_scrape_says_that_redis_is_away_and_waits_for_nobody(backend, monkeypatch):
    create_app(backend)
    database, redis = metrics.pulses()
    monkeypatch.setattr(backend.db, "read", lambda *_: time.sleep(60))
    assert numbers()["roomful_redis_up"] == 1
    redis._answered -= metrics.BELIEF
    seen = numbers()
    assert (seen["roomful_database_up"], seen["roomful_redis_up"]) == (1, 0)
    redis.feel()
    database._answered -= metrics.BELIEF
    seen = numbers()
    assert (seen["roomful_database_up"], seen["roomful_redis_up"]) == (0, 1)


@on_one_database
def test_the_disks_that_are_written_to_are_watched(backend):
    create_app(backend)
    seen = numbers()
    for folder in ("data",):
        assert 0 < seen[f"roomful_disk_free_bytes{{{folder}}}"] < seen[f"roomful_disk_size_bytes{{{folder}}}"]


def test_delivery_and_acknowledgement_are_measured_where_they_end(replica, meet):
    ann, bob = meet("ann"), meet("bob")
    room = ann.room()
    bob.enter(room)
    here, there = ann.socket(), bob.socket()
    for socket in (here, there):
        socket.join(room)

    def counts() -> tuple[float, float]:
        text = ann.http.get(f"{replica.url}/metrics", timeout=5).text
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        wanted = ("roomful_delivery_delay_seconds_count", "roomful_acknowledgement_seconds_count")
        return tuple(float(lines[name]) for name in wanted)

    before = counts()
    for _ in range(5):
        here.send(room, "hello", new_id())
    there.wait_for(room, 5)
    after = counts()
    assert (after[0] - before[0], after[1] - before[1]) == (5, 5)
    here.close()
    there.close()
