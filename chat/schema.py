"""The database's tables: one schema on SQLite and on PostgreSQL.

Ids are integers here and opaque strings outside; times are milliseconds since 1970 in UTC, so that both databases
keep and compare them alike. `chat/migrations` brings a database there; a test compares the two.
"""

from typing import Any

import sqlalchemy as sa

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

tables = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, **options: Any) -> sa.Column[int]:
    return sa.Column(
        name, Id, sa.ForeignKey(f"{target}.id", ondelete=options.pop("ondelete", None)), **options
    )


def _time(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


users = sa.Table(
    "users",
    tables,
    _id(),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column(
        "username_key", sa.Text, nullable=False, unique=True
    ),  # NFKC, case-folded: Ann and ann are one name
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text),  # null: nobody signs in by password (bots, seeded people)
    sa.Column("role", sa.Text, nullable=False, server_default="member"),
    sa.Column("bot", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("about", sa.Text, nullable=False, server_default=""),
    sa.Column("language", sa.Text),  # that the person chose; null: none yet
    sa.Column("browser_language", sa.Text),  # that their browser asked for at the last sign-in
    sa.Column("seeded", sa.Boolean, nullable=False, server_default=sa.false()),
    _time("created_at"),
    sa.Column("identity", sa.Text),  # by which a provider of OpenID Connect knows them: ISSUER SUBJECT
    _time("deleted_at", nullable=True),
    sa.Column("erase", sa.Boolean, nullable=False, server_default=sa.false()),  # their messages are going
    sa.Index("uq_users_identity", "identity", unique=True),
    sqlite_autoincrement=True,
)

sessions = sa.Table(
    "sessions",
    tables,
    _id(),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    _ref("user_id", "users", nullable=False, index=True, ondelete="CASCADE"),
    _time("created_at"),
    sa.Column("agent", sa.Text, nullable=False, server_default=""),  # the browser's own words
    _time("seen_at", nullable=True),
    sqlite_autoincrement=True,
)

tokens = sa.Table(
    "tokens",
    tables,
    _id(),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    _ref("user_id", "users", nullable=False, index=True, ondelete="CASCADE"),
    sa.Column("name", sa.Text, nullable=False),
    _time("created_at"),
    sa.Column("scope", sa.Text, nullable=False, server_default="full"),  # chat/tokens.py says what each may
    _time("seen_at", nullable=True),
    sqlite_autoincrement=True,
)

links = sa.Table(  # by which somebody without an account, or without its password, comes in
    "links",
    tables,
    _id(),
    sa.Column("kind", sa.Text, nullable=False),  # invitation, reset
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    _ref("maker_id", "users", ondelete="CASCADE"),
    _ref("user_id", "users", index=True, ondelete="CASCADE"),  # whose password it resets
    sa.Column("drops_factor", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("uses_left", sa.Integer, nullable=False),
    _time("created_at"),
    _time("expires_at"),
    sqlite_autoincrement=True,
)

second_factors = sa.Table(
    "second_factors",
    tables,
    _ref("user_id", "users", primary_key=True, ondelete="CASCADE"),
    sa.Column("secret", sa.Text, nullable=False),  # encrypted by SECRET_KEY
    _time("confirmed_at", nullable=True),  # null: it is being set up, and does not count yet
    sa.Column("last_step", sa.BigInteger, nullable=False, server_default="0"),  # of the last code used
)

recovery_codes = sa.Table(
    "recovery_codes",
    tables,
    _ref("user_id", "users", primary_key=True, ondelete="CASCADE"),
    sa.Column("code_hash", sa.Text, primary_key=True),
)

rooms = sa.Table(
    "rooms",
    tables,
    _id(),
    sa.Column("log", sa.Text, nullable=False),  # names this log; renewed after a restore from a backup
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False, server_default=""),
    sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false()),
    _ref("creator_id", "users", ondelete="SET NULL"),
    sa.Column("last_seq", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("blur_labels", sa.JSON(none_as_null=True)),  # pictures that show one of these are shown blurred
    sa.Column("hold_labels", sa.JSON(none_as_null=True)),  # … wait for a moderator
    sa.Column("refuse_labels", sa.JSON(none_as_null=True)),  # … are removed
    sa.Column("picture_sure", sa.Integer, nullable=False, server_default="50"),  # per cent, for these two
    sa.Column("direct_key", sa.Text),  # of a direct room: whose it is, so that these people have one
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),  # only moderators write
    sa.Column("slow_mode", sa.Integer, nullable=False, server_default="0"),  # seconds between one's messages
    sa.Column(
        "unwanted_words", sa.Text, nullable=False, server_default=""
    ),  # one a line, as chat/unwanted.py cleans
    _time("created_at"),
    sqlite_autoincrement=True,
)

