"""What people note down: what they wanted, what they were promised, what they heard."""

from dataclasses import dataclass, field


@dataclass
class Wish:
    """A message that somebody wants in a room, and what became of it.

    Attributes
    ----------
    sent, acknowledged : when first, in seconds (monotonic); `sent_at`, `acknowledged_at` in the person's own steps.
    line : the connection of its first try, in the person's count.
    tries : how often it was sent.
    edited : the text that it was changed to; `edit_done` once that was acknowledged.
    """

    room: str
    client_id: str
    text: str
    picture: bytes | None = None
    sent: float = 0.0
    sent_at: int = 0
    acknowledged: float = 0.0
    acknowledged_at: int = 0
    line: int = 0
    tries: int = 0
    message: str = ""
    seq: int = 0
    edited: str = ""
    edit_done: bool = False
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as somebody was told of it."""

    seq: int
    type: str
    message: str
    text: str | None


@dataclass
class Notes:
    """What one person will say at the end."""

    name: str
    user: str
    logs: dict[str, list[Heard]] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    connections: int = 0
