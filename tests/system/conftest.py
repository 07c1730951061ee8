"""A bot worker beside the replicas."""

from pathlib import Path

import pytest

from ml.models import prepare
from tests.people import Client, new_name
from tests.servers import ROOT, Worker, wait_until

MODELS = ROOT / "build" / "models"


@pytest.fixture(scope="module")
def worker(environment, replicas, tmp_path_factory):
    """Both bots, ready."""
    models = Path(environment["DATA_DIR"]) / "models"
    prepare("efficientnet-lite2", MODELS)  # once for all tests: it takes some seconds
    if not models.exists():
        models.symlink_to(MODELS)
    process = Worker(environment, tmp_path_factory.mktemp("worker"))
    host = Client(replicas[0].url, new_name("host"))
    wait_until(lambda: {"vision", "help"} <= online(host), seconds=90, what="the bots")
    yield process
    process.stop()


def online(person: Client) -> set[str]:
    return {bot["name"] for bot in person.get("/api/bots").json()["bots"] if bot["online"]}
