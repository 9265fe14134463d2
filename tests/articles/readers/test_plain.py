import pytest

from pipeline.articles.readers.plain import decode
from pipeline.articles.source import Source
from pipeline.errors import ArticleError

TEXT = "Children in Marlow Sands are safe.\r\nCllr Ó Brien said: “Good.”\n"


def test_utf_8_is_kept_character_for_character():
    source = decode(TEXT.encode(), "a.txt")
    assert source == Source("a.txt", TEXT)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_text(mark, encoding):
    source = decode(mark + TEXT.encode(encoding), "a.txt")
    assert source.text == TEXT
    assert source.notes == ()


def test_bytes_that_are_not_utf_8_are_read_as_windows_1252_with_a_note():
    source = decode("It’s “good” – they said".encode("cp1252"), "a.txt")
    assert source.text == "It’s “good” – they said"
    assert source.notes == ("a.txt: byte 2 is not UTF-8; read as Windows-1252",)


def test_what_the_byte_order_mark_promised_and_the_bytes_belie_is_noted():
    source = decode(b"\xef\xbb\xbfGood \xff care", "a.txt")
    assert source.text == "Good � care"
    assert "not UTF-8" in source.notes[0]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\u200b \u2060\n".encode(), b"\xef\xbb\xbf"])
def test_a_file_without_text_is_refused(data):
    with pytest.raises(ArticleError, match=r"^a\.txt: empty"):
        decode(data, "a.txt")


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", b"\xff\xfea\0\0\0b\0", b"\x01\x02\x03\x04 abc" * 10])
def test_what_is_not_text_is_refused(data):
    with pytest.raises(ArticleError, match="not a text file"):
        decode(data, "a.txt")


def test_symbols_of_pdf_fonts_and_soft_hyphens_are_text():
    text = "\uf06e\uf0b7 \xad" * 20
    assert decode(text.encode(), "a.txt").text == text
