"""Proves that nothing is lost, or finds what is: `python -m tests.chaos [--seed N] [--faults N]`, `make chaos`.

The journals of replicas and workers are in build/chaos afterwards.
"""

import argparse
import secrets
import shutil
import sys
import time

from tests.chaos import trial
from tests.chaos.schedule import plan
from tests.servers import ROOT

REPLICAS, WORKERS = 3, 2
FOLDER = ROOT / "build" / "chaos"


def main() -> None:
    wish = _wish()
    schedule = plan(wish.seed, wish.faults, REPLICAS, WORKERS)
    if wish.plan:
        print(*schedule, sep="\n")
        return
    print(f"Seed {wish.seed}: {wish.faults} faults in {schedule[-1].at:.0f} s", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    began = time.monotonic()
    found = trial.hold(
        wish.seed, schedule, FOLDER, replicas=REPLICAS, workers=WORKERS, people=wish.people, say=_say
    )
    print(found)
    print(f"{time.monotonic() - began:.0f} s in all")
    if found.flaws:
        again = f"python -m tests.chaos --seed {wish.seed} --faults {wish.faults} --people {wish.people}"
        sys.exit(f"Seed {wish.seed}: {len(found.flaws)} flaws. Again: {again}")
    print(f"Seed {wish.seed}: nothing was lost.")


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="the same seed, the same schedule")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--plan", action="store_true", help="only show what would be done")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
