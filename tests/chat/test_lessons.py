"""What is kept of lessons, and for whom."""

import io

import pytest

from chat import deletions, images, lessons, membership, messages, users
from chat.errors import Refused
from chat.lessons import Lesson, Lessons
from tests.people import picture

MODEL = "net 1"


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def bob(person):
    return person("bob")


@pytest.fixture
def club(room, ann, bob):
    return room(ann, bob)


@pytest.fixture
def school(backend):
    return Lessons(backend)


@pytest.fixture
def show(backend, ann):
    def show(room, number=[0]):  # noqa: B006
        number[0] += 1
        pinned = images.keep(backend, io.BytesIO(picture()))
        return int(messages.post(backend, ann, room, "", f"c{number[0]}", picture=pinned)[0]["id"])

    return show


def lesson(message, person, room, label=None, verdict="taught", said="cat", by_room=False):
    return Lesson(message, person.id, room, verdict, label, said, by_room, MODEL)


def labels(school, room):
    return [(one.message_id, one.label) for one in school.of_room(room)]


def test_a_persons_newest_word_on_a_picture_counts(school, ann, bob, club, show):
    shown = show(club)
    school.record(lesson(shown, ann, club, "ant"))
    school.record(lesson(shown, bob, club, "bee"))
    school.record(lesson(shown, ann, club, "wasp"))
    assert labels(school, club) == [(shown, "bee"), (shown, "wasp")]


def test_who_asks_hears_what_they_said_themselves_and_what_counts(
    backend, school, ann, bob, club, room, show
):
    first, second = show(club), show(club)
    school.record(lesson(first, ann, club, "ant", "wrong"))
    school.record(lesson(first, bob, club, verdict="right"))
    school.record(lesson(second, bob, club, "bee"))
    said = {
        str(first): {"verdict": "right", "label": None},
        str(second): {"verdict": "taught", "label": "bee"},
    }
    assert backend.db.read(lessons.said_by, bob, club) == said
    with pytest.raises(Refused, match="There is no room"):
        backend.db.read(lessons.said_by, bob, room(ann, private=True))


def test_lessons_stay_in_their_room(school, ann, club, room, show):
    other = room(ann)
    school.record(lesson(show(club), ann, club, "ant"))
    school.use(club, MODEL, {}, 0.9, b"weights")
    assert labels(school, other) == []
    assert school.version(other, MODEL) is None
    assert school.state(other, MODEL) == (0, 0, 0)


def test_a_version_belongs_to_its_model(school, club):
    school.use(club, MODEL, {"1": "ant", "2": None}, 0.9, b"weights")
    version = school.version(club, MODEL)
    assert (version.number, version.learnt, version.accuracy, version.weights) == (
        1,
        {"1": "ant", "2": None},
        0.9,
        b"weights",
    )
    assert school.version(club, "net 2") is None


def test_rolling_back_takes_the_version_and_the_lessons_since_the_one_before(
    school, ann, club, show, monkeypatch
):
    clock = iter(range(1000, 2000))
    monkeypatch.setattr(lessons, "now", lambda: next(clock))
    first, second = show(club), show(club)
    school.record(lesson(first, ann, club, "ant"))
    school.use(club, MODEL, {str(first): "ant"}, 0.8, b"one")
    school.record(lesson(second, ann, club, "bee"))
    school.use(club, MODEL, {str(first): "ant", str(second): "bee"}, 0.9, b"two")
    assert school.state(club, MODEL)[0::2] == (2, 2)
    asked = show(club)
    assert school.roll_back(club, MODEL, asked) == (2, 1)
    assert school.roll_back(club, MODEL, asked) == (2, 1), "the same question took back another one"
    assert labels(school, club) == [(first, "ant")]
    assert school.version(club, MODEL).weights == b"one"
    assert school.roll_back(club, MODEL, show(club)) == (1, 0)
    assert school.roll_back(club, MODEL, show(club)) is None
    assert school.use(club, MODEL, {}, 0.7, b"three") == 3, "a number came back"


def test_what_is_deleted_is_forgotten(backend, school, ann, club, show):
    shown = show(club)
    school.record(lesson(shown, ann, club, "ant"))
    school.keep_look(shown, MODEL, b"\0" * 8)
    deletions.delete(backend, ann, shown)
    assert labels(school, club) == []
    assert school.looks([shown], MODEL) == {}
    school.record(lesson(shown, ann, club, "ant"))
    school.keep_look(shown, MODEL, b"\0" * 8)
    assert labels(school, club) == [], "it came back"
    assert school.looks([shown], MODEL) == {}


