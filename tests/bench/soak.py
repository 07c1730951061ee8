"""Whether memory stays flat: `make soak`. Half of what saturates a replica, for ten minutes, into a room of 500."""

import argparse
import json
import statistics
import subprocess
import sys
import threading

from tests.bench import contestants, machine
from tests.bench.stage import PLACE, Stage, stage

MEMBERS = 500
FLAT = 0.05  # by how much the last minute may be above the second one: the first is for warming up
EVERY = 2.0  # seconds between two looks


def main() -> None:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    options = parser.parse_args()
    with stage(options.database) as place:
        place.populate(MEMBERS)
        print(f"{machine.description()}; {place.durability()}; one replica, {MEMBERS} clients in one room")
        full = _talk(place, [], "--in-flight", "16", "--seconds", "10")["messages_per_s"]
        looks: list[int] = []
        told = _talk(
            place,
            looks,
            "--rate",
            f"{full / 2:.0f}",
            "--seconds",
            str(60 * options.minutes),
            "--warm-up",
            "1",
        )
    minutes = _medians(looks)
    growth = minutes[-1] / minutes[1] - 1
    print(f"Saturated: {full:.0f} messages/s. Half of it for {options.minutes} minutes: {json.dumps(told)}")
    print("Resident memory, MB, median of each minute:", *(f"{kb / 1000:.1f}" for kb in minutes))
    print(f"The last minute is {growth:+.1%} of the second; {FLAT:.0%} would be growth.")
    sys.exit(growth > FLAT or told["missing"] > 0)


def _talk(place: Stage, looks: list[int], *how: str) -> dict[str, float]:
    """Run the load against a new replica; the replica's resident memory in KB goes to `looks`."""
    rooms = place.seat(1, MEMBERS)
    start = contestants.contestants(place.environment, PLACE / "data")["Roomful"]
    with contestants.serving(start, 1) as [server]:
        command = [PLACE / "load", "rooms", *how, "--rooms", rooms, "--members", str(MEMBERS)]
        command += ["--tokens", place.tokens, "--at", f"127.0.0.1:{server.port}"]
        command += ["--server", str(server.process.pid)]
        done = threading.Event()
        watch = threading.Thread(target=_watch, args=(server.process.pid, looks, done))
        watch.start()
        with machine.pinned(machine.LOAD):
            answer = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE)
        done.set()
        watch.join()
    return json.loads(answer.stdout)


def _watch(pid: int, looks: list[int], done: threading.Event) -> None:
    while not done.wait(EVERY):
        looks.append(machine.resident_kb([pid]))


def _medians(looks: list[int]) -> list[float]:
    """Of each whole minute."""
    each = int(60 / EVERY)
    return [statistics.median(looks[at : at + each]) for at in range(0, len(looks) - each + 1, each)]


if __name__ == "__main__":
    main()
