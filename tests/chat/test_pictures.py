"""Pictures as people, and their enemies, send them. Every file is made here, by the libraries that made the real ones."""

import io
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from chat import developing, pictures
from chat.errors import Refused
from tests.servers import ROOT

pillow_heif.register_heif_opener()

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"]
RED, BLUE = (220, 30, 30), (30, 30, 220)
SECRET = b"here I live"


def draw(width: int = 80, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=BLUE)
    return image.convert(mode)


def save(image: Image.Image, name: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def film(name: str, frames: int = 3, size: tuple[int, int] = (40, 30), **options) -> bytes:
    images = [Image.new("RGB", size, (60 * i % 256, 20, 20)) for i in range(frames)]
    return save(images[0], name, save_all=True, append_images=images[1:], duration=70, **options)


@pytest.fixture
def take(tmp_path: Path):
    """Takes an upload in: the picture, and what is in its two files."""

    def take(upload: bytes, **options) -> tuple[pictures.Picture, Image.Image, Image.Image]:
        with pictures.intake(io.BytesIO(upload), folder=tmp_path, **options) as picture:
            stored, thumbnail = picture.path.read_bytes(), picture.thumbnail_path.read_bytes()
            assert picture.bytes == len(stored)
        return picture, Image.open(io.BytesIO(stored)), Image.open(io.BytesIO(thumbnail))

    yield take
    assert list(tmp_path.iterdir()) == [], "temporary files were left behind"


def refusal(take: Callable, upload: bytes, **options) -> Refused:
    with pytest.raises(Refused) as caught:
        take(upload, **options)
    return caught.value


def like(pixel: tuple[int, ...], colour: tuple[int, ...], off: int = 12) -> bool:
    return all(abs(a - b) <= off for a, b in zip(pixel, colour, strict=False))


@pytest.mark.parametrize(
    ("name", "kept"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG"), ("GIF", "PNG"), ("HEIF", "JPEG"), ("AVIF", "JPEG")],
)
def test_each_format_is_kept_as_one_that_every_browser_shows(take, name, kept):
    picture, stored, thumbnail = take(save(draw(), name))
    assert (stored.format, stored.size) == (kept, (80, 60)) == (kept, (picture.width, picture.height))
    assert picture.content_type == Image.MIME[kept]
    assert picture.thumbnail_type == Image.MIME[thumbnail.format]
    assert like(stored.convert("RGB").getpixel((10, 30)), RED, 30)
    assert like(stored.convert("RGB").getpixel((70, 30)), BLUE, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_each_kind_of_pixels_is_understood(take, mode):
    source = (
        draw(mode="L").quantize(4) if mode == "P" else draw(mode="L").convert("I" if "I" in mode else mode)
    )
    if mode == "I;16":
        source = source.point(lambda value: value * 257).convert("I;16")
    _, stored, _ = take(save(source, "PNG"))
    expected = draw(mode="L").convert("1") if mode == "1" else draw(mode="L")
    assert stored.convert("RGB").tobytes() == expected.convert("RGB").tobytes()


def test_transparency_is_kept_and_an_alpha_channel_of_nothing_is_not(take):
    clear = draw(mode="RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    for name in ("PNG", "WEBP", "AVIF", "HEIF"):
        _, stored, thumbnail = take(save(clear, name))
        assert (stored.mode, thumbnail.mode) == ("RGBA", "RGBA"), name
    assert take(save(draw(mode="RGBA"), "PNG"))[1].mode == "RGB"


def test_a_palette_with_transparency_becomes_an_alpha_channel(take):
    _, stored, _ = take(save(draw(mode="P"), "GIF", transparency=draw(mode="P").getpixel((0, 0))))
    assert stored.mode == "RGBA"
    assert stored.getpixel((0, 0))[3] == 0


def test_a_printers_jpeg_shows_the_right_colours(take):
    _, stored, _ = take(save(draw(mode="CMYK"), "JPEG", quality=95))
    assert stored.mode == "RGB"
    assert like(stored.getpixel((10, 30)), RED, 20)


@pytest.mark.parametrize("name", FORMATS)
def test_a_single_pixel_is_a_picture(take, name):
    picture, _, thumbnail = take(save(Image.new("RGB", (1, 1), RED), name))
    assert (picture.width, picture.height) == (1, 1) == thumbnail.size


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(take, name, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    original = Image.new("RGB", (64, 32), "white")
    ImageDraw.Draw(original).rectangle((0, 0, 15, 15), fill=RED)
    _, stored, _ = take(save(original, name, exif=exif.tobytes()))
    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[
        orientation
    ]
    size = (64, 32) if orientation < 5 else (32, 64)
    assert stored.size == size
    place = tuple(4 if at == 0 else length - 5 for at, length in zip(corner, size, strict=True))
    assert like(stored.convert("RGB").getpixel(place), RED, 40)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_no_metadata_are_kept(take, tmp_path, name):
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    options = {"exif": exif, "xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>", "icc_profile": profile("Mine")}
    if name == "JPEG":
        options["comment"] = SECRET
    upload = save(draw(), name, **options)
    assert SECRET in upload
    _, stored, thumbnail = take(upload + SECRET)
    for kept in (stored, thumbnail):
        kept.load()
        assert not kept.getexif()
        assert not {"icc_profile", "exif", "xmp", "comment", "Description"} & kept.info.keys()
        kept.fp = None
    with pictures.intake(io.BytesIO(upload + SECRET), folder=tmp_path) as picture:
        assert SECRET not in picture.path.read_bytes() + picture.thumbnail_path.read_bytes()


def profile(description: str) -> bytes:
    """sRGB with red and blue exchanged, under another name."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", made, 128)[0]
    for entry in range(132, 132 + 12 * count, 12):
        tag = bytes(made[entry : entry + 4])
        made[entry : entry + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(tag, tag)
        if tag == b"desc":
            start, length = struct.unpack_from(">II", made, entry + 4)
            text = description.encode("utf-16-be")
            made[start + 28 : start + length] = text.ljust(length - 28, b"\0")[: length - 28]
    return bytes(made)


def test_colours_are_converted_by_the_pictures_own_profile(take):
    _, stored, _ = take(save(draw(), "PNG", icc_profile=profile("Exchanged")))
    assert like(stored.getpixel((10, 30)), (30, 30, 220), 8), "red stayed red: the profile was dropped unused"


def test_a_broken_profile_is_ignored(take):
    _, stored, _ = take(save(draw(), "PNG", icc_profile=b"no profile at all"))
    assert like(stored.getpixel((10, 30)), RED, 1)


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_moves_on(take, name):
    picture, stored, thumbnail = take(film(name))
    assert (picture.content_type, stored.n_frames) == ("image/webp", 3)
    assert getattr(thumbnail, "n_frames", 1) == 1
    stored.seek(2)
    stored.load()
    assert like(stored.convert("RGB").getpixel((5, 5)), (120, 20, 20), 15)
    assert 60 <= stored.info["duration"] <= 80


def test_a_long_animation_is_made_smaller(take, monkeypatch):
    monkeypatch.setattr(developing, "KEPT_PIXELS", 10_000)
    _, stored, _ = take(film("GIF", 20, (40, 30)))
    assert stored.n_frames == 20
    assert 20 * stored.width * stored.height <= 10_000


def test_large_pictures_are_made_as_large_as_screens(take):
    picture, stored, thumbnail = take(save(draw(5000, 1000), "PNG"))
    assert (picture.width, picture.height) == stored.size == (4096, 819)
    assert thumbnail.size == (960, 192)
    assert take(save(draw(6400, 640), "JPEG"))[1].size == (3200, 320)


def test_a_screenshot_loses_nothing_and_a_photograph_becomes_a_jpeg(take):
    shot = draw(1200, 900)
    assert take(save(shot, "PNG"))[1].convert("RGB").tobytes() == shot.tobytes()
    noise = Image.merge("RGB", [Image.effect_noise((1200, 900), 90) for _ in "RGB"])
    assert take(save(noise, "PNG", compress_level=1))[1].format == "JPEG"


def test_the_same_picture_has_the_same_hash_whatever_it_said_of_itself(take):
    exif = Image.Exif()
    exif[0x010E] = "a description"
    assert take(save(draw(), "PNG"))[0].sha256 == take(save(draw(), "PNG", exif=exif))[0].sha256


def test_an_upload_is_refused_while_it_is_read(take):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"\xff\xd8\xff" + bytes(size - 3)

    stream = Endless()
    with pytest.raises(Refused) as caught:
        pictures.intake(stream, limit=300_000)
    assert caught.value.code == "too_large"
    assert "0.3 MB" in caught.value.detail
    assert stream.taken <= 300_000 + pictures.CHUNK


def test_an_upload_of_exactly_the_limit_is_taken(take):
    upload = save(draw(), "PNG")
    assert take(upload, limit=len(upload))[0].width == 80
    assert refusal(take, upload, limit=len(upload) - 1).code == "too_large"


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        save(draw(), "TIFF", save_all=True, append_images=[draw()]),
        save(draw(), "BMP"),
        save(draw(), "ICO"),
        save(draw(), "PPM"),
        save(draw(), "EPS"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(take, upload):
    assert refusal(take, upload).code == "not_an_image"


@pytest.mark.parametrize("name", FORMATS)
def test_only_pixels_of_a_polyglot_survive(take, tmp_path, name):
    payload = b"<script>alert(1)</script>PK\x03\x04"
    with pictures.intake(io.BytesIO(save(draw(), name) + payload), folder=tmp_path) as picture:
        assert b"<script>" not in picture.path.read_bytes()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks: bytes, width: int = 8, height: int = 8) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """A gigapixel in about 120 KB."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(32_768 // 8 + 1) * 1024) for _ in range(32))
    return png(chunk(b"IDAT", data + rows.flush()), width=32_768, height=32_768)


GROWTH = """
import io, re, sys
from pathlib import Path
from chat import pictures
from chat.errors import Refused

def peak():
    # not ru_maxrss, which a child inherits from the process that started it
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024

upload, before, code = sys.stdin.buffer.read(), peak(), "taken"
try:
    pictures.intake(io.BytesIO(upload)).discard()
except Refused as error:
    code = error.code
print(code, peak() - before)
"""


def grow(upload: bytes) -> tuple[str, int]:
    """What became of an upload, and by how many megabytes a process of its own grew: a peak never goes down again."""
    command = [sys.executable, "-c", GROWTH]
    code, megabytes = subprocess.run(
        command, cwd=ROOT, input=upload, stdout=subprocess.PIPE, check=True
    ).stdout.split()
    return code.decode(), int(megabytes)


def test_memory_is_measured_so_that_it_shows(take):
    code, megabytes = grow(save(Image.new("1", (8000, 8000)), "PNG"))
    assert (code, megabytes > 50) == ("taken", True)


def test_a_gigapixel_is_refused_at_once_and_takes_no_memory(take):
    upload = bomb()
    assert len(upload) < 200_000
    start = time.perf_counter()
    error = refusal(take, upload)
    assert time.perf_counter() - start < 0.5
    assert error.code == "image_too_many_pixels"
    assert "65 megapixels" in error.detail
    code, megabytes = grow(upload)
    assert (code, megabytes < 8) == ("image_too_many_pixels", True)


@pytest.mark.parametrize(("width", "height"), [(0xFFFF, 0xFFFF), (8063, 8063)])
@pytest.mark.parametrize(
    ("name", "order"), [("JPEG", ">HH"), ("GIF", "<HH"), ("HEIF", ">II"), ("AVIF", ">II")]
)
def test_every_format_is_asked_for_its_size_before_it_is_decoded(take, name, order, width, height):
    sizes = [(size[::-1] if name == "JPEG" else size) for size in ((128, 64), (width, height))]
    upload = save(draw(128, 64), name)
    lie = upload.replace(struct.pack(order, *sizes[0]), struct.pack(order, *sizes[1]))
    assert lie != upload
    assert refusal(take, lie).code == "image_too_many_pixels"


def test_a_heic_that_shows_a_part_of_something_larger_is_asked_for_all_of_it(take, monkeypatch):
    upload = save(draw(80, 60), "HEIF")
    assert struct.pack(">II", 80, 64) in upload  # coded in blocks of eight, and cut to what is shown
    monkeypatch.setattr(developing, "PIXELS", 80 * 62)
    assert refusal(take, upload).code == "image_too_many_pixels"


def test_a_webp_canvas_is_refused_before_it_is_allocated(take):
    upload = bytearray(film("WEBP"))
    upload[24:30] = (16383).to_bytes(3, "little") * 2
    assert refusal(take, bytes(upload)).code == "image_too_many_pixels"


def test_animations_are_bounded_in_frames_and_pixels(take, monkeypatch):
    monkeypatch.setattr(developing, "FRAMES", 10)
    for name in ("GIF", "PNG", "WEBP"):
        assert refusal(take, film(name, 11)).code == "image_too_many_pixels", name
        assert take(film(name, 10))[1].n_frames == 10
    monkeypatch.setattr(developing, "MOVING_PIXELS", 5 * 1200)
    assert refusal(take, film("GIF", 6)).code == "image_too_many_pixels"


def test_an_animation_that_lies_about_its_frames_is_refused(take):
    upload = film("PNG")
    place = upload.index(b"acTL")
    lie = chunk(b"acTL", struct.pack(">II", 0x7FFFFFFF, 0))
    error = refusal(take, upload[: place - 4] + lie + upload[place + 16 :])
    assert error.code == "image_too_many_pixels"


@pytest.mark.parametrize(("name", "head"), [(b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0")])
def test_text_and_profiles_that_unpack_to_much_do_no_harm(name, head):
    packed = zlib.compress(bytes(200_000_000))
    code, megabytes = grow(png(chunk(name, head + packed), chunk(b"IDAT", zlib.compress(bytes(2 * 8)))))
    assert code in ("taken", "not_an_image")
    assert megabytes < 30


def test_a_file_of_countless_empty_parts_is_given_up(take):
    start = time.process_time()  # of ours alone: others may keep us waiting
    assert refusal(take, png(chunk(b"tEXt", b"") * 300_000)).code == "not_an_image"
    assert refusal(take, b"\xff\xd8" + b"\xff\xfe\0\2" * 1_000_000).code == "not_an_image"
    assert time.process_time() - start < 10


def test_a_jpeg_of_countless_scans_is_refused(take):
    upload = save(draw(), "JPEG", progressive=True)
    last = upload.rindex(b"\xff\xda")
    error = refusal(take, upload[:-2] + upload[last:-2] * 40 + b"\xff\xd9")
    assert (error.code, "scans" in error.detail) == ("not_an_image", True)


def test_a_heic_that_understates_its_size_is_refused(take):
    whole = struct.pack(">II", 800, 600)
    upload = save(draw(800, 600), "HEIF").replace(whole, struct.pack(">II", 8, 8))
    assert refusal(take, upload).code == "not_an_image"


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_was_cut_off_is_refused(take, name):
    upload = save(draw(160, 120), name)
    for part in (0.02, 0.1, 0.3, 0.6, 0.9):
        assert refusal(take, upload[: int(len(upload) * part)]).code == "not_an_image", part


SAMPLES = {name: save(draw(33, 21), name) for name in FORMATS}
SAMPLES |= {f"moving {name}": film(name, 3, (16, 12)) for name in ("GIF", "PNG", "WEBP", "AVIF")}


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=25)
@given(data=st.data())
def test_damage_is_refused_or_survived(tmp_path_factory, name, data):
    upload = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(0, 8))):
        upload[data.draw(st.integers(0, len(upload) - 1))] ^= data.draw(st.integers(1, 255))
    end = data.draw(st.one_of(st.just(len(upload)), st.integers(0, len(upload))))
    folder = tmp_path_factory.getbasetemp()
    try:
        with pictures.intake(io.BytesIO(bytes(upload[:end])), folder=folder) as picture:
            assert picture.width * picture.height <= developing.PIXELS
    except Refused as error:
        assert error.code in ("not_an_image", "image_too_many_pixels")


def test_a_full_disk_is_not_the_pictures_fault(tmp_path):
    with pytest.raises(FileNotFoundError):
        pictures.intake(io.BytesIO(save(draw(), "PNG")), folder=tmp_path / "missing")


def test_pictures_are_taken_in_side_by_side(tmp_path):
    uploads = [save(draw(300 + i, 200), name) for i, name in enumerate(["JPEG", "PNG", "WEBP", "AVIF"] * 3)]
    widths: list[int] = []

    def work(upload: bytes) -> None:
        with pictures.intake(io.BytesIO(upload), folder=tmp_path) as picture:
            widths.append(picture.width)

    threads = [threading.Thread(target=work, args=[upload]) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(widths) == [300 + i for i in range(12)]
