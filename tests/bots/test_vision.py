"""What the vision bot says, and of which picture."""

import doctest
import io
from pathlib import Path

import pytest
from PIL import Image

from bots import catalogue, rehearsal, vision
from bots.contract import LANG, Bot
from chat.words import read
from ml.classify import Label

ENGLISH = read("en", LANG)


@pytest.fixture(scope="module")
def bot(models_dir: Path) -> Bot:
    stage = rehearsal.Stage()
    stage.models_dir = models_dir
    bot = catalogue.entries()["vision"].bot(stage)
    bot.warm_up()
    return bot


@pytest.fixture
def stage(bot: Bot) -> rehearsal.Stage:
    bot.chat = rehearsal.Stage()
    return bot.chat


def test_five_labels_come_with_the_answer_most_probable_first(bot, stage, cat) -> None:
    answer = rehearsal.ask(bot, stage.say("ann", "", cat))
    probabilities = [label["probability"] for label in answer.labels]
    assert len(answer.labels) == 5
    assert answer.labels[0]["label"] == "Egyptian cat"
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0.4 < probabilities[0] <= 1


def test_a_picture_of_nothing_gets_a_doubt_and_its_labels(bot, stage, grey) -> None:
    answer = rehearsal.ask(bot, stage.say("ann", "", grey))
    assert answer.text.startswith("I am not sure. It might be a")
    assert len(answer.labels) == 5


def test_several_pictures_and_a_question_are_answered_in_their_order(bot, stage, cat, photo) -> None:
    asked = [
        stage.say("ann", "", cat),
        stage.say("ann", "@vision"),
        stage.say("ann", "", photo("coffee.png")),
    ]
    texts = [answer.text for answer in bot.answer(asked)]
    assert "Egyptian cat" in texts[0]
    assert texts[1] == ENGLISH("vision-usage")
    assert "espresso" in texts[2]


def test_a_reply_finds_its_picture_through_the_answers_above_it(bot, stage, cat) -> None:
    shown = stage.say("ann", "", cat)
    answer = stage.say("vision", "A cat.", reply_to=shown["id"], bot=True)
    again = stage.say("bob", "@vision sure?", reply_to=answer["id"])
    second = stage.say("vision", "A cat.", reply_to=again["id"], bot=True)
    once_more = stage.say("bob", "@vision really?", reply_to=second["id"])
    assert [answer.labels[0]["label"] for answer in bot.answer([again, once_more])] == ["Egyptian cat"] * 2


def test_why_shows_where_in_the_picture_and_belongs_to_it(bot, stage, cat) -> None:
    shown = stage.say("ann", "", cat)
    answer = stage.say("vision", "A cat.", reply_to=shown["id"], bot=True)
    why = rehearsal.ask(bot, stage.say("bob", "@vision why?", reply_to=answer["id"]))
    assert "**Egyptian cat**" in why.text
    assert why.labels is None
    assert why.picture_of == shown["id"]
    with Image.open(io.BytesIO(why.picture)) as image:
        assert image.size == (480, 480)


def test_why_of_another_label(bot, stage, cat) -> None:
    shown = stage.say("ann", "", cat)
    tabby, unknown = (
        rehearsal.ask(bot, stage.say("bob", f"@vision why {label}", reply_to=shown["id"]))
        for label in ("Tabby Cat?", "a unicorn")
    )
    assert "the **tabby cat** (" in tabby.text
    assert tabby.picture
    assert unknown.text.startswith('I have no label "a unicorn". For this picture I thought of Egyptian cat,')
    assert unknown.picture is None


def test_an_explanation_is_not_taken_for_a_picture_to_look_at(bot, stage, cat) -> None:
    shown = stage.say("ann", "", cat)
    asked = stage.say("bob", "@vision why", reply_to=shown["id"])
    why = rehearsal.ask(bot, asked)
    painted = stage.say("vision", why.text, why.picture, reply_to=asked["id"], bot=True)
    again = rehearsal.ask(bot, stage.say("bob", "@vision", reply_to=painted["id"]))
    assert again.labels[0]["label"] == "Egyptian cat"


def test_a_picture_with_why_under_it_is_simply_looked_at(bot, stage, cat) -> None:
    assert rehearsal.ask(bot, stage.say("ann", "@vision why", cat)).labels


def test_a_reply_to_words_gets_the_usage(bot, stage) -> None:
    said = stage.say("ann", "no picture")
    assert rehearsal.ask(bot, stage.say("bob", "@vision", reply_to=said["id"])).text == ENGLISH(
        "vision-usage"
    )


