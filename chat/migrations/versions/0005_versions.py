"""What edited messages said before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_versions",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_message_versions_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "seq", name="pk_message_versions"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("message_versions")
