"""A second factor: one-time codes of an app (TOTP, RFC 6238), and recovery codes for the day it is lost.

The app's secret is encrypted by a key made from SECRET_KEY: who steals the database alone can make no codes. After
SECRET_KEY has changed only recovery codes, or an admin's reset link, let people in. A code is good once: the step of
time of the last one is kept, and nothing at or before it is accepted.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any

import pyotp
import segno
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken

from chat.db import now
from chat.errors import Refused
from chat.schema import recovery_codes, second_factors
from chat.users import Person

ISSUER = "Roomful"
STEP = 30  # seconds that a code is shown
DRIFT = 1  # steps that a clock may be off
CODES = 10


def state(conn: sa.Connection, person: Person) -> dict[str, Any]:
    """Whether it is on, and how many recovery codes are left."""
    left = sa.select(sa.func.count()).select_from(recovery_codes).where(recovery_codes.c.user_id == person.id)
    return {"on": is_on(conn, person.id), "recovery_codes_left": conn.scalar(left)}


def is_on(conn: sa.Connection, user_id: int) -> bool:
    confirmed = sa.select(second_factors.c.confirmed_at).where(second_factors.c.user_id == user_id)
    return conn.scalar(confirmed) is not None


def begin(conn: sa.Connection, person: Person, secret_key: str) -> dict[str, str]:
    """A new secret for the app, as text and as a QR code; it counts once a code of it has come (`confirm`)."""
    if is_on(conn, person.id):
        raise Refused("invalid", "Your second factor is on already; switch it off before you set up another.")
    secret = pyotp.random_base32()
    drop(conn, person.id)
    row = {"user_id": person.id, "secret": _cipher(secret_key).encrypt(secret.encode()).decode()}
    conn.execute(second_factors.insert().values(row))
    uri = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=person.username, issuer_name=ISSUER)
    return {
        "secret": secret,
        "uri": uri,
        "qr": segno.make(uri, error="m").svg_data_uri(border=2, light="#fff"),
    }


def confirm(conn: sa.Connection, person: Person, code: str, secret_key: str) -> list[str]:
    """Switch it on by a first code. Its recovery codes, shown once."""
    if is_on(conn, person.id) or not _take_code(conn, person.id, code, secret_key):
        raise Refused("bad_code", "The code is not right. Is the clock of your device? Try the next one.")
    conn.execute(
        second_factors.update().where(second_factors.c.user_id == person.id).values(confirmed_at=now())
    )
    return renew(conn, person)


def renew(conn: sa.Connection, person: Person) -> list[str]:
    """New recovery codes; the old ones are worth nothing."""
    if not is_on(conn, person.id):
        raise Refused("invalid", "Your second factor is off; switch it on first.")
    conn.execute(recovery_codes.delete().where(recovery_codes.c.user_id == person.id))
    codes = [_new_code() for _ in range(CODES)]
    rows = [{"user_id": person.id, "code_hash": _hash(code)} for code in codes]
    conn.execute(recovery_codes.insert(), rows)
    return codes


def drop(conn: sa.Connection, user_id: int) -> None:
    for table in (second_factors, recovery_codes):
        conn.execute(table.delete().where(table.c.user_id == user_id))


def take(conn: sa.Connection, user_id: int, code: str, secret_key: str) -> bool:
    """Whether it is a code of theirs, from the app or for recovery; it is used up then."""
    if looks_like_app(code):
        return _take_code(conn, user_id, code, secret_key)
    theirs = (recovery_codes.c.user_id == user_id) & (recovery_codes.c.code_hash == _hash(code))
    return bool(conn.execute(recovery_codes.delete().where(theirs)).rowcount)


def looks_like_app(code: str) -> bool:
    """Six digits; all else is taken for a recovery code, of which none is so short."""
    return len(_plain(code)) == 6


def _take_code(conn: sa.Connection, user_id: int, code: str, secret_key: str) -> bool:
    stored = conn.scalar(sa.select(second_factors.c.secret).where(second_factors.c.user_id == user_id))
    try:
        secret = _cipher(secret_key).decrypt((stored or "").encode()).decode()
    except InvalidToken:
        return False
    app, step = pyotp.TOTP(secret, interval=STEP), int(time.time()) // STEP
    given = _plain(code).encode()
    steps = [
        number
        for number in range(step - DRIFT, step + DRIFT + 1)
        if hmac.compare_digest(app.at(number * STEP).encode(), given)
    ]
    newer = (second_factors.c.user_id == user_id) & (second_factors.c.last_step < (steps or [0])[-1])
    return bool(
        conn.execute(second_factors.update().where(newer).values(last_step=(steps or [0])[-1])).rowcount
    )


def _cipher(secret_key: str) -> Fernet:
    key = hashlib.sha256(b"roomful second factor " + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _new_code() -> str:
    """140 random bits, so that a plain hash will do, in groups that can be copied by hand."""
    text = base64.b32encode(secrets.token_bytes(18)).decode().lower()[:28]
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _hash(code: str) -> str:
    return hashlib.sha256(_plain(code).encode("utf-8", "surrogatepass")).hexdigest()
