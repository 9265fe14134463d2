"""Small PDF files, written by hand: what a page draws, and where."""

from __future__ import annotations

from collections.abc import Sequence

HELVETICA, BOLD = "F1", "F2"


def drawn(text: str, x: float, y: float, size: float = 12, font: str = HELVETICA) -> bytes:
    """What draws a text at a place, in points from the page's lower left corner."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET\n".encode("cp1252")


def pdf(pages: Sequence[bytes], *, trailer: bytes = b"", contents: bytes | None = None) -> bytes:
    """A file of A4 pages that draw these things; `contents` is put in place of every page's content object."""
    count = len(pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(count))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /X %d 0 R >> >> >>"
            % (6 + 2 * number, 6 + 2 * number)
        )
        objects.append(contents or b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page))
    parts = [b"%PDF-1.7\n"]
    places = []
    at = len(parts[0])
    for number, content in enumerate(objects, 1):
        places.append(at)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table))
    parts.append(b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, at))
    return b"".join(parts)
