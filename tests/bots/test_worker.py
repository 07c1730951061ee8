"""One answer to a message, on either database: whatever is lost, delivered twice, failing or away."""

import io
import threading
import time
from dataclasses import replace

import psycopg2
import pytest
import redis
from PIL import Image

from chat import deletions, membership, messages, rooms, users
from ml import data
from ml.pictures import Preprocessing
from tests.bots.conftest import Room
from tests.conftest import open_backend
from tests.servers import RedisServer, wait_until

pytestmark = pytest.mark.usefixtures("fast", "journal")

# Where the database has no part in what is tested.
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def calls(journal) -> list[list[int]]:
    return [[int(id_) for id_ in line.split()] for line in journal.read_text().splitlines()]


def nothing_waits(backend, bot: str = "fragile") -> None:
    wait_until(lambda: backend.bus.todo_length(f"bot:{bot}") == 0, what="an empty list")


def test_a_picture_gets_one_answer_with_labels(backend, lounge, hire, cat, models_dir) -> None:
    (backend.config.data_dir / "models").symlink_to(models_dir)
    shown = lounge.show(cat, "who is this?")
    hire("vision")
    answer = lounge.wait_for_answer(shown)
    assert answer["author"]["username"] == "vision"
    assert answer["author"]["bot"]
    assert answer["reply_to"] == str(shown)
    assert answer["labels"][0]["label"] == "Egyptian cat"
    assert len(answer["labels"]) == 5
    again = lounge.wait_for_answer(lounge.say("@vision", reply_to=int(answer["id"])))
    assert again["labels"] == answer["labels"]
    why = lounge.wait_for_answer(lounge.say("@vision why", reply_to=int(answer["id"])))
    assert (why["image"]["width"], why["image"]["height"]) == (480, 480)
    deletions.delete(backend, lounge.ann, shown)
    assert lounge.answers(int(why["reply_to"]))[0]["image"] is None


@on_sqlite
def test_a_bot_is_online_from_when_it_is_ready(backend, hire) -> None:
    assert backend.bus.bots_alive(["fragile"]) == set()
    hire("fragile")
    wait_until(lambda: backend.bus.bots_alive(["fragile"]) == {"fragile"})
    [about] = [about for name, about in backend.db.read(users.bots) if name == "fragile"]
    assert about.startswith("Does to itself")


def test_what_is_delivered_again_and_to_two_workers_is_answered_once(backend, lounge, hire, journal) -> None:
    for _ in range(2):
        hire("fragile")
    asked = [lounge.say(f"@fragile {number}") for number in range(20)]
    backend.bus.todo(asked + asked)
    for question in asked:
        lounge.wait_for_answer(question)
    nothing_waits(backend)
    assert len(lounge.answers()) == 20
    assert sorted(id_ for call in calls(journal) for id_ in call) == asked


def test_bots_never_answer_bots(backend, lounge, hire, journal) -> None:
    hire("fragile")
    helper = users.ensure_bot(backend, "helper", "")
    said, _new = messages.post(backend, helper, lounge.id, "@fragile hello", "b1")
    asked = lounge.say("@fragile hello")
    lounge.wait_for_answer(asked)
    time.sleep(0.5)  # the sweep has been there, too
    assert lounge.answers(int(said["id"])) == []
    assert calls(journal) == [[asked]]


def test_a_deleted_question_gets_no_answer(backend, lounge, hire, journal) -> None:
    deleted = lounge.say("@fragile hello")
    deletions.delete(backend, lounge.ann, deleted)
    hire("fragile")
    nothing_waits(backend)
    lounge.wait_for_answer(lounge.say("@fragile still there?"))
    assert lounge.answers(deleted) == []


@on_postgresql
def test_a_question_deleted_while_the_bot_thinks_gets_no_answer(backend, lounge, hire, journal) -> None:
    hire("fragile")
    slow = lounge.say("@fragile sleep")
    wait_until(lambda: calls(journal))
    deletions.delete(backend, lounge.ann, slow)
    wait_until(lambda: lounge.attempts("fragile")[slow] == (1, True))
    assert lounge.answers(slow) == []


