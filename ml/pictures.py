"""Any picture becomes what a network looks at: a normalised square of floats. Training and serving both come here."""

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ml import numbers

Picture = bytes | Image.Image | np.ndarray

# Only these are tried on foreign bytes: others that Pillow knows start programs (EPS) or are of no use to a chat.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", "PPM")


@dataclass(frozen=True)
class Preprocessing:
    """What a network expects of its pictures.

    Attributes:
        size: the square's side, in pixels.
        crop: the part of the shorter side that is looked at, about the centre; 0 to 1.
        mean: is subtracted from each value, 0 to 255; alike for the three channels.
        scale: divides the rest.
    """

    size: int
    crop: float
    mean: float
    scale: float


def read(picture: Picture, expected: Preprocessing) -> np.ndarray:
    """A picture as a network expects it.

    The centre crop and the bicubic resize are EfficientNet-Lite's own preprocessing as timm measures it with Pillow;
    docs/models.md compares. EXIF orientation is applied, the first frame of several taken, what is transparent laid
    onto white, 16 bits a channel brought down to eight.

    Args:
        picture: a file's bytes; a Pillow image of any mode; or an array that `read` returned, which is handed back.
        expected: by the network.

    Returns:
        float32, (size, size, 3), normalised; red, green, blue.

    Raises:
        ValueError: it is no picture, broken, or has too many pixels; the text says which.
    """
    if isinstance(picture, np.ndarray):
        return _checked(picture, expected)
    return normalise(square(picture, expected), expected)


def square(picture: bytes | Image.Image, expected: Preprocessing) -> np.ndarray:
    """The same without the last step, for those who keep many: uint8, (size, size, 3). Raises as `read` does."""
    try:
        image, shrunk = _open(picture, expected) if isinstance(picture, bytes) else (picture, 1)
        return np.asarray(_cut(image, shrunk, expected))
    except _Refused:
        raise
    except Exception as error:  # Pillow's readers raise what they please on broken files
        raise ValueError(f"it is broken: {error}") from error


def normalise(squares: np.ndarray, expected: Preprocessing) -> np.ndarray:
    """From bytes to what the network computes with; any shape."""
    return (squares.astype(np.float32) - expected.mean) / expected.scale


def blank(expected: Preprocessing) -> np.ndarray:
    """A picture of nothing, as `read` would return it."""
    return np.zeros((expected.size, expected.size, 3), np.float32)


class _Refused(ValueError):
    """Its text is ready for the reader."""


def _checked(array: np.ndarray, expected: Preprocessing) -> np.ndarray:
    shape = (expected.size, expected.size, 3)
    if array.shape != shape or array.dtype != np.float32:
        raise ValueError(
            f"an array of {array.dtype} {array.shape} is not what read() returns: float32 {shape}"
        )
    return array


def _open(data: bytes, expected: Preprocessing) -> tuple[Image.Image, int]:
    """The picture, and how many times smaller than it is it will be decoded."""
    formats = _formats()
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise _Refused(f"it has too many pixels; at most {numbers.MAX_PIXELS:,} are accepted") from error
    except UnidentifiedImageError as error:
        reason = f"it is not a picture in a known format ({', '.join(formats)})" if data else "it is empty"
        raise _Refused(reason) from error
    _refuse_huge(image)
    return image, _decode_small(image, round(expected.size / expected.crop) * numbers.DECODED_PER_PIXEL)


def _formats() -> tuple[str, ...]:
    """Those that are tried; HEIF, which phones write, where its library is installed."""
    try:
        import pillow_heif
    except ModuleNotFoundError:
        return FORMATS
    pillow_heif.register_heif_opener()
    return (*FORMATS, "HEIF")


def _refuse_huge(image: Image.Image) -> None:
    if image.width * image.height > numbers.MAX_PIXELS:
        size = f"{image.width} × {image.height}"
        raise _Refused(f"it has too many pixels ({size}); at most {numbers.MAX_PIXELS:,} are accepted")


def _decode_small(image: Image.Image, enough: int) -> int:
    """Has a JPEG decoded 2, 4 or 8 times smaller, but no side under `enough` pixels; returns how many times."""
    width = image.width
    fraction = enough / min(image.size)
    if fraction < 1:
        image.draft(None, (round(width * fraction), round(image.height * fraction)))
    return round(width / image.width)


def _cut(image: Image.Image, shrunk: int, expected: Preprocessing) -> Image.Image:
    image = _upright(image)
    left, top, right, bottom = _centre(image, shrunk, expected.crop)
    x, y = int(left), int(top)
    square = _on_white(image.crop((x, y, math.ceil(right), math.ceil(bottom))))
    return square.resize(
        (expected.size, expected.size),
        Image.Resampling.BICUBIC,
        box=(left - x, top - y, right - x, bottom - y),
        reducing_gap=numbers.REDUCING_GAP,
    )


def _centre(image: Image.Image, shrunk: int, part: float) -> tuple[float, ...]:
    """The square about the centre, in the full picture's pixels its side rounded down and its corner up: so does the
    reference.
    """
    width, height = image.width * shrunk, image.height * shrunk
    side = max(1, int(part * min(width, height)))
    left, top = (width - side + 1) // 2, (height - side + 1) // 2
    return tuple(edge / shrunk for edge in (left, top, left + side, top + side))


def _upright(image: Image.Image) -> Image.Image:
    try:
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
    except Exception:  # broken EXIF does not spoil the picture
        return image
    return ImageOps.exif_transpose(image) if turned else image


def _on_white(image: Image.Image) -> Image.Image:
    """As eight-bit RGB, what is transparent laid onto white."""
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """From 16 bits a channel, or from floats that mean 0 to 1; Pillow by itself would cut off all above 255."""
    values: np.ndarray = np.nan_to_num(np.asarray(image, np.float32))
    if image.mode == "F" and values.max() <= 1:
        values = values * 255
    elif "16" in image.mode or values.max() > 255:
        values = values / 257
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
