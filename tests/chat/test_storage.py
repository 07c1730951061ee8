"""Both stores by one contract; the bucket on a real server of the S3 protocol."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from chat.backend import open_store
from chat.storage import FolderStore, Store, StoreError
from tests.servers import ROOT, free_port

KEY = f"{'ab12' * 16}-19a1b2c3d4e"


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """A bucket `pictures`, and the variables that lead to it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    variables = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "whoever",
        "AWS_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        boto3.session.Session().client("s3", region_name="us-east-1").create_bucket(Bucket="pictures")
        yield variables
    server.stop()


@pytest.fixture(params=["folder", "s3", "s3 with a prefix"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(str(tmp_path / "kept"))
    request.getfixturevalue("bucket")
    return open_store("s3://pictures" if request.param == "s3" else "s3://pictures/some/where/")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    path.write_bytes(os.urandom(300_001))
    return path


def read(store: Store, key: str) -> bytes:
    chunks, size = store.open(key)
    data = b"".join(chunks)
    assert len(data) == size
    return data


def test_what_is_put_is_read_and_gone_when_deleted(store, file):
    store.put(KEY, file, "image/jpeg")
    store.put(f"{KEY}.thumbnail", file, "image/webp")
    assert read(store, KEY) == file.read_bytes()
    store.delete(KEY)
    with pytest.raises(FileNotFoundError):
        store.open(KEY)
    assert read(store, f"{KEY}.thumbnail") == file.read_bytes()
    store.delete(f"{KEY}.thumbnail")


def test_deleting_what_is_not_there_is_fine(store):
    store.delete(KEY)
    store.delete(KEY)


def test_putting_again_replaces(store, file):
    store.put(KEY, file, "image/jpeg")
    file.write_bytes(b"shorter")
    store.put(KEY, file, "image/jpeg")
    assert read(store, KEY) == b"shorter"
    store.delete(KEY)


def test_reading_may_stop_early(store, file):
    store.put(KEY, file, "image/jpeg")
    for _ in range(40):  # more than the connections that a client keeps
        chunks, _size = store.open(KEY)
        assert next(chunks)
        chunks.close()
    assert read(store, KEY) == file.read_bytes()
    store.delete(KEY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "ab/cd",
        "abcdef12\n",
        "ABCDEF12",
        "abcdef12.",
        "ä" * 8,
        "a" * 65,
    ],
)
def test_a_key_that_is_not_ours_is_refused(store, file, key):
    for ask in (
        lambda: store.put(key, file, "image/jpeg"),
        lambda: store.open(key),
        lambda: store.delete(key),
    ):
        with pytest.raises(ValueError, match="not a key of a picture"):
            ask()


def test_many_threads_may_use_one_store(store, file):
    keys = [f"{number:064x}-1" for number in range(16)]
    found: list[bytes] = []

    def work(key: str) -> None:
        store.put(key, file, "image/jpeg")
        found.append(read(store, key))
        store.delete(key)

    threads = [threading.Thread(target=work, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [file.read_bytes()] * 16


def test_a_good_store_passes_its_check_and_keeps_nothing_of_it(store, tmp_path):
    store.check()
    if isinstance(store, FolderStore):
        assert list((tmp_path / "kept").iterdir()) == []


def test_a_folder_is_for_its_owner_only_and_fans_out(tmp_path, file):
    store = open_store(tmp_path / "deep" / "kept")
    store.put(KEY, file, "image/jpeg")
    kept = tmp_path / "deep" / "kept" / "ab" / KEY
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [stat.S_IMODE(path.stat().st_mode) for path in list(kept.parents)[:2]] == [0o700, 0o700]


def test_a_failed_put_leaves_nothing_behind(tmp_path):
    store = open_store(tmp_path / "kept")
    with pytest.raises(FileNotFoundError):
        store.put(KEY, tmp_path / "missing", "image/jpeg")
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []
    with pytest.raises(FileNotFoundError):
        store.open(KEY)


def test_a_folder_that_cannot_be_written_is_named_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "file" / "kept").check()
    assert str(tmp_path / "file" / "kept") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "variables"),
    [
        ("s3://no-such-bucket/here", {}),
        ("s3://pictures", {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}),
        ("s3://pictures", {"AWS_ENDPOINT_URL": "nonsense"}),
        (
            "s3://pictures",
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"},
        ),
    ],
)
def test_a_bucket_that_cannot_be_used_is_named_in_one_line(bucket, monkeypatch, url, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError) as caught:
        open_store(url).check()
    assert url in str(caught.value)
    assert "AWS_" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_s3_keeps_the_content_type_under_the_prefix(bucket, file):
    open_store("s3://pictures/some/where").put(KEY, file, "image/webp")
    client = boto3.session.Session().client("s3")
    assert client.head_object(Bucket="pictures", Key=f"some/where/{KEY}")["ContentType"] == "image/webp"


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_may_be_named_in_either_way(bucket, monkeypatch, variable):
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv(variable, "eu-central-1")
    assert open_store("s3://pictures")._client().meta.region_name == "eu-central-1"


GREEN = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import sys
from chat.backend import open_store

store, path = open_store("s3://pictures/green"), sys.argv[1]
assert store.cooperates
beats = 0

def beat():
    global beats
    while True:
        eventlet.sleep(0.001)
        beats += 1

def work(number):
    store.put(f"{number:064x}-2", path, "image/jpeg")
    chunks, size = store.open(f"{number:064x}-2")
    assert len(b"".join(chunks)) == size
    store.delete(f"{number:064x}-2")
    return 1

store.check()
eventlet.spawn(beat)
beats = 0
with eventlet.Timeout(50):
    done = sum(eventlet.GreenPool(16).imap(work, range(48)))
assert beats > 20, beats
print(done)
"""


def test_greenlets_of_a_replica_use_s3_while_the_hub_goes_on(bucket, file):
    environment = {**os.environ, **bucket}
    command = [sys.executable, "-c", GREEN, str(file)]
    answer = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout == "48\n", answer.stderr
