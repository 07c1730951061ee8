"""Words that a room does not want."""

import time

import pytest

from chat import words

UNWANTED = tuple(words.cleaned(["ass", "spam offer", "笨蛋", "ÄRGER", "c++", "", "  "]))


def test_they_are_kept_normalised_and_once():
    assert words.cleaned(["Ass", "ＡＳＳ ", "ass", " "]) == ["ass"]


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
    assert words.first_in(text, UNWANTED) == found


def test_a_word_is_no_pattern():
    assert words.first_in("aaa", tuple(words.cleaned(["a.*", "(a+)+$"]))) is None


def test_the_worst_text_and_list_take_no_time():
    many = tuple(
        words.cleaned(["a" * n + "b" for n in range(words.LONGEST - 1)] + [f"w{n}" for n in range(140)])
    )
    began = time.process_time()
    assert words.first_in("a" * 10_000, many) is None
    assert time.process_time() - began < 1
