"""Lanes and threads beside eventlet's hub, in a process that is patched as a replica is."""

import subprocess
import sys

from tests.servers import ROOT

PATCHED = "import warnings; warnings.simplefilter('ignore'); import eventlet; eventlet.monkey_patch()\n"


def run(program: str) -> str:
    """What the program prints, in a patched process of its own."""
    command = [sys.executable, "-c", PATCHED + program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_hub_goes_on_while_a_lane_blocks():
    program = """
import eventlet, time
from chat.hub import Lane, is_green
from eventlet.patcher import original
turns = []
def count():
    while True:
        turns.append(1)
        eventlet.sleep(0.01)
eventlet.spawn(count)
assert is_green()
assert Lane("slow").run(original("time").sleep, 0.5) is None
print(len(turns))
"""
    assert int(run(program)) > 20


def test_a_lane_runs_so_many_side_by_side_and_no_more():
    program = """
import eventlet, time
from chat.hub import Lane
from eventlet.patcher import original
lane, sleep = Lane("two", 2), original("time").sleep
started = time.monotonic()
pool = eventlet.GreenPool()
for _ in range(4):
    pool.spawn(lane.run, sleep, 0.2)
pool.waitall()
print(round(time.monotonic() - started, 1), lane.waiting)
"""
    assert run(program) == "0.4 0"


def test_a_patient_lane_leaves_the_processor_to_the_hub():
    program = """
import os
from chat.hub import Lane
from eventlet.patcher import original
def niceness():
    return os.getpriority(os.PRIO_PROCESS, original("threading").get_native_id())
print(Lane("patient", patient=True).run(niceness) - niceness(), Lane("other").run(niceness) - niceness())
"""
    assert run(program) == "10 0"


def test_what_a_lane_raises_is_raised_where_it_was_called():
    program = """
from chat.hub import Lane
try:
    Lane("bad").run(int, "not a number")
except ValueError as error:
    print(error)
"""
    assert "not a number" in run(program)


def test_starting_a_thread_does_not_give_the_hub_a_turn():
    program = """
import eventlet
from chat.hub import start_thread
order = []
start_thread("other", order.append, "thread")
order.append("caller")
eventlet.sleep(0)
print(order)
"""
    assert run(program) == "['caller', 'thread']"


def test_rounds_go_on_after_an_error():
    program = """
import eventlet
from chat.hub import Rounds
calls = []
def often():
    calls.append(1)
    raise RuntimeError("this time only")
rounds = Rounds()
rounds.every(0.02, often)
eventlet.sleep(0.2)
rounds.close()
ended = len(calls)
eventlet.sleep(0.1)
print(ended > 2, len(calls) - ended <= 1)
"""
    assert run(program) == "True True"


def test_without_eventlet_a_lane_just_calls():
    program = """
import sys
from chat.hub import Lane, is_green
print(is_green(), Lane("x").run(max, 1, 2), "eventlet" in sys.modules)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "False 2 False"
