"""From the bytes of an upload to plain pixels: sniffed, bounded, upright, in sRGB, of a size that the chat keeps.

The decoders are C libraries fed by strangers. So only the six formats that people send are ever tried, only the one
that the first bytes say; sizes are looked at before anything is decoded; and the work is bounded in pixels, frames,
scans and reads.
"""

import contextlib
import io
import re
from dataclasses import dataclass, field
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageCms

from chat.errors import Refused

PIXELS = 65_000_000  # of one picture: telephones take 48 to 64 megapixels
SIDE = 4096  # pixels of the longer side that are kept: a little more than screens show
FRAMES = 1000  # of an animation
MOVING_PIXELS = 256_000_000  # of all its frames together, decoded one by one …
KEPT_PIXELS = 32_000_000  # … and kept in memory together; larger ones are made smaller
SCANS = (
    32  # of a progressive JPEG, which has about ten: each is a pass over all pixels, and may be a few bytes
)
READS = 300_000  # of a decoder, which reads part by part: 20 MB can be millions of empty parts

MOVING = {"GIF", "PNG", "WEBP", "AVIF"}
EXACT = {"GIF", "PNG"}  # formats that lose nothing, and so hold screenshots and drawings
PHOTOGRAPH = (
    1_000_000  # pixels from which an exact picture of more than a byte a pixel is taken for a photograph
)

BRANDS = {b"avif": "AVIF", b"avis": "AVIF"} | dict.fromkeys(
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"], "HEIF"
)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow refuses from twice this, WebP before it allocates the canvas
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)


@dataclass(slots=True)
class Film:
    """Upright sRGB frames of one size, without metadata, each in mode L, RGB or RGBA.

    `durations` are in milliseconds, one a frame; `loops` is 0 for ever; `exact` asks for a format without loss.
    """

    frames: list[Image.Image]
    durations: list[int] = field(default_factory=list)
    loops: int = 0
    exact: bool = False


def develop(upload: BinaryIO) -> Film:
    """Decode an upload.

    Parameters
    ----------
    upload : a seekable file, at its start.

    Raises
    ------
    Refused : `not_an_image`, `image_too_many_pixels`.
    """
    name = _sniff(upload)
    if name in ("HEIF", "AVIF"):
        _check_boxes(upload)
    try:
        with Image.open(_Bounded(upload), formats=[name]) as image:  # type: ignore[arg-type]
            _check_size(image)
            if name in MOVING and getattr(image, "is_animated", False):
                return _unroll(image)
            return _expose(image, upload)
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels("its header says so") from None
    except OSError as error:
        if error.errno:  # the disk's fault, not the picture's
            raise
        raise _broken(name) from error
    except Exception as error:
        # Decoders raise whatever a broken file leads them to: SyntaxError, KeyError, struct.error, RuntimeError…
        raise _broken(name) from error


def _sniff(upload: BinaryIO) -> str:
    """Pillow's name of the format that the first bytes are of."""
    head = upload.read(512)
    upload.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return _brand(head)
    raise Refused(
        "not_an_image", "This is not a picture that can be shown. Send JPEG, PNG, WebP, GIF, HEIC or AVIF."
    )


def _brand(head: bytes) -> str:
    """HEIC and AVIF share a container (ISO/IEC 23008-12); the major brand may be that of neither."""
    end = int.from_bytes(head[:4])
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, min(end, len(head)), 4))]
    return "AVIF" if any(BRANDS.get(brand) == "AVIF" for brand in brands) else "HEIF"


def _check_boxes(upload: BinaryIO) -> None:
    """What is shown may be cut from something larger, which is decoded whole: look at every size in the container."""
    data = upload.read()
    upload.seek(0)
    for found in re.finditer(rb"ispe\0{4}(.{4})(.{4})", data, re.DOTALL):
        width, height = map(int.from_bytes, found.groups())
        if width * height > PIXELS:
            raise _too_many_pixels(f"it is {width} × {height}")


