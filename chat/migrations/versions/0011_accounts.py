"""Sessions say where they are used, tokens what they may; links for invitations and resets, second factors, identities."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("identity", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("erase", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("uq_users_identity", "users", ["identity"], unique=True)
    op.add_column("sessions", sa.Column("agent", sa.Text(), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.add_column("tokens", sa.Column("scope", sa.Text(), server_default="full", nullable=False))
    op.add_column("tokens", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "links",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("maker_id", Id, nullable=True),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("drops_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["users.id"], name="fk_links_maker_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_links_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("secret_hash", name="uq_links_secret_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_links_user_id", "links", ["user_id"])
    op.create_table(
        "second_factors",
        sa.Column("user_id", Id, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_second_factors_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", Id, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_recovery_codes_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_recovery_codes"),
    )


def downgrade() -> None:
    for table in ("recovery_codes", "second_factors", "links"):
        op.drop_table(table)
    op.drop_index("uq_users_identity", "users")
    for table, column in (
        ("tokens", "seen_at"),
        ("tokens", "scope"),
        ("sessions", "seen_at"),
        ("sessions", "agent"),
        ("users", "erase"),
        ("users", "deleted_at"),
        ("users", "identity"),
    ):
        op.drop_column(table, column)
