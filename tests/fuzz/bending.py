"""Bends what is right, at random but by a seed: types, lengths, nesting, characters, numbers, heads and bytes."""

import json
import random
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from tests.fuzz.corpus import Form, Good

IDS = (
    "0",
    "-1",
    "1",
    "2",
    "7",
    "1.5",
    "none",
    "99999999",
    "9" * 30,
    str(2**63),
    "0x1",
    "1e3",
    "٣",
    "%00",
    "%ff",
    "..",
    "../..",
)
IDS = (
    *IDS,
    "%2e%2e%2f",
    "a" * 500,
    "' OR 1=1 --",
    "",
    " ",
    "me",
    "null",
    "1;2",
    "1/2",
    "{}",
    "%",
    "%zz",
    "١",
    "\u202e1",
)
TEXTS = (
    *(
        "",
        " ",
        "\t\n",
        "0",
        "None",
        "true",
        "a\0b",
        "\0",
        "\ud800",
        "\udfff\ud800",
        "😀",
        "👩‍👩‍👧‍👦",
        "é",
        "ﬁ",
        "ß",
        "İ",
        "\u202eabc",
    ),
    *(
        "\ufeff",
        "\u2028",
        "\uffff",
        "\U0010ffff",
        "Z̸̧͎͓̀a̷l̶g̵o̴",
        "a" * 200,
        "x" * 10_000,
        "@" * 500,
        "/" * 300,
        "' OR 1=1 --",
        '";DROP TABLE x',
    ),
    *(
        "%s%s%n",
        "{0}",
        "{{7*7}}",
        "${7*7}",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "=1+1",
        "\r\nX: y",
    ),
    *(
        "٣",
        "１",
        "1e999",
        "-0",
        "NaN",
        "[" * 200,
        "/help",
        "/stats " + "x" * 500,
        "@vision",
        "(((((a+)+)+)+)+)$",
        "a" * 30 + "!",
    ),
)
NUMBERS = (
    "0",
    "-0",
    "1",
    "-1",
    "1.5",
    "1e400",
    "-1e400",
    "NaN",
    "Infinity",
    "1e-400",
    str(2**31),
    str(2**53),
    str(2**63),
    str(2**64),
)
NUMBERS = (*NUMBERS, "9" * 400, "0" * 50 + "1", "1E5", "0.1e1", "-9007199254740993")
LITERALS = (
    *NUMBERS,
    "null",
    "true",
    "false",
    "{}",
    "[]",
    '""',
    "[[]]",
    "[null]",
    '{"":""}',
    '{"_placeholder":true,"num":0}',
)
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "get",
    "X",
    "M-SEARCH",
)
TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "",
)
TYPES = (
    *TYPES,
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "image/png",
    "\xff",
    "a/b/c",
    "x" * 3000,
)
HEADS: dict[str, tuple[str, ...]] = {
    "Accept": ("*/*", "text/html", "x", ""),
    "Accept-Encoding": ("br", "gzip", "identity;q=0", "*;q=0", "br;q=x", ";;;,,,", "gzip;q=1e400"),
    "Accept-Language": ("zh-CN", "*", "en;q=x", "-", ";", "zh;q=1e400", "a" * 2000, "\xff\xfe", "en," * 500),
    "Authorization": (
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YTpi",
        "Bearer \xff",
        "bearer " + "x" * 5000,
        "Digest a=b",
    ),
    "Cookie": (
        "roomful=",
        "roomful=x",
        "roomful=.eJw.x.y",
        "=;=;",
        "roomful=" + "a" * 5000,
        "a=b; " * 300,
        "\xff=\xfe",
        "io=1",
    ),
    "Expect": ("100-continue", "200-ok"),
    "Forwarded": ("for=evil;proto=https",),
    "Host": ("", "evil.example", "[::1]", "a b", "127.0.0.1:99999", "\xff", "x" * 3000, "[", "127.0.0.1:x"),
    "If-Match": ("*", "x", '""'),
    "If-Modified-Since": ("x", "Sat, 29 Oct 1994 19:43:31 GMT", "Sat, 99 Oct 9999 99:99:99 GMT", "0"),
    "If-None-Match": ("*", '"x"', 'W/"x"', '"', "x" * 2000),
    "If-Range": ("x", '"x"'),
    "If-Unmodified-Since": ("x", "Sat, 29 Oct 1994 19:43:31 GMT"),
    "Origin": ("null", "https://evil.example", "", "\xff", "x" * 3000, "http://[", "http://127.0.0.1:99999"),
    "Range": (
        "bytes=0-0",
        "bytes=-1",
        "bytes=9-1",
        "bytes=" + "0-0," * 500,
        "lines=1-2",
        "bytes=a-b",
        f"bytes={2**70}-",
    ),
    "Referer": ("x", "\xff"),
    "Sec-Fetch-Site": ("cross-site", "x"),
    "Transfer-Encoding": ("identity", "gzip"),
    "User-Agent": ("", "\xff" * 50, "x" * 4000, "<script>"),
    "X-CSRF-Token": ("", "x", "\xfc", "x" * 5000),
    "X-Forwarded-For": ("1.2.3.4", "x", "\xff", ",,,", "::1"),
    "X-Forwarded-Proto": ("https", "x"),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Request-Id": ("\xff", "x" * 3000),
}


