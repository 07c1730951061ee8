"""Two people who talk while others attack: does each message arrive, once, in order, and how soon?

A process of its own, so that what it measures is the server's time and not its neighbours':
`python -m tests.fuzz.bystanders PORT TOKEN TOKEN ROOM`, until its input ends; then a line of JSON.
"""

import json
import statistics
import sys
import threading
import time

from tests.fuzz.wires import Silent, Webs, frame

PAUSE = 0.05  # seconds between two messages


def main() -> None:
    port, speaker, listener, room = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    heard: list[tuple[int, float]] = []
    faults: list[str] = []
    listening = threading.Thread(target=_listen, args=(port, listener, room, heard, faults), daemon=True)
    listening.start()
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    try:
        sent = _speak(port, speaker, room, ended)
    except (ConnectionError, Silent) as error:
        faults.append(f"the one who speaks: {error!r}")
        sent = {}
    time.sleep(1)
    late = sorted((at - sent[number]) * 1000 for number, at in list(heard) if number in sent)
    print(
        json.dumps(
            {
                "sent": len(sent),
                "heard": len(late),
                "in_order": [number for number, _at in heard] == sorted(sent),
                "p50_ms": round(statistics.median(late), 1) if late else None,
                "p99_ms": round(late[int(len(late) * 0.99)], 1) if late else None,
                "longest_ms": round(late[-1], 1) if late else None,
                "faults": faults,
            }
        )
    )


def _speak(port: int, token: str, room: str, ended: threading.Event) -> dict[int, float]:
    web, sent = Webs(port, token), {}
    time.sleep(0.5)
    while not ended.is_set():
        number = len(sent)
        sent[number] = time.monotonic()
        wish = {"room": room, "text": f"number {number}", "client_id": f"by-{number}"}
        web.send(frame(f"42{number}{json.dumps(['send', wish])}".encode()))
        while not (said := web.hear()).startswith(b"43"):
            pass
        if b'"ok":true' not in said:
            raise ConnectionError(said.decode())
        ended.wait(PAUSE)
    return sent


def _listen(port: int, token: str, room: str, heard: list[tuple[int, float]], faults: list[str]) -> None:
    try:
        web = Webs(port, token)
        web.send(frame(f"420{json.dumps(['join', {'room': room}])}".encode()))
        while True:
            said = web.hear()
            if said.startswith(b'42["event"'):
                heard.append((int(json.loads(said[2:])[1]["message"]["text"].split()[1]), time.monotonic()))
    except (ConnectionError, Silent) as error:
        faults.append(f"the one who listens: {error!r}")


if __name__ == "__main__":
    main()
