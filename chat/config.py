"""Settings, read once from the environment. A wrong one stops the program with one line that says why."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from redis.connection import parse_url
from werkzeug.security import generate_password_hash

DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg2")


class WrongSetting(SystemExit):
    """Ends the program with one line: the setting, the value received, what is accepted."""

    def __init__(self, name: str, value: str, accepted: str):
        super().__init__(f"{name}={value!r} is not accepted: {accepted}")


@dataclass(frozen=True)
class Config:
    """Every setting, checked. docs/operations.md explains each. Secrets do not show when it is printed."""

    host: str
    port: int
    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)  # None: embedded, until that server has been started
    images_url: str
    image_model: str
    image_threads: int  # 0: the cores, at most four
    secret_key: str = field(repr=False)
    bots: tuple[str, ...]
    public_url: str | None
    trusted_proxies: int
    metrics_token: str | None = field(repr=False)
    limits: bool
    wire: str
    password_hash: str
    registration: str  # who may make an account: open, invited, closed
    inviters: str  # who makes invitations: admins, moderators
    session_days: int  # after which a sign-in is over, however much it is used
    session_idle_days: int  # after which it is over unless it is used
    oidc_issuer: str | None  # a provider of OpenID Connect that vouches for people
    oidc_client_id: str | None
    oidc_client_secret: str | None = field(repr=False)
    oidc_name: str  # what its button says
    embedded: bool  # neither DATABASE_URL nor REDIS_URL is set: everything lives in data_dir

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read and check the settings; make DATA_DIR and, where nothing is shared, its secret key.

        Raises
        ------
        WrongSetting : which ends the program with one line.
        """
        env = {name: value.strip() for name, value in environment.items() if value.strip()}
        data_dir = _data_dir(env.get("DATA_DIR", "./data"))
        embedded = not ({"DATABASE_URL", "REDIS_URL"} & env.keys())
        return cls(
            host=env.get("HOST", "127.0.0.1"),
            port=_number(env, "PORT", 5000, 0, 65535),
            data_dir=data_dir,
            database_url=_database_url(env, data_dir),
            redis_url=_redis_url(env),
            images_url=_images_url(env, data_dir),
            image_model=env.get("IMAGE_MODEL", "efficientnet-lite2"),
            image_threads=_number(env, "IMAGE_THREADS", 0, 0, 64),
            secret_key=_secret_key(env, data_dir, embedded),
            bots=_bots(env.get("BOTS", "all" if embedded else "none")),
            public_url=_public_url(env.get("PUBLIC_URL")),
            trusted_proxies=_number(env, "TRUSTED_PROXIES", 0, 0, 10),
            metrics_token=env.get("METRICS_TOKEN"),
            limits=_choice(env, "LIMITS", "on", ("on", "off")) == "on",
            wire=_choice(env, "WIRE", "fast", ("fast", "stock")),
            password_hash=_password_hash(env.get("PASSWORD_HASH", "scrypt")),
            registration=_choice(env, "REGISTRATION", "open", ("open", "invited", "closed")),
            inviters=_choice(env, "INVITERS", "admins", ("admins", "moderators")),
            session_days=_number(env, "SESSION_DAYS", 30, 1, 400),
            session_idle_days=_number(env, "SESSION_IDLE_DAYS", 14, 1, 400),
            **_oidc(env),
            embedded=embedded,
        )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the replica."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def _data_dir(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting("DATA_DIR", value, f"a folder that can be written ({error.strerror})") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise WrongSetting("DATA_DIR", value, "a folder that can be written")
    return path


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, str(default))
    if value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high:
        return int(value)
    raise WrongSetting(name, value, f"a whole number from {low} to {high}")


