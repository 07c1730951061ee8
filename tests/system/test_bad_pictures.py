"""Bad uploads: broken, mislabelled, oversized. Each gets its documented error, and leaves neither message nor file."""

import io
import struct
import zlib
from pathlib import Path

import pytest
import requests
from PIL import Image

from tests.people import Client, new_id, new_name, picture
from tests.system.test_bad_input import IDS, LONG, NUL, assert_refused


def jpeg() -> bytes:
    return picture(format_="JPEG", size=(640, 480))


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header promises this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def tiff() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (10, 10)).save(file, "TIFF")
    return file.getvalue()


UPLOADS = {  # what: (file's name, its bytes, code)
    "nothing": ("a.jpg", b"", "not_an_image"),
    "text called a picture": ("a.jpg", b"I am a picture, honestly. " * 50, "not_an_image"),
    "a web page": ("a.png", b"<html><script>alert(1)</script></html>", "not_an_image"),
    "SVG": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "not_an_image"),
    "TIFF": ("a.tif", tiff(), "not_an_image"),
    "PDF": ("a.pdf", b"%PDF-1.7\n" + b"x" * 1000, "not_an_image"),
    "the beginning of a JPEG": ("a.jpg", jpeg()[: len(jpeg()) // 2], "not_an_image"),
    "the first bytes of a PNG": ("a.png", b"\x89PNG\r\n\x1a\n", "not_an_image"),
    "a PNG with a flipped byte": (
        "a.png",
        (lambda b: b[:200] + bytes([b[200] ^ 255]) + b[201:])(picture()),
        "not_an_image",
    ),
    "a GIF's name only": ("a.gif", b"GIF89a", "not_an_image"),
    "a WebP of noise": ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 " + b"\x07" * 40, "not_an_image"),
    "a HEIC of noise": ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\x07" * 400, "not_an_image"),
    "a bomb": ("a.png", png_of(60_000, 60_000), "image_too_many_pixels"),
    "a long thin bomb": ("a.png", png_of(2**31 - 1, 1), "image_too_many_pixels"),
    "somewhat too large": ("a.png", png_of(8192, 8192), "image_too_many_pixels"),
    "20 MB and a byte": ("a.jpg", jpeg() + b"\0" * (20_000_001 - len(jpeg())), "too_large"),
    "30 MB": ("a.jpg", jpeg() + b"\0" * 30_000_000, "too_large"),
}


@pytest.fixture
def ann(meet) -> Client:
    return meet("ann")


@pytest.fixture(autouse=True)
def nothing_is_left(replica, environment):
    """No test leaves a file in the store, and none breaks the server."""
    store = Path(environment["DATA_DIR"]) / "images"
    before = {path for path in store.rglob("*") if path.is_file()}
    size = replica.log.stat().st_size
    yield
    assert {path for path in store.rglob("*") if path.is_file()} == before
    assert "Traceback" not in replica.log.read_text()[size:]


def upload(ann: Client, room: str, name: str, data: bytes, **fields: str) -> requests.Response:
    path = f"{ann.url}/api/rooms/{room}/images"
    form = {"client_id": new_id(), **fields}
    return ann.http.post(path, data=form, files={"image": (name, data, "image/jpeg")}, timeout=60)


@pytest.mark.parametrize("what", UPLOADS)
def test_an_upload_that_is_no_picture_of_ours(what, ann):
    room = ann.room()
    name, data, code = UPLOADS[what]
    detail = assert_refused(upload(ann, room, name, data), code)
    assert len(detail) > 20
    assert ann.get(f"/api/rooms/{room}/messages").json() == {"messages": [], "last_seq": 0}


def test_fields_beside_a_picture(ann):
    room, png = ann.room(), picture()
    for field, values in {
        "client_id": ("", "x" * 129, NUL),
        "text": (LONG, NUL),
        "reply_to": ("0", "none", "9" * 30),
    }.items():
        for value in values:
            assert field in assert_refused(upload(ann, room, "a.png", png, **{field: value}), "invalid"), (
                field,
                value[:50],
            )
    assert "colour" in assert_refused(upload(ann, room, "a.png", png, colour="red"), "invalid")
    assert ann.get(f"/api/rooms/{room}").json()["last_seq"] == 0


def test_a_form_that_is_none(ann):
    room = ann.room()
    url = f"{ann.url}/api/rooms/{room}/images"
    post = ann.http.post
    assert "image" in assert_refused(post(url, data={"client_id": "x"}, timeout=20), "invalid")
    assert "image" in assert_refused(
        post(url, files={"picture": picture()}, data={"client_id": "x"}, timeout=20), "invalid"
    )
    assert "client_id" in assert_refused(post(url, files={"image": picture()}, timeout=20), "invalid")
    assert_refused(post(url, json={"client_id": "x"}, timeout=20), "invalid")
    assert_refused(post(url, data=picture(), headers={"Content-Type": "image/png"}, timeout=20), "invalid")
    broken = {"Content-Type": "multipart/form-data; boundary=b"}
    for body in (
        b"",
        b"--b",
        b"--b\r\nContent-Disposition: form-data; name=image\r\n\r\n",
        b"nonsense" * 100,
    ):
        assert_refused(
            post(url, data=body, headers=broken, timeout=20), "invalid", "bad_request", "not_an_image"
        )
    assert_refused(
        post(url, data=b"x", headers={"Content-Type": "multipart/form-data"}, timeout=20),
        "invalid",
        "bad_request",
    )
    many = {f"field{number}": "x" for number in range(2000)}
    assert_refused(post(url, files={"image": picture()}, data=many, timeout=20), "invalid", "too_large")
    assert ann.get(f"/api/rooms/{room}").json()["last_seq"] == 0


def test_rooms_that_there_are_not(ann):
    for id_ in IDS:
        url = f"{ann.url}/api/rooms/{requests.utils.quote(id_, safe='%')}/images"
        assert_refused(
            ann.http.post(url, data={"client_id": "x"}, files={"image": picture()}, timeout=20), "not_found"
        )


def test_a_repeat_is_the_first_message_and_keeps_no_second_file(ann):
    room = ann.room()
    first = ann.drop(room, picture("navy"), client_id="same").json()
    again = ann.drop(room, picture("orange"), client_id="same")
    assert (again.status_code, again.json()) == (200, first)
    ann.delete(f"/api/messages/{first['id']}")


def test_a_replica_decodes_in_a_process_apart(replica):
    ann = Client(replica.url, new_name("ann"))
    assert_refused(upload(ann, ann.room(), "a.png", picture()[:200]), "not_an_image")
    threads = Path(f"/proc/{replica.process.pid}/task")
    children = [child for found in threads.glob("*/children") for child in found.read_text().split()]
    assert any(b"chat.darkroom" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children)
