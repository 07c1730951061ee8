"""What people teach about pictures, and what was learnt from it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("said_by_room", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_lessons_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_lessons_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_lessons_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", "user_id", name="pk_lessons"),
    )
    op.create_index("ix_lessons_room_id_created_at", "lessons", ["room_id", "created_at"])
    op.create_table(
        "looks",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("features", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_looks_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "model", name="pk_looks"),
    )
    op.create_table(
        "heads",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("learnt", sa.JSON(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_by", Id, nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_heads_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "number", name="pk_heads"),
    )


def downgrade() -> None:
    for table in ("heads", "looks", "lessons"):
        op.drop_table(table)
