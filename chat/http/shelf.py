"""The page's files as browsers get them: each read and compressed once, all under one version that their content makes.

The version stands in their addresses, so that what a browser keeps for a year can never be mixed with another
release's. The service worker lists the same addresses with their hashes.

Under its version a module goes without its comments, each line where it was, and the stylesheets go as one: a third of
a first visit. What is asked for without a version is as it lies in the folder.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import brotli

from chat import label_names

FRONTEND = Path(__file__).parents[2] / "frontend"
SERVED = ("css", "js", "vendor", "img")  # folders of frontend/ that browsers may read
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript",
    ".ftl": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
PACKED = (".png", ".jpg", ".webp", ".woff2")  # are compressed in themselves
# What is fetched when it is first wanted: other scripts' letters, and libraries behind a click.
LATER = re.compile(
    r"vendor/(inter-(?!basic\.)|emoji|highlight|uplot)|css/(?!(page|crop)\.)|img/(sample|icon-)|labels/|\.webmanifest$"
)
# At the beginning of a line, or behind another statement in a file without line breaks. Not `import("…")`.
IMPORT = re.compile(
    r"""(?:^|[;}])\s*(?:import|export)\b[^;'"()]*?(?:\bfrom\s*)?["']([^"'\n]+)["']""", re.MULTILINE
)
COMMENTED = re.compile(r"(?:js/.*|vendor/fluent)\.js$")
# A comment that has its lines to itself, or a type within a line. (Other comments behind code stay: only a parser could
# tell them from addresses in texts.)
COMMENT = re.compile(
    rb"^[ \t]*(?://[^\n]*|/\*(?s:(?:(?!\*/).)*)\*/)[ \t]*$|/\*\* @[^*\n]*\*/ ?", re.MULTILINE
)
INDENTED = re.compile(rb"^[ \t]+", re.MULTILINE)  # also in templates, where the page drops it itself
SHEET = re.compile(r' *<link rel="stylesheet" href="/static/([^"]+)">\n')
ONE_SHEET = "css/page.css"
IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
PLACE_OF_MODULES = (
    "<!-- The server lists here what main.js imports, so that nothing waits for another's imports. -->"
)


class File:
    """One file, ready to be sent."""

    def __init__(self, name: str, body: bytes):
        suffix = Path(name).suffix
        self.kind = KINDS.get(suffix, "application/octet-stream")
        self.body = body
        self._packs = suffix not in PACKED
        self._packed: dict[str, bytes] = {"": body}

    @property
    def encodings(self) -> list[str]:
        """In which it can be had at once, the smallest first."""
        return [name for name in ("br", "gzip") if self._packs and (name in self._packed or name == "gzip")]

    def form(self, encoding: str) -> bytes:
        """The bytes as this encoding has them, "" for none; made when somebody asks first, and kept."""
        if encoding not in self._packed:
            self._packed[encoding] = gzip.compress(self.body, 9, mtime=0)
        return self._packed[encoding]

    def pack(self) -> None:
        """As small as can be, which takes fifty times as long as gzip."""
        if self._packs:
            self._packed["br"] = brotli.compress(self.body, quality=11)

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(self.body).digest()

    @property
    def integrity(self) -> str:
        return f"sha256-{base64.b64encode(self.digest).decode()}"


class Shelf:
    """All files of one version.

    Parameters
    ----------
    state : of the folder, by `look`; where it is another one later, this shelf is out of date.
    """

    def __init__(self, folder: Path, state: object):
        self.state = state
        bodies = {name: path.read_bytes() for name, path in _paths(folder).items()}
        template, worker = ((folder / name).read_bytes() for name in ("page.html", "service-worker.js"))
        self.version = _version({**bodies, "page.html": template, "service-worker.js": worker})
        self.plain = {name: File(name, body) for name, body in bodies.items()}
        self.files = self._release(template.decode())
        page = self._page(template.decode())
        self.index = File("page.html", page.encode())
        self.worker = File("service-worker.js", self._list().encode() + worker)
        self.policy = _policy(page)

    def pack(self) -> None:
        """Compress everything further: a second or two, on a thread that holds nobody up."""
        for file in (self.index, *self.files.values()):
            file.pack()

    def address(self, name: str) -> str:
        return f"/static/v-{self.version}/{name}"

    def _release(self, template: str) -> dict[str, File]:
        """The files under the version."""
        bare = {
            name: File(name, _without_comments(file.body))
            for name, file in self.plain.items()
            if COMMENTED.match(name)
        }
        sheets = [self.plain[name].body for name in SHEET.findall(template)]
        return {**self.plain, **bare, ONE_SHEET: File(ONE_SHEET, b"\n".join(sheets))}

    def _page(self, template: str) -> str:
        template = SHEET.sub("", template, count=len(SHEET.findall(template)) - 1)
        template = SHEET.sub(f'  <link rel="stylesheet" href="/static/{ONE_SHEET}">\n', template)
        found = IMPORT_MAP.search(template)
        bare = json.loads(found[1])["imports"] if found else {}
        reached = dict.fromkeys(
            self._reach("js/main.js", {k: v.removeprefix("/static/") for k, v in bare.items()})
        )
        links = "\n  ".join(f'<link rel="modulepreload" href="/static/{name}">' for name in reached)
        return template.replace(PLACE_OF_MODULES, links).replace("/static/", self.address(""))

    def _reach(self, start: str, bare: dict[str, str]) -> Iterator[str]:
        """The modules that a module needs, itself first."""
        known, waiting = {start}, [start]
        while waiting:
            name = waiting.pop(0)
            yield name
            for target in IMPORT.findall(self.files[name].body.decode()):
                path = bare.get(target) or _resolve(name, target)
                if path in self.files and path not in known:
                    known.add(path)
                    waiting.append(path)

    def _list(self) -> str:
        kept = {
            self.address(name): file.integrity for name, file in self.files.items() if not LATER.search(name)
        }
        said = {"version": self.version, "files": kept}
        return f"const RELEASE = {json.dumps(said)};\n"


def _without_comments(module: bytes) -> bytes:
    """And without what lines begin with. They stay where they are, so that an error names the line that was written."""
    bare = COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), module)
    return INDENTED.sub(b"", bare)


def look(folder: Path) -> object:
    """What tells whether anything in the folder has changed."""
    paths = (*_paths(folder).values(), folder / "page.html", folder / "service-worker.js")
    return [(path, status.st_mtime_ns, status.st_size) for path in paths if (status := path.stat())]


def _paths(folder: Path) -> dict[str, Path]:
    """All that browsers may read, by what it is called there. What labels are called is the chat's own, which bots know, too."""
    roots = {part: folder / part for part in SERVED} | {"labels": label_names.FOLDER}
    found = ((part, root, path) for part, root in roots.items() for path in root.rglob("*") if path.is_file())
    return dict(sorted((f"{part}/{path.relative_to(root).as_posix()}", path) for part, root, path in found))


def _version(bodies: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, body in sorted(bodies.items()):
        whole.update(f"{name} {len(body)} ".encode() + body)
    return whole.hexdigest()[:12]


def _resolve(name: str, target: str) -> str:
    """`js/views/app.js`, `../html.js`: `js/html.js`."""
    parts = name.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _policy(page: str) -> str:
    """Nothing inline but the import map, known by its hash, and nothing from elsewhere."""
    found = IMPORT_MAP.search(page)
    digest = base64.b64encode(hashlib.sha256((found[1] if found else "").encode()).digest()).decode()
    return (
        f"default-src 'self'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
