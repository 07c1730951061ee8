"""A million requests and frames that are not as they should be, at every door of a real replica: `make fuzz`."""

import argparse
import platform
import secrets
import shutil
import sys

from tests.conftest import prepare
from tests.fuzz import campaign
from tests.servers import ROOT, Postgres, RedisServer

FOLDER = ROOT / "build" / "fuzz"


def main() -> None:
    wish = _wish()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    postgres, redis = Postgres(), RedisServer()
    print(
        f"Seed {wish.seed}; Python {platform.python_version()}, Redis protocol {redis.version()}", flush=True
    )
    try:
        environment = prepare(postgres.create("fuzz"), redis.url, FOLDER)
        found = campaign.hold(environment, FOLDER, wish.seed, wish.count, wish.seconds, _say)
    finally:
        redis.kill()
        postgres.remove()
    print(found)
    if found.faults:
        sys.exit(f"{len(found.faults)} faults. Again: make fuzz SEED={wish.seed} COUNT={wish.count}")
    print("The replica took it all.")


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="the same seed, the same requests"
    )
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=7200, help="no longer than this")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
