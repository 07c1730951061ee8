"""What a room holds for review or refuses of what pictures show, and the pictures that are held."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("rooms", sa.Column("hold_labels", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("rooms", sa.Column("refuse_labels", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("rooms", sa.Column("picture_sure", sa.Integer, nullable=False, server_default="50"))
    op.create_table(
        "holds",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_holds_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_holds_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name="pk_holds"),
    )
    op.create_index("ix_holds_room_id", "holds", ["room_id"])


def downgrade() -> None:
    op.drop_table("holds")
    for column in ("picture_sure", "refuse_labels", "hold_labels"):
        op.drop_column("rooms", column)
