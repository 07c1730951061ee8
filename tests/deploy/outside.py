"""`python -m tests.deploy.outside URL [NAME OF A REPLICA'S CONTAINER]`: what an outsider sees of a running installation.

Three checks: the page and the probes answer and the numbers do not; people on different sockets hear each other, and
a picture gets its bot's answer; a replica that goes is not missed. Registers two people; meant for a trial.
"""

import io
import subprocess
import sys
import time

import requests
import skimage.data
from PIL import Image

from tests.people import Client, new_name


def main() -> None:
    url, container = sys.argv[1].rstrip("/"), (sys.argv[2:] or [""])[0]
    look(url)
    ann, bob = Client(url, new_name("ann")), Client(url, new_name("bob"))
    room = talk(ann, bob)
    if container:
        go_on(ann, bob, room, container)


def look(url: str) -> None:
    ready = requests.get(f"{url}/readyz", timeout=10)
    assert (ready.status_code, ready.json()["degraded"]) == (200, []), ready.text
    assert "<html" in requests.get(url, timeout=10).text
    assert requests.get(f"{url}/metrics", timeout=10).status_code in (401, 404, 503)
    print("1. page and probes answer, numbers are refused")


def talk(ann: Client, bob: Client) -> str:
    room = ann.room("trial")
    bob.enter(room)
    sockets = [who.socket() for who in (ann, bob, ann, bob)]
    for socket in sockets:
        socket.join(room)
    for n, socket in enumerate(sockets):
        assert socket.send(room, f"socket {n}", timeout=30)["ok"]
    for socket in sockets:
        socket.wait_for(room, len(sockets), 30)
    began = time.monotonic()
    shown = ann.drop(room, photograph())
    assert shown.status_code == 201, shown.text
    answer = sockets[1].answer(room, shown.json()["id"], 60)
    seconds = time.monotonic() - began
    assert answer["labels"], answer
    for socket in sockets:
        socket.close()
    print(
        f"2. four sockets hear each other; {answer['author']['username']}: {answer['text']!r} after {seconds:.1f} s"
    )
    return room


def go_on(ann: Client, bob: Client, room: str, container: str) -> None:
    before = ann.get(f"/api/rooms/{room}/messages").json()["last_seq"]
    subprocess.run(["docker", "stop", container], check=True, capture_output=True)
    began = time.monotonic()
    try:
        socket = bob.socket()
        joined = socket.join(room, after=0)
        assert [event["seq"] for event in joined["events"]] == list(range(1, before + 1))
        assert socket.send(room, "still here", timeout=30)["message"]["seq"] == before + 1
        socket.close()
        print(
            f"3. without {container} one goes on {time.monotonic() - began:.1f} s later, nothing is missing"
        )
    finally:
        subprocess.run(["docker", "start", container], check=True, capture_output=True)


def photograph() -> bytes:
    file = io.BytesIO()
    Image.fromarray(skimage.data.chelsea()).save(file, "JPEG")
    return file.getvalue()


if __name__ == "__main__":
    main()
