"""Becomes another program that ends with its parent: `python tether.py PARENT SIGNAL PROGRAM [ARGUMENT…]`.

When the parent is killed, however hard, the kernel sends SIGNAL. Linux only (prctl(2), PR_SET_PDEATHSIG); elsewhere
the program is merely started, and `chat.children` clears away what an earlier supervisor left.

A program of its own, because the request must come from the child, and Python's `preexec_fn` may deadlock in a
process that has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def tether(parent: int, signal: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal)
        if os.getppid() != parent:  # it ended before the request was made
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    tether(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
