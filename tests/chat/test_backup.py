"""A backup that is made while people talk, restored elsewhere: the same rooms, logs and pictures, under new names."""

import io
import os
import subprocess
import sys
import tarfile
import threading

import pytest
import sqlalchemy as sa

from chat import backup, deletions, entrance, images, messages, migrate, rooms, search, users
from chat import schema as tables
from chat.backend import Backend
from chat.config import Config
from chat.errors import Refused
from tests.conftest import CHEAP, open_backend, settings
from tests.people import new_id, picture
from tests.servers import ROOT


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path, postgres, migrated, redis_server):
    """An empty installation."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    name = f"elsewhere_{new_id()[:8]}"
    url = f"sqlite:///{folder}/roomful.db" if request.param == "sqlite" else postgres.create(name, migrated)
    opened = open_backend(url, redis_server.url, folder)
    opened.db.write(rooms.ensure_first)
    yield opened
    opened.close()


def show(backend: Backend, author, room: int, colour: str) -> dict:
    pinned = images.keep(backend, io.BytesIO(picture(colour)))
    return messages.post(backend, author, room, "", new_id(), picture=pinned)[0]


def everything(backend: Backend) -> dict[str, list]:
    """Every row that a backup keeps, but the names of the logs."""
    found = {}
    for table in backup.TABLES:
        columns = [column for column in table.columns if (table.name, column.name) != ("rooms", "log")]
        select = sa.select(*columns).order_by(*table.primary_key.columns)
        found[table.name] = [
            tuple(row) for row in backend.db.read(lambda conn, s=select: conn.execute(s).all())
        ]
    return found


def logs(backend: Backend) -> dict[int, str]:
    select = sa.select(tables.rooms.c.id, tables.rooms.c.log)
    return dict(tuple(row) for row in backend.db.read(lambda conn: conn.execute(select).all()))


def test_what_was_backed_up_amid_talk_is_restored_whole_on_either_database(backend, elsewhere, person, room):
    ann, bob = person("ann"), person("bob")
    lounge = room(ann, bob)
    room(ann, private=True)
    kept = show(backend, ann, lounge, "teal")
    gone = show(backend, bob, lounge, "red")
    said = messages.post(backend, ann, lounge, "Grüße, 世界 \x7f 👋", new_id())[0]
    messages.react(backend, bob, int(said["id"]), "👍", True)
    backend.db.write(
        lambda conn: conn.execute(
            tables.looks.insert().values(message_id=int(kept["id"]), model="m", features=bytes(range(256)))
        )
    )
    over, talked = threading.Event(), []

    def talk():
        while not over.is_set():
            talked.append(messages.post(backend, bob, lounge, "more", new_id())[0]["seq"])

    talking = threading.Thread(target=talk)

    class Slow(io.BytesIO):
        """Between the rows and the pictures somebody deletes one."""

        def write(self, data):
            if not talking.ident:
                talking.start()
            return super().write(data)

    before = len(everything(backend)["messages"])
    file = Slow()
    opened = backend.store.open
    backend.store.open = lambda name: (deletions.delete(backend, bob, int(gone["id"])), opened(name))[1]
    try:
        contents = backup.make(backend.db, backend.store, file)
    finally:
        over.set()
        talking.join()
        backend.store.open = opened
    assert contents.rows["messages"] >= before
    assert (contents.pictures, len(contents.deleted), contents.lost) == (1, 1, [])
    messages.post(backend, ann, lounge, "after the backup", new_id())

    file.seek(0)
    assert backup.restore(elsewhere.db, elsewhere.store, file) == contents
    ours, theirs = everything(backend), everything(elsewhere)
    for name, rows in theirs.items():
        if name not in ("messages", "images", "rooms", "events", "reactions", "looks"):
            assert rows == ours[name], name
    log = [row for row in theirs["events"] if row[0] == lounge]
    assert [row[1] for row in log] == list(range(1, len(log) + 1))  # one moment: no hole, nothing half
    assert log == [row for row in ours["events"] if row[0] == lounge][: len(log)]
    last = elsewhere.db.read(lambda conn: rooms.for_user(conn, ann, lounge)).last_seq
    assert last == len(log)
    again = messages.load(elsewhere, [int(said["id"]), int(kept["id"]), int(gone["id"])])
    assert again[0] == messages.load(backend, [int(said["id"])])[0]
    assert (again[1]["image"], again[2]["image"], again[2]["text"]) == (kept["image"], None, None)
    assert again[2]["deleted_at"]
    for thumbnail in (False, True):
        files = []
        for one in (backend, elsewhere):
            image = one.db.read(images.of_message, int(kept["id"]))
            _type, chunks, _size = images.open_file(one, image, thumbnail)
            files.append(b"".join(chunks))
        assert files[0] == files[1] and len(files[0]) > 100
    assert logs(elsewhere).keys() == logs(backend).keys()
    assert not set(logs(elsewhere).values()) & set(logs(backend).values())
    newer = messages.post(elsewhere, ann, lounge, "a new beginning", new_id())[0]
    assert int(newer["id"]) > backup.SKIP and newer["seq"] == last + 1
    while elsewhere.db.write(search.index):
        pass
    found = sa.select(tables.search.c.message_id).where(tables.search.c.body.contains("grüsse, 世界"))
    assert elsewhere.db.read(lambda conn: conn.execute(found).scalars().all()) == [int(said["id"])]


def test_only_a_whole_backup_is_restored_and_only_where_nobody_is(backend, person, room, tmp_path, elsewhere):
    ann = person("ann")
    messages.post(backend, ann, room(ann), "hello", new_id())
    file = io.BytesIO()
    backup.make(backend.db, backend.store, file)
    whole = file.getvalue()
    empty = everything(elsewhere)
    for broken in (b"", b"no backup", whole[: len(whole) // 2], whole[:-20], without_end(whole)):
        with pytest.raises(Refused, match="no whole backup"):
            backup.restore(elsewhere.db, elsewhere.store, io.BytesIO(broken))
        assert everything(elsewhere) == empty
    with pytest.raises(Refused, match="Restore it with the version that made it"):
        backup.restore(elsewhere.db, elsewhere.store, io.BytesIO(of_another_schema(whole)))
    with pytest.raises(Refused, match="an empty installation"):
        backup.restore(backend.db, backend.store, io.BytesIO(whole))
    assert everything(elsewhere) == empty
    users.ensure_bot(elsewhere, "help", "a bot that came before")
    backup.restore(elsewhere.db, elsewhere.store, io.BytesIO(whole))
    assert everything(elsewhere) == everything(backend)


def rewritten(whole: bytes, change) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(whole)) as source, tarfile.open(fileobj=target, mode="w:gz") as tar:
        for member in source:
            data = change(member.name, source.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return target.getvalue()


def without_end(whole: bytes) -> bytes:
    return rewritten(whole, lambda name, data: None if name == "end.json" else data)


def of_another_schema(whole: bytes) -> bytes:
    def change(name, data):
        return data.replace(b'"schema":"0', b'"schema":"9') if name == "roomful.json" else data

    return rewritten(whole, change)


def test_the_commands(tmp_path):
    folders = [tmp_path / "here", tmp_path / "there"]
    environments = [
        {**os.environ, **settings(f"sqlite:///{folder}/roomful.db", "redis://127.0.0.1:1", folder)}
        for folder in folders
    ]

    def run(environment, *arguments, given=b""):
        command = [sys.executable, "-m", "chat", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, input=given, capture_output=True, timeout=60, check=False
        )

    assert run(environments[0], "create-user", "ann", given=b"a long enough password").returncode == 0
    file = tmp_path / "backup"
    made = run(environments[0], "backup", str(file))
    assert (made.returncode, made.stdout) == (0, b"")
    assert made.stderr == b"1 accounts, 0 rooms, 0 messages, 0 pictures.\n"
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    piped = run(environments[0], "backup", "-")
    restored = run(environments[1], "restore", "-", given=piped.stdout)
    assert (restored.returncode, restored.stderr) == (0, made.stderr)
    again = run(environments[1], "restore", str(file))
    assert again.returncode == 1 and b"empty installation" in again.stderr
    here = Backend.open(Config.from_environment({**environments[1], "PASSWORD_HASH": CHEAP}))
    assert not here.db.read(migrate.missing)
    assert entrance.sign_in(here, "ann", "a long enough password", "10.0.0.1").username == "ann"
    here.close()
