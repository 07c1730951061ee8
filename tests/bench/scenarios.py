"""What is measured: rooms, clients, what they do, and which numbers of it are told."""

from dataclasses import dataclass

SATURATED = ("rooms", "--in-flight", "16")
ALONE = ("rooms", "--alone")


@dataclass(frozen=True)
class Number:
    """One row of the table."""

    key: str  # as the load generator calls it
    title: str
    digits: int = 0


DELIVERIES = Number("deliveries_per_s", "deliveries/s")
MESSAGES = Number("messages_per_s", "messages/s")
P50 = Number("p50_ms", "p50, ms", 2)
P99 = Number("p99_ms", "p99, ms", 2)
MEMORY = Number("kb_per_connection", "KB a connection", 1)
CONNECTIONS = Number("connections_per_s", "connections/s")
RETURN = Number("seconds", "s until all are back", 2)
RETRIES = Number("retries", "attempts that failed")
CAUGHT_UP = Number("caught_up_share", "of what was missed is caught up", 2)


@dataclass(frozen=True)
class Scenario:
    """So many rooms of so many members, each a client of its own."""

    name: str
    title: str
    rooms: int
    members: int
    load: tuple[str, ...]
    numbers: tuple[Number, ...]
    replicas: int = 1

    @property
    def clients(self) -> int:
        return self.rooms * self.members


SCENARIOS = [
    Scenario("small-alone", "99 rooms of 10, one at a time in each", 99, 10, ALONE, (MESSAGES, P50)),
    Scenario("small", "99 rooms of 10, 16 in flight", 99, 10, SATURATED, (MESSAGES, P50)),
    Scenario("100", "a room of 100, 16 in flight", 1, 100, SATURATED, (DELIVERIES,)),
    Scenario("100-alone", "a room of 100, one at a time", 1, 100, ALONE, (DELIVERIES, P50)),
    Scenario("500", "a room of 500, 16 in flight", 1, 500, SATURATED, (DELIVERIES,)),
    Scenario("500-alone", "a room of 500, one at a time", 1, 500, ALONE, (DELIVERIES, P50)),
    Scenario("1000", "a room of 1,000, 16 in flight", 1, 1000, SATURATED, (DELIVERIES,)),
    Scenario("1000-alone", "a room of 1,000, one at a time", 1, 1000, ALONE, (DELIVERIES, P50)),
    Scenario("moderate", "33 messages/s into a room of 500", 1, 500, ("rooms", "--rate", "33"), (P50, P99)),
    Scenario("two", "a room of 500 on two replicas, 16 in flight", 1, 500, SATURATED, (DELIVERIES,), 2),
    Scenario("two-small", "99 rooms of 10 on two replicas, one at a time", 99, 10, ALONE, (MESSAGES,), 2),
    Scenario("idle", "2,000 clients in rooms of 100", 20, 100, ("hold",), (MEMORY, CONNECTIONS)),
    Scenario("idle-10000", "10,000 clients in rooms of 100", 100, 100, ("hold",), (MEMORY, CONNECTIONS)),
    Scenario(
        "storm",
        "2,000 clients in rooms of 500 return at once after 20 messages",
        4,
        500,
        ("storm",),
        (RETURN, RETRIES, CAUGHT_UP),
    ),
    Scenario("10", "a room of 10, 10 in flight", 1, 10, ("rooms", "--in-flight", "10"), (DELIVERIES,)),
    Scenario("10x10", "10 rooms of 10, 10 in flight", 10, 10, ("rooms", "--in-flight", "10"), (DELIVERIES,)),
]

# The cost of a delivery as one of them grows, and the scenarios in which it does.
GROWTH = {
    "members of a room": {10: "10", 100: "100", 500: "500", 1000: "1000"},
    "rooms of 10": {1: "10", 10: "10x10", 99: "small"},
    "replicas of a room of 500": {1: "500", 2: "two"},
}
