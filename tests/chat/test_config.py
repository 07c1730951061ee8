"""Settings: what is assumed where nothing is said, and that a wrong one ends the program with one line and no secret."""

import os
import stat

import pytest

from chat.config import Config, kept_secret

KEY = "a secret key that is long enough"


@pytest.fixture
def read(tmp_path):
    """Reads settings, in a folder of the test's own; trying scrypt each time would take long."""
    ours = {"DATA_DIR": str(tmp_path / "data"), "PASSWORD_HASH": "pbkdf2:sha256:1"}
    return lambda **settings: Config.from_environment({**ours, **settings})


def refusal(read, **settings) -> str:
    with pytest.raises(SystemExit) as ended:
        read(**settings)
    line = str(ended.value)
    assert "\n" not in line
    return line


def test_nothing_but_its_folder_needs_to_be_set(tmp_path):
    folder = tmp_path / "data"
    config = Config.from_environment({"DATA_DIR": str(folder)})
    assert (config.host, config.port, config.is_loopback) == ("127.0.0.1", 5000, True)
    assert config.data_dir == folder
    assert config.database_url == f"sqlite:///{folder}/roomful.db"
    assert (config.embedded, config.redis_url, config.images_url) == (True, None, f"{folder}/images")
    assert (config.image_model, config.bots) == ("efficientnet-lite2", ("all",))
    assert (config.public_url, config.trusted_proxies, config.metrics_token) == (None, 0, None)
    assert (config.limits, config.password_hash) == (True, "scrypt")


def test_its_folder_is_data_where_it_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Config.from_environment({}).data_dir == tmp_path / "data"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert Config.from_environment({"DATA_DIR": "~/chat"}).data_dir == tmp_path / "home" / "chat"


def test_a_blank_setting_is_none(read):
    assert read(PORT=" ", REDIS_URL="", PUBLIC_URL="", METRICS_TOKEN=" ") == read()
    assert read(PORT=" 80 ").port == 80


def test_a_deployment_runs_no_bots_of_its_own_unless_asked(read):
    shared = {"REDIS_URL": "redis://cache", "SECRET_KEY": KEY}
    assert (read(**shared).bots, read(**shared).embedded) == ((), False)
    assert read(**shared, BOTS="vision, help").bots == ("vision", "help")
    assert (read(BOTS="none").bots, read(BOTS="vision").bots) == ((), ("vision",))


def test_who_reaches_the_chat(read):
    for host in ("localhost", "127.0.0.1", "127.1.2.3", "::1"):
        assert read(HOST=host).is_loopback
    for host in ("0.0.0.0", "::", "192.168.1.127", "127.example.org", "localhost.example.org"):
        assert not read(HOST=host).is_loopback, host


