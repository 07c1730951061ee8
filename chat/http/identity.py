"""Sign-in by a provider of OpenID Connect: there, and back with its word. Authlib sees to state, nonce, PKCE and keys.

What is asked of the provider goes through `requests`, which waits without stopping others.
"""

import logging
from typing import TYPE_CHECKING, Any

import flask
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from requests import RequestException

from chat import identities, rooms
from chat.errors import not_found
from chat.http import guard

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from chat.backend import Backend

PATIENCE = 5  # seconds that the provider has for an answer

logger = logging.getLogger(__name__)


class _Session(OAuth2Session):
    """Asks what the settings and the provider's own metadata name, and follows nobody elsewhere."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.max_redirects = 0


class _Provider(FlaskOAuth2App):
    client_cls = _Session


def doors(app: flask.Flask, backend: "Backend") -> flask.Blueprint:
    site = flask.Blueprint("identity", __name__, url_prefix="/api/oidc")
    config = backend.config
    provider: Any = config.oidc_issuer and OAuth(app).register(
        "provider",
        client_cls=_Provider,
        client_id=config.oidc_client_id,
        client_secret=config.oidc_client_secret,
        server_metadata_url=f"{config.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )

    @site.get("")
    @guard.open_to_all
    def go() -> "Response":
        if not provider:
            raise not_found("provider", "OIDC_ISSUER")
        origin = config.public_url or flask.request.host_url.rstrip("/")
        try:
            if provider.load_server_metadata()["issuer"] != config.oidc_issuer:
                raise ValueError("the provider calls itself otherwise than OIDC_ISSUER")
            answer: Response = provider.authorize_redirect(f"{origin}/api/oidc/callback")
        except (RequestException, AuthlibBaseError, ValueError, KeyError) as error:
            return refused(error)
        return answer

    @site.get("/callback")
    @guard.open_to_all
    def come_back() -> "Response":
        if not provider:
            raise not_found("provider", "OIDC_ISSUER")
        try:
            claims = provider.authorize_access_token(
                claims_options={"iss": {"values": [config.oidc_issuer]}}
            )["userinfo"]
        except (RequestException, AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            return refused(error)
        person, entered = backend.db.write(identities.person_of, claims)
        if entered:
            rooms.tell_changed(backend, entered)
        guard.sign_in(backend, person)
        return flask.redirect("/")

    def refused(error: Exception) -> "Response":
        """The page says that it did not work; why stands in the journal, without what was sent."""
        logger.warning("Sign-in by the provider failed: %s", type(error).__name__)
        return flask.redirect("/#/sign-in/failed")

    return site