@on_sqlite
def test_silence_is_an_answer_that_is_not_asked_for_again(backend, lounge, hire, journal) -> None:
    hire("fragile")
    asked = lounge.say("@fragile silence")
    wait_until(lambda: lounge.attempts("fragile") == {asked: (1, True)})
    nothing_waits(backend)
    time.sleep(0.5)
    assert calls(journal) == [[asked]]
    assert lounge.answers() == []


def test_one_that_fails_gets_an_apology_and_the_others_their_answers(backend, lounge, hire, journal) -> None:
    asked = [lounge.say(f"@fragile {word}") for word in ("a", "b", "fail", "c")]
    hire("fragile")
    texts = [lounge.wait_for_answer(question)["text"] for question in asked]
    assert texts == ["You said a.", "You said b.", "Sorry, it broke.", "You said c."]
    assert lounge.answers(asked[2])[0]["labels"] is None
    assert [call for call in calls(journal) if asked[2] in call] == [asked, [asked[2]], [asked[2]]]
    nothing_waits(backend)
    assert len(lounge.answers()) == 4


@on_sqlite
def test_a_bot_that_answers_too_few_is_held_to_its_word(backend, lounge, hire) -> None:
    hire("fragile")
    assert lounge.wait_for_answer(lounge.say("@fragile count"))["text"] == "Sorry, it broke."


@on_sqlite
def test_an_answer_that_is_too_long_is_cut(backend, lounge, hire) -> None:
    hire("fragile")
    text = lounge.wait_for_answer(lounge.say("@fragile shout"))["text"]
    assert len(text) == messages.TEXT_LIMIT
    assert text.endswith("A…")


@on_sqlite
def test_what_is_away_is_waited_for_and_nobodys_fault(backend, lounge, hire, journal) -> None:
    hire("fragile")
    asked = lounge.say("@fragile away")
    wait_until(lambda: len(calls(journal)) >= 4)
    assert lounge.answers() == []
    assert lounge.attempts("fragile")[asked][0] <= 1


def test_what_redis_forgot_the_sweep_answers(backend, lounge, hire, redis_server) -> None:
    lost = lounge.say("@fragile lost")
    wait_until(lambda: not backend.bus.waiting())
    redis_server.flush()
    hire("fragile")
    assert lounge.wait_for_answer(lost)["text"] == "You said lost."
    found = lounge.say("@fragile found")
    lounge.wait_for_answer(found)
    wait_until(lambda: not backend.bus.waiting())
    redis_server.flush()
    lounge.wait_for_answer(lounge.say("@fragile after another loss"))
    assert len(lounge.answers()) == 3


@on_postgresql
def test_a_slow_worker_is_not_robbed(backend, lounge, hire, journal, monkeypatch) -> None:
    monkeypatch.setattr("bots.ledger.HOLD", 1_500)
    workers = [hire("fragile"), hire("fragile")]
    over = threading.Event()

    def keep() -> None:
        while not over.wait(0.1):
            for worker in workers:
                worker.keep()

    threading.Thread(target=keep).start()
    slow = lounge.say("@fragile sleep")  # two seconds, where one and a half of silence counts as death
    lounge.wait_for_answer(slow)
    over.set()
    assert calls(journal) == [[slow]]


@on_sqlite
def test_a_person_of_its_name_keeps_a_bot_away_and_no_other(backend, lounge, hire, caplog) -> None:
    backend.db.write(users.create, "fragile")
    hire("fragile")
    hire("help")
    asked = lounge.say("@fragile @help")
    assert lounge.wait_for_answer(asked)["author"]["username"] == "help"
    assert "A person is called 'fragile'" in caplog.text