def test_a_picture_that_is_gone_gets_silence(bot, stage, cat) -> None:
    shown = stage.say("ann", "", cat)
    reply = stage.say("bob", "@vision", reply_to=shown["id"])
    shown.update(text=None, image=None, deleted_at="2025-01-01T00:00:00.000Z")
    assert rehearsal.ask(bot, reply) is None


def test_a_file_that_went_a_moment_ago_gets_silence(bot, stage, cat) -> None:
    shown = stage.say("ann", "", cat)
    stage._pictures.clear()
    assert bot.answer([shown]) == [None]


def test_what_is_no_picture_is_said_and_harms_no_other(bot, stage, cat) -> None:
    broken, whole = bot.answer([stage.say("ann", "", b"not a picture"), stage.say("ann", "", cat)])
    assert broken.text.startswith("I cannot look at this picture: it is not a picture")
    assert broken.labels is None
    assert whole.labels[0]["label"] == "Egyptian cat"


@pytest.mark.parametrize(
    ("mode", "size"), [("L", (40, 9)), ("CMYK", (300, 20)), ("RGBA", (1, 1)), ("P", (2, 500))]
)
def test_odd_pictures_get_an_answer(bot, stage, mode: str, size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.new(mode, size).save(file, "TIFF")
    assert len(rehearsal.ask(bot, stage.say("ann", "", file.getvalue())).labels) == 5


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ox", "an **ox**"),
        ("Egyptian cat", "an **Egyptian cat**"),
        ("hourglass", "an **hourglass**"),
        ("unicycle", "a **unicycle**"),
        ("European gallinule", "a **European gallinule**"),
        ("one-piece swimsuit", "a **one-piece swimsuit**"),
        ("umbrella", "an **umbrella**"),
        ("jeans", "**jeans**"),
    ],
)
def test_it_says_a_or_an_or_neither(name: str, said: str) -> None:
    assert vision.describe(ENGLISH, [Label(name, 0.9)], sure=True) == f"That looks like {said} (90 %)."


def test_it_mentions_a_second_only_if_that_is_probable() -> None:
    first = Label("lynx", 0.8)
    assert "also" in vision.describe(ENGLISH, [first, Label("dingo", 0.11)], sure=True)
    assert "also" not in vision.describe(ENGLISH, [first, Label("dingo", 0.09)], sure=True)


def test_a_model_of_two_labels_can_be_unsure() -> None:
    labels = [Label("shirt", 0.3), Label("bag", 0.001)]
    said = "I am not sure. It might be a **shirt** (30 %) or a bag (under 1 %)."
    assert vision.describe(ENGLISH, labels, sure=False) == said


def test_the_docstring_of_describe_is_true() -> None:
    assert doctest.testmod(vision) == (0, 6)


def test_who_speaks_chinese_is_understood_and_answered_in_chinese(bot, stage, cat, photo) -> None:
    stage.spoken = "zh-CN"
    shown = stage.say("lin", "", cat)

    def ask(text: str) -> str:
        return rehearsal.ask(bot, stage.say("lin", text, reply_to=shown["id"])).text

    answer = rehearsal.ask(bot, shown)
    assert answer.text.startswith("这看起来像 **埃及猫**（")
    assert answer.labels[0]["label"] == "Egyptian cat", "what it is stays English"
    assert ask("@vision 为什么？").startswith("黄色的地方就是我看到 **埃及猫** 的位置（")
    assert ask("@vision 为什么是虎斑猫？").startswith("黄色的地方就是我看到 **虎斑猫** 的位置（")
    assert ask("@vision 为什么是独角兽") == ask("@vision，为什么 独角兽")
    assert ask("@vision 为什么是独角兽").startswith("我没有“独角兽”这个标签。对这张图片，我想到的是 埃及猫、")
    assert ask("@vision 对！") == "谢谢，我记下了：我说对了。"
    assert ask("@vision 不对") == "谢谢，我记下了：我说错了。用 `@vision 是……` 告诉我它是什么。"
    assert ask("@vision 不对，是猞猁。") == ask("@vision 这是只猞猁") == "谢谢，我记下了：这是 **猞猁**。"
    assert ask("@vision 教 埃及猫").startswith("记下了：**埃及猫**，第 1 张")
    other = rehearsal.ask(bot, stage.say("lin", "@vision 教 Egyptian cat", photo("coffee.png")))
    assert other.text.startswith("记下了：**埃及猫**，第 2 张"), "of the same label"
    assert ask("@vision 教 小黑") == "记下了：**小黑**，第 1 张，要有 3 张我才能学会。请再给我看 2 张。"
    assert ask("@vision 教 <b>") == read("zh-CN", LANG)("label-malformed")
    assert ask("@vision 撤销") == "这个房间还没有教过我什么。"