class _Bounded(io.RawIOBase):
    """A file that may be read so many times."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._left = READS

    def read(self, size: int = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise Refused(
                "not_an_image", "This picture is made of too many parts. Save it anew, and send that."
            )
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > PIXELS:
        raise _too_many_pixels(f"it is {image.width} × {image.height}")


def _expose(image: Image.Image, upload: BinaryIO) -> Film:
    """A still picture, or the first of several that are no animation."""
    if image.format in ("JPEG", "MPO"):
        _check_scans(upload)
        _draft(image)
    exact = image.format in EXACT and not _is_photograph(image, upload)
    return Film([_finish(image)], exact=exact)


def _check_scans(upload: BinaryIO) -> None:
    place = upload.tell()
    upload.seek(0)
    scans = upload.read().count(b"\xff\xda")  # never inside of a scan, where FF is followed by 00
    upload.seek(place)
    if scans > SCANS:
        raise Refused(
            "not_an_image", f"This JPEG has {scans} scans; at most {SCANS} are accepted. Save it anew."
        )


def _draft(image: Image.Image) -> None:
    """Let the decoder halve what would be halved anyway: from 6,144 pixels on, a quarter of the memory."""
    scale = SIDE * 0.75 / max(image.size)
    if scale < 1:
        image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))


def _is_photograph(image: Image.Image, upload: BinaryIO) -> bool:
    place = upload.tell()
    size = upload.seek(0, io.SEEK_END)
    upload.seek(place)
    return image.width * image.height >= PHOTOGRAPH and size > image.width * image.height


def _unroll(image: Image.Image) -> Film:
    """All frames of an animation, one after the other, so that a bomb is noticed on the way."""
    film = Film([], loops=image.info.get("loop", 1 if image.format == "GIF" else 0))
    if image.format != "GIF":  # it tells its frames only by being read to its end
        _check_film(image.n_frames, image.n_frames * image.width * image.height)  # type: ignore[attr-defined]
    index, pixels = (1 if image.info.get("default_image") else 0), 0
    while _turn_to(image, index):
        index += 1
        pixels += image.width * image.height
        _check_film(index, pixels)
        _add(film, _finish(image), image.info.get("duration", 0))
    return film


def _check_film(frames: int, pixels: int) -> None:
    if frames > FRAMES or pixels > MOVING_PIXELS:
        raise _too_many_pixels(
            f"this animation has {frames} frames or more, of {pixels // 1_000_000} megapixels together; at most "
            f"{FRAMES} frames of {MOVING_PIXELS // 1_000_000} megapixels together are accepted"
        )


def _turn_to(image: Image.Image, index: int) -> bool:
    with contextlib.suppress(EOFError):
        image.seek(index)
        return True
    return False


def _add(film: Film, frame: Image.Image, duration: float) -> None:
    """Append a frame, in the size of those before; make all of them smaller when they grow too many."""
    width, height = film.frames[0].size if film.frames else frame.size
    film.frames.append(frame if frame.size == (width, height) else frame.resize((width, height)))
    film.durations.append(round(duration) if duration > 10 else 100)  # as browsers take too short ones
    if len(film.frames) * width * height > KEPT_PIXELS and min(width, height) > 1:
        smaller = (max(1, int(width * 0.8)), max(1, int(height * 0.8)))
        film.frames[:] = [each.resize(smaller) for each in film.frames]


def _finish(image: Image.Image) -> Image.Image:
    """The frame that `image` stands at: plain, small enough, in sRGB, upright and without metadata."""
    image.load()
    profile, turn = image.info.get("icc_profile"), _orientation(image)
    frame = _limit(_plain(image))
    frame = _to_srgb(frame, profile)
    if frame.mode == "RGBA" and frame.getchannel("A").getextrema() == (255, 255):
        frame = frame.convert("RGB")
    if turn in TURNS:
        frame = frame.transpose(TURNS[turn])
    if frame is image:  # decoders keep the file, and reuse the pixels for the next frame
        frame = image.copy()
    frame.info = {}
    return frame


def _orientation(image: Image.Image) -> int:
    """As in EXIF (tag 274); upright where that is missing or broken."""
    with contextlib.suppress(Exception):
        return int(image.getexif().get(274, 1))
    return 1


def _plain(image: Image.Image) -> Image.Image:
    """In mode L, RGB, RGBA, or CMYK, which only its profile can turn into RGB well."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel, whatever it says
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("L" if image.mode == "1" else "RGB")


def _limit(frame: Image.Image) -> Image.Image:
    scale = SIDE / max(frame.size)
    if scale >= 1:
        return frame
    size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    return frame.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _to_srgb(frame: Image.Image, profile: bytes | None) -> Image.Image:
    """By the picture's own profile, where it has one that can be used."""
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if not ImageCms.getProfileDescription(source).startswith("sRGB"):
                mode = "RGBA" if frame.mode == "RGBA" else "RGB"
                converted = ImageCms.profileToProfile(
                    frame, source, ImageCms.createProfile("sRGB"), outputMode=mode
                )
                return converted or frame
    return frame.convert("RGB") if frame.mode == "CMYK" else frame


def _too_many_pixels(what: str) -> Refused:
    return Refused(
        "image_too_many_pixels",
        f"The picture has too many pixels: {what}. At most {PIXELS // 1_000_000} megapixels are accepted.",
    )


def _broken(name: str) -> Refused:
    name = "HEIC" if name == "HEIF" else name
    return Refused(
        "not_an_image", f"This {name} is broken or not whole. Open it, save it anew, and send that."
    )
