"""`make cluster-test`: the chart on a real cluster, broken while people talk. Writes build/cluster-test.txt.

The folder that is named has these commands, and what they need installed:

    image DIR NAME [flags of the builder]   builds an image         up, down      starts and ends the cluster
    load NAME…                              hands images to it      kubectl, helm as its administrator
    in COMMAND…                             runs a command in its network, with its DNS
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT

IMAGES = {  # name: flags
    "roomful-test-redis:7": ["-f", "tests/cluster/redis.Dockerfile"],
    "roomful-test-postgres:15": ["-f", "tests/cluster/postgres.Dockerfile"],
    **{
        f"roomful-{target}:{version}": ["--target", target, "--build-arg", f"VERSION={version}"]
        for version in ("one", "two")
        for target in ("web", "bots")
    },
}


def main() -> None:
    cluster = Path(sys.argv[1]).resolve()
    for name, flags in IMAGES.items():
        run(cluster / "image", ROOT, name, *flags, *os.environ.get("BUILD_FLAGS", "").split())
    run(cluster / "up")
    try:
        run(cluster / "load", *IMAGES)
        run(cluster / "in", sys.executable, "-m", "tests.cluster.trial", cluster)
    finally:
        if not os.environ.get("KEEP"):
            run(cluster / "down")


def run(*command: object) -> None:
    """What it says is seen; where it fails, so does this."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed")


if __name__ == "__main__":
    main()
