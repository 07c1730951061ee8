"""Pictures that were made from another message's picture go with it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("messages", sa.Column("picture_of", Id, nullable=True))
    made = sa.text("picture_of IS NOT NULL")
    op.create_index(
        "ix_messages_picture_of", "messages", ["picture_of"], postgresql_where=made, sqlite_where=made
    )


def downgrade() -> None:
    op.drop_index("ix_messages_picture_of", "messages")
    op.drop_column("messages", "picture_of")
