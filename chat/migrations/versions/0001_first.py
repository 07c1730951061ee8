"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "images",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("thumbnail_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sa.UniqueConstraint("sha256", name="uq_images_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "users",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), server_default="member", nullable=False),
        sa.Column("bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("seeded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("username_key", name="uq_users_username_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "image_pins",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("image_id", Id, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name="fk_image_pins_image_id"),
        sa.PrimaryKeyConstraint("id", name="pk_image_pins"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_image_pins_image_id", "image_pins", ["image_id"], unique=False)
    op.create_table(
        "trash",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_trash"),
    )
    op.create_table(
        "rooms",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("creator_id", Id, nullable=True),
        sa.Column("last_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["users.id"], name="fk_rooms_creator_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("secret_hash", name="uq_sessions_secret_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tokens_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("read_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_members_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_members_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "user_id", name="pk_members"),
    )
    op.create_index("ix_members_user_id", "members", ["user_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("image_id", Id, nullable=True),
        sa.Column("labels", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reply_to", Id, nullable=True),
        sa.Column("addressed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_messages_author_id"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name="fk_messages_image_id"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_messages_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "room_id", "author_id", "client_id", name="uq_messages_room_id_author_id_client_id"
        ),
        sa.UniqueConstraint("room_id", "seq", name="uq_messages_room_id_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_messages_addressed",
        "messages",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("addressed"),
        sqlite_where=sa.text("addressed"),
    )
    op.create_index("ix_messages_image_id", "messages", ["image_id"], unique=False)
    op.create_table(
        "search_progress",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_search_progress_room_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", name="pk_search_progress"),
    )
    op.create_table(
        "bot_work",
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_bot_work_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot", "message_id", name="pk_bot_work"),
    )
    op.create_table(
        "events",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_events_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_events_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "seq", name="pk_events"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reactions",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_reactions_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_reactions_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", "emoji", "user_id", name="pk_reactions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_search_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_search_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name="pk_search"),
    )
    op.create_index("ix_search_room_id_message_id", "search", ["room_id", "message_id"], unique=False)
    if op.get_context().dialect.name == "postgresql":
        _index_on_postgresql()
    else:
        _index_on_sqlite()


def _index_on_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX ix_search_body ON search USING gin (body gin_trgm_ops)")


def _index_on_sqlite() -> None:
    """An FTS5 table without content of its own, kept by triggers; its rowid is the message's id."""
    op.execute(
        "CREATE VIRTUAL TABLE search_trigrams USING fts5"
        "(body, content='search', content_rowid='message_id', tokenize='trigram case_sensitive 1')"
    )
    remove = "INSERT INTO search_trigrams (search_trigrams, rowid, body) VALUES ('delete', old.message_id, old.body);"
    add = "INSERT INTO search_trigrams (rowid, body) VALUES (new.message_id, new.body);"
    op.execute(f"CREATE TRIGGER search_added AFTER INSERT ON search BEGIN {add} END")
    op.execute(f"CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER search_changed AFTER UPDATE ON search BEGIN {remove} {add} END")


def downgrade() -> None:
    raise RuntimeError("There is nothing below the first schema; drop the database instead.")
