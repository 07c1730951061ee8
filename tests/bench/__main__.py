"""`make bench-messages`: Roomful beside its peers, on one core each, in one run. Prints a report in Markdown.

Each measurement starts a server anew on the first core; the load, Redis and PostgreSQL run on others. In every round
the contestants take turns, so that a noisy minute harms all alike.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import contestants, machine, report
from tests.bench.scenarios import SCENARIOS, Scenario
from tests.bench.stage import PLACE, Stage, stage

LOAD = PLACE / "load"
SETTLE = 2  # seconds until a server's memory is looked at

Record = dict[str, Any]


def main() -> None:
    options = _options()
    if lack := contestants.missing():
        sys.exit(lack)
    chosen = [scenario for scenario in SCENARIOS if options.only in (None, scenario.name)]
    with stage(options.database) as place:
        place.populate(max(scenario.clients for scenario in chosen))
        about = report.conditions(place, options, _selftest())
        records = _measure(chosen, place, options)
    (PLACE / "results.json").write_text(json.dumps({"about": about, "records": records}, indent=1))
    text = report.markdown(about, records, PLACE / "cost-of-a-delivery.svg")
    (PLACE / "report.md").write_text(text)
    print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-messages", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of 2 s each: for a first look only")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=5, help="how long, after a warm-up")
    parser.add_argument("--only", choices=[s.name for s in SCENARIOS], metavar="NAME", help="one scenario")
    parser.add_argument("--against", nargs="*", default=["Node", "Flask-SocketIO"], help="peers; none: alone")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--again", type=int, default=2, help="repeats of a measurement that others disturbed")
    options = parser.parse_args()
    options.warm_up = 2.0
    if options.quick:
        options.rounds, options.seconds, options.warm_up = 1, 2.0, 1.0
    return options


def _selftest() -> Record:
    """How fast the load generator takes frames, so that nobody need believe that it is no bottleneck."""
    with machine.pinned(machine.LOAD):
        done = subprocess.run([LOAD, "selftest", "--seconds", "2"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _measure(chosen: list[Scenario], place: Stage, options: argparse.Namespace) -> list[Record]:
    everybody = contestants.contestants(place.environment, PLACE / "data")
    names = ["Roomful", *options.against]
    records = []
    for scenario in chosen:
        for round_ in range(options.rounds):
            for name in names[round_ % len(names) :] + names[: round_ % len(names)]:
                record = _quietest(scenario, everybody[name], place, options)
                records.append(record | {"scenario": scenario.name, "who": name})
                print(json.dumps(records[-1]), file=sys.stderr)
    return records


def _quietest(
    scenario: Scenario, start: Callable[[], contestants.Server], place: Stage, options: argparse.Namespace
) -> Record:
    """Measured once, and again while others take too much of the machine."""
    tries: list[Record] = []
    while not tries or (tries[-1]["foreign"] > report.QUIET and len(tries) <= options.again):
        rooms = place.seat(scenario.rooms, scenario.members)
        foreign = machine.Foreign(place.roots)
        with contestants.serving(start, scenario.replicas) as servers:
            record = _run(scenario, servers, rooms, place.tokens, options)
        tries.append(record | {"foreign": foreign.cores()})
    return min(tries, key=lambda record: record["foreign"])


def _run(
    scenario: Scenario,
    servers: list[contestants.Server],
    rooms: Path,
    tokens: Path,
    options: argparse.Namespace,
) -> Record:
    pids = [server.process.pid for server in servers]
    command = [str(LOAD), *scenario.load, "--rooms", str(rooms), "--members", str(scenario.members)]
    command += ["--tokens", str(tokens), "--seconds", str(options.seconds), "--warm-up", str(options.warm_up)]
    for server in servers:
        command += ["--at", f"127.0.0.1:{server.port}", "--server", str(server.process.pid)]
    time.sleep(SETTLE / 2)
    before = machine.resident_kb(pids)
    with machine.pinned(machine.LOAD):
        load = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    line = load.stdout.readline()
    if not line:
        return {"failed": load.communicate()[1].decode().strip()}
    record = json.loads(line)
    if scenario.load[0] == "hold":
        time.sleep(SETTLE)
        record["kb_per_connection"] = (machine.resident_kb(pids) - before) / scenario.clients
    if record.get("missed"):
        record["caught_up_share"] = record["caught_up"] / record["missed"]
    load.communicate()
    return record


if __name__ == "__main__":
    main()
