"""What was measured, as Markdown and as a picture."""

import argparse
import datetime
import json
import platform
import statistics
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench import machine
from tests.bench.contestants import NODE
from tests.bench.scenarios import GROWTH, SCENARIOS, Number, Scenario
from tests.bench.stage import PLACE, Stage
from tests.servers import ROOT

Record = dict[str, Any]
QUIET = 0.2  # cores that others may take before a measurement is repeated

COLOURS = {"Roomful": "#0b7285", "Node": "#5c940d", "Flask-SocketIO": "#e8590c"}
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 300, 240, 46, 34, 40


def conditions(place: Stage, options: argparse.Namespace, selftest: Record) -> list[str]:
    """What a reader must know to judge the numbers, a sentence each."""
    rounds = f"medians of {options.rounds}, with lowest and highest" if options.rounds > 1 else "one round"
    return [
        f"{datetime.date.today()}; {machine.description()}; {rounds}; {options.seconds:g} s each after a"
        f" warm-up of {options.warm_up:g} s.",
        f"Servers on core {_list(machine.SERVER)}, load on {_list(machine.LOAD)}, Redis and the database on"
        f" {_list(machine.OTHERS)}.",
        f"Roomful commits durably before it acknowledges: {place.durability()}; the disk flushes 8 KB in"
        f" {machine.flush_ms(PLACE):.2f} ms. The peers store nothing, and believe every token.",
        f"Roomful {_commit()}: Python {platform.python_version()}, eventlet {version('eventlet')}, `LIMITS=off`. Peers: Node"
        f" {_node_version()}, {_node_packages()}; Flask-SocketIO {version('flask-socketio')} on eventlet as its guide"
        f" has it. Redis {place.redis_version()} for all.",
        f"The load generator alone takes {selftest['frames_per_cpu_s'] / 1e6:.1f} M frames of"
        f" {selftest['frame_bytes']:.0f} bytes in a second of its core.",
    ]


def markdown(about: list[str], records: list[Record], plot: Path) -> str:
    """The report; the picture of what a delivery costs goes to `plot`."""
    names = list(dict.fromkeys(record["who"] for record in records))
    parts = ["\n".join(f"- {line}" for line in [*about, _foreign(records), _load(records)])]
    parts.append(_main_table(names, records))
    costs = {subject: _costs(points, names, records) for subject, points in GROWTH.items()}
    costs = {subject: lines for subject, lines in costs.items() if lines}
    if costs:
        parts.append(
            "CPU time of the servers for one delivery, in microseconds:\n\n" + _cost_table(names, costs)
        )
        plot.write_text(_picture(names, costs))
    parts += [f"{r['who']} failed at {r['scenario']!r}: {r['failed']}" for r in records if "failed" in r]
    parts += [
        f"{r['who']} lost {r['missing']} deliveries at {r['scenario']!r}."
        for r in records
        if r.get("missing")
    ]
    return "\n\n".join(parts) + "\n"


# The table


def _main_table(names: list[str], records: list[Record]) -> str:
    first, *peers = names
    head = ["what", "number", *names, *(f"{first} ÷ {peer}" for peer in peers)]
    rows = [
        [scenario.title, number.title, *_cells(scenario, number, names, records)]
        for scenario in SCENARIOS
        for number in scenario.numbers
        if any(record["scenario"] == scenario.name for record in records)
    ]
    return _table(head, rows)


def _cells(scenario: Scenario, number: Number, names: list[str], records: list[Record]) -> list[str]:
    found = [_values(records, scenario.name, name, number.key) for name in names]
    middle = [statistics.median(values) if values else None for values in found]
    ratios = [f"**{middle[0] / other:.2f}**" if middle[0] and other else "–" for other in middle[1:]]
    return [*(_spread(values, number.digits) for values in found), *ratios]


def _spread(values: list[float], digits: int) -> str:
    if not values:
        return "–"
    middle, low, high = (f"{v:,.{digits}f}" for v in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low}–{high})" if len(values) > 1 else middle


