"""What compose.yaml starts, as plain processes on its own configuration: nginx, two replicas, a Redis with a password."""

import io
import os
import re
import shutil
import subprocess

import pytest
import redis
import requests
import socketio
import yaml
from PIL import Image

from chat import migrate, rooms
from chat.db import Database
from tests.conftest import CHEAP
from tests.people import Client, new_name
from tests.servers import ROOT, Replica, free_port, wait_until

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
GIVEN = {
    "REDIS_PASSWORD": "correct-horse",
    "POSTGRES_PASSWORD": "battery",
    "SECRET_KEY": "a staple of sixteen and more",
}

pytestmark = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("redis-server")),
    reason="there is no nginx or no redis-server here",
)


def settings(service: str) -> dict[str, str]:
    """A service's environment, as compose would give it."""

    def value(match: re.Match[str]) -> str:
        name, _, otherwise = match[1].partition(":-")
        return GIVEN.get(name.partition(":?")[0], otherwise)

    environment = COMPOSE["services"][service]["environment"]
    return {name: re.sub(r"\$\{([^}]+)\}", value, text) for name, text in environment.items()}


@pytest.fixture
def own(tmp_path):
    """Starts a program that ends with the test."""
    started = []

    def start(*command, **options):
        log = (tmp_path / f"{len(started)}.log").open("wb")
        started.append(subprocess.Popen(command, stdout=log, stderr=log, **options))

    yield start
    for process in started:
        process.terminate()
        process.wait(10)


@pytest.fixture
def guarded_redis(tmp_path, own) -> str:
    """By the script of compose, in another folder and at another port; its URL."""
    folder, port = tmp_path / "redis", free_port()
    shutil.copytree(DEPLOY / "chart" / "files", folder)
    text = (folder / "redis.conf").read_text().replace("dir /data", f"dir {folder}")
    (folder / "redis.conf").write_text(f"{text}port {port}\n")
    password = settings("redis")["REDIS_PASSWORD"]
    own(
        "sh",
        folder / "redis-start",
        env={"PATH": "/usr/bin:/bin", "REDIS_PASSWORD": password, "TMPDIR": str(tmp_path)},
    )
    url = settings("web-1")["REDIS_URL"].replace("@redis:6379", f"@127.0.0.1:{port}")
    wait_until(redis.Redis.from_url(url).ping, what="Redis")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(url.replace("correct-horse", "wrong")).ping()
    return url


@pytest.fixture
def site(tmp_path, own, guarded_redis, postgres, migrated):
    """The address of nginx, and the replicas behind it."""
    url = postgres.create(f"compose_{free_port()}", migrated)
    db = Database(url)
    assert not db.read(migrate.missing)
    db.write(rooms.ensure_first)
    db.close()
    port = free_port()
    environment = {
        **settings("web-1"),
        "DATABASE_URL": url,
        "REDIS_URL": guarded_redis,
        "IMAGES_URL": str(tmp_path / "images"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PASSWORD_HASH": CHEAP,
    }
    replicas = [Replica({**environment, "DATA_DIR": str(tmp_path / str(n))}, tmp_path) for n in range(2)]
    text = (DEPLOY / "nginx" / "nginx.conf").read_text().replace("listen 8080", f"listen 127.0.0.1:{port}")
    for n, replica in enumerate(replicas, 1):
        text = text.replace(f"web-{n}:5000", f"127.0.0.1:{replica.port}")
    text = text.replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(text if os.geteuid() else f"user root;\n{text}")
    own("nginx", "-c", tmp_path / "nginx.conf", "-g", "daemon off;")
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: requests.get(f"{address}/readyz", timeout=2).ok, what="nginx")
    yield address, replicas
    for replica in replicas:
        replica.stop()


def noise() -> bytes:
    """A picture of more than the megabyte that nginx takes if nobody tells it otherwise."""
    file = io.BytesIO()
    Image.effect_noise((1600, 1200), 100).save(file, "PNG")
    assert len(file.getvalue()) > 1_500_000
    return file.getvalue()


def test_from_outside_people_talk_show_pictures_and_see_no_numbers(site):
    address, replicas = site
    ann, bob = Client(address, new_name("ann")), Client(address, new_name("bob"))
    room = ann.room()
    bob.enter(room)
    sockets = [
        who.socket() for who in (ann, bob, ann, bob)
    ]  # nginx gives them to the replica that has fewest
    for socket in sockets:
        socket.join(room)
    said = sockets[0].send(room, "hello")["message"]
    shown = ann.drop(room, noise())
    assert shown.status_code == 201, shown.text
    for socket in sockets:
        socket.wait_for(room, 2)
    assert bob.get(shown.json()["image"]["url"]).headers["Content-Type"].startswith("image/")
    used = [requests.get(f"{replica.url}/metrics", timeout=5).text for replica in replicas]
    assert all(re.search(r"^roomful_connections [1-9]", text, re.MULTILINE) for text in used)
    for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/x/../metrics"):
        assert requests.get(address + path, timeout=5).status_code == 404, path
    with pytest.raises(socketio.exceptions.ConnectionError):  # the origin is checked by what the browser sees
        socketio.Client().connect(
            address, transports=["websocket"], headers={"Origin": "https://evil.example"}
        )

    replicas[0].stop()
    for socket in sockets:
        socket.close()
    again = bob.socket()
    assert [event["seq"] for event in again.join(room, after=0)["events"]] == [1, 2]
    assert again.send(room, "still here")["message"]["seq"] == 3
    assert said["seq"] == 1
    again.close()


def test_a_silent_socket_stays_for_longer_than_nginx_waits_for_pages():
    """Its default, and ours for pages, is 60 s; pings come every 25."""
    text = (DEPLOY / "nginx" / "nginx.conf").read_text()
    section = text.partition("location /socket.io/")[2].partition("}")[0]
    assert int(re.search(r"proxy_read_timeout (\d+)s", section)[1]) >= 600
    assert int(re.search(r"proxy_send_timeout (\d+)s", section)[1]) >= 600


def test_every_variable_that_compose_asks_for_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    named = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / ".env.example").read_text(), re.MULTILINE))
    assert asked == named - {"COMPOSE_PROJECT_NAME"}  # compose itself asks for that


def test_nobody_has_more_rights_than_needed():
    for name, service in COMPOSE["services"].items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert not service["user"].startswith("0"), name
