"""Words that a room does not want."""

import time

import pytest

from chat import unwanted

UNWANTED = tuple(unwanted.cleaned(["ass", "spam offer", "笨蛋", "ÄRGER", "c++", "", "  "]))


def test_they_are_kept_normalised_and_once():
    assert unwanted.cleaned(["Ass", "ＡＳＳ ", "ass", " "]) == ["ass"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You ASS!", "ass"),
        ("ａｓｓ", "ass"),
        ("first class passes", None),
        ("assess", None),
        ("an ass_embly", None),
        ("a  Spam\nOffer for you", "spam offer"),
        ("spam", None),
        ("你是笨蛋吗", "笨蛋"),
        ("So viel ärger", "ärger"),
        ("so viel a\u0308rger", "ärger"),
        ("I write c++ here", "c++"),
        ("", None),
    ],
)
def test_they_are_found_whole_in_any_script(text, found):
    assert unwanted.first_in(text, UNWANTED) == found


def test_a_word_is_no_pattern():
    assert unwanted.first_in("aaa", tuple(unwanted.cleaned(["a.*", "(a+)+$"]))) is None


def test_the_worst_text_and_list_take_no_time():
    many = tuple(
        unwanted.cleaned(["a" * n + "b" for n in range(unwanted.LONGEST - 1)] + [f"w{n}" for n in range(140)])
    )
    began = time.process_time()
    assert unwanted.first_in("a" * 10_000, many) is None
    assert time.process_time() - began < 1