def _values(records: list[Record], scenario: str, who: str, key: str) -> list[float]:
    return [r[key] for r in records if r["scenario"] == scenario and r["who"] == who and key in r]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# What a delivery costs

Lines = dict[str, dict[int, float]]  # who → how many → microseconds


def _costs(points: dict[int, str], names: list[str], records: list[Record]) -> Lines:
    lines: Lines = {name: {} for name in names}
    for name in names:
        for size, scenario in points.items():
            if values := _values(records, scenario, name, "server_us_per_delivery"):
                lines[name][size] = statistics.median(values)
    return {name: line for name, line in lines.items() if len(line) > 1}


def _cost_table(names: list[str], costs: dict[str, Lines]) -> str:
    rows = []
    for subject, lines in costs.items():
        for size in GROWTH[subject]:
            found = [lines.get(name, {}).get(size) for name in names]
            rows.append(
                [subject, f"{size:,}", *(f"{cost:.2f}" if cost is not None else "–" for cost in found)]
            )
    return _table(["as these grow", "number", *names], rows)


def _picture(names: list[str], costs: dict[str, Lines]) -> str:
    """Small multiples with one scale: across, each step alike; upwards, microseconds."""
    top = max(cost for lines in costs.values() for line in lines.values() for cost in line.values()) * 1.1
    width = WIDTH * len(costs)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + 24}" font-family="sans-serif"'
        ' font-size="11" fill="#343a40">',
        f'<rect width="{width}" height="{HEIGHT + 24}" fill="white"/>',
    ]
    for number, (subject, lines) in enumerate(costs.items()):
        parts.append(f'<g transform="translate({number * WIDTH})">{_panel(subject, lines, top)}</g>')
    for number, name in enumerate(names):
        x = LEFT + number * 120
        parts.append(f'<rect x="{x}" y="{HEIGHT}" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 17}" y="{HEIGHT + 10}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(subject: str, lines: Lines, top: float) -> str:
    sizes = list(GROWTH[subject])
    bottom, right = HEIGHT - BOTTOM, WIDTH - 16

    def place(size: int, cost: float) -> tuple[float, float]:
        x = LEFT + (right - LEFT) * sizes.index(size) / (len(sizes) - 1)
        return round(x, 1), round(bottom - (bottom - TOP) * cost / top, 1)

    parts = [f'<text x="{LEFT}" y="18" font-weight="bold">µs a delivery, by {subject}</text>']
    for step in range(5):
        _x, y = place(sizes[0], top * step / 4)
        parts.append(f'<path d="M{LEFT} {y}H{right}" stroke="#dee2e6"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{top * step / 4:.0f}</text>')
    for size in sizes:
        parts.append(f'<text x="{place(size, 0)[0]}" y="{bottom + 16}" text-anchor="middle">{size:,}</text>')
    for name, line in lines.items():
        points = [place(size, cost) for size, cost in line.items()]
        path = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{COLOURS[name]}"/>' for x, y in points]
    return "\n".join(parts)


# Conditions


def _foreign(records: list[Record]) -> str:
    taken = [record["foreign"] for record in records]
    return (
        f"Meanwhile others took {statistics.median(taken):.2f} cores in the median measurement,"
        f" {max(taken):.2f} in the worst. Above {QUIET:g} a measurement was repeated, and the quietest counts."
    )


def _load(records: list[Record]) -> str:
    busiest = max((record.get("load_cpu", 0) for record in records), default=0)
    return f"The load generator used at most {busiest:.0%} of its core."


def _list(cores: set[int]) -> str:
    return " and ".join(map(str, sorted(cores)))


def _commit() -> str:
    """Which one is checked out; whether anything differs from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "(no git here)"


def _node_version() -> str:
    return subprocess.run(["node", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _node_packages() -> str:
    wanted = json.loads((NODE / "package.json").read_text())["dependencies"]
    return ", ".join(f"{name} {number}" for name, number in wanted.items())
