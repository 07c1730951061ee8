"""Invitations: links by which so many people may register while registration is not open."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import links as links_
from chat.db import now
from chat.errors import Refused, not_found
from chat.schema import links, users
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.config import Config


def make(conn: sa.Connection, config: "Config", maker: Person, uses: int, days: int) -> dict[str, Any]:
    """A new one; its secret is in this answer and nowhere else."""
    check_inviter(config, maker)
    secret, row = links_.make(conn, "invitation", maker, days, uses)
    return {"secret": secret, **_json(row, maker.username)}


def open_ones(conn: sa.Connection, config: "Config", asker: Person) -> list[dict[str, Any]]:
    """Those that can still be used: an admin sees all, others their own."""
    check_inviter(config, asker)
    select = (
        sa.select(links, users.c.username)
        .join(users, users.c.id == links.c.maker_id)
        .where(links.c.kind == "invitation", links.c.uses_left > 0, links.c.expires_at > now())
    )
    if asker.role != "admin":
        select = select.where(links.c.maker_id == asker.id)
    return [_json(row, row.username) for row in conn.execute(select.order_by(links.c.id.desc()))]


def revoke(conn: sa.Connection, config: "Config", asker: Person, link_id: int) -> None:
    """It admits nobody any more; who came by it stays."""
    check_inviter(config, asker)
    that = (links.c.id == link_id) & (links.c.kind == "invitation")
    if asker.role != "admin":
        that &= links.c.maker_id == asker.id
    if not conn.execute(links.delete().where(that)).rowcount:
        raise not_found("invitation", link_id)


def check_inviter(config: "Config", person: Person) -> None:
    if person.role != "admin" and not (config.inviters == "moderators" and person.moderates):
        raise Refused("forbidden", f"Invitations are made by {config.inviters} here.")


def _json(row: Any, maker: str) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "made_by": maker,
        "uses_left": row.uses_left,
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339(row.expires_at),
    }
