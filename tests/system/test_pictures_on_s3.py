"""Two replicas that keep their pictures in a bucket: any of them serves what another was given."""

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.conftest import prepare
from tests.people import Client, new_id, new_name, picture
from tests.servers import free_port, two_replicas

# The protocol server keeps its buckets for as long as the process of the tests lives.
BUCKET = f"pictures-{new_id()[:8]}"


@pytest.fixture
def bucket(monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()


@pytest.fixture
def pair(bucket, postgres, redis_server, tmp_path):
    url = postgres.create(f"s3_{new_id()[:8]}")
    environment = prepare(url, redis_server.url, tmp_path) | {"IMAGES_URL": f"s3://{BUCKET}/chat"}
    with two_replicas(environment, tmp_path) as replicas:
        yield replicas


def keys(bucket):
    return [entry["Key"] for entry in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_a_picture_given_to_one_replica_is_served_by_the_other(pair, bucket):
    ann, bob = Client(pair[0].url, new_name("ann")), Client(pair[1].url, new_name("bob"))
    room = ann.room()
    message = ann.drop(room, picture()).json()
    assert len(keys(bucket)) == 2 and all(key.startswith("chat/") for key in keys(bucket))
    shown = bob.get(message["image"]["url"])
    assert shown.status_code == 200 and len(shown.content) == message["image"]["bytes"]
    assert requests.get(pair[1].url + message["image"]["url"], timeout=5).status_code == 401
    assert ann.delete(f"/api/messages/{message['id']}").status_code == 204
    assert keys(bucket) == []
    assert bob.get(message["image"]["url"]).status_code == 404


def test_a_bucket_that_is_away_is_an_error_that_says_so_and_the_chat_goes_on(pair, bucket):
    ann = Client(pair[0].url, new_name("ann"))
    room = ann.room()
    bucket.delete_bucket(Bucket=BUCKET)
    answer = ann.drop(room, picture())
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert ann.get(f"/api/rooms/{room}/messages").json() == {"messages": [], "last_seq": 0}
    assert ann.say(room, "we can still talk")["seq"] == 1
