"""The chart, as far as it can be tried without a cluster; `make deploy-check` and `make cluster-test` try the rest."""

import base64
import os
import shutil
import subprocess

import pytest
import yaml

from tests.servers import ROOT

CHART = ROOT / "deploy" / "chart"
HELM = os.environ.get("HELM") or shutil.which("helm")
with_helm = pytest.mark.skipif(not HELM, reason="there is no helm here (HELM=PATH names it)")


def render(*options: str) -> list[dict]:
    command = [HELM, "template", "chat", str(CHART), "--namespace", "chat", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def pods(documents: list[dict]) -> dict[str, dict]:
    return {
        f"{one['kind']} {one['metadata']['name']}": one["spec"]["template"]["spec"]
        for one in documents
        if "template" in one.get("spec", {})
    }


@with_helm
def test_every_pod_keeps_to_the_restricted_standard():
    found = pods(render())
    assert len(found) == 5
    for name, pod in found.items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] and not context["allowPrivilegeEscalation"], name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["limits"]["memory"], name


@with_helm
def test_liveness_asks_the_process_alone_and_readiness_does_not_wait_for_redis():
    web = pods(render("-f", str(CHART / "values-dev.yaml")))["Deployment flask-app"]["containers"][0]
    assert web["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert web["ports"] == [{"name": "http", "containerPort": 5000}]


@with_helm
def test_one_password_is_made_for_the_server_and_for_those_who_call_it():
    documents = render()
    (secret,) = [one["data"] for one in documents if one["kind"] == "Secret"]
    values = {name: base64.b64decode(value).decode() for name, value in secret.items()}
    assert values["redis-url"] == f"redis://:{values['redis-password']}@chat-redis:6379/0"
    assert values["postgres-password"] in values["database-url"]
    assert len(values["secret-key"]) >= 32
    texts = [str(one) for one in documents if one["kind"] != "Secret"]
    assert not any(values["redis-password"] in text or values["secret-key"] in text for text in texts)


@with_helm
def test_the_schema_is_migrated_before_the_new_version_starts():
    def job(*options):
        return next(one for one in render(*options) if one["kind"] == "Job")

    assert (
        "annotations" not in job()["metadata"]
    )  # at the first installation a hook would wait for its own database
    assert job("--is-upgrade")["metadata"]["annotations"]["helm.sh/hook"] == "pre-upgrade"
    assert (
        job("--set", "image.tag=v2")["metadata"]["name"] != job("--set", "image.tag=v1")["metadata"]["name"]
    )
