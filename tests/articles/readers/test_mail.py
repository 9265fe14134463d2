"""E-mail: the message, and the files attached to it."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from samples.documents import paragraph, word
from samples.readings import names

from pipeline.articles.readers.reading import take
from pipeline.articles.source import Failure, Source
from pipeline.settings import load_settings

SETTINGS = load_settings().articles
TEXT = "Visits are late.\nPlans drift.\n"


def message(text: str | None = TEXT, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in {"Subject": "Letter to Ambrook", "From": "Jo Bell <jo@ambrook.example>", **headers}.items():
        mail[name] = value
    if text is not None:
        mail.set_content(text)
    return mail


def read(mail: EmailMessage | bytes, settings=SETTINGS) -> list[Source | Failure]:
    data = mail if isinstance(mail, bytes) else mail.as_bytes()
    return list(take(io.BytesIO(data), "mail.eml", settings))


def only(mail: EmailMessage | bytes) -> Source:
    [item] = read(mail)
    assert isinstance(item, Source), item
    return item


def test_the_subject_heads_a_message_and_its_headers_are_furniture():
    source = only(message(Date="Mon, 05 May 2031 10:00:00 +0100", To="all@ambrook.example"))
    assert source.text == (
        "Letter to Ambrook\n\nFrom: Jo Bell <jo@ambrook.example>\nDate: Mon, 05 May 2031 10:00:00 +0100\n"
        "To: all@ambrook.example\n\nVisits are late.\nPlans drift.\n"
    )
    told = {
        kind: [source.text[at:].partition(" ")[0] for at in source.hints if source.hints[at] == kind]
        for kind in source.hints.values()
    }
    assert told == {"heading": ["Letter"], "furniture": ["From:", "Date:", "To:"]}
    assert source.name == "mail.eml"
    assert not source.notes


def test_a_message_without_headers_to_show_is_its_text():
    assert only(b"Message-ID: <1>\r\n\r\nVisits are late.\r\n").text == "Visits are late.\n"


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_transfer_encodings_are_undone(encoding: str):
    mail = message(None)
    mail.set_content(
        "Visits are late.\n" + "Plans = drift. " * 20 + "\n", cte="8bit" if encoding == "7bit" else encoding
    )
    assert "Plans = drift. Plans = drift." in only(mail).text


@pytest.mark.parametrize(
    ("charset", "data", "expected"),
    [
        ("utf-8", "child’s café".encode(), "child’s café"),
        ("iso-8859-1", b"child\x92s caf\xe9", "child’s café"),
        ("us-ascii", b"child\x92s caf\xe9", "child’s café"),
        ("nonsense", "child’s café".encode(), "child’s café"),
        ("utf-16", "child’s café".encode("utf-16"), "child’s café"),
        ("cp1251", "Привет".encode("cp1251"), "Привет"),
        ("base64", b"child's", "child's"),
        ("utf-8", "child’s".encode().decode("cp1252").encode(), "child’s"),
    ],
)
def test_charsets_are_believed_where_they_can_be(charset: str, data: bytes, expected: str):
    head = f"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n"
    head += "Content-Transfer-Encoding: 8bit\r\n\r\n"
    if b"\0" in data:
        import base64

        head, data = head.replace("8bit", "base64"), base64.b64encode(data)
    assert only(head.encode() + data).text.split("\n\n")[1].strip() == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?q?Caf=C3=A9?= =?utf-8?b?w6k=?=", "Caféé"),
        (b"=?nonsense?q?Caf=C3=A9?=", "Café"),
        (b"=?utf-8?b?damaged!?=", "=?utf-8?b?damaged!?="),
        ("Café".encode(), "Café"),
        (b"Caf\xe9", "Café"),
        (b"A long\r\n subject", "A long subject"),
        (b"=?utf-8?q?two=0Alines?=", "two lines"),
    ],
)
def test_subjects_are_decoded(raw: bytes, expected: str):
    source = only(b"Subject: " + raw + b"\r\nMessage-ID: <1>\r\n\r\nText.\r\n")
    assert source.text.splitlines()[0] == expected


def test_the_plain_form_of_a_message_is_preferred_and_a_page_read_where_there_is_none():
    mail = message()
    mail.add_alternative("<html><body><p>As a page.</p></body></html>", subtype="html")
    assert "As a page" not in only(mail).text
    page = message(None)
    page.set_content(
        "<h2>Findings</h2><p>Visits are late, and plans are too general to be of use.</p><p>Caf\u00e9.</p>",
        subtype="html",
        charset="iso-8859-1",
    )
    source = only(page)
    assert source.name == "mail.eml"
    assert source.text.startswith("Letter to Ambrook\n\nFrom: ")
    assert "Visits are late, and plans are too general to be of use." in source.text
    assert "<p>" not in source.text
    for at in source.hints:
        assert at == 0 or source.text[at - 1] == "\n"


def test_flowed_text_is_joined():
    mail = (
        b"Message-ID: <1>\nMIME-Version: 1.0\nContent-Type: text/plain; format=flowed%s\n\n"
        b"Visits are \nlate.\n> Plans \n> drift.\n Stuffed.\n-- \nJo\n"
    )
    assert only(mail % b"").text == "Visits are late.\n> Plans drift.\nStuffed.\n-- \nJo\n"
    assert only(mail % b"; delsp=yes").text == "Visits arelate.\n> Plansdrift.\nStuffed.\n-- \nJo\n"


def test_attached_files_are_articles_of_their_own():
    mail = message()
    mail.add_attachment(word(paragraph("In Word.")), maintype="application", subtype="octet-stream", filename="a.docx")
    mail.add_attachment("As text.", filename="../../b.txt")
    mail.add_attachment("As text.", filename="b.txt")
    mail.add_attachment("<html><body><p>As a page, no name.</p></body></html>", subtype="html")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="logo.png")
    inner = message("Inside.\n", Subject="Re: late / visits")
    mail.add_attachment(inner)
    items = read(mail)
    assert names(items) == [
        "mail.eml",
        "mail.eml/a.docx",
        "mail.eml/b.txt",
        "mail.eml/b (2).txt",
        "mail.eml/attachment 4.html",
        "mail.eml/Re: late - visits.eml",
    ]
    assert isinstance(items[1], Source)
    assert items[1].text == "In Word.\n"
    assert isinstance(items[5], Source)
    assert items[5].text.startswith("Re: late / visits\n")
    assert not any(item.notes for item in items if isinstance(item, Source))


def test_what_is_left_out_is_told():
    mail = message()
    mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="a.xyz")
    assert only(mail).notes == ("mail.eml: attachments of kinds that can't be read are left out: a.xyz",)
    alone = message("")
    alone.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="a.xyz")
    assert names(read(alone)) == ["mail.eml: attachments of kinds that can't be read are left out: a.xyz"]


def test_a_message_without_text_is_the_files_attached_or_a_failure():
    assert names(read(message(" \n"))) == ["mail.eml: a message without text or files to read in it"]
    mail = message("\n")
    mail.add_attachment("As text.", filename="b.txt")
    assert names(read(mail)) == ["mail.eml/b.txt"]


def test_messages_inside_messages_have_an_end():
    mail = message("0\n")
    for depth in range(1, 5):
        outer = message(f"{depth}\n")
        outer.add_attachment(mail, filename="inner.eml")
        mail = outer
    items = read(mail)
    assert [isinstance(item, Source) for item in items] == [True, True, True, False]
    assert "more than 2 files inside one another" in items[-1].message
    nested = (
        b"Message-ID: <1>\nContent-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 5000
    )
    assert all(isinstance(item, Failure) for item in read(nested))


def test_a_message_that_is_too_large_is_refused():
    mail = message("word " * 300_000)
    assert "larger than 1 MB" in names(read(mail, SETTINGS.replace(max_megabytes=1)))[0]
    assert "max_collection_megabytes" in names(read(mail, SETTINGS.replace(max_collection_megabytes=1)))[0]


def test_for_columns_attached_tables_alone_are_read(monkeypatch: pytest.MonkeyPatch):
    mail = message(None)
    mail.add_alternative("<p>Late.", subtype="html")
    mail.add_attachment("id,text\n1,Late.\n", subtype="csv", filename="a.csv")
    monkeypatch.setattr("pipeline.articles.readers.html.read", lambda *_: 1 / 0)
    [table] = take(io.BytesIO(mail.as_bytes()), "a.eml", SETTINGS, columns=True)
    assert isinstance(table, Source)
    assert (table.name, table.text, table.extra) == ("a.eml/a.csv", "", {"id": None})
