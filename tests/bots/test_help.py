"""What the help bot says."""

from pathlib import Path

import pytest

from bots import catalogue, rehearsal


@pytest.fixture
def ask(journal: Path):
    stage = rehearsal.Stage()
    bot = catalogue.entries()["help"].bot(stage)
    bot.warm_up()
    return lambda text: rehearsal.ask(bot, stage.say("ann", text)).text


def test_it_lists_every_bot_with_its_commands(ask) -> None:
    intro, _concierge, fragile, helper, vision = ask("/help").split("\n\n")
    assert intro == "Here is who can help:"
    assert fragile == (
        "**fragile**: Does to itself what one asks of it, so that the worker can be seen to survive.\n"
        "- `@fragile WORD`: die, fail, sleep, count, away, shout, or anything else to hear it again"
    )
    assert helper == (
        "**help**: Lists the bots and what they can do.\n"
        "- `/help`: lists the bots and their commands\n- `/help NAME`: explains one of them"
    )
    assert vision.startswith(
        "**vision**: Says what is in a picture.\n"
        "- a picture: says what is in it\n- `@vision`: as a reply to a picture: looks at it again\n"
    )
    assert "\n- `@vision rollback`: " in vision


@pytest.mark.parametrize("text", ["/help vision", "/help Vision", "/help @vision", "@help vision?"])
def test_it_explains_one(ask, text: str) -> None:
    assert ask(text).startswith("**vision**: ")


@pytest.mark.parametrize("text", ["can @help please explain", "@help", "@help!"])
def test_what_is_talk_gets_the_list(ask, text: str) -> None:
    assert ask(text).startswith("Here is who can help:")


def test_an_unknown_name_is_said(ask) -> None:
    assert (
        ask("/help visoin") == "There is no bot called `visoin`. There are: concierge, fragile, help, vision."
    )
