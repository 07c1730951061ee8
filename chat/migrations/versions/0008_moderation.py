"""Moderation: sanctions, reports, pins, the audit log, and a room's rules."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Nobody changes what has been done, not even by a mistake of ours.
APPEND_ONLY = {
    "sqlite": [
        "CREATE TRIGGER audit_kept_{verb} BEFORE {VERB} ON audit "
        "BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$",
        "CREATE TRIGGER audit_kept_{verb} BEFORE {VERB} ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit()",
    ],
}


def upgrade() -> None:
    columns: dict[str, list[sa.Column]] = {
        "rooms": [
            sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("slow_mode", sa.Integer(), server_default="0", nullable=False),
            sa.Column("unwanted_words", sa.Text(), server_default="", nullable=False),
        ],
        "members": [
            sa.Column("moderates", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("wrote_at", sa.BigInteger(), server_default="0", nullable=False),
        ],
    }
    for table, added in columns.items():
        for column in added:
            op.add_column(table, column)
    _sanctions()
    _reports()
    op.create_table(
        "pins",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=False),
        sa.Column("by_id", Id, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _to("pins", "message_id", "messages"),
        _to("pins", "room_id", "rooms"),
        _to("pins", "by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("message_id", name="pk_pins"),
    )
    op.create_index("ix_pins_room_id", "pins", ["room_id"])
    _audit()


def _sanctions() -> None:
    op.create_table(
        "sanctions",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("room_id", Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", Id, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", Id, nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("appealed_at", sa.BigInteger(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", Id, nullable=True),
        _to("sanctions", "user_id", "users"),
        _to("sanctions", "room_id", "rooms"),
        _to("sanctions", "by_id", "users", "SET NULL"),
        _to("sanctions", "lifted_by", "users", "SET NULL"),
        _to("sanctions", "answered_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_sanctions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sanctions_user_id_kind", "sanctions", ["user_id", "kind"])


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", Id, nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("by_id", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("assigned_to", Id, nullable=True),
        sa.Column("decided_by", Id, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _to("reports", "message_id", "messages"),
        _to("reports", "by_id", "users"),
        _to("reports", "assigned_to", "users", "SET NULL"),
        _to("reports", "decided_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("message_id", "by_id", name="uq_reports_message_id_by_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_by_id", "reports", ["by_id"])
    op.create_index("ix_reports_state_id", "reports", ["state", "id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", Id, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("room_id", Id, nullable=True),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    for column in ("actor_id", "room_id", "user_id"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    for verb in ("update", "delete"):
        for statement in APPEND_ONLY[op.get_bind().dialect.name]:
            op.execute(statement.format(verb=verb, VERB=verb.upper()))


def _to(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def downgrade() -> None:
    for table in ("audit", "pins", "reports", "sanctions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_audit()")
    for table, names in {
        "members": ("moderates", "wrote_at"),
        "rooms": ("locked", "slow_mode", "unwanted_words"),
    }.items():
        for name in names:
            op.drop_column(table, name)