def test_names_of_people_are_known(backend, school, club, ann):
    assert school.names(club) >= {ann.username.casefold(), ann.display_name.casefold()}


@pytest.fixture
def answer(backend, ann, club, show):
    """A picture of Ann's and what the bot said of it."""
    bot = users.ensure_bot(backend, "vision", "Says what is in a picture")
    shown = show(club)
    labels = [{"label": "cat", "probability": 0.9}, {"label": "dog", "probability": 0.1}]
    said = messages.answer(backend, bot, shown, "A cat.", labels)
    asked = int(messages.post(backend, ann, club, "@vision", "again", reply_to=int(said["id"]))[0]["id"])
    return shown, int(messages.answer(backend, bot, asked, "A cat.", labels)["id"])


def refused(call, *args):
    with pytest.raises(Refused) as refusal:
        call(*args)
    return refusal.value.code, refusal.value.detail


def test_a_verdict_is_about_the_picture_above_the_answer(backend, school, bob, club, answer):
    shown, said = answer
    lessons.judge(backend, bob, said, "wrong", "lynx")
    [one] = school.of_room(club)
    assert (one.message_id, one.user_id, one.verdict, one.label, one.said) == (
        shown,
        bob.id,
        "wrong",
        "lynx",
        "cat",
    )
    assert one.model == backend.config.image_model
    lessons.judge(backend, bob, said, "wrong", "埃及猫")
    assert [one.label for one in school.of_room(club)] == ["Egyptian cat"]
    lessons.judge(backend, bob, said, "right", None)
    assert [one.verdict for one in school.of_room(club)] == ["right"]


def test_what_is_no_verdict_is_refused(backend, school, ann, bob, club, person, room, answer):
    shown, said = answer
    assert "is no answer" in refused(lessons.judge, backend, ann, shown, "right", None)[1]
    assert "label: an answer that is right" in refused(lessons.judge, backend, ann, said, "right", "lynx")[1]
    assert "label: A label is" in refused(lessons.judge, backend, ann, said, "wrong", "<b>")[1]
    assert "by their looks" in refused(lessons.judge, backend, ann, said, "wrong", bob.username)[1]
    assert refused(lessons.judge, backend, person("eve"), said, "wrong", None)[0] == "not_a_member"
    deletions.delete(backend, ann, shown)
    assert refused(lessons.judge, backend, ann, said, "wrong", None)[0] == "not_found"
    assert school.of_room(club) == []


def test_moderators_are_asked_about_what_is_doubtful(backend, ann, bob, club, person, show):
    bot = users.ensure_bot(backend, "vision", "Says what is in a picture")
    moderator = person("mo", role="moderator")
    backend.db.write(membership.join, moderator, club)
    margins = {"cat": (0.1, 0.2, 0.3), "dog": (0.4, 0.05)}
    shown = {}
    for label, found in margins.items():
        for margin in found:
            shown[label, margin] = id_ = show(club)
            labels = [{"label": label, "probability": 0.5}, {"label": "bird", "probability": 0.5 - margin}]
            messages.answer(backend, bot, id_, f"A {label}.", labels)
    show(club)  # not answered yet
    asked = [int(one["picture"]["id"]) for one in backend.db.read(lessons.unsure, moderator, club)]
    in_turn = [("dog", 0.05), ("cat", 0.1), ("cat", 0.2), ("cat", 0.3), ("dog", 0.4)]
    assert asked == [shown[key] for key in in_turn]

    answers = {
        int(one["picture"]["id"]): one["answer"] for one in backend.db.read(lessons.unsure, moderator, club)
    }
    assert answers[asked[0]]["reply_to"] == str(asked[0])
    lessons.judge(backend, bob, int(answers[asked[0]]["id"]), "right", None)
    deletions.delete(backend, ann, asked[1])
    left = [int(one["picture"]["id"]) for one in backend.db.read(lessons.unsure, moderator, club)]
    assert sorted(left) == sorted(asked[2:])
    assert refused(backend.db.read, lessons.unsure, bob, club)[0] == "forbidden"
    assert (
        refused(backend.db.read, lessons.unsure, person("moe", role="moderator"), club)[0] == "not_a_member"
    )


def test_twenty_are_asked_about_at_most_and_five_of_a_kind_where_there_are_others():
    cats = [lessons.Doubt(id_, "cat", id_ / 100) for id_ in range(50)]
    dogs = [lessons.Doubt(id_, "dog", id_ / 100) for id_ in range(60, 63)]
    assert lessons.choose(cats, 20) == list(range(20))
    assert lessons.choose(cats + dogs, 20) == [0, 1, 2, 3, 4, 60, 61, 62, *range(5, 17)]
