"""Which pages may talk to this chat with somebody's cookie: its own."""

from collections.abc import Mapping
from typing import Any

from chat.config import Config


def allows(config: Config, origin: str | None, environ: Mapping[str, Any]) -> bool:
    """Whether a request from a page of `origin` is welcome.

    Programs send no Origin; browsers always do when it matters. The chat's own origin is PUBLIC_URL, else the one
    that the request itself was sent to.
    """
    if not origin:
        return True
    own = config.public_url or f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}"
    return origin.rstrip("/").lower() == own.lower()
