"""Labels whose pictures a room shows blurred."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("blur_labels", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("rooms", "blur_labels")
