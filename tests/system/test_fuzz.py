"""What `make fuzz` does a million times, for a third of a minute (FUZZ_SECONDS=60: a minute), by a seed that is always the same."""

import os

import pytest

from tests.conftest import prepare
from tests.fuzz import attackers, campaign

SECONDS = float(os.environ.get("FUZZ_SECONDS", "18"))


def test_whatever_comes_the_replica_answers_as_documented_and_nobody_else_notices(
    postgres, redis_server, tmp_path
):
    environment = prepare(postgres.create("fuzz"), redis_server.url, tmp_path)
    found = campaign.hold(environment, tmp_path, 8, int(600 * SECONDS), SECONDS, lambda _line: None)
    print(found)
    assert found.faults == []
    assert found.requests > 300 and found.events > 300 and found.noise > 10
    assert {"200", "404", "422", "ok", "invalid", "not_found"} <= found.told.keys()
    assert found.bystanders["p99_ms"] < 5_000


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (500, "application/problem+json", b'{"code":"internal"}'),
        (503, "application/problem+json", b'{"code":"unavailable"}'),
        (500, "text/html", b"Traceback"),
        (422, "application/problem+json", b'{"code":"surprise"}'),
        (404, "text/html", b"<h1>Not Found</h1>"),
        (404, "text/html", b"<!doctype html>"),
    ],
)
def test_an_answer_that_is_none_of_ours_is_seen(status, kind, body):
    with pytest.raises(attackers.Fault):
        attackers.check("rooms.make_room", b"POST /api/rooms", status, kind, body)


def test_a_browser_at_an_address_that_leads_nowhere_may_be_shown_the_page():
    attackers.check(
        "rooms.make_room", b"GET /x/y HTTP/1.1", 404, "text/html; charset=utf-8", b"<!doctype html>"
    )


def test_an_error_in_the_journal_is_seen(tmp_path):
    journal = tmp_path / "log"
    calm = '{"level": "INFO", "message": "request", "status": 200}\n'
    journal.write_text(calm)
    assert campaign.journal(journal) == []
    for line in (
        "Traceback (most recent call last):\n",
        '{"level": "ERROR", "message": "A request failed"}\n',
    ):
        journal.write_text(calm + line)
        assert len(campaign.journal(journal)) == 1
