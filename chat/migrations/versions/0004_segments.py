"""What people do, counted, and the segments that are made of it. Reactions that are there already do not count."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_snapshots"),
    )
    op.create_table(
        "segment_runs",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("wanted_k", sa.Integer(), nullable=True),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("compared_with", Id, nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("model", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_segment_runs"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "activity",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("texts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pictures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("replies", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reactions", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_activity_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_activity_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "day", "user_id", name="pk_activity"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_activity_day", "activity", ["day"], unique=False)
    op.create_index("ix_activity_user_id", "activity", ["user_id"], unique=False)
    op.create_table(
        "active_hours",
        sa.Column("user_id", Id, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("acts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_active_hours_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "day", "hour", name="pk_active_hours"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_active_hours_day", "active_hours", ["day"], unique=False)
    op.create_table(
        "room_hours",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("messages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pictures", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_room_hours_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "day", "hour", name="pk_room_hours"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "activity_progress",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_activity_progress_room_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", name="pk_activity_progress"),
    )
    op.create_table(
        "segments",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("room_id", Id, nullable=True),
        sa.Column("auto_join", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("telling", sa.JSON(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("room_chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_segments_room_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_segments"),
    )
    op.create_table(
        "segment_offers",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("segment_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_segment_offers_message_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name="fk_segment_offers_room_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name="fk_segment_offers_segment_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_segment_offers_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_segment_offers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_segment_offers_segment_id", "segment_offers", ["segment_id"], unique=False)
    op.create_index("ix_segment_offers_user_id", "segment_offers", ["user_id"], unique=False)
    op.create_table(
        "segment_people",
        sa.Column("user_id", Id, nullable=False),
        sa.Column("segment_id", Id, nullable=True),
        sa.Column("to_own", sa.Float(), nullable=True),
        sa.Column("to_next", sa.Float(), nullable=True),
        sa.Column("takes_part", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("never", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=True),
        sa.Column("desk_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["rooms.id"], name="fk_segment_people_desk_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name="fk_segment_people_segment_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_segment_people_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_segment_people"),
    )
    op.create_index("ix_segment_people_segment_id", "segment_people", ["segment_id"], unique=False)
    op.add_column("reactions", sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("reactions", "seq")
    for table in (
        "snapshots",
        "segment_offers",
        "segment_people",
        "segments",
        "segment_runs",
        "activity_progress",
        "room_hours",
        "active_hours",
        "activity",
    ):
        op.drop_table(table)