def _choice(env: Mapping[str, str], name: str, default: str, accepted: tuple[str, ...]) -> str:
    value = env.get(name, default).lower()
    if value not in accepted:
        raise WrongSetting(name, env[name], " or ".join(accepted))
    return value


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    value = env.get("DATABASE_URL")
    if value is None:
        return f"sqlite:///{data_dir / 'roomful.db'}"
    accepted = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
    if value.startswith("postgres://"):  # what several hosting companies hand out
        value = "postgresql://" + value.removeprefix("postgres://")
    try:
        url = sa.make_url(value)
    except (sa.exc.ArgumentError, ValueError):
        raise WrongSetting("DATABASE_URL", _without_secrets(value), accepted) from None
    if url.drivername not in DRIVERS or url.database in (None, "", ":memory:"):
        raise WrongSetting("DATABASE_URL", _without_secrets(value), accepted)
    return value


def _without_secrets(url: str) -> str:
    return url.split("@")[-1].partition("?")[0]


def _redis_url(env: Mapping[str, str]) -> str | None:
    value = env.get("REDIS_URL")
    if value is None:
        return None
    try:
        parse_url(value)
    except ValueError:
        accepted = "redis://HOST:PORT/NUMBER, rediss://… or unix://PATH, with :PASSWORD@ where there is one"
        raise WrongSetting("REDIS_URL", _without_secrets(value), accepted) from None
    return value


def _images_url(env: Mapping[str, str], data_dir: Path) -> str:
    value = env.get("IMAGES_URL", str(data_dir / "images"))
    scheme, colon, rest = value.partition("://")
    if colon and (scheme != "s3" or not rest.split("/")[0]):
        raise WrongSetting("IMAGES_URL", value, "a folder, or s3://BUCKET/PREFIX")
    return value


def _secret_key(env: Mapping[str, str], data_dir: Path, embedded: bool) -> str:
    if "SECRET_KEY" in env:
        if len(env["SECRET_KEY"]) < 16:
            raise WrongSetting("SECRET_KEY", "…", "at least 16 characters; make one by: openssl rand -hex 32")
        return env["SECRET_KEY"]
    if not embedded:
        raise WrongSetting(
            "SECRET_KEY",
            "",
            "at least 16 characters, the same for every replica, once DATABASE_URL or REDIS_URL is set",
        )
    return kept_secret(data_dir / "secret-key")


def kept_secret(path: Path) -> str:
    """Made once, by whichever replica is first; linked into place whole, so that no other reads half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text()


def _password_hash(value: str) -> str:
    try:
        generate_password_hash("", value)
    except ValueError:
        accepted = "a method of werkzeug's, such as scrypt, scrypt:65536:8:1 or pbkdf2:sha256:600000"
        raise WrongSetting("PASSWORD_HASH", value, accepted) from None
    return value


def _bots(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.replace(",", " ").split())
    alone = {"all", "none"} & set(names)
    if not all(name.isidentifier() for name in names) or (alone and len(names) > 1):
        raise WrongSetting("BOTS", value, "all, none, or names of bots with commas between")
    return () if names == ("none",) else names


def _public_url(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return _origin(value)
    except ValueError:
        raise WrongSetting(
            "PUBLIC_URL", value.split("@")[-1], "an origin such as https://chat.example.org"
        ) from None


def _oidc(env: Mapping[str, str]) -> dict[str, Any]:
    """OpenID Connect, or none. Plain http is for a provider on this machine only: its word would be anybody's."""
    issuer, client_id = env.get("OIDC_ISSUER"), env.get("OIDC_CLIENT_ID")
    secret, name = env.get("OIDC_CLIENT_SECRET"), env.get("OIDC_NAME")
    if issuer is None:
        return {"oidc_issuer": None, "oidc_client_id": None, "oidc_client_secret": None, "oidc_name": ""}
    parts = urlsplit(issuer)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise WrongSetting("OIDC_ISSUER", issuer, "the provider's address, such as https://login.example.org")
    if client_id is None:
        raise WrongSetting("OIDC_CLIENT_ID", "", "the name that the provider gave to this chat")
    return {
        "oidc_issuer": issuer,  # to the letter: it must be what the provider calls itself
        "oidc_client_id": client_id,
        "oidc_client_secret": secret,
        "oidc_name": name or parts.hostname,
    }


def _origin(value: str) -> str:
    """As browsers write it: in lower case, without the port that everybody expects."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    expected = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if parts.port in (None, expected) else f":{parts.port}")
