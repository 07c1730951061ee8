"""A link lets into a private room: one at a time, for a week, and while who made it is a member."""

import pytest

from chat import membership, room_links, rooms
from chat.errors import Refused
from chat.schema import room_links as rows


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code


def test_a_link_lets_people_in_until_it_ends(backend, person, room):
    ann, bob, cy = (person(name) for name in ("ann", "bob", "cy"))
    secret = room(ann, private=True)
    write = backend.db.write
    first, _ = write(room_links.make, ann, secret)
    assert write(room_links.follow, bob, first) == secret == write(room_links.follow, bob, first)
    assert backend.db.read(rooms.for_user, bob, secret).member
    second, _ = write(room_links.make, bob, secret)
    for gone in (first, "nonsense", ""):
        assert refusal(write, room_links.follow, cy, gone) == "not_found"
    write(membership.leave, bob, secret)
    assert refusal(write, room_links.follow, cy, second) == "not_found", "who made it has left"
    third, until = write(room_links.make, ann, secret)
    write(lambda conn: conn.execute(rows.update().values(expires_at=until - room_links.VALID)))
    assert refusal(write, room_links.follow, cy, third) == "not_found"
    third, _ = write(room_links.make, ann, secret)
    write(room_links.follow, bob, third)
    write(membership.remove, ann, secret, bob.id)
    assert refusal(write, room_links.follow, bob, third) == "not_found", "who was removed may know it"
    fourth, _ = write(room_links.make, ann, secret)
    write(room_links.end, ann, secret)
    assert refusal(write, room_links.follow, cy, fourth) == "not_found"


def test_links_are_for_private_rooms_and_made_by_members(backend, person, room):
    ann, bob = person("ann"), person("bob")
    for where, who, code in (
        (room(ann), ann, "forbidden"),
        (room(ann), bob, "not_a_member"),
        (room(ann, private=True), bob, "not_found"),
    ):
        assert refusal(backend.db.write, room_links.make, who, where) == code
        assert refusal(backend.db.write, room_links.end, who, where) == code