@on_sqlite
def test_workers_that_are_gone_are_forgotten(backend, lounge, hire, redis_server, monkeypatch) -> None:
    client = redis.Redis.from_url(redis_server.url)
    worker = hire("fragile")
    lounge.wait_for_answer(lounge.say("@fragile a"))
    nothing_waits(backend)
    client.xgroup_createconsumer("roomful:todo", "bot:fragile", "one that died")
    monkeypatch.setattr("bots.worker.SILENT", 1_500)
    time.sleep(2)
    worker.forget()
    [left] = client.xinfo_consumers("roomful:todo", "bot:fragile")
    assert left["name"] != b"one that died"
    lounge.wait_for_answer(lounge.say("@fragile b"))


def test_while_redis_is_away_answers_come_slowly(backend, tmp_path, hire, person, room, monkeypatch) -> None:
    monkeypatch.setattr("bots.consumer.EVERY_WHILE_AWAY", 0.3)
    own = RedisServer()
    apart = open_backend(backend.db.url, own.url, tmp_path)
    ann = person("ann")
    lounge = Room(apart, ann, room(ann))
    hire("fragile", apart)
    lounge.wait_for_answer(lounge.say("@fragile before"))
    own.kill()
    lounge.wait_for_answer(lounge.say("@fragile during"))
    lounge.wait_for_answer(lounge.say("@fragile still"))
    own.start()
    lounge.wait_for_answer(lounge.say("@fragile after"))
    wait_until(lambda: apart.bus.todo_length("bot:fragile") == 0)
    assert len(lounge.answers()) == 4
    own.kill()


@on_postgresql
def test_while_the_database_is_away_it_waits(backend, lounge, hire, postgres, journal) -> None:
    hire("fragile")
    lounge.wait_for_answer(lounge.say("@fragile before"))
    name = backend.db.url.rpartition("/")[2]
    asked = lounge.say("@fragile sleep")
    wait_until(lambda: len(calls(journal)) == 2)
    administer(postgres, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false', hang_up(name))
    time.sleep(3)
    administer(postgres, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert lounge.wait_for_answer(asked)["text"] == "You said sleep."


def administer(postgres, *statements: str) -> None:
    connection = psycopg2.connect(postgres.url("postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def hang_up(database: str) -> str:
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"


@on_sqlite
def test_a_network_that_was_trained_here_is_served(backend, lounge, hire) -> None:
    """Our own ResNet-v2, from its folder, by name."""
    backend.config = replace(backend.config, image_model="fashion-resnet20")
    test = data.load(data.FASHION_MNIST, Preprocessing(28, 1.0, 0.0, 1.0), part="test", limit=10)
    hire("vision")
    asked = [lounge.show(_png(square)) for square in test.squares]
    answers = [lounge.wait_for_answer(id_)["labels"] for id_ in asked]
    right = [
        labels[0]["label"] == test.names[class_] for labels, class_ in zip(answers, test.classes, strict=True)
    ]
    assert sum(right) >= 9
    assert {label["label"] for label in answers[0]} < set(data.FASHION)


def _png(square) -> bytes:
    file = io.BytesIO()
    Image.fromarray(square).save(file, "PNG")
    return file.getvalue()


def test_a_bot_introduces_itself_once_in_a_new_chats_first_room(backend, hire, person) -> None:
    def said() -> list[str]:
        page = backend.db.read(messages.page, ann, lobby, None, None, 50)
        return [message["text"] for message in page["messages"]]

    ann = person("ann")
    backend.db.write(rooms.ensure_first)
    lobby = backend.db.read(rooms.first)
    one, _other = hire("help"), hire("help")
    wait_until(said, what="the introduction")
    backend.db.write(membership.enter_first, ann)
    messages.post(backend, ann, lobby, "Hello", "c1")
    one._introduce(backend.db.read(users.bot, "help"))
    assert said()[1:] == ["Hello"] and said()[0].startswith("Hello, I am **help**")
