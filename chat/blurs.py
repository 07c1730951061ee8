"""Pictures that a room shows blurred until somebody wants to see them: those in which a bot saw what the room lists."""

import sqlalchemy as sa

from chat.db import messages, rooms, users

SURE = 0.2  # as probable must a label be: one that the bot itself gives less is more often wrong than right


def among(conn: sa.Connection, pictures: dict[int, int]) -> dict[int, str]:
    """Which pictures are to be blurred, and for what.

    Parameters
    ----------
    pictures : {message with a picture: the message that was asked about}; another one where the picture was made from
        that one's.

    Returns
    -------
    {message: label} of those to be blurred.
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
            rooms.c.blur_labels.is_not(None),
            users.c.bot,
        )
    )
    found: dict[int, str] = {}
    for answer in conn.execute(answers):
        listed = {word.casefold() for word in answer.blur_labels}
        sure = [one["label"] for one in answer.labels if one["probability"] >= SURE]
        if label := next((label for label in sure if label.casefold() in listed), None):
            found.setdefault(answer.reply_to, label)
    return {id_: found[source] for id_, source in pictures.items() if source in found}
