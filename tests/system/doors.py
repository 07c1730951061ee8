"""Every door and every event, how it is knocked at, and who may: the one table that the tests of doors read.

A row: method and path, what is sent (a dict is JSON, "form" a picture), and one letter for each role of `ROLES`:

    +  it opens              u  unauthenticated      f  forbidden        n  not_a_member
    -  not_found             b  banned               m  muted            l  room_locked

The room is a public one. To a private one `OUTSIDE` has no way: each door of it answers not_found to them; where more than
that differs, the row has a second word. A path may hold `{room}`, `{message}` (a member's), `{mine}` (written by who asks),
`{picture}`, `{answer}` (a bot's, to the picture), `{user}` (a member), `{newcomer}`, and `{sanction}` and the like, fresh each
time. A name with a `#` is a second row of the same door.
"""

from typing import Any

import pytest
import socketio
import socketio.exceptions

ROLES = (
    "stranger",
    "outsider",  # has an account, and is in another room
    "member",
    "muted",  # a member; in this room
    "banned here",
    "banned",  # everywhere; a member
    "moderates elsewhere",  # another room
    "moderates here",  # a member whom the creator appointed
    "creator",
    "moderator",  # of all rooms; not in this one
    "admin",  # not in this room
    "bot",  # a member
    "read",  # a token of scope `read` of an admin who is a member
    "write",  # the same with scope `write`
)
OUTSIDE = {"outsider", "banned here", "moderates elsewhere", "moderator", "admin"}
CODES = {
    "u": "unauthenticated",
    "f": "forbidden",
    "n": "not_a_member",
    "-": "not_found",
    "b": "banned",
    "m": "muted",
    "l": "room_locked",
}

IN_A_ROOM = ("{room}", "{message}", "{mine}", "{picture}", "{answer}")
ALL = "+" * len(ROLES)

