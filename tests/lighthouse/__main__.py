"""Has Lighthouse judge the page on a desktop: `make lighthouse`. Nothing is asked beyond this machine.

A replica of its own, the door as a stranger sees it and a room as a member does; three runs of each, the middle one counts.
Ends with 1 where a category is below 95.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.people import Client, picture
from tests.servers import ROOT, Replica

CATEGORIES = ("performance", "accessibility", "best-practices")
ENOUGH = 95
RUNS = 3
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
PROGRAM = ROOT / "tests/lighthouse/node_modules/.bin/lighthouse"


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        chat = Replica({"DATA_DIR": name, "LIMITS": "off"}, Path(name))
        try:
            ann = Client(chat.url, "ann")
            room = furnish(ann)
            visits = {
                "the door": (chat.url, {}),
                "a room": (f"{chat.url}/#/rooms/{room}", ann.http.cookies.get_dict()),
            }
            results = {
                what: [judge(*visit, Path(name)) for _ in range(RUNS)] for what, visit in visits.items()
            }
        finally:
            chat.stop()
    return report(results)


def furnish(ann: Client) -> str:
    room = ann.room("lounge", topic="What is on")
    for number in range(40):
        ann.say(room, f"Message {number} with **some** `Markdown` in it")
    ann.drop(room, picture(size=(1200, 800)), text="A picture")
    return room


def judge(address: str, cookies: dict[str, str], folder: Path) -> dict:
    out = folder / "report.json"
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    command = [
        *(PROGRAM, address, "--quiet", "--preset=desktop", "--output=json", f"--output-path={out}"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"),
        f"--extra-headers={json.dumps(headers)}",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or "", "CI": "1"}
    subprocess.run(command, check=True, env=environment, timeout=300)
    return dict(json.loads(out.read_text()))


def report(results: dict[str, list[dict]]) -> int:
    first = next(iter(results.values()))[0]
    browser = first["environment"]["hostUserAgent"].split("HeadlessChrome/")[-1].split(" ")[0]
    load = os.getloadavg()[0]
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Lighthouse {first['lighthouseVersion']}, Chromium {browser}, desktop,"
    )
    print(
        f"simulated throttling, {os.cpu_count()} cores at a load of {load:.1f}, the middle of {RUNS} runs\n"
    )
    worst = 100.0
    print("| | " + " | ".join(CATEGORIES) + " | first contentful paint | largest | blocked | bytes |")
    print("| --- |" + " --- |" * (len(CATEGORIES) + 4))
    for what, runs in results.items():
        scores = [middle(100 * run["categories"][name]["score"] for run in runs) for name in CATEGORIES]
        worst = min(worst, *scores)
        paint, largest, blocked, size = (
            middle(run["audits"][audit]["numericValue"] for run in runs)
            for audit in (
                "first-contentful-paint",
                "largest-contentful-paint",
                "total-blocking-time",
                "total-byte-weight",
            )
        )
        times = f"{paint / 1000:.2f} s | {largest / 1000:.2f} s | {blocked:.0f} ms | {size / 1000:.0f} KB"
        print(f"| {what} | " + " | ".join(f"{score:.0f}" for score in scores) + f" | {times} |")
        for name in CATEGORIES:
            for audit in runs[0]["categories"][name]["auditRefs"]:
                found = runs[0]["audits"][audit["id"]]
                if audit["weight"] and found["score"] is not None and found["score"] < 0.9:
                    print(f"    {name}: {found['title']} ({found.get('displayValue', '')})", file=sys.stderr)
    return 0 if worst >= ENOUGH else 1


def middle(values) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    sys.exit(main())
