"""The page in two languages: as the browser says, as the person chooses, on all their devices; and a bot's answer in it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.frontend.conftest import PASSWORD, write
from tests.people import new_name
from tests.servers import Worker, wait_until

SAID_IN_CHINESE = re.compile("列出机器人和它们会做的事")


@pytest.fixture
def helper(environment, tmp_path, meet):
    """The bot `help`, at work: what is asked before it is there waits for a sweep."""
    worker, bob = Worker(environment, tmp_path, "help"), meet("bob")
    wait_until(lambda: any(bot["online"] for bot in bob.get("/api/bots").json()["bots"]), 60, "the bot")
    yield worker
    worker.stop()


def test_page_dates_problems_and_bots_speak_as_the_browser_says_and_then_as_the_person(
    context, meet, replica, helper
):
    room, name = meet("bob").room("lounge"), new_name("lin")
    lin = context(locale="zh-CN").new_page()
    lin.goto(f"{replica.url}/#/rooms/{room}")
    expect(lin.locator("html")).to_have_attribute("lang", "zh-CN")
    come_in(lin, name, "进入", "12345678")
    expect(lin.get_by_role("alert")).to_have_text("这个密码太常见，最先被人试出来，请换一个。")
    come_in(lin, name, "进入")
    lin.get_by_role("button", name="加入后即可发言").click()
    expect(lin.get_by_placeholder("发消息到“lounge”")).to_be_visible()
    write(lin, "/help help")
    expect(lin.locator(".text", has_text=SAID_IN_CHINESE)).to_be_visible(timeout=30_000)
    time = lin.locator(".message time").first
    expect(time).to_have_attribute("title", re.compile(r"\d{4}年\d+月\d+日星期"))
    expect(lin.get_by_role("separator").first).to_have_text("今天")

    lin.get_by_role("button", name="语言").click()
    lin.get_by_role("dialog").get_by_role("button", name="English").click()
    expect(lin.get_by_placeholder("Message lounge")).to_be_visible()
    expect(lin.locator("html")).to_have_attribute("lang", "en")
    expect(time).to_have_attribute("title", re.compile("day, .* 20"))
    lin.reload()
    expect(lin.get_by_placeholder("Message lounge")).to_be_visible()
    write(lin, "/help help")
    expect(lin.locator(".text", has_text="Lists the bots and what they can do.")).to_be_visible(
        timeout=30_000
    )

    phone = context(locale="zh-CN").new_page()
    phone.goto(f"{replica.url}/#/sign-in")
    come_in(phone, name, "登录", "not her password")
    expect(phone.get_by_role("alert")).to_have_text("用户名或密码不对，请检查后重试。")
    come_in(phone, name, "登录")
    expect(phone.get_by_role("region", name="Your rooms")).to_be_visible()


def come_in(page: Page, name: str, button: str, password: str = PASSWORD) -> None:
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.locator("form.door").get_by_role("button", name=button).first.click()
