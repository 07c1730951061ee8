"""A replica whose clock can be put wrong and whose healing can be switched off: `python -m tests.chaos.replica`.

    CHAOS_CLOCK     a file of eight bytes: nanoseconds by which its clock is wrong, now
    CHAOS_DEAF      if set, it delivers what the bells bring and never looks for what they did not

What is patched is what a test may not ask of the product. `datetime` and the database keep the right time.
"""

import mmap
import os
import struct
import time
from pathlib import Path

OFFSET = struct.Struct("q")


def main() -> None:
    if path := os.environ.get("CHAOS_CLOCK"):
        _set_clock_by(Path(path))
    import wsgi  # patches; before anything else of ours is imported

    if os.environ.get("CHAOS_DEAF"):
        _switch_healing_off()
    wsgi.main()


def _set_clock_by(path: Path) -> None:
    with path.open("rb") as file:
        offset = mmap.mmap(file.fileno(), OFFSET.size, access=mmap.ACCESS_READ)
    true = time.time_ns
    time.time_ns = lambda: true() + OFFSET.unpack_from(offset)[0]
    time.time = lambda: time.time_ns() / 1e9


def _switch_healing_off() -> None:
    from chat.follower import Follower

    Follower.look = lambda _self, _room_id: None  # type: ignore[method-assign]
    Follower.look_at_all = lambda _self: None  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
