"""Reading: pages and files a second by format, memory over a folder, and what is left of a page's frame in sentences.

Files are made from the sample articles; the last table is of the real PDF files in `../shared`, if they are there.
"""

from __future__ import annotations

import csv
import html
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from common import ROOT, SHARED, print_table

sys.path.insert(0, str(ROOT / "tests"))
from samples.pdfs import drawn, pdf

from pipeline.articles import Article, Failure, Source, read_sources

SAMPLES = sorted((ROOT / "data" / "articles").glob("*.txt"))
FILES = 40
_LINES_A_PAGE = 48
_LINE = 85
_RUNNING_ON = re.compile(r"[.?!:;][”’')\]]*$|\)$")
_CUT_WORD = re.compile(r"\b[a-z]{2,}- (?!and\b|or\b|to\b)[a-z]{2,}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print_speed(Path(folder))
        print_memory(Path(folder))
    print_frames()


# Files of the sample articles


def pages_of(text: str) -> Iterator[list[str]]:
    words = text.split()
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > _LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    for at in range(0, len(lines), _LINES_A_PAGE):
        yield lines[at : at + _LINES_A_PAGE]


def as_pdf(text: str, path: Path) -> int:
    pages = [
        b"".join(
            drawn(line.encode("cp1252", "replace").decode("cp1252"), 60, 780 - 15 * at, 11)
            for at, line in enumerate(lines)
        )
        for lines in pages_of(text)
    ]
    path.write_bytes(pdf(pages))
    return len(pages)


def as_html(text: str, path: Path) -> int:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line.strip())
    title = html.escape(text.strip().splitlines()[0])
    path.write_text(
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>Cookies</footer></body></html>",
        encoding="utf-8",
    )
    return len(list(pages_of(text)))


def as_text(text: str, path: Path) -> int:
    path.write_text(text, encoding="utf-8")
    return len(list(pages_of(text)))


def as_word(text: str, path: Path) -> int:
    from docx import Document

    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(str(path))
    return len(list(pages_of(text)))


def as_csv(text: str, path: Path) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerow([path.stem, text])
    return len(list(pages_of(text)))


def as_json(text: str, path: Path) -> int:
    path.write_text(json.dumps({"id": path.stem, "text": text}) + "\n", encoding="utf-8")
    return len(list(pages_of(text)))


FORMATS: dict[str, Callable[[str, Path], int]] = {
    ".txt": as_text,
    ".pdf": as_pdf,
    ".html": as_html,
    ".docx": as_word,
    ".csv": as_csv,
    ".jsonl": as_json,
}


# Speed


def print_speed(folder: Path) -> None:
    rows = []
    for suffix, write in FORMATS.items():
        texts = [path.read_text(encoding="utf-8") for path in islice(cycle(SAMPLES), FILES)]
        files = [folder / f"{number}{suffix}" for number in range(len(texts))]
        pages = sum(write(text, path) for text, path in zip(texts, files, strict=True))
        list(read_sources(files[0]))  # the process that reads is started, and has imported the library
        start = perf_counter()
        for file in files:
            assert not any(isinstance(item, Failure) for item in read_sources(file)), file
        spent = perf_counter() - start
        rows.append([suffix, f"{len(files) / spent:,.0f}", f"{pages / spent:,.0f}"])
        for file in files:
            file.unlink()
    title = f"Reading alone, {FILES} files of each format; a page is {_LINES_A_PAGE} lines of {_LINE} characters"
    print_table(title, ["format", "files/s", "pages/s"], rows)


# Memory


def print_memory(folder: Path) -> None:
    rows = []
    suffixes = cycle(FORMATS)
    for count in (100, 1000):
        part = folder / str(count)
        part.mkdir()
        for number, path in zip(range(count), cycle(SAMPLES), strict=False):
            suffix = next(suffixes)
            FORMATS[suffix](path.read_text(encoding="utf-8") + f"\n\nNumber {number}.\n", part / f"{number}{suffix}")
        command = "from pipeline.cli import main; import sys; sys.argv = ['pipeline', 'split', *sys.argv[1:]]; main()"
        measured = (
            "import resource, subprocess, sys; done = subprocess.run([sys.executable, *sys.argv[1:]]);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(done.returncode)"
        )
        start = perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", measured, "-c", command, str(part), "--quiet", "-o", str(folder / "out.csv")],
            capture_output=True,
            text=True,
            check=True,
        )
        largest = int(done.stderr.split()[-1]) / (1024 if sys.platform != "darwin" else 1024**2)
        rows.append([f"{count:,}", f"{perf_counter() - start:.1f} s", f"{largest:.0f} MB"])
    title = "Splitting a folder of all these formats; memory of the larger of the two processes at its highest"
    print_table(title, ["files", "time", "memory"], rows)


# What is left of the page in sentences


def print_frames() -> None:
    files = sorted((SHARED / "reports" / "pdf").glob("*.pdf"))
    if not files:
        return
    total: Counter[str] = Counter()
    for file in files:
        for source in read_sources(file):
            assert isinstance(source, Source), source
            total.update(frame(source))
            total["files"] += 1
    names = {
        "files": "files",
        "pages": "pages",
        "sentences": "sentences outside furniture",
        "over": "of them going on over a page break",
        "header": "holding a running header or footer",
        "number": "holding a page number",
        "word": "holding a word cut by a line break",
        "begin": "paragraphs that begin with a small letter",
        "end": "paragraphs that end without a mark, grades aside",
    }
    print_table(
        "Real PDF files: what the frame of the page left in sentences",
        ["", "number"],
        [[shown, f"{total[name]:,}"] for name, shown in names.items()],
    )


def frame(source: Source) -> Counter[str]:
    """What of a page's frame stands in a document's sentences."""
    article = Article.of(source)
    lines = [
        (start, source.text[start:].split("\n", 1)[0]) for start, kind in source.hints.items() if kind == "furniture"
    ]
    recurring = Counter(re.sub(r"\d+", "#", text) for _, text in lines)
    headers = {text for _, text in lines if len(text) > 6 and recurring[re.sub(r"\d+", "#", text)] > 1}
    found = Counter(pages=source.text.count("\f") + 1)
    for sentence in article.sentences:
        if sentence.block == "furniture":
            continue
        inside = [text for start, text in lines if sentence.start < start < sentence.end]
        found["sentences"] += 1
        found["over"] += "\f" in source.text[sentence.start : sentence.end]
        found["header"] += any(header in sentence.text for header in headers) and sentence.block != "heading"
        found["number"] += any(
            text.isdigit() and re.search(rf"\b{text}\b", sentence.text) is not None for text in inside
        )
        found["word"] += _CUT_WORD.search(sentence.text) is not None
    for block in article.blocks:
        if block.kind == "paragraph":
            found["begin"] += block.text[0].islower()
            grade = block.text.lower().startswith(("good", "outstanding", "inadequate", "requires"))
            found["end"] += not _RUNNING_ON.search(block.text) and not grade
    return found


if __name__ == "__main__":
    main()
