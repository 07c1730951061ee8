"""Pictures that a room shows blurred until somebody wants to see them: those in which a bot saw what the room lists, and
those at which none has looked yet."""

from typing import NamedTuple

import sqlalchemy as sa

from chat.schema import messages, rooms, users

SURE = 0.2  # as probable must a label be: one that the bot itself gives less is more often wrong than right


class Verdict(NamedTuple):
    """What bots have said of a picture. `seen`: one has said what it shows; `label`: it is to be blurred for this."""

    seen: bool = False
    label: str | None = None


def at_first(of_bot: bool, picture_of: int | None) -> Verdict:
    """Before any bot has answered. What a bot shows of its own it has seen; what it made from a picture is as that one is."""
    return Verdict(seen=of_bot and picture_of is None)


def among(conn: sa.Connection, pictures: dict[int, int]) -> dict[int, Verdict]:
    """What is known of pictures.

    Parameters
    ----------
    pictures : {message with a picture: the message that was asked about}; another one where the picture was made from
        that one's.

    Returns
    -------
    {message: verdict} of those of which something was said.
    """
    if not pictures:
        return {}
    answers = (
        sa.select(messages.c.reply_to, messages.c.labels, rooms.c.blur_labels)
        .join(rooms, rooms.c.id == messages.c.room_id)
        .join(users, users.c.id == messages.c.author_id)
        .where(
            messages.c.reply_to.in_(set(pictures.values())),
            messages.c.labels.is_not(None),
            messages.c.deleted_at.is_(None),
            users.c.bot,
        )
    )
    found: dict[int, Verdict] = {}
    for answer in conn.execute(answers):
        known = found.get(answer.reply_to, Verdict())
        listed = {word.casefold() for word in answer.blur_labels or ()}
        sure = [one["label"] for one in answer.labels if one["probability"] >= SURE]
        label = known.label or next((label for label in sure if label.casefold() in listed), None)
        found[answer.reply_to] = Verdict(True, label)
    return {id_: found[source] for id_, source in pictures.items() if source in found}
