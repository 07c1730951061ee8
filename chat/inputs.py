"""What the doors accept, field by field. Everything else is refused with an error that names it.

One struct a request, for HTTP and Socket.IO alike; the limits stand in docs/protocol.md.
"""

import re
from typing import Annotated, Any, Literal, TypeVar

import emoji as emojis
import msgspec
from msgspec import Meta, Struct

from chat import unwanted
from chat.direct import MOST as MOST_IN_DIRECT
from chat.errors import Refused, not_found
from chat.messages import TEXT_LIMIT
from chat.rules import SLOWEST

MISSING = re.compile(r"Object (?:(missing required)|contains unknown) field `(.*)`")
LARGEST = 2**53 - 1  # whole numbers that JSON carries safely everywhere
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # NUL, which PostgreSQL refuses, and halves of characters

Text = Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT)]
Caption = Annotated[str, Meta(max_length=TEXT_LIMIT)]
ClientId = Annotated[str, Meta(min_length=1, max_length=128)]
RoomName = Annotated[str, Meta(min_length=1, max_length=80)]
Label = Annotated[str, Meta(min_length=1, max_length=60)]
Labels = Annotated[list[Label], Meta(max_length=50)]
Topic = Annotated[str, Meta(max_length=300)]
Id = Annotated[str, Meta(min_length=1, max_length=40)]
UnwantedWords = Annotated[
    list[Annotated[str, Meta(max_length=unwanted.LONGEST)]], Meta(max_length=unwanted.MOST)
]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]
Password = Annotated[str, Meta(max_length=2000)]
Secret = Annotated[str, Meta(max_length=200)]
Code = Annotated[str, Meta(max_length=40)]
Seq = Annotated[int, Meta(ge=0, le=LARGEST)]


class Input(Struct, forbid_unknown_fields=True):
    """Base of what a client sends."""


class Registration(Input):
    username: Annotated[str, Meta(max_length=200)]
    password: Password
    invitation: Secret | None = None


class SignIn(Input):
    username: Annotated[str, Meta(max_length=200)]
    password: Password
    code: Code | None = None


class Mine(Input):
    language: Literal["en", "zh-CN"]


class NewToken(Input):
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    scope: Literal["read", "write", "full"] = "full"


class ChangedPassword(Input):
    old: Password
    new: Password
    end_others: bool = True


class NewInvitation(Input):
    uses: Annotated[int, Meta(ge=1, le=1000)] = 1
    days: Annotated[int, Meta(ge=1, le=90)] = 7


class NewReset(Input):
    username: Annotated[str, Meta(max_length=200)]
    second_factor: bool = False


class UsedReset(Input):
    secret: Secret
    password: Password


class Confirmed(Input):
    password: Password


class FirstCode(Input):
    code: Code


class Leaving(Input):
    password: Password
    messages: Literal["keep", "remove"] = "keep"


class NewRoom(Input):
    name: RoomName
    topic: Topic = ""
    private: bool = False


class ChangedRoom(Input):
    name: RoomName | msgspec.UnsetType = msgspec.UNSET
    topic: Topic | msgspec.UnsetType = msgspec.UNSET
    locked: bool | msgspec.UnsetType = msgspec.UNSET
    slow_mode: Annotated[int, Meta(ge=0, le=SLOWEST)] | msgspec.UnsetType = msgspec.UNSET
    unwanted_words: UnwantedWords | msgspec.UnsetType = msgspec.UNSET
    blur_labels: Labels | msgspec.UnsetType = msgspec.UNSET
    hold_labels: Labels | msgspec.UnsetType = msgspec.UNSET
    refuse_labels: Labels | msgspec.UnsetType = msgspec.UNSET
    picture_sure: Annotated[int, Meta(ge=1, le=100)] | msgspec.UnsetType = msgspec.UNSET


class ChangedMembership(Input):
    notify: Literal["all", "mentions", "nothing"] | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET


class FollowedLink(Input):
    link: Annotated[str, Meta(min_length=1, max_length=100)]


class Direct(Input):
    users: Annotated[list[Id], Meta(min_length=1, max_length=MOST_IN_DIRECT - 1)]


class NewMessage(Input):
    text: Text
    client_id: ClientId
    reply_to: Id | None = None


class NewPicture(Input):
    client_id: ClientId
    text: Caption = ""
    reply_to: Id | None = None


class ChangedMessage(Input):
    text: Text


class Verdict(Input):
    verdict: Literal["right", "wrong"]
    label: Annotated[str, Meta(max_length=200)] | None = None


class Choice(Input):
    choice: Literal["accept", "later", "never", "leave"]


class WantedFit(Input):
    dry_run: bool = True
    k: Annotated[int, Meta(ge=2, le=8)] | Literal["auto"] = "auto"


class ChangedSegment(Input):
    name: Annotated[str, Meta(min_length=1, max_length=60)] | msgspec.UnsetType = msgspec.UNSET
    room: Id | msgspec.UnsetType | None = msgspec.UNSET
    auto_join: bool | msgspec.UnsetType = msgspec.UNSET


