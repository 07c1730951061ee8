"""Whatever people post becomes the same square of floats, or a clear refusal."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps

from ml import numbers, pictures
from ml.models import RECIPES
from tests.ml.conftest import encode

LITE2 = RECIPES["efficientnet-lite2"].preprocessing
pillow_heif.register_heif_opener()


def read(picture) -> np.ndarray:
    return pictures.read(picture, LITE2)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """In grey levels of 0 to 255, on average."""
    return float(np.abs(one - other).mean() * LITE2.scale)


def test_the_square_is_the_references(cat):
    """Cut out by the reference's own integers, resized by Pillow's bicubic filter, normalised by (x − 127) / 128."""
    side = int(260 / 292 * 300)
    left, top = (451 - side + 1) // 2, (300 - side + 1) // 2
    square = cat.crop((left, top, left + side, top + side)).resize((260, 260), Image.Resampling.BICUBIC)
    expected = (np.asarray(square, np.float32) - 127) / 128
    assert read(cat).dtype == np.float32
    assert np.array_equal(read(cat), expected)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_lossless_formats_are_read_alike(kind, cat):
    assert np.array_equal(read(encode(cat, kind)), read(cat))


def test_the_jpegs_of_two_pictures_that_phones_write_are_read(cat):
    data = encode(cat.resize((4510, 3000)), "MPO", save_all=True, append_images=[cat])
    assert Image.open(io.BytesIO(data)).format == "MPO"
    assert difference(read(data), read(cat)) < 4


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "HEIF"])
def test_lossy_formats_are_read_nearly_alike(kind, cat):
    assert difference(read(encode(cat, kind, quality=90)), read(cat)) < 4


@pytest.fixture(scope="module")
def grain() -> np.ndarray:
    """Fine grain for 12 megapixels, which careless decoding would alias."""
    return np.random.default_rng(0).normal(0, 20, (3000, 4000, 1)).astype(np.int16)


@pytest.mark.parametrize("name", ["chelsea", "coffee", "astronaut", "grass", "camera"])
def test_decoding_a_large_jpeg_at_a_fraction_changes_little(name, photo, grain):
    image = ImageOps.fit(photo(name), (4000, 3000), Image.Resampling.BICUBIC)
    data = encode(Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8)), quality=90)
    whole = Image.open(io.BytesIO(data))
    whole.load()
    opened = Image.open(io.BytesIO(data))
    pictures._decode_small(opened, 584)
    assert min(opened.size) >= 584
    assert max(opened.size) < 4000
    assert difference(read(data), read(whole)) < 1.5


def test_an_image_of_the_callers_is_left_as_it_was(cat):
    lazy = Image.open(io.BytesIO(encode(cat.resize((4510, 3000)))))
    read(lazy)
    assert lazy.size == (4510, 3000)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(orientation, cat):
    turned = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = cat if turned is None else cat.transpose(turned)
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert difference(read(encode(stored, "JPEG", quality=95, exif=exif)), read(cat)) < 3


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_spoil_a_picture(cat):
    data = encode(cat, "JPEG", quality=95, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage")
    assert difference(read(data), read(cat)) < 3


def test_grey_pictures_of_any_depth_are_read_alike(cat):
    grey = cat.convert("L")
    levels = np.asarray(grey)
    expected = read(grey)
    assert np.array_equal(expected[..., 0], expected[..., 2])
    same = {
        "eight bits": encode(grey, "PNG"),
        "with alpha": encode(grey.convert("LA"), "PNG"),
        "sixteen bits": encode(Image.fromarray(levels.astype(np.uint16) * 257), "PNG"),
        "32 bits": encode(Image.fromarray(levels.astype(np.int32) * 257), "TIFF"),
        "floats": encode(Image.fromarray(levels.astype(np.float32) / 255), "TIFF"),
    }
    for case, data in same.items():
        assert difference(read(data), expected) < 1, case


def test_cmyk_and_palette_are_read(cat):
    assert difference(read(encode(cat.convert("CMYK"), "TIFF")), read(cat)) < 1
    assert difference(read(encode(cat.convert("CMYK"), "JPEG", quality=95)), read(cat)) < 4
    assert difference(read(encode(cat.quantize(256), "PNG")), read(cat)) < 6


def test_what_is_transparent_lies_on_white():
    white = (255 - LITE2.mean) / LITE2.scale
    clear = Image.new("RGBA", (50, 40), (10, 20, 30, 0))
    half = Image.new("RGBA", (50, 40), (0, 0, 0, 128))
    palette = Image.new("P", (50, 40), 0)
    palette.putpalette([10, 20, 30])
    for data in (
        encode(clear, "PNG"),
        encode(clear, "WEBP", lossless=True),
        encode(palette, "PNG", transparency=0),
    ):
        assert np.all(read(data) == np.float32(white))
    assert np.all(read(encode(half, "PNG")) == np.float32((127 - LITE2.mean) / LITE2.scale))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_several_counts(kind, cat):
    second = Image.new("RGB", cat.size, "red")
    data = encode(cat.quantize(256).convert("RGB"), kind, save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(data)).n_frames == 2
    assert difference(read(data), read(cat)) < 8


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 3)])
def test_the_smallest_pictures_are_read(size):
    assert np.all(read(encode(Image.new("RGB", size, (127, 127, 127)), "PNG")) == 0)


@pytest.mark.parametrize(
    "mode",
    [
        "1",
        "L",
        "P",
        "LA",
        "PA",
        "RGB",
        "RGBA",
        "RGBa",
        "RGBX",
        "CMYK",
        "YCbCr",
        "LAB",
        "HSV",
        "I",
        "F",
        "I;16",
    ],
)
def test_pillows_modes_are_all_read(mode):
    assert read(Image.new(mode, (30, 20))).shape == (260, 260, 3)


def test_what_read_returned_is_taken_as_it_is(cat):
    square = read(cat)
    assert read(square) is square
    with pytest.raises(ValueError, match=r"float64 \(2, 2\) is not what read\(\) returns"):
        read(np.zeros((2, 2)))


def test_what_is_no_picture_is_refused_with_the_reason(cat):
    jpeg, png, webp = encode(cat), encode(cat, "PNG"), encode(cat, "WEBP")
    refused = {
        b"": "it is empty",
        b"hello": "not a picture in a known format",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>": "not a picture in a known format",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n": "not a picture in a known format",
        jpeg[: len(jpeg) // 2]: "it is broken: .*truncated",
        jpeg[:100]: "it is broken",
        png[: len(png) // 2]: "it is broken: .*truncated",
        webp[: len(webp) // 2]: "it is broken",
    }
    for data, reason in refused.items():
        with pytest.raises(ValueError, match=reason):
            read(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [9_500, 20_000])
def test_pixel_bombs_are_refused_before_they_are_decoded(side):
    bomb = encode(Image.new("1", (side, side)), "PNG")
    assert len(bomb) < 200_000
    assert side * side > numbers.MAX_PIXELS
    with pytest.raises(ValueError, match="too many pixels"):
        read(bomb)
