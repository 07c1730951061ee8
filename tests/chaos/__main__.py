"""Proves that nothing is lost, or finds what is: `python -m tests.chaos [--seed N] [--faults N]`, `make chaos`."""

import argparse
import secrets
import sys
import time

from tests.chaos import trial
from tests.chaos.schedule import plan

REPLICAS, WORKERS = 3, 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="the same seed, the same faults"
    )
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--plan", action="store_true", help="only show what would be done")
    wish = parser.parse_args()
    schedule = plan(wish.seed, wish.faults, REPLICAS, WORKERS)
    if wish.plan:
        print(*schedule, sep="\n")
        return
    print(f"Seed {wish.seed}: {wish.faults} faults in {schedule[-1].at:.0f} s", flush=True)
    began = time.monotonic()
    found = trial.hold(
        wish.seed,
        schedule,
        replicas=REPLICAS,
        workers=WORKERS,
        people=wish.people,
        say=lambda line: print(line, flush=True),
    )
    found.counts["seconds in all"] = round(time.monotonic() - began)
    print(found)
    if found.flaws:
        sys.exit(
            f"Seed {wish.seed}: {len(found.flaws)} flaws. Again: python -m tests.chaos --seed {wish.seed} --faults {wish.faults}"
        )
    print(f"Seed {wish.seed}: nothing was lost.")


if __name__ == "__main__":
    main()
