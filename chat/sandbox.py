"""Less than a process may do by default, for the rest of its life: what works on what strangers send needs little.

Time, memory and files are bounded by limits that every Unix has. On Linux from 5.13 on, Landlock (landlock(7)) leaves
of all files those in one folder, and from 6.7 on no TCP; from 6.12 on no signal reaches a process outside. An older kernel
does less, and nothing is said of it: `docs/decisions/images.md` does.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

WRITTEN = 200_000_000  # bytes of one file that it makes
FILES = 64  # that it has open

PR_SET_NO_NEW_PRIVS = 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # on every architecture that Python runs on
VERSION, PATH_BENEATH = 1, 1
WRITE_FILE, READ_FILE, REMOVE_FILE, MAKE_REG, TRUNCATE = 1 << 1, 1 << 2, 1 << 5, 1 << 8, 1 << 14
BIND_AND_CONNECT_TCP = 0b11
UNIX_SOCKETS_AND_SIGNALS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def enter(folder: Path, seconds: int, memory: int) -> None:
    """Confine this process, which has one thread.

    Parameters
    ----------
    folder : where it may read and write files; others only by descriptors that it has.
    seconds : of a processor; ten times as long by the clock.
    memory : bytes of addresses.
    """
    signal.alarm(10 * seconds)
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system bounds each of them
            resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # where memory runs short, this one goes
            Path("/proc/self/oom_score_adj").write_text("500")
        ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _leave_only(folder)


def _leave_only(folder: Path) -> None:
    version = ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return
    rules = _Ruleset(files=(1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1)
    rules.net = BIND_AND_CONNECT_TCP if version >= 4 else 0
    rules.scope = UNIX_SOCKETS_AND_SIGNALS if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _call(CREATE_RULESET, ctypes.byref(rules), size, 0)
    allowed = (WRITE_FILE | READ_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE) & rules.files
    rule = _PathBeneath(allowed, os.open(folder, os.O_PATH))
    _call(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    _call(RESTRICT_SELF, ruleset, 0)
    os.close(rule.parent)
    os.close(ruleset)


def _call(number: int, *args: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    if (result := int(libc.syscall(number, *args))) < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