@pytest.mark.parametrize(
    "given, taken",
    [
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://Chat.Example.org/", "https://chat.example.org"),
        ("https://chat.example.org:443", "https://chat.example.org"),
        ("http://chat.example.org:80", "http://chat.example.org"),
        ("http://chat.example.org:443", "http://chat.example.org:443"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_the_public_origin_is_as_browsers_write_it(read, given, taken):
    assert read(PUBLIC_URL=given).public_url == taken


def test_addresses_that_are_taken_as_they_are(read):
    for url in ("redis://cache", "rediss://:pw@cache:6380/2", "unix:///run/redis.sock?db=1"):
        assert read(REDIS_URL=url, SECRET_KEY=KEY).redis_url == url
    for url in ("sqlite:////srv/chat.db", "postgresql://u:p@db:5433/chat?sslmode=require"):
        assert read(DATABASE_URL=url, SECRET_KEY=KEY).database_url == url
    for url in ("s3://bucket", "s3://bucket/a/prefix", "/srv/pictures"):
        assert read(IMAGES_URL=url).images_url == url


def test_what_hosting_companies_call_postgres(read):
    config = read(DATABASE_URL="postgres://u:p@db/chat", SECRET_KEY=KEY)
    assert config.database_url == "postgresql://u:p@db/chat"


@pytest.mark.parametrize(
    "name, value",
    [
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "80.0"),
        ("PORT", "٣"),
        ("PORT", "9" * 5000),
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "yes"),
        ("SESSION_DAYS", "0"),
        ("SESSION_IDLE_DAYS", "401"),
        ("LIMITS", "no"),
        ("WIRE", "copper"),
        ("BOTS", "no-bot!"),
        ("BOTS", "vision;help"),
        ("BOTS", "none,vision"),
        ("BOTS", "all help"),
        ("DATABASE_URL", "mysql://db/chat"),
        ("DATABASE_URL", "chat.db"),
        ("DATABASE_URL", "postgresql://db"),
        ("DATABASE_URL", "postgresql://db:port/chat"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite+aiosqlite:///chat.db"),
        ("REDIS_URL", "http://cache"),
        ("REDIS_URL", "cache:6379"),
        ("REDIS_URL", "redis://cache:port"),
        ("REDIS_URL", "redis://[::1"),
        ("IMAGES_URL", "ftp://pictures"),
        ("IMAGES_URL", "s3://"),
        ("IMAGES_URL", "s3:///prefix"),
        ("PUBLIC_URL", "chat.example.org"),
        ("PUBLIC_URL", "ftp://chat.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://chat.example.org/room"),
        ("PUBLIC_URL", "https://chat.example.org?room"),
        ("PUBLIC_URL", "https://chat.example.org#room"),
        ("PUBLIC_URL", "https://chat.example.org:99999"),
        ("PUBLIC_URL", "https://[::1"),
        ("PASSWORD_HASH", "md5"),
        ("PASSWORD_HASH", "scrypt:3:8:1"),
        ("DATA_DIR", "/dev/null/data"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_received_and_what_is_accepted(read, name, value):
    line = refusal(read, **{"SECRET_KEY": KEY, name: value})
    assert line.startswith(f"{name}={value!r} is not accepted: ")
    assert len(line) > len(f"{name}={value!r} is not accepted: ") + 5


def test_a_database_in_memory_would_be_another_for_each_thread(read):
    assert refusal(read, DATABASE_URL="sqlite:///:memory:", SECRET_KEY=KEY).startswith(
        "DATABASE_URL='sqlite:"
    )


@pytest.mark.parametrize(
    "name, value",
    [
        ("DATABASE_URL", "mysql://ann:hunter2@db/chat"),
        ("DATABASE_URL", "postgresql://ann:hunter2@db"),
        ("DATABASE_URL", "mysql://db/chat?password=hunter2"),
        ("DATABASE_URL", "postgresql://ann:hunter2@db:port/chat"),
        ("REDIS_URL", "http://:hunter2@cache"),
        ("REDIS_URL", "redis://:hunter2@cache:port"),
        ("REDIS_URL", ":hunter2@cache"),
        ("PUBLIC_URL", "https://ann:hunter2@chat.example.org"),
        ("SECRET_KEY", "hunter2"),
    ],
)
def test_no_secret_is_shown_when_a_setting_is_refused(read, name, value):
    line = refusal(read, **{"SECRET_KEY": KEY, name: value})
    assert line.startswith(f"{name}=") and "hunter2" not in line


def test_no_secret_is_shown_when_the_settings_are(read):
    config = read(
        DATABASE_URL="postgresql://ann:hunter2@db/chat",
        REDIS_URL="redis://:hunter2@cache",
        METRICS_TOKEN="hunter2",
        SECRET_KEY="hunter2" * 3,
    )
    assert "hunter2" not in repr(config) and "efficientnet" in repr(config)


@pytest.mark.parametrize(
    "shared", [{"DATABASE_URL": "sqlite:////srv/chat.db"}, {"REDIS_URL": "redis://cache"}]
)
def test_whatever_is_shared_wants_a_secret_key_that_is(read, shared, tmp_path):
    line = refusal(read, **shared)
    assert line.startswith(
        "SECRET_KEY='' is not accepted: at least 16 characters, the same for every replica"
    )
    assert not (tmp_path / "data" / "secret-key").exists()
    assert read(**shared, SECRET_KEY=KEY).secret_key == KEY


def test_a_secret_key_has_sixteen_characters_at_least(read):
    assert "at least 16" in refusal(read, SECRET_KEY="x" * 15)
    assert read(SECRET_KEY="x" * 16).secret_key == "x" * 16


def test_the_secret_key_is_made_once_and_kept_from_others(read, tmp_path):
    previous = os.umask(0o000)  # an account that shares by habit
    try:
        keys = {read().secret_key for _ in range(3)}
    finally:
        os.umask(previous)
    file = tmp_path / "data" / "secret-key"
    assert keys == {file.read_text()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(file.read_text()) >= 32
    assert list(file.parent.iterdir()) == [file]
    assert read(DATA_DIR=str(tmp_path / "other")).secret_key not in keys


def test_replicas_that_start_together_agree_on_the_secret(tmp_path):
    """Each in a process of its own, as replicas are; here forked in the same moment."""
    path, results = tmp_path / "secret-key", tmp_path / "results"
    results.mkdir()
    start, children = os.pipe(), []
    for number in range(8):
        child = os.fork()
        if child == 0:
            try:
                os.close(start[1])
                os.read(start[0], 1)  # until the other end is closed
                (results / str(number)).write_text(kept_secret(path))
            finally:
                os._exit(0)
        children.append(child)
    os.close(start[1])
    for child in children:
        os.waitpid(child, 0)
    os.close(start[0])
    secrets = [file.read_text() for file in results.iterdir()]
    assert len(secrets) == 8 and set(secrets) == {path.read_text()} and len(secrets[0]) == 64


def test_a_secret_that_is_lost_is_made_anew(read, tmp_path):
    first = read().secret_key
    (tmp_path / "data" / "secret-key").unlink()
    assert read().secret_key != first