DOORS: dict[
    str, tuple[Any, ...]
] = {  # row: (method and path, what is sent, who may[, who may in a private room])
    # stranger · outsider · member · muted · banned here · banned · moderates elsewhere · moderates here · creator ·
    # moderator · admin · bot · read · write
    # Open to all
    "site.index": ("GET /", None, ALL),
    "site.service_worker": ("GET /service-worker.js", None, ALL),
    "site.stats": ("GET /stats", None, ALL),
    "site.release": ("GET /static/v-1/js/main.js", None, ALL),
    "site.static": ("GET /static/js/main.js", None, ALL),
    "operations.health": ("GET /healthz", None, ALL),
    "operations.ready": ("GET /readyz", None, ALL),
    "operations.metrics": ("GET /metrics", None, ALL),
    "accounts.door": ("GET /api/door", None, ALL),
    "accounts.register": ("POST /api/register", {"username": "{name}", "password": "not in a list"}, ALL),
    "accounts.login": ("POST /api/login", {"username": "{name}", "password": "x"}, ALL),
    "identity.go": ("GET /api/oidc", None, ALL),
    "identity.come_back": ("GET /api/oidc/callback", None, ALL),
    "links.use_reset": ("POST /api/reset", {"secret": "x", "password": "not in a list"}, ALL),
    # Of who asks; the first three also while they are banned
    "accounts.me": ("GET /api/me", None, "u+++++++++++++"),
    "accounts.logout": ("POST /api/logout", None, "u+++++++++++++"),
    "moderation.mine": ("GET /api/me/sanctions", None, "u+++++++++++++"),
    "moderation.appeal": ("POST /api/sanctions/{of_me}/appeal", {"text": "It was a joke"}, "u+++++++++++ff"),
    "moderation.appeal#": ("POST /api/sanctions/{mute}/appeal", {"text": "It was a joke"}, "u-----------ff"),
    "accounts.change_me": ("PUT /api/me", {"language": "en"}, "u++++b++++++ff"),
    "accounts.change_password": (
        "PUT /api/me/password",
        {"old": "x", "new": "not in a list"},
        "u++++b++++++ff",
    ),
    "accounts.list_sessions": ("GET /api/sessions", None, "u++++b++++++ff"),
    "accounts.end_session": ("DELETE /api/sessions/{session}", None, "u++++b++++++ff"),
    "accounts.end_session#": ("DELETE /api/sessions/{others_session}", None, "u----b------ff"),
    "accounts.end_others": ("DELETE /api/sessions", None, "u++++b++++++ff"),
    "accounts.list_sessions_of": ("GET /api/users/{user}/sessions", None, "uffffbffff+fff"),
    "accounts.end_session_of": ("DELETE /api/users/{their_session}", None, "uffffbffff+fff"),
    "accounts.end_sessions_of": ("DELETE /api/users/{user}/sessions", None, "uffffbffff+fff"),
    "accounts.list_tokens": ("GET /api/tokens", None, "u++++b++++++ff"),
    "accounts.make_token": ("POST /api/tokens", {"name": "x"}, "u++++b++++++ff"),
    "accounts.revoke_token": ("DELETE /api/tokens/{token}", None, "u++++b++++++ff"),
    "accounts.revoke_token#": ("DELETE /api/tokens/{others_token}", None, "u----b------ff"),
    "leaving.take_along": ("GET /api/me/export", None, "u++++b++++++ff"),
    "leaving.leave": ("DELETE /api/me", {"password": "x"}, "u++++b++++++ff"),
    "second_factor.show": ("GET /api/me/second-factor", None, "u++++b++++++ff"),
    "second_factor.begin": ("POST /api/me/second-factor", {"password": "x"}, "u++++b++++++ff"),
    "second_factor.switch_on": ("PUT /api/me/second-factor", {"code": "123456"}, "u++++b++++++ff"),
    "second_factor.switch_off": ("DELETE /api/me/second-factor", {"password": "x"}, "u++++b++++++ff"),
    "second_factor.renew": ("POST /api/me/second-factor/recovery-codes", {"password": "x"}, "u++++b++++++ff"),
    "links.list_invitations": ("GET /api/invitations", None, "uffffbffff+fff"),
    "links.invite": ("POST /api/invitations", {}, "uffffbffff+fff"),
    "links.revoke": ("DELETE /api/invitations/{invitation}", None, "uffffbffff+fff"),
    "links.make_reset": ("POST /api/resets", {"username": "{member_name}"}, "uffffbffff+fff"),
    # People and rooms
    "operations.bots": ("GET /api/bots", None, "u++++b++++++++"),
    "people.find": ("GET /api/users?q=a", None, "u++++b++++++++"),
    "people.open_direct": ("PUT /api/direct", {"users": ["{newcomer}"]}, "u++++b++++++ff"),
    "people.follow_link": ("POST /api/join", {"link": "{link}"}, "u++++b++++++ff"),
    "rooms.list_rooms": ("GET /api/rooms", None, "u++++b++++++++"),
    "rooms.sizes": ("GET /api/rooms/sizes", None, "u++++b++++++++"),
    "rooms.make_room": ("POST /api/rooms", {"name": "mine"}, "u++++b++++++f+"),
    "rooms.read_room": ("GET /api/rooms/{room}", None, "u+++bb++++++++"),
    "rooms.change_room": ("PATCH /api/rooms/{room}", {"topic": "changed"}, "unffbbn++nnfff"),
    "rooms.change_membership": ("PATCH /api/rooms/{room}/members/me", {"muted": True}, "un++bbn++nn+f+"),
    "rooms.list_members": ("GET /api/rooms/{room}/members", None, "u+++bb++++++++"),
    "rooms.join": ("PUT /api/rooms/{room}/members/me", None, "u+++bb++++++f+"),
    "rooms.leave": ("DELETE /api/rooms/{room}/members/me", None, "u+++bb++++++f+"),
    "rooms.add": ("PUT /api/rooms/{room}/members/{newcomer}", None, "unffbbnffnnfff", "u-++-b-++--+f+"),
    "rooms.remove": ("DELETE /api/rooms/{room}/members/{user}", None, "ufffbbf++++fff"),
    "people.make_link": ("PUT /api/rooms/{room}/link", None, "unffbbnffnnfff", "u-++-b-++--+ff"),
    "people.end_link": ("DELETE /api/rooms/{room}/link", None, "unffbbnffnnfff", "u-++-b-++--+ff"),
    # What is said
    "messages.list_messages": ("GET /api/rooms/{room}/messages", None, "u+++bb++++++++"),
    "messages.post": (
        "POST /api/rooms/{room}/messages",
        {"text": "hello", "client_id": "{name}"},
        "un+mbbn++nn+f+",
    ),
    "pictures.post": ("POST /api/rooms/{room}/images", "form", "un+mbbn++nn+f+"),
    "pictures.show": ("GET /images/{picture}", None, "u+++bb++++++++"),
    "messages.read": ("GET /api/messages/{message}", None, "u+++bb++++++++"),
    "messages.edit": ("PATCH /api/messages/{message}", {"text": "changed"}, "unfmbbnffnnfff"),
    "messages.edit#": ("PATCH /api/messages/{mine}", {"text": "changed"}, "un+mbbn++nn+f+"),
    "messages.delete": ("DELETE /api/messages/{message}", None, "ufffbbf++++fff"),
    "messages.delete#": ("DELETE /api/messages/{mine}", None, "u+++bb++++++f+"),
    "messages.history": ("GET /api/messages/{message}/versions", None, "u+++bb++++++++"),
    "messages.forget_history": ("DELETE /api/messages/{message}/versions", None, "ufffbbf++++fff"),
    "messages.forget_history#": ("DELETE /api/messages/{mine}/versions", None, "u+++bb++++++f+"),
    "messages.react": ("PUT /api/messages/{message}/reactions/👍", None, "un+mbbn++nn+f+"),
    "messages.take_back": ("DELETE /api/messages/{message}/reactions/👍", None, "un+mbbn++nn+f+"),
    "messages.judge": ("PUT /api/messages/{answer}/verdict", {"verdict": "right"}, "un++bbn++nn+f+"),
    "messages.find": ("GET /api/search?q=hello", None, "u++++b++++++++"),
    "messages.list_labels": ("GET /api/search/labels", None, "u++++b++++++++"),
    "rooms.unsure": ("GET /api/rooms/{room}/unsure", None, "unffbbnffnnfff"),
    "rooms.verdicts": ("GET /api/rooms/{room}/verdicts", None, "u+++bb++++++++"),
    # Moderation
    "moderation.report": ("POST /api/messages/{message}/report", {"reason": "spam"}, "u+++bb++++++ff"),
    "moderation.list_reports": ("GET /api/reports", None, "uffffb+++++fff"),
    "moderation.read_report": ("GET /api/reports/{report}", None, "u----b-++++---"),
    "moderation.change_report": ("PATCH /api/reports/{report}", {"agreed": True}, "u----b-++++-ff"),
    "moderation.impose": (
        "POST /api/sanctions",
        {"kind": "ban", "users": ["{user}"], "reason": "spam", "room": "{room}"},
        "ufffbbf++++fff",
    ),
    "moderation.impose#": (
        "POST /api/sanctions",
        {"kind": "ban", "users": ["{user}"], "reason": "spam"},
        "uffffbfff++fff",
    ),
    "moderation.list_sanctions": ("GET /api/sanctions?room={room}", None, "ufffbbf++++fff"),
    "moderation.list_sanctions#": ("GET /api/sanctions", None, "uffffb+++++fff"),
    "moderation.lift": ("DELETE /api/sanctions/{mute}", None, "u----b-++++-ff"),
    "moderation.decide_appeal": ("PUT /api/sanctions/{appealed}/appeal", {"upheld": True}, "u----b-f+++-ff"),
    "moderation.list_held": ("GET /api/held", None, "uffffb+++++fff"),
    "moderation.release": ("DELETE /api/messages/{message}/hold", None, "ufffbbf++++fff"),
    "moderation.pin": ("PUT /api/messages/{message}/pin", None, "ufffbbf++++fff"),
    "moderation.unpin": ("DELETE /api/messages/{message}/pin", None, "ufffbbf++++fff"),
    "moderation.list_pins": ("GET /api/rooms/{room}/pins", None, "u+++bb++++++++"),
    "moderation.appoint": ("PUT /api/rooms/{room}/moderators/{user}", None, "ufffbbff+f+fff"),
    "moderation.dismiss": ("DELETE /api/rooms/{room}/moderators/{user}", None, "ufffbbff+f+fff"),
    "moderation.list_acts": ("GET /api/audit", None, "uffffbfff++fff"),
    "moderation.list_acts#": ("GET /api/audit?room={room}", None, "ufffbbf++++fff"),
    "moderation.export_acts": ("GET /api/audit.csv", None, "uffffbfff++fff"),
    # Segments
    "segments.show": ("GET /api/segments", None, "uffffbfff++fff"),
    "segments.change": ("PUT /api/segments/1", {"name": "x"}, "uffffbfff++fff"),
    "segments.fit": ("POST /api/segments/fit", {}, "uffffbffff+fff"),
    "segments.show_run": ("GET /api/segments/runs/1", None, "uffffbfff++fff"),
    "segments.apply": ("POST /api/segments/runs/1/apply", None, "uffffbfff++fff"),
    "segments.of_room": ("GET /api/rooms/{room}/stats", None, "ufffbbfff++fff"),
    "segments.mine": ("GET /api/me/segment", None, "u++++b++++++++"),
    "segments.choose": ("PUT /api/me/segment", {"choice": "later"}, "u++++b++++++ff"),
}
OPENS = {  # doors that open to be of no use here: what they say then
    "accounts.login": ("bad_credentials",),
    "identity.go": ("not_found",),
    "identity.come_back": ("not_found",),
    "links.use_reset": ("bad_link",),
    "accounts.change_password": ("wrong_password",),
    "leaving.leave": ("wrong_password",),
    "second_factor.begin": ("wrong_password",),
    "second_factor.switch_on": ("bad_code",),
    "second_factor.switch_off": ("wrong_password",),
    "second_factor.renew": ("wrong_password",),
    "segments.show": ("no_segments",),
    "segments.change": ("not_found",),
    "segments.fit": ("bots_offline", "too_little_data"),
    "segments.show_run": ("not_found",),
    "segments.apply": ("bots_offline", "not_found"),
    "segments.mine": ("no_segments",),
}
EVENTS: dict[str, tuple[Any, ...]] = {  # event: (what is sent beside the room, who may)
    "join": ({}, "u+++bb++++++++"),
    "leave": ({}, "u++++b++++++++"),
    "send": ({"text": "hello", "client_id": "{name}"}, "un+mbbn++nn+f+"),
    "typing": ({}, "un+mbbn++nn+f+"),
    "read": ({"seq": 1}, "un++bbn++nn+f+"),
}


READER = ROLES.index("outsider")


def of_rooms() -> dict[str, tuple[str, str, Any, bool]]:
    """Doors of a room or of what is in it: method, path, what is sent, and whether a reader of a public room may."""
    found = {}
    for row, (request, body, who, *_private) in DOORS.items():
        method, path = request.split(" ")
        if "#" not in row and any(name in path for name in IN_A_ROOM) and "?" not in path:
            found[row] = (method, path, body, who[READER] == "+")
    return found


def handshake(url: str, auth: Any) -> Any:
    """Why a connection was refused."""
    why: list[Any] = []
    client = socketio.Client(reconnection=False)
    client.on("connect_error", why.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(url, auth=auth, transports=["websocket"], wait_timeout=5)
    return why[0]
