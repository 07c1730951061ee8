"""What pictures show, for the search: the labels that bots gave them, and what people said instead.

A label is found as a whole and by each of its words: "Egyptian cat" by "cat". Bots' answers are indexed behind the log,
as texts are (`chat/search.py`); what people say, and deletions, in their own transactions.
"""

import re
from collections import Counter
from typing import Any

import sqlalchemy as sa

from chat import kinds, label_names, trail
from chat.db import Row, among, execute_rows
from chat.folding import normalise
from chat.schema import lessons, messages, search_labels, search_labels_progress

SURE = 0.1  # a bot's label counts from this probability on; its best one always does
STEP = 500  # events in one transaction of the indexer; few of them are answers to pictures
LOOKED_AT = 5_000  # newest rows that are looked through for the labels there are
WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)  # or one ideograph


def index(conn: sa.Connection) -> int:
    """Index the bots' answers among the next events of the rooms that are behind; returns how many events."""
    spans = trail.next_spans(conn, search_labels_progress, STEP)
    if spans:
        refresh(conn, _answered(conn, spans))
        trail.note(conn, search_labels_progress, spans)
    return trail.length(spans)


def refresh(conn: sa.Connection, picture_ids: set[int]) -> None:
    """Index anew what these pictures show."""
    ids = sorted(picture_ids)
    for start in range(0, len(ids), 500):
        _refresh(conn, ids[start : start + 500])


def forget(conn: sa.Connection, message_id: int) -> None:
    """In the transaction that deletes the picture."""
    conn.execute(search_labels.delete().where(search_labels.c.message_id == message_id))


def showing(label: str) -> Any:
    """The condition on a message: its picture has this label, or labels with all of its words, or of the kinds that they name."""
    whole = normalise(label).strip()
    called = dict.fromkeys([whole, normalise(label_names.canonical(whole))])
    return sa.or_(*map(_called, called))


def common(conn: sa.Connection, readable: Any, most: int) -> list[tuple[str, int]]:
    """(label, how many pictures) among the newest pictures of these rooms, the most frequent first."""
    newest = sa.select(search_labels.c.term, search_labels.c.whole, search_labels.c.room_id)
    newest = newest.order_by(search_labels.c.message_id.desc()).limit(LOOKED_AT)
    rows = newest.where(search_labels.c.room_id.in_(readable)).subquery()
    counted = Counter(conn.execute(sa.select(rows.c.term).where(rows.c.whole)).scalars())
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]


def _answered(conn: sa.Connection, spans: list[trail.Span]) -> set[int]:
    """The messages to which labels were given in these events, or from which they may have been taken."""
    changed = f"SELECT DISTINCT event.message_id AS id FROM {trail.events_of(conn)} WHERE event.type IN ('message', 'delete')"
    ids = [row._asdict() for row in execute_rows(conn, changed, trail.rows(spans))]
    answers = f"""
        SELECT reply_to FROM messages WHERE id {among(conn)}
        AND reply_to IS NOT NULL AND (labels IS NOT NULL OR deleted_at IS NOT NULL)"""
    return {row.reply_to for row in execute_rows(conn, answers, ids)}


def _refresh(conn: sa.Connection, ids: list[int]) -> None:
    standing = sa.select(messages.c.id, messages.c.room_id).where(messages.c.id.in_(ids))
    standing = standing.where(messages.c.image_id.is_not(None)).order_by(messages.c.id)
    # two who refresh one picture do it one after another, and a deletion waits and then finds the rows
    pictures = {row.id: row.room_id for row in conn.execute(standing.with_for_update(key_share=True))}
    given, said = _given(conn, list(pictures)), _said(conn, list(pictures))
    conn.execute(search_labels.delete().where(search_labels.c.message_id.in_(ids)))
    rows = [
        {"term": term, "message_id": id_, "room_id": room_id, "whole": whole}
        for id_, room_id in pictures.items()
        for term, whole in _terms(_shown(given.get(id_, set()), said.get(id_))).items()
    ]
    if rows:
        conn.execute(search_labels.insert(), rows)


def _given(conn: sa.Connection, ids: list[int]) -> dict[int, set[str]]:
    """{picture: labels} that bots are sure enough of."""
    found: dict[int, set[str]] = {}
    answers = sa.select(messages.c.reply_to, messages.c.labels)
    answers = answers.where(messages.c.reply_to.in_(ids), messages.c.labels.is_not(sa.null()))
    for row in conn.execute(answers):
        likely = [one["label"] for n, one in enumerate(row.labels) if n == 0 or one["probability"] >= SURE]
        found.setdefault(row.reply_to, set()).update(likely)
    return found


def _said(conn: sa.Connection, ids: list[int]) -> dict[int, Row]:
    """{picture: lesson}: people's newest word on each."""
    counting = lessons.c.message_id.in_(ids) & lessons.c.retired_at.is_(None)
    return {
        row.message_id: row for row in conn.execute(sa.select(lessons).where(counting).order_by("created_at"))
    }


def _shown(given: set[str], said: Row | None) -> set[str]:
    if said is None:
        return given
    kept = given - {said.said} if said.verdict == "wrong" else given
    return kept | ({said.label} if said.label else set())


def _terms(labels: set[str]) -> dict[str, bool]:
    """Each label as a whole (True), and each word of one."""
    wholes = {normalise(label) for label in labels}
    words = {word for whole in wholes for word in WORD.findall(whole) if not kinds.misleads(word, whole)}
    return dict.fromkeys(words, False) | dict.fromkeys(wholes, True)


def _called(whole: str) -> Any:
    words = WORD.findall(whole)
    if kinds.known(whole) or len(words) < 2:
        return _shows(whole)
    return _shows(whole) | sa.and_(*map(_shows, words))


def _shows(word: str) -> Any:
    with_term = sa.select(search_labels.c.message_id).where(search_labels.c.term.in_(kinds.named(word)))
    return messages.c.id.in_(with_term)
