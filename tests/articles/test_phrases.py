import re

from pipeline.articles.phrases import any_of


def test_a_space_in_a_phrase_stands_for_any_white_space():
    pattern = re.compile(any_of("read more", "sign (?:up|in)") + "$")
    assert pattern.match("read \n more")
    assert pattern.match("sign in")
    assert not pattern.match("readmore")
    assert not pattern.match("sign off")
