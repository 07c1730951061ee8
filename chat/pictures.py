"""What becomes of an uploaded picture before it is stored: checked, turned upright, stripped, made anew, made small.

Nothing of the upload is passed on but its pixels: not its name, its type, its metadata, or bytes hidden behind it.
Everything here blocks and belongs on a native thread; there is nothing shared between calls. A web replica has `make`
done by a process apart (`chat/darkroom.py`). The reasons for the numbers, and what they cost, are in
docs/decisions/images.md.
"""

import hashlib
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from PIL import Image

from chat.developing import Film, develop
from chat.errors import Refused

LIMIT = 20_000_000  # bytes of an upload
THUMBNAIL = 960  # pixels of the longer side: 480 on the page, on screens of double density
CHUNK = 1 << 16
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}  # by the suffixes of what is kept

# Found once, on the thread that imports: tempfile's own lock is eventlet's in a replica, and not for native threads.
TEMPORARY = Path(tempfile.gettempdir())

# Pillow warns of odd metadata, which is thrown away here anyway. Not per call: filters are shared by all threads.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be stored, in files that `discard`, or leaving a `with`, removes.

    Width and height are in pixels, as stored; `sha256` (hex) and `bytes` are those of the file at `path`.
    """

    sha256: str
    content_type: str
    suffix: str
    width: int
    height: int
    bytes: int
    path: Path
    thumbnail_path: Path
    thumbnail_type: str

    def discard(self) -> None:
        """Remove the files. Moving them away before is fine."""
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def __enter__(self) -> "Picture":
        return self

    def __exit__(self, *_error: object) -> None:
        self.discard()


class Prints(NamedTuple):
    """What has been written into a folder: `picture.SUFFIX` and `thumbnail.SUFFIX`; the picture's size in pixels."""

    suffix: str
    thumbnail_suffix: str
    width: int
    height: int


def make(upload: BinaryIO, place: Path) -> Prints:
    """Decode an upload, and write picture and thumbnail into the folder; raises Refused as `intake` does."""
    film = develop(upload)
    first = film.frames[0]
    suffix, options = _form(film)
    first.save(place / f"picture.{suffix}", **options)
    small, options = _thumbnail_form(first)
    _shrink(first).save(place / f"thumbnail.{small}", **options)
    return Prints(suffix, small, *first.size)


def intake(
    stream: BinaryIO,
    *,
    limit: int = LIMIT,
    folder: str | Path | None = None,
    make: Callable[[BinaryIO, Path], Prints] = make,
) -> Picture:
    """Read an upload and make of it what the chat stores and shows.

    Parameters
    ----------
    stream : the upload, read once from where it stands, in small pieces.
    limit : the most bytes that are read.
    folder : where temporary files go; the system's place for them by default.
    make : what decodes it.

    Raises
    ------
    Refused : `too_large` as soon as more than `limit` bytes have been read; `not_an_image` for whatever is not a
        whole JPEG, PNG, WebP, GIF, HEIC or AVIF; `image_too_many_pixels` before they are decoded.
    """
    place = Path(folder or TEMPORARY) / f"roomful-picture-{secrets.token_hex(8)}"
    place.mkdir(mode=0o700)
    try:
        with _spool(stream, place / "upload", limit) as upload:
            prints = make(upload, place)
        return _picture(prints, place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _spool(stream: BinaryIO, path: Path, limit: int) -> BinaryIO:
    """The upload as a file without a name: whatever kills this process, its metadata are gone with it."""
    file = path.open("w+b")
    path.unlink()
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            file.close()
            raise Refused(
                "too_large",
                f"The picture is larger than the {limit / 1e6:g} MB accepted. Send a smaller one.",
            )
        file.write(chunk)
    if not size:
        file.close()
        raise Refused("not_an_image", "The upload is empty. Choose the picture again.")
    file.seek(0)
    return file


def _picture(prints: Prints, place: Path) -> Picture:
    """What is said of the files is what they are: whoever wrote them has decoded what strangers send."""
    path, thumbnail = place / f"picture.{prints.suffix}", place / f"thumbnail.{prints.thumbnail_suffix}"
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    types = TYPES[prints.suffix], TYPES[prints.thumbnail_suffix]
    size = path.stat().st_size
    return Picture(
        sha256, types[0], prints.suffix, prints.width, prints.height, size, path, thumbnail, types[1]
    )


def _form(film: Film) -> tuple[str, dict[str, Any]]:
    """Suffix and Pillow's options for what a film is best kept as."""
    first, *more = film.frames
    if more:
        moving = {"save_all": True, "append_images": more, "duration": film.durations, "loop": film.loops}
        return "webp", {"format": "WEBP", "quality": 80, "method": 0, **moving}
    if film.exact:
        return "png", {"format": "PNG"}
    if first.mode == "RGBA":
        return "webp", {"format": "WEBP", "quality": 85, "method": 2}
    return "jpg", {"format": "JPEG", "quality": 85}


def _thumbnail_form(image: Image.Image) -> tuple[str, dict[str, Any]]:
    if image.mode == "RGBA":
        return "webp", {"format": "WEBP", "quality": 80, "method": 2}
    return "jpg", {"format": "JPEG", "quality": 80}


def _shrink(image: Image.Image) -> Image.Image:
    scale = min(1, THUMBNAIL / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
