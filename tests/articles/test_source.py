from pipeline.articles.source import Source, article_name

TEXT = "Children in Marlow Sands are safe.\r\nCllr Ó Brien said: “Good.”\n"


def test_the_digest_depends_on_the_text_alone():
    assert Source("a", TEXT).digest == Source("b", TEXT, ("a note",)).digest
    assert Source("a", TEXT).digest != Source("a", TEXT + " ").digest
    assert len(Source("a", TEXT).digest) == 12


def test_lone_surrogates_cannot_be_written_and_are_replaced():
    source = Source("caf\udce9.txt", "a\ud800b")
    assert (source.name, source.text) == ("caf�.txt", "a�b")


def test_a_file_is_named_relative_to_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    assert article_name(tmp_path / "in" / "a.md") == "in/a.md"
    monkeypatch.chdir(tmp_path / "in")
    assert article_name(tmp_path / "b.txt") == (tmp_path / "b.txt").as_posix()
