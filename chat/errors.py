"""What a door may refuse, and how it says so.

Every refusal has a stable code. HTTP answers it as `application/problem+json` (RFC 9457), Socket.IO as
`{"ok": false, "error": {"code", "detail"}}`. The codes are documented in docs/protocol.md; a test compares.
"""

CODES: dict[str, tuple[int, str]] = {
    # code: (HTTP status, title)
    "bad_json": (400, "The body is not JSON"),
    "bad_request": (400, "The request cannot be understood"),
    "unauthenticated": (401, "Sign in first"),
    "bad_credentials": (401, "Unknown name or wrong password"),
    "second_factor_required": (401, "A code of the second factor is wanted"),
    "bad_code": (401, "The code is wrong or used"),
    "csrf": (403, "The X-CSRF-Token header is missing or wrong"),
    "foreign_origin": (403, "The request comes from another site"),
    "forbidden": (403, "Not allowed"),
    "wrong_password": (403, "The present password is wrong"),
    "registration_closed": (403, "Not everybody may register here"),
    "not_a_member": (403, "Only members write here"),
    "banned": (403, "A moderator has banned you"),
    "muted": (403, "A moderator has muted you"),
    "room_locked": (403, "The room is locked"),
    "not_found": (404, "There is no such thing here"),
    "no_segments": (404, "There are no segments yet"),
    "method_not_allowed": (405, "The method is not allowed here"),
    "username_taken": (409, "The name is taken"),
    "last_admin": (409, "The last admin stays"),
    "too_little_data": (409, "Too little is known for segments"),
    "already_appealed": (409, "You have appealed already"),
    "superseded": (409, "Something newer has come first"),
    "bad_link": (410, "The link is used up, too old or unknown"),
    "too_large": (413, "Too large"),
    "not_an_image": (415, "Not a picture"),
    "unsupported_media_type": (415, "The content type is not accepted here"),
    "invalid": (422, "A field is not as it must be"),
    "image_too_many_pixels": (422, "The picture has too many pixels"),
    "unwanted_word": (422, "The room does not want this word"),
    "slow_mode": (429, "The room is in slow mode"),
    "too_many_requests": (429, "Too many requests"),
    "unknown_event": (400, "There is no such event"),
    "internal": (500, "Something broke on the server"),
    "unavailable": (503, "A part of the server is away"),
    "bots_offline": (503, "No bot worker runs that could do this"),
}


class Refused(Exception):
    """A request that is answered with an error of ours.

    Parameters
    ----------
    code : a key of `CODES`.
    detail : one or two sentences for the person: what was received, what is accepted, what to do.
    retry_after : seconds after which another try makes sense, if that is known.
    reason : a stable word for which of several faults of this code it is, so that a page can say it in its language.
    """

    def __init__(self, code: str, detail: str, *, retry_after: float | None = None, reason: str = ""):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.reason = reason

    @property
    def status(self) -> int:
        return CODES[self.code][0]

    @property
    def title(self) -> str:
        return CODES[self.code][1]


def not_found(kind: str, name: object) -> Refused:
    """The one answer for what does not exist and for what the asker may not know of."""
    return Refused("not_found", f"There is no {kind} {str(name)[:80]!r}, or it is not yours to see.")
