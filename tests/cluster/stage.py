"""The release on the cluster: installed, changed, looked at, by the commands that an operator would type."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import make_url

from tests.servers import ROOT, wait_until

NAME = NAMESPACE = "chatroom-dev"
CHART = ROOT / "deploy" / "chart"
PATIENCE = 900  # seconds for whatever has to become ready: the machine may be a small one, and busy


class Stage:
    """Parameters
    ----------
    cluster : the folder with `kubectl` and `helm`.
    """

    def __init__(self, cluster: Path):
        self._cluster = cluster
        self.url = f"http://flask-app.{NAMESPACE}.svc.cluster.local:5000"

    def kubectl(self, *arguments: str) -> str:
        return self._run("kubectl", "-n", NAMESPACE, *arguments)

    def helm(self, *arguments: str) -> str:
        return self._run("helm", *arguments, "-n", NAMESPACE, "--wait", "--timeout", f"{PATIENCE}s")

    def install(self, tag: str) -> None:
        """The same command for the first time and for an upgrade."""
        values = {
            "image.tag": tag,
            "redis.image": "roomful-test-redis:7",
            "postgres.image": "roomful-test-postgres:15",
            "images.accessMode": "ReadWriteOnce",  # one node
            "volumes.takeOwnership": "true",  # folders of the node
            "settings.LIMITS": "off",
            "admin.name": "root",
            "secret.adminPassword": "correct-horse-battery",
        }
        options = [word for name, value in values.items() for word in ("--set", f"{name}={value}")]
        dev = str(CHART / "values-dev.yaml")
        self.helm("upgrade", "--install", "--create-namespace", NAME, str(CHART), "-f", dev, *options)

    def pods(self, component: str) -> list[dict[str, Any]]:
        """Those that are not on their way out."""
        label = f"app.kubernetes.io/component={component}"
        found = json.loads(self.kubectl("get", "pods", "-l", label, "-o", "json"))["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def ready(self, component: str) -> list[dict[str, Any]]:
        return [pod for pod in self.pods(component) if _is_ready(pod)]

    def wait_for(self, component: str, count: int) -> None:
        wait_until(
            lambda: len(self.ready(component)) == len(self.pods(component)) == count,
            PATIENCE,
            f"{count} × {component}",
        )

    def delete_one(self, component: str) -> str:
        name = str(self.ready(component)[0]["metadata"]["name"])
        self.kubectl("delete", "pod", name, "--wait=false")
        return name

    def restarts(self, component: str) -> dict[str, int]:
        return {
            pod["metadata"]["name"]: sum(one["restartCount"] for one in pod["status"]["containerStatuses"])
            for pod in self.pods(component)
        }

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """The database itself, past all code of the chat's."""
        secret = json.loads(self.kubectl("get", "secret", NAME, "-o", "json"))["data"]
        address = make_url(base64.b64decode(secret["database-url"]).decode())
        # Of pods the name is enough; whoever asks from outside the namespace needs it whole.
        connection = psycopg2.connect(
            host=f"{address.host}.{NAMESPACE}.svc.cluster.local",
            user=address.username,
            password=address.password,
            dbname=address.database,
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def _run(self, command: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self._cluster / command), *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise AssertionError(f"{command} {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout


def _is_ready(pod: dict[str, Any]) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
