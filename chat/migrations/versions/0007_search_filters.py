"""Searching by author, by picture and by what a picture shows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_index("ix_messages_author_id_id", "messages", ["author_id", "id"])
    for name, column, condition in (
        ("ix_messages_pictures", "id", sa.text("image_id IS NOT NULL")),
        ("ix_messages_labelled", "reply_to", sa.text("labels IS NOT NULL")),
    ):
        op.create_index(name, "messages", [column], postgresql_where=condition, sqlite_where=condition)
    op.create_table(
        "search_labels",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_search_labels_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_search_labels_room_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "message_id", name="pk_search_labels"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_labels_message_id", "search_labels", ["message_id"])
    op.create_table(
        "search_labels_progress",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_search_labels_progress_room_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", name="pk_search_labels_progress"),
    )


def downgrade() -> None:
    op.drop_table("search_labels_progress")
    op.drop_table("search_labels")
    for name in ("ix_messages_labelled", "ix_messages_pictures", "ix_messages_author_id_id"):
        op.drop_index(name, "messages")
