"""Direct rooms, and what each member wants to hear of a room."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("direct_key", sa.Text(), nullable=True))
    op.create_index("ix_rooms_direct_key", "rooms", ["direct_key"], unique=True)
    op.add_column("members", sa.Column("notify", sa.Text(), nullable=True))
    op.add_column("members", sa.Column("muted", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("members", "muted")
    op.drop_column("members", "notify")
    op.drop_index("ix_rooms_direct_key", "rooms")
    op.drop_column("rooms", "direct_key")