class NewSanctions(Input):
    kind: Literal["kick", "mute", "ban"]
    users: Annotated[list[Id], Meta(min_length=1, max_length=100)]
    reason: Reason
    room: Id | None = None
    minutes: Annotated[int, Meta(ge=1, le=5_256_000)] | None = None  # ten years
    delete_minutes: Annotated[int, Meta(ge=1, le=10_080)] | None = None  # a week


class Appeal(Input):
    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class Decision(Input):
    upheld: bool
    answer: Annotated[str, Meta(max_length=2000)] = ""


class NewReport(Input):
    reason: Reason


class ChangedReport(Input):
    mine: bool | None = None
    agreed: bool | None = None
    note: Annotated[str, Meta(max_length=2000)] = ""


class Join(Input):
    room: Id
    after: Seq | None = None
    log: Annotated[str, Meta(max_length=40)] | None = None


class InRoom(Input):
    room: Id


class Send(NewMessage, kw_only=True):
    room: Id


class Read(Input):
    room: Id
    seq: Seq
    back: bool = False


T = TypeVar("T", bound=Input)
BLANKLESS = ("text", "name", "reason", "blur_labels", "hold_labels", "refuse_labels")


def given(wish: Input) -> dict[str, Any]:
    """The fields that the client sent, of a body in which each may be left out."""
    fields = {name: getattr(wish, name) for name in wish.__struct_fields__}
    return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


def from_json(type_: type[T], body: bytes) -> T:
    """The body of an HTTP request.

    Raises
    ------
    Refused : `bad_json`, or `invalid` with the field's name.
    """
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("bad_json", f"The body must be a JSON object: {error}.") from None
    except RecursionError:
        raise Refused("bad_json", "The body is nested too deeply.") from None
    return from_data(type_, data)


def from_data(type_: type[T], data: Any) -> T:
    """What Socket.IO or a form has decoded already; raises Refused `invalid` with the field's name."""
    try:
        value = msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        raise Refused("invalid", _explain(error)) from None
    except RecursionError:
        raise Refused("invalid", "The data are nested too deeply.") from None
    except UnicodeEncodeError:  # where msgspec reads UTF-8: a field's name, a number's digits
        raise Refused("invalid", "A name or a number holds half of a character.") from None
    for name in value.__struct_fields__:
        field = getattr(value, name)
        for text in field if isinstance(field, list) else [field]:
            _check_text(name, text)
    return value


def id_of(kind: str, text: str) -> int:
    """The number behind an opaque id; one that cannot be is not found, like any other that does not exist."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise not_found(kind, text)


def reply_id(text: str | None) -> int | None:
    """The message that is replied to; whether it is in the room is for the log to say."""
    if text is None:
        return None
    try:
        return id_of("message", text)
    except Refused:
        raise Refused("invalid", f"reply_to: there is no message {text!r} in this room.") from None


def number(name: str, text: str | None, low: int, high: int, default: int | None = None) -> int | None:
    """A whole number from a query string."""
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) < 17 and low <= int(text) <= high:
        return int(text)
    raise Refused(
        "invalid", f"{name}: {text[:40]!r} was received; a whole number from {low} to {high} is accepted."
    )


def not_both(name: str, value: object, other: str, other_value: object) -> None:
    if value is not None and other_value is not None:
        raise Refused("invalid", f"{name}: give either {name} or {other}, not both.")


def query_text(name: str, text: str | None, most: int) -> str:
    """Words from a query string."""
    if not text or not text.strip() or len(text) > most or UNSTORABLE.search(text):
        raise Refused(
            "invalid", f"{name}: {(text or '')[:40]!r} was received; 1 to {most} characters are accepted."
        )
    return text


def one_of(name: str, text: str | None, words: tuple[str, ...]) -> str | None:
    """One of a few words from a query string."""
    if text is None or text in words:
        return text
    raise Refused("invalid", f"{name}: {text[:40]!r} was received; accepted is {' or '.join(words)}.")


def emoji(text: str) -> str:
    if len(text) > 40 or not emojis.is_emoji(text):
        raise Refused("invalid", f"emoji: {text[:40]!r} was received; a single emoji is accepted.")
    return text


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        return
    if bad := UNSTORABLE.search(value):
        raise Refused("invalid", f"{name}: the character U+{ord(bad[0]):04X} cannot be stored.")
    if value and not value.strip() and name in BLANKLESS:
        raise Refused("invalid", f"{name}: nothing but blanks was received; write something.")


def _explain(error: msgspec.ValidationError) -> str:
    """ "Expected `str`, got `int` - at `$.text`" → "text: expected `str`, got `int`." """
    reason, _, path = str(error).partition(" - at ")
    field = path.strip("`$.")
    if missing := MISSING.fullmatch(reason):
        return f"{missing[2]}: {'missing' if missing[1] else 'not a field that is known here'}."
    return f"{field}: {reason[0].lower()}{reason[1:]}." if field else f"{reason}."