sa.Index("ix_rooms_direct_key", rooms.c.direct_key, unique=True)

members = sa.Table(
    "members",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    _ref("user_id", "users", primary_key=True, index=True, ondelete="CASCADE"),
    sa.Column("read_seq", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("notify", sa.Text),  # all, mentions or nothing; null: as it is by default
    sa.Column("muted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("moderates", sa.Boolean, nullable=False, server_default=sa.false()),  # this room
    sa.Column("wrote_at", sa.BigInteger, nullable=False, server_default="0"),  # kept in slow rooms only
    _time("joined_at"),
)

room_links = sa.Table(  # by which people come into a private room
    "room_links",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    _ref("maker_id", "users", nullable=False, ondelete="CASCADE"),
    _time("expires_at"),
)

images = sa.Table(
    "images",
    tables,
    _id(),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("key", sa.Text, nullable=False),  # in the store; never used again once deleted
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("thumbnail_type", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    _time("created_at"),
    sqlite_autoincrement=True,
)

image_pins = sa.Table(  # an upload on its way into a message holds its image by one of these
    "image_pins",
    tables,
    _id(),
    _ref("image_id", "images", nullable=False, index=True),
    _time("created_at"),
    sqlite_autoincrement=True,
)

trash = sa.Table(  # files of the store that nothing refers to any more, until they are deleted
    "trash",
    tables,
    sa.Column("key", sa.Text, primary_key=True),
    _time("created_at"),
)

messages = sa.Table(
    "messages",
    tables,
    _id(),
    _ref("room_id", "rooms", nullable=False, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, nullable=False),
    _ref("author_id", "users", nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text),  # null once deleted
    _ref("image_id", "images", index=True),
    sa.Column("labels", sa.JSON(none_as_null=True)),
    sa.Column("reply_to", Id),
    sa.Column("picture_of", Id),  # the message whose picture this one's was made from: both go together
    sa.Column(
        "addressed", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # a bot may want to answer it
    _time("created_at"),
    _time("edited_at", nullable=True),
    _time("deleted_at", nullable=True),
    sa.UniqueConstraint("room_id", "author_id", "client_id"),
    sa.UniqueConstraint("room_id", "seq"),
    sqlite_autoincrement=True,
)

sa.Index(
    "ix_messages_addressed",
    messages.c.created_at,
    postgresql_where=messages.c.addressed,
    sqlite_where=messages.c.addressed,
)

sa.Index(
    "ix_messages_picture_of",
    messages.c.picture_of,
    postgresql_where=messages.c.picture_of.is_not(None),
    sqlite_where=messages.c.picture_of.is_not(None),
)

sa.Index("ix_messages_author_id_id", messages.c.author_id, messages.c.id)

sa.Index(
    "ix_messages_pictures",
    messages.c.id,
    postgresql_where=messages.c.image_id.is_not(None),
    sqlite_where=messages.c.image_id.is_not(None),
)

sa.Index(  # bots' answers, by the picture that they are about
    "ix_messages_labelled",
    messages.c.reply_to,
    postgresql_where=messages.c.labels.is_not(sa.null()),
    sqlite_where=messages.c.labels.is_not(sa.null()),
)

events = sa.Table(
    "events",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    _ref("message_id", "messages", nullable=False, ondelete="CASCADE"),
    _time("at"),
    sqlite_with_rowid=False,
)

reactions = sa.Table(
    "reactions",
    tables,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    sa.Column("emoji", sa.Text, primary_key=True),
    _ref("user_id", "users", primary_key=True, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, nullable=False, server_default="0"),  # of the event that told of it
    _time("created_at"),
    sqlite_with_rowid=False,
)

message_versions = sa.Table(  # texts that edits have replaced; gone with the message
    "message_versions",
    tables,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, primary_key=True),  # of the event that replaced it
    sa.Column("text", sa.Text, nullable=False),
    _time("written_at"),
    sqlite_with_rowid=False,
)

bot_work = sa.Table(  # how often a bot has tried to answer a message, and whether it is done with it
    "bot_work",
    tables,
    sa.Column("bot", sa.Text, primary_key=True),
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done", sa.Boolean, nullable=False, server_default=sa.false()),
    _time("updated_at"),
)

lessons = sa.Table(  # what people say of what a picture shows; the newest word on a picture counts
    "lessons",
    tables,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    _ref("user_id", "users", primary_key=True, ondelete="CASCADE"),
    _ref("room_id", "rooms", nullable=False, ondelete="CASCADE"),
    sa.Column("verdict", sa.Text, nullable=False),  # right, wrong or taught
    sa.Column("label", sa.Text),  # what it shows, where somebody said so
    sa.Column("said", sa.Text),  # what the bot had said
    sa.Column(
        "said_by_room", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # by a label of the room's
    sa.Column("model", sa.Text, nullable=False),
    _time("created_at"),
    _time("retired_at", nullable=True),  # taken back: it does not count any more
    sa.Index("ix_lessons_room_id_created_at", "room_id", "created_at"),
)

looks = sa.Table(  # pictures that lessons are about, as a model sees them: its features, float32
    "looks",
    tables,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("features", sa.LargeBinary, nullable=False),
)

heads = sa.Table(  # what a room has taught a model, version by version
    "heads",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("learnt", sa.JSON, nullable=False),  # {message: label, or null for none of the room's}
    sa.Column("accuracy", sa.Float, nullable=False),  # on pictures left out in turn, 0 to 1
    sa.Column("weights", sa.LargeBinary, nullable=False),
    _time("created_at"),
    sa.Column("retired_by", Id),  # the message that took it back
)

activity = sa.Table(  # how often somebody did what, by room and day; a message counts in one column
    "activity",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),  # since 1970, in UTC
    _ref("user_id", "users", primary_key=True, index=True, ondelete="CASCADE"),
    sa.Column("texts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("pictures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("replies", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reactions", sa.Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

sa.Index("ix_activity_day", activity.c.day)

active_hours = sa.Table(  # how much somebody did, by hour; hours of rooms are without their people
    "active_hours",
    tables,
    _ref("user_id", "users", primary_key=True, ondelete="CASCADE"),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),  # of the day, in UTC
    sa.Column("acts", sa.Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

sa.Index("ix_active_hours_day", active_hours.c.day)

room_hours = sa.Table(
    "room_hours",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("messages", sa.Integer, nullable=False, server_default="0"),
    sa.Column("pictures", sa.Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

activity_progress = sa.Table(  # up to which event of each room it has been counted
    "activity_progress",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

segment_runs = sa.Table(  # fits, from the asking to their use
    "segment_runs",
    tables,
    _id(),
    sa.Column("state", sa.Text, nullable=False),  # chat/segments.py says which there are
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("wanted_k", sa.Integer),  # null: to be chosen
    sa.Column("scheduled", sa.Boolean, nullable=False),  # nobody asked for it
    _time("asked_at"),
    _time("held_until", nullable=True),  # by the worker that is at it
    _time("ended_at", nullable=True),
    sa.Column("compared_with", Id),  # the run that was in use then
    sa.Column("report", sa.JSON(none_as_null=True)),
    sa.Column("model", sa.LargeBinary),  # ml.segment's; kept of the runs that are, were or may be in use
    sqlite_autoincrement=True,
)

segments = sa.Table(
    "segments",
    tables,
    sa.Column("id", Id, primary_key=True, autoincrement=False),  # as the fit named it, for good
    sa.Column("name", sa.Text, nullable=False),
    _ref("room_id", "rooms", ondelete="SET NULL"),
    sa.Column("auto_join", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("telling", sa.JSON, nullable=False),  # [[feature, standard deviations], …]
    sa.Column("current", sa.Boolean, nullable=False),  # of the run in use
    sa.Column(
        "room_chosen", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # by a moderator, be it none
)

segment_people = sa.Table(  # where somebody belongs, and what they want of it
    "segment_people",
    tables,
    _ref("user_id", "users", primary_key=True, ondelete="CASCADE"),
    _ref("segment_id", "segments", index=True),
    sa.Column("to_own", sa.Float),  # distance to the centre of the own segment
    sa.Column("to_next", sa.Float),  # … and to the nearest other one
    sa.Column("takes_part", sa.Boolean, nullable=False, server_default=sa.true()),  # else nothing is counted
    sa.Column("never", sa.Boolean, nullable=False, server_default=sa.false()),  # wants no offers
    _time("offered_at", nullable=True),
    _ref("desk_id", "rooms", ondelete="SET NULL"),  # the private room where the bot talks to them
)

segment_offers = sa.Table(
    "segment_offers",
    tables,
    _id(),
    _ref("user_id", "users", nullable=False, index=True, ondelete="CASCADE"),
    _ref("segment_id", "segments", nullable=False, index=True),
    _ref("room_id", "rooms", nullable=False, ondelete="CASCADE"),
    sa.Column("state", sa.Text, nullable=False),  # open, accepted, later, never
    _ref("message_id", "messages", ondelete="SET NULL"),  # null until it is posted
    _time("made_at"),
    _time("answered_at", nullable=True),
    sqlite_autoincrement=True,
)

snapshots = sa.Table(  # statistics, computed once a minute for all who look
    "snapshots",
    tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body", sa.JSON, nullable=False),
    _time("made_at"),
)

sanctions = sa.Table(  # kicks, mutes and bans; what they forbid is read from here
    "sanctions",
    tables,
    _id(),
    sa.Column("kind", sa.Text, nullable=False),  # kick, mute, ban, or refuse: a picture, by its room's rules
    _ref("user_id", "users", nullable=False, ondelete="CASCADE"),
    _ref("room_id", "rooms", ondelete="CASCADE"),  # null: everywhere
    sa.Column("reason", sa.Text, nullable=False),
    _ref("by_id", "users", ondelete="SET NULL"),
    _time("created_at"),
    _time("ends_at", nullable=True),  # null: for good
    _time("lifted_at", nullable=True),
    _ref("lifted_by", "users", ondelete="SET NULL"),
    sa.Column("appeal", sa.Text),
    _time("appealed_at", nullable=True),
    sa.Column("upheld", sa.Boolean),
    sa.Column("answer", sa.Text),
    _time("answered_at", nullable=True),
    _ref("answered_by", "users", ondelete="SET NULL"),
    sa.Index("ix_sanctions_user_id_kind", "user_id", "kind"),  # asked for with each message
    sqlite_autoincrement=True,
)

reports = sa.Table(
    "reports",
    tables,
    _id(),
    _ref("message_id", "messages", nullable=False, ondelete="CASCADE"),
    _ref("by_id", "users", nullable=False, index=True, ondelete="CASCADE"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # open, agreed or disagreed
    _time("created_at"),
    _ref("assigned_to", "users", ondelete="SET NULL"),
    _ref("decided_by", "users", ondelete="SET NULL"),
    _time("decided_at", nullable=True),
    sa.Column("note", sa.Text),
    sa.UniqueConstraint("message_id", "by_id"),
    sa.Index("ix_reports_state_id", "state", "id"),
    sqlite_autoincrement=True,
)

holds = sa.Table(  # pictures that only their senders and moderators see: chat/holds.py
    "holds",
    tables,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    _ref("room_id", "rooms", nullable=False, index=True, ondelete="CASCADE"),
    sa.Column("state", sa.Text, nullable=False),  # waiting (for a bot's answer) or held (for a moderator)
    sa.Column("label", sa.Text),
    sa.Column("probability", sa.Float),
    _time("created_at"),
)

pins = sa.Table(
    "pins",
    tables,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    _ref("room_id", "rooms", nullable=False, index=True, ondelete="CASCADE"),
    _ref("by_id", "users", ondelete="SET NULL"),
    _time("created_at"),
)

audit = sa.Table(  # only ever added to, which a trigger sees to; so it refers to nothing
    "audit",
    tables,
    _id(),
    _time("at"),
    sa.Column("actor_id", Id, nullable=False, index=True),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("room_id", Id, index=True),
    sa.Column("user_id", Id, index=True),
    sa.Column("message_id", Id),
    sa.Column("detail", sa.JSON(none_as_null=True)),
    sqlite_autoincrement=True,
)

search = (
    sa.Table(  # filled behind the log; the index on `body` is made by the migration, in each database's words
        "search",
        tables,
        sa.Column("message_id", Id, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        _ref("room_id", "rooms", nullable=False, ondelete="CASCADE"),
        sa.Column("body", sa.Text, nullable=False),
        sa.Index("ix_search_room_id_message_id", "room_id", "message_id"),
    )
)

search_progress = sa.Table(  # up to which event of each room the search index has come
    "search_progress",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

search_labels = sa.Table(  # what a picture shows: each of its labels, normalised, and each word of one
    "search_labels",
    tables,
    sa.Column("term", sa.Text, primary_key=True),
    _ref("message_id", "messages", primary_key=True, index=True, ondelete="CASCADE"),
    _ref("room_id", "rooms", nullable=False, ondelete="CASCADE"),
    sa.Column("whole", sa.Boolean, nullable=False),  # a label, not a word of one
    sqlite_with_rowid=False,
)

search_labels_progress = sa.Table(  # up to which event of each room bots' labels are indexed
    "search_labels_progress",
    tables,
    _ref("room_id", "rooms", primary_key=True, ondelete="CASCADE"),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
