"""Links that let people into private rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "room_links",
        sa.Column("room_id", Id, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("maker_id", Id, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["maker_id"], ["users.id"], name="fk_room_links_maker_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_room_links_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", name="pk_room_links"),
        sa.UniqueConstraint("secret_hash", name="uq_room_links_secret_hash"),
    )


def downgrade() -> None:
    op.drop_table("room_links")
