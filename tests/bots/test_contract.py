"""What every bot keeps to, and that nobody has to list them anywhere."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bots
from bots import catalogue, rehearsal
from bots.catalogue import BrokenBot
from tests.servers import ROOT

NAMES = ["help", "vision", "fragile"]


def test_the_bots_are_the_files_that_hold_one() -> None:
    assert list(catalogue.entries()) == ["concierge", "help", "vision"]


def test_a_folder_of_bots_path_adds_to_them(journal: Path) -> None:
    assert list(catalogue.entries()) == ["concierge", "fragile", "help", "vision"]


@pytest.mark.parametrize("name", NAMES)
def test_it_describes_itself(name: str, journal: Path) -> None:
    entry = catalogue.entries()[name]
    assert re.fullmatch(r"[A-Z].{10,100}\.", entry.description)
    assert entry.commands
    assert all(what for _command, what in entry.commands)
    assert len(rehearsal.read_dialogue(entry)) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_its_examples_are_true(
    name: str,
    journal: Path,
    models_dir: Path,
    photo: Callable[[str], bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATA_DIR", str(models_dir.parent))
    for line, expected, given in rehearsal.play(catalogue.entries()[name], photo):
        assert rehearsal.matches(expected, given), f"{line!r}\nexpected {expected!r}\ngiven    {given!r}"


@pytest.mark.parametrize("name", NAMES)
def test_it_leaves_alone_what_is_not_for_it(name: str, journal: Path) -> None:
    stage = rehearsal.Stage()
    bot = catalogue.entries()[name].bot(stage)
    for text in ("", "hello", f"{name}", f"me@{name}.example", f"@{name}-two", f"see /{name}", f"`@{name}`"):
        assert not bot.wants(stage.say("ann", text)), text


def test_it_answers_to_its_name_in_any_case_and_to_a_slash_at_the_beginning() -> None:
    stage = rehearsal.Stage()
    bot = catalogue.entries()["help"].bot(stage)
    said = {"@help": "", "hey @Help, vision": "vision", "/help vision": "vision", "@help: a\nb": "a\nb"}
    assert {text: bot.request(stage.say("ann", text)) for text in said} == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('"""Nothing."""\nfrom bots.contract import Bot\nclass A(Bot): ...\n', "a part named Commands"),
        ("import nothing_of_that_name\n", "cannot be imported"),
        ('"""x"""\nfrom bots.contract import Bot\nclass A(Bot): ...\nclass B(Bot): ...\n', "holds 2 bots"),
    ],
)
def test_a_broken_file_is_named_and_harms_no_other(
    text: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = f"broken_{abs(hash(text))}"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(bots, "__path__", [*bots.__path__, str(tmp_path)])
    with pytest.raises(BrokenBot, match=why):
        catalogue.read(name)
    assert "help" in catalogue.entries()
    assert name in caplog.text


def test_an_example_that_is_no_dialogue_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "bots" / "help.py").read_text().replace("ann: /help\n", "Ann asks for help\n")
    (tmp_path / "helper.py").write_text(text)
    monkeypatch.setattr(bots, "__path__", [*bots.__path__, str(tmp_path)])
    entry = catalogue.read("helper")
    assert entry
    with pytest.raises(ValueError, match="Ann asks for help"):
        rehearsal.read_dialogue(entry)


def test_silence_and_an_answer_are_not_the_same() -> None:
    assert rehearsal.matches("a...c", "abc")
    assert rehearsal.matches(None, None)
    assert not rehearsal.matches("a...c", "ab")
    assert not rehearsal.matches("...", None)
    assert not rehearsal.matches(None, "")


def test_the_bot_that_the_docs_write_works_as_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "bots.md").read_text()
    file, session = re.findall(r"^```(?:python|console)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[:2]
    (tmp_path / "dice.py").write_text(file)
    monkeypatch.setattr(bots, "__path__", [*bots.__path__, str(tmp_path)])
    entry = catalogue.read("dice")
    assert entry
    assert all(rehearsal.matches(wanted, given) for _line, wanted, given in rehearsal.play(entry, bytes))
    command, expected = session.removeprefix("$ ").split("\n", 1)
    done = command_line(*command.split()[3:], BOTS_PATH=str(tmp_path))
    assert rehearsal.matches(expected, done.stdout), done


# The command


def command_line(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`python -m bots …`, with nothing of the chat: no Redis, no database."""
    python = {"PATH": "/usr/bin:/bin", **environment}
    return subprocess.run(
        [sys.executable, "-m", "bots", *arguments],
        cwd=ROOT,
        env=python,
        capture_output=True,
        text=True,
        check=False,
    )


def test_list_shows_bots_and_commands() -> None:
    done = command_line("--list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "vision: Says what is in a picture." in done.stdout
    assert "/help NAME  explains one of them" in done.stdout


def test_try_shows_a_picture_to_a_bot(models_dir: Path, cat: bytes, tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(cat)
    done = command_line("vision", "--try", f"{tmp_path}/cat.png", "@vision", DATA_DIR=str(models_dir.parent))
    first, labels, again = (
        done.stdout.splitlines()[0],
        done.stdout.splitlines()[1:6],
        done.stdout.splitlines()[6],
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "**Egyptian cat**" in first
    assert labels[0].endswith("%  Egyptian cat")
    assert again == first


def test_try_says_a_text_to_a_bot() -> None:
    done = command_line("help", "--try", "@help", "nonsense.jpg")
    assert done.stdout.startswith("Here is who can help:")
    assert "(help has no answer to 'nonsense.jpg', which is a text and no file.)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["visoin"], "There is no bot 'visoin'. There are: concierge, help, vision.\n"),
        (["--try", "x"], "--try wants one bot, as in `python -m bots concierge --try hello`.\n"),
    ],
)
def test_a_wrong_name_is_one_line_and_status_2(arguments: list[str], line: str) -> None:
    done = command_line(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)


def test_try_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    done = command_line("vision", "--try", "x", IMAGE_MODEL="nothing")
    assert done.returncode == 1
    assert done.stderr.startswith("vision failed: no model 'nothing'")
    assert len(done.stderr.splitlines()) == 1


def test_without_redis_it_ends_with_one_line(tmp_path: Path) -> None:
    done = command_line("help", DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "REDIS_URL" in done.stderr
    assert str(tmp_path) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    shutil.rmtree(tmp_path)
