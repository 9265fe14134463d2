import time

import pytest

from pipeline.articles.furniture import is_address, is_furniture, is_sign_off


@pytest.mark.parametrize(
    "line",
    [
        "7",
        "Page 7 of 12",
        "– 7 –",
        "7 | P a g e",
        "3 May 2020",
        "Published: 3 May 2020",
        "By Jo Bell",
        "by Jo Bell, education correspondent",
        "Dear Ms Bell",
        "Yours sincerely",
        "Yours sincerely, Jo Bell, HMI",
        "By email only",
        "Our ref: AB/12",
        "T: 01632 960 999",
        "Tel 01632 960999 (office hours only)",
        "jo.bell@aldbrook.example",
        "www.aldbrook.example",
        "https://aldbrook.example/news",
        "@aldbrooknews",
        "1 Quay Lane, Aldbrook AB1 2CD",
        "Lead inspector: Jo Bell HMI",
        "Getty Images",
        "Share this",
        "---",
        "* * *",
        ">",
        "**Notes for editors**",
        "*Published: Friday 3 May 2020 | Categories: Families*",
        "[Back to all news](https://aldbrook.example/news)",
        "blog comments powered by Prattle",
    ],
)
def test_what_surrounds_an_article_is_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Children are safe.",
        "Children in Aldbrook are safe, inspectors find",
        "By April, leaders had put this right.",
        "Inspectors: council must do better",
        "Ofsted inspector Jo Bell praised staff.",
        "February 2013.",
        "Dear reader, the news is good.",
        "Copies of letters are sent to carers at AB1 2CD and elsewhere.",
        "Also in May, a new director started.",
        "12 children were seen.",
        "e-mail is used to keep in touch",
        "published plans are late",
        "shared with carers",
        "Contact with brothers and sisters is promoted",
        "**Children** are safe",
        "“Yours sincerely” was how each letter ended",
        "Recommendations",
        "Share this " + "with families and " * 12,
    ],
)
def test_sentences_and_headings_are_not(line):
    assert not is_furniture(line)


def test_letters_end_with_a_sign_off():
    assert is_sign_off("Yours faithfully,")
    assert is_sign_off("Kind regards")
    assert is_sign_off("Regards,")
    assert not is_sign_off("Regards were sent")
    assert is_sign_off("Yours sincerely Jo Bell")
    assert not is_sign_off("Best wishes were sent to all children who had moved")


def test_an_address_is_short_lines_with_a_postcode_or_contact_among_them():
    assert is_address(["Harbour House", "Aldbrook", "AB1 2CD"])
    assert is_address(["Harbour House", "www.aldbrook.example"])
    assert not is_address(["AB1 2CD"])
    assert not is_address(["Harbour House", "Aldbrook"])
    assert not is_address(["Children are safe.", "AB1 2CD"])


@pytest.mark.parametrize(
    "line",
    [
        "3 May" + " " * 114 + "x",
        "3 May" + ", " * 57 + "x",
        "By " + "Ab " * 38 + "!x",
        "By " + "Ab and " * 16 + "x",
        "Inspectors:" + "A" * 108 + "!",
        "Inspectors:" + "1,1" * 35 + "!",
        "Words" + "\t" * 110 + "x",
        "News " * 23 + "x",
        "(c" * 60,
        "ab-" * 39 + "!",
    ],
)
def test_no_line_takes_long_to_judge(line):
    started = time.perf_counter()
    for _ in range(20):
        is_furniture(line)
    assert time.perf_counter() - started < 0.2
