"""The language that a person chose, and the one that their browser asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("browser_language", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "browser_language")
    op.drop_column("users", "language")