class Literal(str):
    """JSON that stands as it is, be it JSON or not."""

    __slots__ = ()


class Bender:
    """Parameters
    ----------
    chance : from where all choices come.
    """

    def __init__(self, chance: random.Random):
        self.chance = chance
        self._ways: tuple[Callable[[Any], Any], ...] = (
            lambda _value: self.value(),
            lambda _value: self.text(),
            lambda _value: Literal(chance.choice(LITERALS)),
            lambda value: [value],
            lambda value: {"a": value},
            lambda value: value * chance.choice((2, 50, 300)) if isinstance(value, str | list) else -1,
            lambda value: chance.choice(TEXTS) + value if isinstance(value, str) else str(value),
            lambda _value: Literal(self.nest()),
        )

    def text(self) -> str:
        chance = self.chance
        if chance.random() < 0.7:
            return chance.choice(TEXTS)
        alphabet = chance.choice(
            (string.printable, "\0\x01\x1f\x7f\x80\u0300\u200d\ufe0f", "äß漢字😀\ud800", '[]{}",:\\')
        )
        return "".join(chance.choices(alphabet, k=chance.choice((1, 3, 20, 100))))

    def value(self, depth: int = 0) -> Any:
        chance = self.chance
        kind = chance.random()
        if depth > 3 or kind < 0.4:
            return self.text()
        if kind < 0.6:
            return Literal(chance.choice(LITERALS))
        if kind < 0.8:
            return [self.value(depth + 1) for _ in range(chance.randrange(4))]
        return {self.text(): self.value(depth + 1) for _ in range(chance.randrange(4))}

    def nest(self) -> str:
        """Deeper than any parser likes, closed or not."""
        depth, (open_, close) = (
            self.chance.choice((5, 50, 1000)),
            self.chance.choice((("[", "]"), ('{"a":', "}"), ("[[", "]]"))),
        )
        if self.chance.random() < 0.01:
            depth = 30_000
        inside = "" if open_ == "[[" or open_ == "[" else "1"
        return open_ * depth + inside + (close * depth if self.chance.random() < 0.8 else "")

    def data(self, good: Any) -> Any:
        """Something like `good`, with one to three of its parts bent."""
        if not isinstance(good, dict) or self.chance.random() < 0.05:
            return self.value()
        bent = dict(good)
        for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3))):
            way = self.chance.random()
            name = self.chance.choice([*bent] or [""])
            if way < 0.1:
                bent.pop(name, None)
            elif way < 0.2:
                bent[self.text()] = self.value()
            elif name in bent:
                bent[name] = self.chance.choice(self._ways)(bent[name])
        return bent

    def json(self, value: Any) -> bytes:
        """As JSON, which is sometimes bent as well."""
        text = write(value)
        way = self.chance.random()
        if way < 0.9:
            return text.encode("utf-8", "surrogatepass" if way < 0.05 else "backslashreplace")
        cut = self.chance.randrange(len(text) + 1)
        return self.chance.choice(
            (
                lambda: text[:cut].encode("utf-8", "replace"),
                lambda: (text + text).encode("utf-8", "replace"),
                lambda: b"\xef\xbb\xbf" + text.encode("utf-8", "replace"),
                lambda: text.encode("utf-16", "replace"),
                lambda: text.encode("latin-1", "replace"),
                lambda: text.replace('"', "'").encode("utf-8", "replace"),
                lambda: (text[:-1] + f",{text[1:]}").encode("utf-8", "replace"),  # each name twice
                lambda: self.noise(text[:cut].encode("utf-8", "replace")),
                lambda: b'{"text":"' + b"x" * self.chance.choice((10_001, 150_000, 199_000, 200_001)) + b'"}',
                lambda: b"",
            )
        )()

    def noise(self, data: bytes) -> bytes:
        """With some of its bytes turned, doubled or left out."""
        bent = bytearray(data or b"\0")
        for _ in range(self.chance.choice((1, 1, 3, 10))):
            place = self.chance.randrange(len(bent) or 1)
            bent[place : place + self.chance.randrange(3)] = self.chance.randbytes(self.chance.randrange(4))
        return bytes(bent)

    def path(self, good: Good, names: dict[str, str]) -> str:
        """The address, each id in it sometimes another, each query sometimes another."""
        path = good.path
        for name, value in names.items():
            if f"{{{name}}}" in path:
                if self.chance.random() < 0.25:
                    bent = self.chance.choice((*IDS, self.text()))
                    value = quote(
                        bent, safe="%/" if self.chance.random() < 0.3 else "%", errors="surrogatepass"
                    )
                path = path.replace(f"{{{name}}}", value)
        if self.chance.random() < 0.03:
            path = self.chance.choice(
                (
                    path + "/",
                    path.upper(),
                    path.replace("/", "//"),
                    path + "%00",
                    "/.." + path,
                    path + ";a=b",
                    "/x" * 500,
                )
            )
        query = {name: value for name, value in good.query.items() if self.chance.random() < 0.6}
        for name in [*query]:
            if self.chance.random() < 0.3:
                query[name] = self.chance.choice((*IDS, *TEXTS))
        if self.chance.random() < 0.05:
            query[self.text()] = self.text()
        return path + (
            "?"
            + urlencode(
                {k.encode("utf-8", "replace"): v.encode("utf-8", "surrogatepass") for k, v in query.items()}
            )
            if query
            else ""
        )

    def request(self, good: Good, names: dict[str, str], heads: dict[str, str]) -> tuple[str, bytes]:
        """The method and the bytes of a request, which HTTP at least can read: what is bent is what is in it."""
        method = self.chance.choice(METHODS) if self.chance.random() < 0.03 else good.method
        heads = {"Host": "127.0.0.1", **heads}
        body = b""
        if isinstance(good.body, Form):
            body, heads["Content-Type"] = self.form(good.body)
        elif good.body is not None or self.chance.random() < 0.05:
            body, heads["Content-Type"] = self.json(self.data(fill(good.body, names))), "application/json"
        if self.chance.random() < 0.04:
            heads["Content-Type"] = self.chance.choice(TYPES)
        for _ in range(self.chance.choice((0, 0, 0, 1, 3))):
            name = self.chance.choice([*HEADS])
            heads[name] = self.chance.choice(HEADS[name])
        if self.chance.random() < 0.01:
            heads |= {f"X-{number}": "y" * self.chance.choice((1, 50)) for number in range(60)}
        if heads.pop("Transfer-Encoding", None) or (body and self.chance.random() < 0.05):
            heads["Transfer-Encoding"] = "chunked"
            body = self.chunks(body)
        elif body or method in ("POST", "PUT", "PATCH"):
            heads["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in heads.items())
        return method, f"{method} {self.path(good, names)} HTTP/1.1\r\n{head}\r\n".encode(
            "latin-1", "replace"
        ) + body

    def form(self, form: Form) -> tuple[bytes, str]:
        fields = self.data(form.fields)
        fields = fields if isinstance(fields, dict) else {"a": fields}
        if self.chance.random() < 0.05:
            fields |= {f"field{number}": "x" for number in range(1500)}
        data = self.noise(form.picture) if self.chance.random() < 0.7 else form.picture
        boundary, name = (
            "b0undary",
            self.chance.choice(("image", "image", "image", "picture", "", "text", 'a"b')),
        )
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode(
                "utf-8", "replace"
            )
            for k, v in fields.items()
        ]
        file = self.chance.choice(("a.png", "../../a.png", "a.php\0.png", "", "a" * 500, "ä漢.svg"))
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'.encode()
            + data
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        if self.chance.random() < 0.1:
            body = self.noise(body)[: self.chance.randrange(len(body) or 1)]
        return body, f"multipart/form-data; boundary={boundary}"

    def chunks(self, body: bytes) -> bytes:
        sizes = [self.chance.choice((1, 7, 1000, 65_536)) for _ in range(4)]
        parts, start = [], 0
        while start < len(body) and len(parts) < 400:
            size = sizes[len(parts) % 4] if len(parts) < 300 else len(body)
            part = body[start : start + size]
            parts.append(b"%x\r\n%s\r\n" % (len(part), part))
            start += size
        return b"".join(parts) + b"0\r\n\r\n"


def fill(value: Any, names: dict[str, str]) -> Any:
    """With {names} replaced."""
    if isinstance(value, dict):
        return {key: fill(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, names) for inner in value]
    if isinstance(value, str) and value.startswith("{") and value[1:-1] in names:
        return names[value[1:-1]]
    return value


def write(value: Any) -> str:
    """JSON with literals in it."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value)
